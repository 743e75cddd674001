/** A peer with a heart-rate strap, and what stories of its history say again and again. */
import { networkOf } from '../../src/core/codec/genesis.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import type { StreamKey } from '../../src/node/api.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { GENESIS, NETWORK } from '../core/make.ts'
import type { TestPeer, World } from './make-peer.ts'

export const INVITATION = encodeInvitation({ network: NETWORK, relays: [] })
export const HOUR_MS = 3_600_000
export const CSV_HEAD = 'time,quantity,unit,value\n'

/** A new peer of the world, and its one thing. */
export async function strap(
  world: World,
  options: Parameters<World['peer']>[1] = {},
): Promise<readonly [TestPeer, StreamKey]> {
  const a = await world.peer('a', { invitation: INVITATION, ...options })
  return [a, await a.peer.addThing({ name: 'Strap', kind: 'heart-rate' })]
}

/** The same in a network of its own, where its blocks get into commits. */
export async function committedStrap(world: World): Promise<readonly [TestPeer, StreamKey]> {
  const notes = createMemoryNoteStore()
  const { publicKey } = await world.keys(notes)
  const network = networkOf({ ...GENESIS, committee: [{ key: publicKey, weight: 1 }] })
  return strap(world, { notes, invitation: encodeInvitation({ network, relays: [] }) })
}

/** All the time there is. */
export const all = (thing: StreamKey) => ({ thing, fromMs: 0, toMs: 4e12 })

/** The newest values of a thing, oldest first. */
export async function valuesOf({ peer }: TestPeer, thing: StreamKey, count = 99) {
  return (await peer.readReadings({ ...all(thing), count })).map(({ value }) => value)
}

/** Rows of a table: heart rates a second apart. */
export function rowsAt(atMs: number, ...values: readonly number[]): string {
  return values
    .map((value, i) => `${new Date(atMs + i * 1000).toISOString()},heart-rate,beat/min,${value}\n`)
    .join('')
}
