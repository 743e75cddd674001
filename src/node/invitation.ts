import { base64urlnopad } from '@scure/base'
import { encode } from 'cborg'
import * as v from 'valibot'
import { decodeGenesis, encodeGenesis, networkOf } from '../core/codec/genesis.ts'
import type { Network } from '../core/model/genesis.ts'
import { GENESIS_BYTES_MAX } from '../core/model/params.ts'
import { decodeCbor } from '../reading/bounded-cbor.ts'
import { ApiError } from './api.ts'

/** Relay addresses an invitation names. One is enough; a second and third outlive a relay that moved. */
const RELAYS_MAX = 8

/** Characters of one relay address: a long host name, two keys and what joins them. */
const MULTIADDR_CHARACTERS_MAX = 256

/** Characters of a whole invitation: base64url needs four for three bytes. */
const CHARACTERS_MAX = Math.ceil(
  ((GENESIS_BYTES_MAX + RELAYS_MAX * (MULTIADDR_CHARACTERS_MAX + 3) + 16) * 4) / 3,
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

const Form = v.tuple([v.literal(1), v.instance(Uint8Array), Relays])

/** An invitation as text for a link or a QR code: base64url of CBOR `[1, genesis, relays]`. */
export function encodeInvitation({ network, relays }: Invitation): string {
  return base64urlnopad.encode(encode([1, encodeGenesis(network.genesis), relays.slice(0, RELAYS_MAX)]))
}

/** @throws ApiError `bad-invitation` for any text that is none */
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
  const [, genesisBytes, relays] = form.output
  const genesis = decodeGenesis(genesisBytes)
  if ('type' in genesis) throw bad('The network it names is not a valid one')
  return { network: networkOf(genesis), relays }
}

function bad(why: string): ApiError {
  return new ApiError(
    'bad-invitation',
    `This invitation cannot be used. ${why}. Nothing was changed; ask for a new link.`,
  )
}
