import { describe, expect, it } from 'vitest'
import { measured } from '../../src/reading/measured.ts'
import { eachWithWorld, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

describe('Leaving a network', () => {
  it('leads back to the one of this device that it came from, with all that was saved there', async () => {
    const [a, b] = [await world.peer('a'), await world.peer('b')]
    const thing = await a.peer.addThing({ name: 'Strap', kind: 'heart-rate' })
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 72, world.clock.nowMs())] })
    await a.peer.flush({ thing })
    const before = a.snapshot()
    await a.peer.join({ invitation: await b.peer.invite() })
    expect(a.snapshot().network.id).toBe(b.snapshot().network.id)

    await a.peer.leave()
    expect(a.snapshot().network.id).toBe(before.network.id)
    expect(a.snapshot().things[0]?.blocks.total).toBe(1)
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().network.id).toBe(before.network.id)
  })

  it('leads to a new one where the device never was in one of its own', async () => {
    const b = await world.peer('b')
    const a = await world.peer('a', { invitation: await b.peer.invite() })
    await a.peer.leave()
    const { device, network } = a.snapshot()
    expect(network).toMatchObject({ name: 'My network', order: { committee: [{ key: device }] } })
    expect(network.id).not.toBe(b.snapshot().network.id)
  })

  it('is refused where the network is of this device alone', async () => {
    const a = await world.peer('a')
    const { network } = a.snapshot()
    await expect(a.peer.leave()).rejects.toMatchObject({ kind: 'bad-input' })
    expect(a.snapshot().network.id).toBe(network.id)
  })
})
