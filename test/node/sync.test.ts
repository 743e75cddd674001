import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CommitCursor, CommittedBlocks, PeerId } from '../../src/ports.ts'
import type { SyncProgress } from '../../src/node/sync.ts'
import { testSigner } from '../net/support.ts'
import { blockIn } from './make-committee.ts'
import {
  COMMITS,
  eachWithHistory,
  expectEqual,
  give,
  giver,
  type History,
  makeHistory,
  nodeWith,
} from './make-history.ts'
import { until, type TestNode, type World } from './make-peer.ts'

let world: World
let long: History
eachWithHistory((made, shared) => ([world, long] = [made, shared]))

interface Question {
  readonly peer: PeerId
  readonly from: CommitCursor
  /** `undefined` where the question failed. */
  readonly answer: CommittedBlocks | undefined
}

/** Every question for commits that a node asks from now on, until it starts again. */
function questionsOf({ transport }: TestNode): { readonly asked: number; all(): readonly Question[] } {
  const spy = vi.spyOn(transport, 'commits')
  return {
    get asked() {
      return spy.mock.calls.length
    },
    all: () =>
      spy.mock.calls.map(([peer, from], i) => {
        const settled = spy.mock.settledResults[i]
        return { peer, from, answer: settled?.type === 'fulfilled' ? settled.value : undefined }
      }),
  }
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const blocksOf = (questions: readonly Question[]) =>
  questions.flatMap(({ answer }) => (answer?.blocks ?? []).map(hexOf))

const inNoCommit = ({ blocks, commits }: History) => blocks.length - commits.flat().length

/** Blocks of a history's commits above an index. */
const blocksAbove = ({ commits }: History, index: number) => commits.slice(index + 1).flat().length

describe('A peer that was away while hundreds of commits were made', { timeout: 20_000 }, () => {
  let a: TestNode
  let b: TestNode

  beforeEach(async () => {
    a = await nodeWith(world, 'a', long, 60)
    b = await giver(world, 'b', long)
  })

  it('is brought up to date by several at once, each of which does its part and sends nothing twice', async () => {
    const c = await giver(world, 'c', long)
    const questions = questionsOf(a)
    const { index } = a.node.head
    world.hub.link('a', 'b')
    world.hub.link('a', 'c')
    await world.quiet()
    await expectEqual([a, b, c], long)

    const all = questions.all()
    const blocks = blocksOf(all)
    expect(blocks).toHaveLength(blocksAbove(long, index))
    expect(new Set(blocks).size).toBe(blocks.length)
    for (const peer of ['b', 'c'])
      expect(blocksOf(all.filter((each) => each.peer === peer)).length).toBeGreaterThan(blocks.length / 4)
    // what is in no commit yet was reconciled: it came once, too
    expect(a.transport.fetches.flat()).toHaveLength(inNoCommit(long))
    expect([...b.transport.fetches, ...c.transport.fetches]).toEqual([])
  })

  it('goes on from where it was when the connection breaks half-way', async () => {
    const questions = questionsOf(a)
    world.hub.link('a', 'b')
    await until(() => a.node.head.index > COMMITS / 2)
    await world.unlink(a, b)
    const { index } = a.node.head
    expect(index).toBeLessThan(COMMITS)
    expect(a.node.sync.progress).toBeUndefined()
    const before = questions.asked

    await world.link(a, b)
    await expectEqual([a, b], long)
    const after = questions.all().slice(before)
    expect(after[0]?.from).toEqual({ after: index, skip: 0 })
    expect(blocksOf(after)).toHaveLength(blocksAbove(long, index))
    expect(a.transport.blamed).toEqual([])
  })

  it('goes on from there after a restart, too', async () => {
    world.hub.link('a', 'b')
    await until(() => a.node.head.index > COMMITS / 2)
    await world.restart(a, { network: long.network })
    const { index } = a.node.head
    expect(index).toBeGreaterThan(COMMITS / 4)
    expect(index).toBeLessThan(COMMITS)

    const questions = questionsOf(a)
    await world.link(a, b)
    await expectEqual([a, b], long)
    const after = questions.all()
    expect(after[0]?.from).toEqual({ after: index, skip: 0 })
    expect(blocksOf(after)).toHaveLength(blocksAbove(long, index))
  })

  it('is helped by a third that joins half-way', async () => {
    const c = await giver(world, 'c', long)
    const questions = questionsOf(a)
    world.hub.link('a', 'b')
    await until(() => a.node.head.index > COMMITS / 4)
    expect(new Set(questions.all().map(({ peer }) => peer))).toEqual(new Set(['b']))
    world.hub.link('a', 'c')
    await world.quiet()
    await expectEqual([a, b, c], long)
    const all = questions.all()
    expect(blocksOf(all.filter(({ peer }) => peer === 'c')).length).toBeGreaterThan(0)
    const blocks = blocksOf(all)
    expect(new Set(blocks).size).toBe(blocks.length)
  })

  it('asks the other one for what a peer took with it when it went', async () => {
    const c = await giver(world, 'c', long)
    const { index } = a.node.head
    const gone = Promise.withResolvers<void>()
    const answer = c.node.sync.committed.bind(c.node.sync)
    vi.spyOn(c.node.sync, 'committed').mockImplementation(async (...asked) => {
      await gone.promise
      return answer(...asked)
    })
    const questions = questionsOf(a)
    world.hub.link('a', 'b')
    world.hub.link('a', 'c')
    await until(() => questions.all().some(({ peer }) => peer === 'c'))
    world.hub.unlink('a', 'c')
    gone.resolve()
    await world.quiet()
    await expectEqual([a, b], long)
    expect(a.transport.blamed).toEqual([])
    const blocks = blocksOf(questions.all())
    expect(blocks).toHaveLength(blocksAbove(long, index))
    expect(new Set(blocks).size).toBe(blocks.length)
    expect(a.transport.fetches.flat()).toHaveLength(inNoCommit(long))
  })

  it('sees how far it has got while it lasts, how long it still takes, and nothing afterwards', async () => {
    const began = a.node.head.index
    const seen: SyncProgress[] = []
    expect(a.node.sync.progress).toBeUndefined()
    world.hub.link('a', 'b')
    await until(() => {
      const { progress } = a.node.sync
      if (progress !== undefined) seen.push(progress)
      if (seen.length === 1) world.clock.advance(1000)
      return seen.length > 0 && progress === undefined
    })
    expect(seen[0]).toEqual({ index: began, upTo: COMMITS })
    const indices = seen.map(({ index }) => index)
    expect(indices).toEqual(indices.toSorted((one, other) => one - other))
    expect(new Set(indices).size).toBeGreaterThan(3)
    for (const { index, upTo, leftMs } of seen.filter((each) => each.index > began)) {
      expect(upTo).toBe(COMMITS)
      expect(leftMs).toBeCloseTo((1000 * (upTo - index)) / (index - began))
    }
    await world.quiet()
    await expectEqual([a, b], long)
  })
})

it(
  'A commit larger than an answer is had in parts, and each block of it once',
  { timeout: 20_000 },
  async () => {
    const large = await makeHistory({ commits: 2, data: 100, bytes: 16_000 })
    const [a, b] = [await nodeWith(world, 'a', large, 0), await giver(world, 'b', large)]
    const questions = questionsOf(a)
    await world.link(a, b)
    await expectEqual([a, b], large)
    const blocks = blocksOf(questions.all())
    expect(blocks).toHaveLength(blocksAbove(large, 0))
    expect(new Set(blocks).size).toBe(blocks.length)
    expect(questions.all().map(({ from }) => from.skip > 0)).toEqual([false, true])
  },
)

describe('Two that stand alike', { timeout: 20_000 }, () => {
  it.each([
    ['with nothing', 0, 0],
    ['with hundreds of commits', COMMITS, 0],
    ['with hundreds of commits, and hundreds of blocks in none', COMMITS, 300],
  ])('%s in common greet once, and that is all', async (_, commits, open) => {
    const history = { ...long, blocks: commits === 0 ? [] : long.blocks }
    const [a, b] = [await giver(world, 'a', history), await giver(world, 'b', history)]
    const blocks = []
    for (let i = 0; i < open; i++) blocks.push(await dataIn(long, i))
    for (const made of [a, b]) await give(made, blocks)
    const calls = ['greet', 'exchangeTips', 'commits', 'reconcile', 'fetch', 'publish'] as const
    const spies = calls.map((call) => [vi.spyOn(a.transport, call), vi.spyOn(b.transport, call)])
    await world.link(a, b)
    const counted = spies.map((both) => both.reduce((sum, { mock }) => sum + mock.calls.length, 0))
    expect(Object.fromEntries(calls.map((call, i) => [call, counted[i]]))).toEqual({
      greet: 1,
      exchangeTips: 0,
      commits: 0,
      reconcile: 0,
      fetch: 0,
      publish: 0,
    })
  })
})

/** A block of data that stands alone in a history's network: number and issuer tell it from others. */
function dataIn({ network }: History, number: number, seed = 88) {
  const payload = Uint8Array.from([4, ...new TextEncoder().encode('test'), number & 255, number >> 8])
  const issuedAtMs = world.clock.nowMs() - 1_000_000 + number
  return blockIn(network, testSigner(seed), { kind: 'data', payload, issuedAtMs })
}

describe('Two halves of a network that were parted', { timeout: 20_000 }, () => {
  it('give each other what they made meanwhile in one exchange, and nothing they had in common', async () => {
    const common = [...long.blocks]
    for (let i = 0; i < 100; i++) common.push(await dataIn(long, i))
    const nodes: TestNode[] = []
    for (const name of ['a', 'b', 'c', 'd']) {
      nodes.push(await giver(world, name, { ...long, blocks: common }))
    }
    const [a, b, c, d] = nodes as [TestNode, TestNode, TestNode, TestNode]
    await world.link(a, b)
    await world.link(c, d)
    await world.issueMany(a, 30)
    await world.issueMany(b, 30)
    await world.issueMany(d, 10)
    await world.quiet()
    const sides = { left: await a.disk.ids(), right: await c.disk.ids() }
    expect([sides.left.length, sides.right.length]).toEqual([common.length + 60, common.length + 10])

    const pushed = [a, c].map(({ node }) => vi.spyOn(node.sync, 'pushed'))
    const fetched = [a, c].map(({ transport }) => transport.fetches.length)
    const reconciled = [a, c].map(({ transport }) => vi.spyOn(transport, 'reconcile'))
    await world.link(a, c)
    expect(reconciled.flatMap(({ mock }) => mock.calls)).toHaveLength(1)
    const asked = [a, c].flatMap(({ transport }, i) => transport.fetches.slice(fetched[i]).flat())
    const given = pushed.flatMap(({ mock }) => mock.calls).flatMap(([blocks]) => blocks.map(hexOf))
    expect([asked.length, given.length].toSorted((one, other) => one - other)).toEqual([10, 60])
    expect(new Set([...asked, ...given]).size).toBe(70)

    const all = new Set([...sides.left, ...sides.right])
    for (let i = 0; i < 3; i++) await world.pass(1000)
    for (const { disk, node, transport } of nodes) {
      expect(new Set(await disk.ids())).toEqual(all)
      expect(disk.twice).toEqual([])
      expect(transport.blamed).toEqual([])
      expect(node.head).toEqual(long.head)
    }
    for (const { node } of nodes) expect(node.holders.hereOnly).toBe(0)
  })
})
