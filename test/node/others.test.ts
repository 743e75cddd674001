import { describe, expect, it } from 'vitest'
import type { Hash } from '../../src/core/model/id.ts'
import type { MemoryHub } from '../../src/net/memory.ts'
import type { TransportHandlers } from '../../src/ports.ts'
import { at } from '../core/make.ts'
import { eachWithWorld, type World } from './make-peer.ts'

let world: World
eachWithWorld((made) => (world = made))

/** The handlers that transports of this hub are started with from now on: a hub is one network and has no strangers. */
function handlersIn(hub: MemoryHub): readonly TransportHandlers[] {
  const all: TransportHandlers[] = []
  const make = hub.transport.bind(hub)
  hub.transport = (...who) => {
    const transport = make(...who)
    const start = transport.start.bind(transport)
    transport.start = (handlers) => {
      all.push(handlers)
      return start(handlers)
    }
    return transport
  }
  return all
}

describe('What a device tells of others', () => {
  it('is whom it met of another network or version last, and when', async () => {
    const handlers = handlersIn(world.hub)
    const device = await world.peer('device')
    expect(device.snapshot().network).not.toHaveProperty('stranger')
    at(handlers, 0).onStranger?.({ type: 'other-network', network: '1a2b3c4d5e6f7081' }, 'one')
    const atMs = world.clock.nowMs()
    const met = { type: 'other-network', network: '1a2b3c4d5e6f7081', atMs }
    expect(device.snapshot().network.stranger).toEqual(met)
    await world.pass(60_000)
    at(handlers, 0).onStranger?.({ type: 'other-version' }, 'two')
    expect(device.snapshot().network.stranger).toEqual({ type: 'other-version', atMs: atMs + 60_000 })
  })

  it('is how far it has caught up with them: once that takes a while, as time goes on, and until it ends', async () => {
    const device = await world.peer('device')
    const kept = Promise.withResolvers<void>()
    const far = await world.stranger('far', {
      standing: () => ({
        index: 10_000,
        digest: 'ab'.repeat(32) as Hash,
        uncommitted: { times: new Float64Array(), ids: new Uint8Array() },
      }),
      onCommits: async (next) => {
        await kept.promise
        return { blocks: [], next }
      },
    })
    await world.link(device, far)
    for (let ticks = 0; ticks < 2; ticks++) {
      await world.pass(500)
      expect(device.snapshot().network).not.toHaveProperty('catchingUp')
    }
    await world.pass(500)
    const shown = device.snapshot()
    expect(shown.network.catchingUp).toEqual({ index: 0, upTo: 10_000 })
    // how long is left changes also where nothing comes
    await world.pass(500)
    expect(device.snapshot()).not.toBe(shown)
    kept.resolve()
    await world.quiet()
    await world.pass(500)
    expect(device.snapshot().network).not.toHaveProperty('catchingUp')
    expect(device.snapshot().network.peers).toHaveLength(1)
  })
})
