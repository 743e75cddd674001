import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Blame, CommitCursor, CommittedBlocks } from '../../src/ports.ts'
import { idOf } from '../core/make.ts'
import { testSigner } from '../net/support.ts'
import { blockIn } from './make-committee.ts'
import {
  COMMITS,
  eachWithHistory,
  giver,
  type History,
  makeHistory,
  NO_IDS,
  nodeWith,
} from './make-history.ts'
import type { Stranger, TestNode, World } from './make-peer.ts'

/** Questions for commits that a lie may cost, far fewer than there are commits. */
const QUESTIONS_MAX = 16

/** Ends a story that would have none. */
const ENDLESS = 500

let world: World
let history: History
eachWithHistory((made, shared) => ([world, history] = [made, shared]))

/** Makes an answer for commits out of the true one. */
type Lie = (
  truth: CommittedBlocks,
  question: { readonly from: CommitCursor; readonly upTo: number; readonly number: number },
) => CommittedBlocks | Promise<CommittedBlocks>

const past = (upTo: number) => ({ after: upTo, skip: 0 })

/** A valid block of somebody's that no commit has. */
async function otherBlock(number: number): Promise<Uint8Array> {
  const payload = Uint8Array.from([4, ...new TextEncoder().encode('test'), number & 255, number >> 8])
  const issuedAtMs = world.clock.nowMs() - 1000
  return (await blockIn(history.network, testSigner(88), { kind: 'data', payload, issuedAtMs })).bytes
}

const LIES: readonly (readonly [lie: string, blame: Blame | undefined, tell: Lie])[] = [
  [
    'gives other blocks than those of its commits',
    'not-converging',
    async (_, { upTo, number }) => ({ blocks: [await otherBlock(number)], next: past(upTo) }),
  ],
  [
    'gives nothing, and says that was all',
    'not-converging',
    (_, { upTo }) => ({ blocks: [], next: past(upTo) }),
  ],
  [
    'leaves out one block of each answer',
    undefined,
    ({ blocks, next }) => ({ blocks: blocks.slice(1), next }),
  ],
  ['has nothing, and says so', undefined, (_, { from }) => ({ blocks: [], next: from })],
  ['gives the blocks, and stays where it was', undefined, ({ blocks }, { from }) => ({ blocks, next: from })],
  [
    'gives the blocks, and goes back',
    undefined,
    ({ blocks }, { from }) => ({ blocks, next: { after: Math.max(0, from.after - 1), skip: 0 } }),
  ],
  [
    'gives the blocks, and is past what was asked for',
    undefined,
    ({ blocks }, { upTo }) => ({ blocks, next: past(upTo + 1) }),
  ],
  [
    'gives bytes that are no block',
    'malformed',
    ({ blocks, next }) => ({ blocks: [...blocks.slice(1), Uint8Array.of(1, 2, 3)], next }),
  ],
  [
    'gives a block that is signed by nobody',
    'bad-signature',
    ({ blocks, next }) => {
      const [first, ...others] = blocks.map((bytes) => bytes.slice())
      const last = first && first.length - 1 - 100
      if (first && last !== undefined) first[last] = (first[last] ?? 0) ^ 1
      return { blocks: first ? [first, ...others] : [], next }
    },
  ],
]

/** Somebody who has a node's commits, and tells of them what `tell` makes of the truth. */
async function liar(truth: TestNode, tell: Lie): Promise<Stranger & { readonly answers: () => number }> {
  let answers = 0
  const made = await world.stranger('liar', {
    standing: () => ({ ...history.head, uncommitted: NO_IDS }),
    onCommits: async (from, upTo, bytesMax, asker) => {
      if (++answers > ENDLESS) return { blocks: [], next: from }
      const found = await truth.node.sync.committed(from, upTo, bytesMax, asker)
      return tell(found, { from, upTo, number: answers })
    },
  })
  return { ...made, answers: () => answers }
}

describe('A peer that streams commits, and', { timeout: 20_000 }, () => {
  let a: TestNode
  let b: TestNode

  beforeEach(async () => {
    a = await nodeWith(world, 'a', history, 0)
    b = await giver(world, 'b', history)
  })

  it.each(LIES)('%s, is blamed for %s, and asked little', async (_, blame, tell) => {
    const lying = await liar(b, tell)
    await world.link(a, lying)
    expect(lying.answers()).toBeGreaterThan(0)
    expect(lying.answers()).toBeLessThan(QUESTIONS_MAX)
    expect(blamedAt(a)).toEqual(blame === undefined ? [] : [`liar,${blame}`])
    expect(a.node.sync.progress).toBeUndefined()
    await world.link(a, b)
    expect(a.node.head).toEqual(history.head)
  })

  it.each(LIES)('%s, is blamed for %s or not, and leaves the work to another', async (_, blame, tell) => {
    const lying = await liar(b, tell)
    world.hub.link('a', 'liar')
    world.hub.link('a', 'b')
    await world.quiet()
    await world.pass(31_000)
    expect(a.node.head).toEqual(history.head)
    expect(lying.answers()).toBeGreaterThan(0)
    expect(lying.answers()).toBeLessThan(QUESTIONS_MAX)
    // of two that stream at once nobody knows whose blocks are missing
    if (blame === 'not-converging') expect([[], [`liar,${blame}`]]).toContainEqual(blamedAt(a))
    else expect(blamedAt(a)).toEqual(blame === undefined ? [] : [`liar,${blame}`])
    expect(b.transport.blamed).toEqual([])
  })
})

/** Whom a node blamed for what, each once: answers under way when the first was looked at are looked at as well. */
const blamedAt = ({ transport }: TestNode) => [...new Set(transport.blamed.map(String))]

describe('Peers whose orders differ', { timeout: 20_000 }, () => {
  const SHORT = 10
  let left: History
  let right: History

  beforeAll(async () => {
    // two of four sign on either side
    const [a, b, c, d] = [testSigner(71), testSigner(72), testSigner(73), testSigner(74)]
    const committee = [a, b, c, d]
    left = await makeHistory({ committee, authors: [a, c, d], commits: SHORT, name: 'left' })
    right = await makeHistory({ committee, authors: [b, c, d], commits: SHORT, name: 'right' })
  }, 20_000)

  it('hear what each has signed by the validators, and stop, and neither is sent away', async () => {
    const [a, b] = [await giver(world, 'a', left), await giver(world, 'b', right)]
    expect([a.node.diverged, b.node.diverged]).toEqual([undefined, undefined])
    await world.link(a, b)
    for (const { node, disk, transport } of [a, b]) {
      expect(node.diverged?.proposals.length).toBeGreaterThan(0)
      expect(transport.blamed).toEqual([])
      for (const proposal of node.diverged?.proposals ?? []) expect(await disk.ids()).toContain(proposal)
    }
    expect([a.node.head, b.node.head]).toEqual([left.head, right.head])
  })

  it.each([
    ['names no tips', async () => []],
    ['names tips that nobody has', async () => [idOf(1), idOf(2)]],
  ])('part when one has nothing but its word for it, and %s', async (_, onTips) => {
    const a = await giver(world, 'a', left)
    const tips = vi.fn(onTips)
    const s = await world.stranger('s', {
      standing: () => ({ index: SHORT, digest: right.head.digest, uncommitted: NO_IDS }),
      onTips: tips,
    })
    await world.link(s, a)
    expect(tips).toHaveBeenCalledTimes(1)
    expect(a.transport.blamed).toEqual([['s', 'other-order']])
    expect(a.transport.peers()).toEqual([])
    expect(a.transport.commitsAsked).toEqual([])
    expect(a.transport.reconciled).toEqual([])
    expect(a.node.diverged).toBeUndefined()
  })

  it('part where the older of the two newest commits is another, too', async () => {
    const a = await giver(world, 'a', left)
    const s = await world.stranger('s', {
      standing: () => ({ index: SHORT - 3, digest: right.head.digest, uncommitted: NO_IDS }),
    })
    await world.link(s, a)
    expect(a.transport.blamed).toEqual([['s', 'other-order']])
  })

  it('leave whoever has the wrong one to itself: it blames nobody and asks for nothing', async () => {
    const a = await giver(world, 'a', left)
    await a.node.receiveAll(
      right.blocks.map(({ bytes }) => bytes),
      'a friend',
    )
    expect(a.node.diverged).toBeDefined()
    const s = await world.stranger('s', {
      standing: () => ({ index: COMMITS, digest: right.head.digest, uncommitted: NO_IDS }),
    })
    await world.link(s, a)
    await s.transport.greet('a')
    await world.pass(31_000)
    expect(a.transport.blamed).toEqual([])
    expect(a.transport.commitsAsked).toEqual([])
    expect(a.transport.reconciled).toEqual([])
    expect(a.node.sync.progress).toBeUndefined()
  })
})
