import { describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/core/codec/hex.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { testSigner } from '../net/support.ts'
import { blockIn } from './make-committee.ts'
import { COMMITS, eachWithHistory, give, giver, type History, NO_IDS, nodeWith } from './make-history.ts'
import type { World } from './make-peer.ts'

let world: World
let history: History
eachWithHistory((made, shared) => ([world, history] = [made, shared]))

describe('A peer that takes its time', () => {
  it('and says it has a million commits more keeps a node from nothing that others have', async () => {
    const a = await nodeWith(world, 'a', history, 0)
    const b = await giver(world, 'b', history)
    await world.stranger('liar', {
      standing: () => ({ ...history.head, index: 1e6, uncommitted: NO_IDS }),
      onCommits: (from, upTo, bytesMax, asker) =>
        from.after < COMMITS
          ? b.node.sync.committed(from, Math.min(upTo, COMMITS), bytesMax, asker)
          : new Promise(() => undefined),
    })
    world.hub.link('a', 'b')
    world.hub.link('a', 'liar')
    await world.pass(35_000)
    expect(a.node.head.index).toBe(COMMITS)
    expect(a.node.sync.isUnderWay('b')).toBe(false)
  })

  it('in the midst of reconciling keeps a node from nobody else', async () => {
    const a = await nodeWith(world, 'a', history, 1)
    const b = await giver(world, 'b', history)
    await world.stranger('slow', {
      standing: () => ({ index: 0, digest: history.network.id as string as Hash, uncommitted: NO_IDS }),
      onOffer: (prefixes) => Array.from(prefixes, () => true),
      onPushed: () => new Promise(() => undefined),
    })
    world.hub.link('a', 'slow')
    await world.pass(1000)
    await a.node.sync.greet('slow')
    await world.pass(31_000)
    await world.link(a, b)
    await world.pass(65_000)
    expect(a.node.head.index).toBe(COMMITS)
    expect(a.node.sync.isUnderWay('b')).toBe(false)
  })
})

it('A block that a peer names twice is had of an honest one, who is not blamed for giving it twice', async () => {
  const [a, b] = [await giver(world, 'a', history), await giver(world, 'b', history)]
  await world.link(a, b)
  const s = await world.stranger('s')
  world.hub.link('s', 'a')
  await world.quiet()
  Object.assign(b.transport, { publish: async () => undefined }) // gossip loses it
  const payload = Uint8Array.from([4, ...new TextEncoder().encode('test'), 7])
  const issuedAtMs = world.clock.nowMs() - 1000
  const block = await blockIn(history.network, testSigner(5), { kind: 'data', payload, issuedAtMs })
  await give(b, [block])
  const told = s.transport.exchangeTips('a', [block.id, block.id]).catch(() => undefined)
  world.hub.post(() => world.hub.unlink('s', 'a')) // it need not answer
  await told
  await world.quiet()
  expect(await a.disk.ids()).toContain(block.id)
  expect(a.transport.blamed).toEqual([])
})

it('A block that is here in a commit is not wanted of a peer that has it in none', async () => {
  const b = await giver(world, 'b', history)
  const ids = history.commits[COMMITS - 1] ?? []
  expect(ids.length).toBeGreaterThan(0)
  const prefixes = ids.map((id) => new DataView(bytesOf(id).buffer).getBigUint64(0, true))
  expect(b.node.sync.lacking(new BigUint64Array(prefixes), 'a')).not.toContain(true)
})
