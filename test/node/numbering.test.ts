import { expect, it } from 'vitest'
import { decodeBlock } from '../../src/core/codec/block.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import type { NetworkId } from '../../src/core/model/id.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { recordIn } from '../../src/node/streams.ts'
import { measured } from '../../src/reading/measured.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import type { EncryptedRecord } from '../../src/stream/record.ts'
import { GENESIS } from '../core/make.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'
import { strap, valuesOf } from './make-strap.ts'

let world: World
eachWithWorld((made) => (world = made))

/** The encrypted records on a device's disk. */
async function recordsOn({ disks }: TestPeer, network: NetworkId): Promise<readonly EncryptedRecord[]> {
  const blocks = (await disks.get(network)?.all()) ?? []
  return blocks.flatMap(({ bytes }) => {
    const block = decodeBlock(bytes)
    const record = 'type' in block ? undefined : recordIn({ block })
    return record?.type === 'encrypted' ? [record] : []
  })
}

it('An index may come again, after a deletion or on a device with the same words, a nonce never does', async () => {
  const notes = createMemoryNoteStore()
  const { publicKey } = await world.keys(notes)
  const network = networkOf({ ...GENESIS, committee: [{ key: publicKey, weight: 1 }] })
  const invitation = encodeInvitation({ network, relays: [] })
  const validator = await world.peer('validator', { notes, invitation })
  const [a, thing] = await strap(world, { invitation })
  await world.link(a, validator)
  const atMs = world.clock.nowMs()
  const record = async ({ peer }: TestPeer) => {
    await peer.logReadings({ thing, readings: [measured('heart-rate', 60, atMs)] })
    await peer.flush({ thing })
    await world.pass(60_000)
  }
  await record(a)
  expect(await a.peer.deleteHistory({ thing, beforeMs: 4e12 })).toEqual({ blocks: 1, left: 0 })
  await record(a)
  const b = await world.peer('b', { invitation, keys: a.keys })
  await world.link(b, validator)
  await world.pass(60_000)
  await world.unlink(b, validator)
  await record(a)
  await record(b)
  await world.link(b, validator)
  await world.pass(60_000)
  const found = await recordsOn(validator, network.id)
  expect(found.map(({ index }) => index).sort()).toEqual([0, 0, 1, 1])
  expect(new Set(found.map(({ commitment }) => commitment.join())).size).toBe(1)
  expect(new Set(found.map(({ nonce }) => nonce.join())).size).toBe(4)
  expect(await valuesOf(b, thing)).toEqual([60, 60, 60, 60])
})
