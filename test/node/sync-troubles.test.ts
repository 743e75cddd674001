import { describe, expect, it, vi } from 'vitest'
import { CREATED_AT_MS } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { blockIn } from './make-committee.ts'
import {
  COMMITS,
  eachWithHistory,
  give,
  giver,
  type History,
  makeHistory,
  NO_IDS,
  nodeWith,
} from './make-history.ts'
import type { World } from './make-peer.ts'

let world: World
let history: History
eachWithHistory((made, shared) => ([world, history] = [made, shared]))

/** A and an honest b with all commits; and somebody who answers for commits like this, at most 500 times. */
async function threeWith(
  tell: (
    truth: readonly Uint8Array[],
    from: { after: number; skip: number },
    upTo: number,
  ) => { blocks: readonly Uint8Array[]; next: { after: number; skip: number } },
) {
  const a = await nodeWith(world, 'a', history, 0)
  const b = await giver(world, 'b', history)
  let answers = 0
  await world.stranger('liar', {
    standing: () => ({ ...history.head, uncommitted: NO_IDS }),
    onCommits: async (from, upTo, bytesMax, asker) => {
      if (++answers > 500) return { blocks: [], next: from }
      return tell((await b.node.sync.committed(from, upTo, bytesMax, asker)).blocks, from, upTo)
    },
  })
  world.hub.link('a', 'liar')
  world.hub.link('a', 'b')
  await world.quiet()
  return { a, answers: () => answers }
}

describe('In a sync', { timeout: 60_000 }, () => {
  it('one of two gives nothing and says that was all; the other one streams all of it', async () => {
    const { a } = await threeWith((_, __, upTo) => ({ blocks: [], next: { after: upTo, skip: 0 } }))
    expect(a.node.head).toEqual(history.head)
    expect(a.transport.fetches.length).toBeLessThan(32)
  })

  it('a node that learns by what it streams that its order is another blames nobody', async () => {
    const short = await makeHistory({ commits: 9, name: 'left' })
    const [a, b] = [await giver(world, 'a', short), await giver(world, 'b', history)]
    await world.link(a, b)
    expect(a.node.diverged).toBeDefined()
    expect(a.transport.blamed).toEqual([])
  })

  it('an answer that creeps on without a block is not asked for again for ever', async () => {
    const { a, answers } = await threeWith((_, { after, skip }) => ({
      blocks: [],
      next: { after, skip: skip + 1 },
    }))
    expect(answers()).toBeLessThan(16)
    expect(a.node.head).toEqual(history.head)
  })

  it('an answer that creeps on with the same block is not, either', async () => {
    const { a, answers } = await threeWith((blocks, { after, skip }) => ({
      blocks: blocks.slice(0, 1),
      next: { after, skip: skip + 1 },
    }))
    expect(answers()).toBeLessThan(200)
    expect(a.node.head).toEqual(history.head)
  })

  it('two copies of an only validator, each proposal with a twin, hear of each other', async () => {
    const a = await giver(world, 'a', await makeHistory({ commits: 9, name: 'left' }))
    const b = await giver(world, 'b', await makeHistory({ commits: 9, name: 'right' }))
    await world.link(a, b)
    for (const { node, transport } of [a, b]) {
      expect(node.diverged).toBeDefined()
      expect(transport.blamed).toEqual([])
    }
  })

  it('a node whose order is another greets nobody', async () => {
    const a = await giver(world, 'a', await makeHistory({ commits: 9, name: 'left' }))
    await a.node.receiveAll(
      (await makeHistory({ commits: 9, name: 'right' })).blocks.map(({ bytes }) => bytes),
      'a friend',
    )
    const onGreeting = vi.fn()
    await world.link(await world.stranger('s', { onGreeting }), a)
    await world.pass(31_000)
    expect(onGreeting).not.toHaveBeenCalled()
  })

  it.each(['greets', 'is greeted'])(
    'large blocks are had after one exchange, where who has them %s',
    async (way) => {
      const nodes = [await nodeWith(world, 'a', history, 0), await nodeWith(world, 'b', history, 0)]
      const sorted = nodes.sort((x, y) => (x.signer.publicKey < y.signer.publicKey ? -1 : 1))
      const [one, other] = way === 'greets' ? sorted : sorted.reverse()
      if (!one || !other) throw new Error('two nodes')
      const blocks = []
      for (let i = 0; i < 250; i++) {
        const payload = new Uint8Array(16_000)
        payload.set([4, ...new TextEncoder().encode('test'), i])
        const issuedAtMs = world.clock.nowMs() - 1_000_000 + i
        blocks.push(await blockIn(history.network, testSigner(5), { kind: 'data', payload, issuedAtMs }))
      }
      await give(one, blocks)
      await world.link(one, other)
      expect((await other.disk.ids()).length).toBe(250)
    },
  )

  it('a device whose clock is behind blames nobody for it', async () => {
    const bare = await makeHistory({ commits: COMMITS, data: 0 })
    const clock = { nowMs: () => CREATED_AT_MS - 200_000 }
    const a = await world.node('a', { network: bare.network, clock })
    await world.link(a, await giver(world, 'b', bare))
    expect(a.transport.blamed).toEqual([])
  })
})
