import * as v from 'valibot'
import { decodeGenesis, encodeGenesis, networkOf, type GenesisFault } from '../core/codec/genesis.ts'
import { Committee } from '../core/model/committee.ts'
import type { GenesisOutput, Member, Network } from '../core/model/genesis.ts'
import type { PublicKey } from '../core/model/id.ts'
import { DEFAULT_PARAMS, DEFAULT_SUPPLY, type Params } from '../core/model/params.ts'
import type { NoteStore } from '../ports.ts'
import { ApiError } from './api.ts'
import { Relays, type Invitation } from './invitation.ts'
import { LAST_KNOWN } from './last-known.ts'

const CURRENT = 'network'

const Note = v.object({ version: v.literal(1), genesis: v.instance(Uint8Array), relays: Relays })

/** The network this device is in, or `undefined` before the first. A note that does not parse is an error, not a first run. */
export async function loadNetwork(notes: NoteStore): Promise<Invitation | undefined> {
  return readNetwork(notes, CURRENT)
}

async function readNetwork(notes: NoteStore, name: string): Promise<Invitation | undefined> {
  const stored = await notes.get(name)
  if (stored === undefined) return undefined
  const note = v.parse(Note, stored)
  const genesis = decodeGenesis(note.genesis)
  if ('type' in genesis) throw new Error(`the stored network is damaged: ${genesis.reason} ${genesis.field}`)
  return { network: networkOf(genesis), relays: note.relays }
}

/** Makes this the network the device is in, from the next start on too. What was known last goes with the one before. */
export async function saveNetwork(notes: NoteStore, invitation: Invitation): Promise<void> {
  await notes.put([networkEntry(invitation), [LAST_KNOWN, undefined]])
}

/** The note of the network the device is in. */
export function networkEntry({ network, relays }: Invitation): readonly [key: string, value: unknown] {
  return [CURRENT, { version: 1, genesis: encodeGenesis(network.genesis), relays: [...relays] }]
}

/** The name of the note of the network of its own that the device was in last. */
const HOME = 'network-of-own'

/** Remembers the network to go back to when another one is left. */
export async function rememberHome(notes: NoteStore, { genesis }: Network): Promise<void> {
  await notes.put([[HOME, { version: 1, genesis: encodeGenesis(genesis), relays: [] }]])
}

/** That network, or a new network of one where none is remembered. A note that does not parse is an error. */
export async function homeOf(notes: NoteStore, device: PublicKey, nowMs: number): Promise<Network> {
  return (await readNetwork(notes, HOME))?.network ?? networkOfOne(device, nowMs)
}

/** What founding a network takes. Parameters left out are the defaults. Protocol §7. */
export interface Founding extends Partial<Params> {
  readonly name: string
  readonly createdAtMs: number
  /** 1–64 validators with weights; distinct keys. */
  readonly committee: readonly Member[]
  /** All the money there will ever be. */
  readonly outputs: readonly GenesisOutput[]
}

/** The network founded so, or why nobody could join it: its genesis is one only if its bytes decode. Protocol §7. */
export function foundNetwork(founding: Founding): Network | GenesisFault {
  const genesis = decodeGenesis(encodeGenesis({ ...DEFAULT_PARAMS, ...founding }))
  return 'type' in genesis ? genesis : networkOf(genesis)
}

/** What its founder should know of a committee that is valid. Protocol §7. */
export type CommitteeWarning =
  /** One lost device stops payments for good, though there are others. */
  'one-loss-stops'

/** Warnings before a network is founded with this committee. A committee of one has none: whoever founds it knows. */
export function committeeWarnings(members: readonly Member[]): readonly CommitteeWarning[] {
  const committee = new Committee(members)
  return committee.size > 1 && committee.oneLossStops ? ['one-loss-stops'] : []
}

/**
 * The network a person asks for: validators of equal weight, and all money its founder's.
 *
 * @throws ApiError `bad-input` where there can be no such network
 */
export function found(
  name: string,
  validators: readonly PublicKey[],
  founder: PublicKey,
  nowMs: number,
): Network {
  const network = foundNetwork({
    name,
    createdAtMs: nowMs,
    committee: validators.map((key) => ({ key, weight: 1 })),
    outputs: [{ owner: founder, amount: DEFAULT_SUPPLY }],
  })
  if (!('type' in network)) return network
  const why = network.reason === 'duplicate-key' ? 'A validator is named twice' : 'Such a network cannot be'
  throw new ApiError('bad-input', `${why}. Nothing was changed.`)
}

/** A network of one: the device is its only validator and owns all its money. Protocol §7. */
export function networkOfOne(device: PublicKey, nowMs: number): Network {
  const network = foundNetwork({
    name: 'My network',
    createdAtMs: nowMs,
    committee: [{ key: device, weight: 1 }],
    outputs: [{ owner: device, amount: DEFAULT_SUPPLY }],
  })
  if ('type' in network) throw new Error(`a network of one: ${network.reason} ${network.field}`)
  return network
}
