import * as v from 'valibot'
import { decodeGenesis, encodeGenesis, networkOf } from '../core/codec/genesis.ts'
import type { Network } from '../core/model/genesis.ts'
import type { PublicKey } from '../core/model/id.ts'
import { DEFAULT_PARAMS, DEFAULT_SUPPLY } from '../core/model/params.ts'
import type { NoteStore } from '../ports.ts'
import { Relays, type Invitation } from './invitation.ts'

const CURRENT = 'network'

const Note = v.object({ version: v.literal(1), genesis: v.instance(Uint8Array), relays: Relays })

/** The network this device is in, or `undefined` before the first. A note that does not parse is an error, not a first run. */
export async function loadNetwork(notes: NoteStore): Promise<Invitation | undefined> {
  const stored = await notes.get(CURRENT)
  if (stored === undefined) return undefined
  const note = v.parse(Note, stored)
  const genesis = decodeGenesis(note.genesis)
  if ('type' in genesis) throw new Error(`the stored network is damaged: ${genesis.reason} ${genesis.field}`)
  return { network: networkOf(genesis), relays: note.relays }
}

/** Makes this the network the device is in, from the next start on too. */
export async function saveNetwork(notes: NoteStore, { network, relays }: Invitation): Promise<void> {
  await notes.put([[CURRENT, { version: 1, genesis: encodeGenesis(network.genesis), relays: [...relays] }]])
}

/** A network of one: the device is its only validator and owns all its money. Protocol §7. */
export function networkOfOne(device: PublicKey, nowMs: number): Network {
  return networkOf({
    ...DEFAULT_PARAMS,
    name: 'My network',
    createdAtMs: nowMs,
    committee: [{ key: device, weight: 1 }],
    outputs: [{ owner: device, amount: DEFAULT_SUPPLY }],
  })
}
