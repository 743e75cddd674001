import { base58, base64urlnopad } from '@scure/base'
import { encode } from 'cborg'
import * as v from 'valibot'
import { decodeGenesis, encodeGenesis, networkOf } from '../core/codec/genesis.ts'
import { bytesOf, publicKeyOf } from '../core/codec/hex.ts'
import type { Genesis, Member, Network } from '../core/model/genesis.ts'
import { ID_BYTES, type PublicKey } from '../core/model/id.ts'
import {
  COMMITTEE_MAX,
  DEFAULT_PARAMS,
  GENESIS_BYTES_MAX,
  GENESIS_OUTPUTS_MAX,
  type Params,
} from '../core/model/params.ts'
import { decodeCbor } from '../reading/bounded-cbor.ts'
import { ApiError } from './api.ts'

/** Relay addresses an invitation names. One is enough; a second and third outlive a relay that moved. */
const RELAYS_MAX = 8

/** Characters of one relay address: a long host name, two keys and what joins them. */
const MULTIADDR_CHARACTERS_MAX = 256

/** Characters of a whole invitation, which is shorter than its text forms: base64url needs four for three bytes. */
const CHARACTERS_MAX = Math.ceil(
  ((GENESIS_BYTES_MAX + RELAYS_MAX * (MULTIADDR_CHARACTERS_MAX + 8) + 16) * 4) / 3,
)

/** What a link's `#join=` part says: a network, and where its peers can be met. */
export interface Invitation {
  readonly network: Network
  readonly relays: readonly string[]
}

export const Relays = v.pipe(
  v.array(v.pipe(v.string(), v.startsWith('/'), v.maxLength(MULTIADDR_CHARACTERS_MAX))),
  v.maxLength(RELAYS_MAX),
)

/** The second form: genesis and addresses without what the receiver can add by itself. */
const FORM = 2

/** A parameter stands under its place in this list, and only where it is not the default. Both are part of the form. */
const PARAMS = ['powBase', 'powPerKiB', 'dust', 'minRoundMs', 'dataRoundMs', 'leaderTimeoutMs'] as const

const Whole = v.pipe(v.number(), v.safeInteger())
const Key = v.pipe(v.instance(Uint8Array), v.length(ID_BYTES))

const Form = v.tuple([
  v.literal(FORM),
  v.string(), // name
  Whole, // createdAt
  v.map(v.pipe(Whole, v.minValue(0), v.maxValue(PARAMS.length - 1)), Whole),
  v.pipe(v.instance(Uint8Array), v.maxLength(COMMITTEE_MAX * ID_BYTES)), // keys, end to end
  v.pipe(v.array(Whole), v.maxLength(COMMITTEE_MAX)), // weights; none where all are 1
  v.pipe(v.array(v.tuple([v.union([Whole, Key]), Whole])), v.maxLength(GENESIS_OUTPUTS_MAX)),
  v.pipe(v.array(v.array(v.union([v.string(), Key]))), v.maxLength(RELAYS_MAX)),
])

type Form = v.InferOutput<typeof Form>

/**
 * An invitation as text for a link or a QR code: base64url of a CBOR array of form, name, time of founding, parameters
 * that are not the defaults, keys of the committee, their weights, outputs `[owner or its place in the committee,
 * amount]`, and relay addresses in pieces. With one relay a network of one takes less than 200 characters.
 */
export function encodeInvitation({ network, relays }: Invitation): string {
  const { genesis } = network
  const { committee, outputs } = genesis
  const places = new Map(committee.map(({ key }, place) => [key, place]))
  const form = [
    FORM,
    genesis.name,
    genesis.createdAtMs,
    new Map([...PARAMS.entries()].flatMap(([i, name]) => changed(genesis, i, name))),
    Uint8Array.from(committee.flatMap(({ key }) => [...bytesOf(key)])),
    committee.every(({ weight }) => weight === 1) ? [] : committee.map(({ weight }) => weight),
    outputs.map(({ owner, amount }) => [places.get(owner) ?? bytesOf(owner), amount]),
    relays.slice(0, RELAYS_MAX).map(piecesOf),
  ]
  return base64urlnopad.encode(encode(form))
}

function changed(genesis: Genesis, place: number, name: keyof Params): [number, number][] {
  return genesis[name] === DEFAULT_PARAMS[name] ? [] : [[place, genesis[name]]]
}

/**
 * The network, with the id its canonical genesis has, and the relays.
 *
 * @throws ApiError `bad-invitation` for any text that is none
 */
export function decodeInvitation(text: string): Invitation {
  if (text.length > CHARACTERS_MAX) throw bad('It is too long')
  let bytes: Uint8Array
  try {
    bytes = base64urlnopad.decode(text)
  } catch {
    throw bad('Part of it is missing or mistyped')
  }
  const form = v.safeParse(Form, decodeCbor(bytes)?.value)
  if (!form.success) throw bad('It is damaged, or made by a newer version of Weft')
  const relays = v.safeParse(Relays, form.output[7].map(addressOf))
  if (!relays.success) throw bad('An address in it is not one')
  const network = networkIn(form.output)
  if (network === undefined) throw bad('The network it names is not a valid one')
  return { network, relays: relays.output }
}

/** Undefined for what no genesis may be; the canonical form is the judge of that. */
function networkIn([, name, createdAtMs, given, keys, weights, outputs]: Form): Network | undefined {
  const committee = membersOf(keys, weights)
  if (committee === undefined) return undefined
  const owners = outputs.map(([owner]) =>
    typeof owner === 'number' ? committee[owner]?.key : publicKeyOf(owner),
  )
  if (!owners.every((owner) => owner !== undefined)) return undefined
  const genesis = decodeGenesis(
    encodeGenesis({
      ...paramsIn(given),
      name,
      createdAtMs,
      committee,
      outputs: outputs.map(([, amount], i) => ({ owner: owners[i] as PublicKey, amount })),
    }),
  )
  return 'type' in genesis ? undefined : networkOf(genesis)
}

function paramsIn(given: ReadonlyMap<number, number>): Params {
  const params = { ...DEFAULT_PARAMS } as Record<keyof Params, number>
  for (const [place, name] of PARAMS.entries()) params[name] = given.get(place) ?? params[name]
  return params
}

function membersOf(keys: Uint8Array, weights: readonly number[]): readonly Member[] | undefined {
  const size = keys.length / ID_BYTES
  if (!Number.isInteger(size) || (weights.length > 0 && weights.length !== size)) return undefined
  return Array.from({ length: size }, (_, i) => ({
    key: publicKeyOf(keys.subarray(i * ID_BYTES, (i + 1) * ID_BYTES)),
    weight: weights[i] ?? 1,
  }))
}

/** The peer of an address whose id is an Ed25519 key: always 52 characters that start so. */
const PEER = /\/p2p\/(12D3KooW[1-9A-HJ-NP-Za-km-z]{44})(?=\/|$)/

/**
 * What such an id is before the key: an identity multihash (00) of 36 bytes (24), in which a protobuf says type (08)
 * Ed25519 (01), data (12) of 32 bytes (20). libp2p specs, peer-ids.
 */
const PEER_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** An address as its text with each `/p2p/12D3KooW…` replaced by the 32 bytes of the key. */
function piecesOf(address: string): (string | Uint8Array)[] {
  return address
    .split(PEER)
    .map((piece, i) => (i % 2 === 0 ? piece : (keyOfPeer(piece) ?? `/p2p/${piece}`)))
    .filter((piece) => piece.length > 0)
}

function addressOf(pieces: readonly (string | Uint8Array)[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : `/p2p/${peerOfKey(piece)}`)).join('')
}

function keyOfPeer(peer: string): Uint8Array | undefined {
  const bytes = base58.decode(peer)
  if (bytes.length !== PEER_PREFIX.length + ID_BYTES) return undefined
  return PEER_PREFIX.every((byte, i) => bytes[i] === byte) ? bytes.subarray(PEER_PREFIX.length) : undefined
}

function peerOfKey(key: Uint8Array): string {
  return base58.encode(Uint8Array.of(...PEER_PREFIX, ...key))
}

function bad(why: string): ApiError {
  return new ApiError(
    'bad-invitation',
    `This invitation cannot be used. ${why}. Nothing was changed; ask for a new link.`,
  )
}
