import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GraphBlocks } from '../../src/app/graph-blocks.ts'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { Graph } from '../../src/core/dag/graph.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { GRAPH_BITS, GRAPH_BLOCKS_MAX, type GraphChanges } from '../../src/node/api.ts'
import { GraphFeed } from '../../src/node/graph-feed.ts'
import { measured } from '../../src/reading/measured.ts'
import { passRounds } from './make-committee.ts'
import { eachWithWorld, type World } from './make-peer.ts'

const GENESIS = { id: 'f'.repeat(64) as BlockId, createdAtMs: 0 }
const OWN = 'a'.repeat(64) as PublicKey
const OTHER = 'b'.repeat(64) as PublicKey

/** As good as hashes: each differs from the others in its first bytes. */
const idOf = (n: number) =>
  (Math.imul(n + 1, 0x9e37_79b1) >>> 0).toString(16).padStart(8, '0').repeat(8) as BlockId

/** A graph that a test grows, and a feed of it that commits are told to. */
function fed(stored: readonly { readonly index: number; readonly blocks: readonly BlockId[] }[] = []) {
  const graph = new Graph(GENESIS, 8192)
  const ledger = {
    newestCommits: async function* () {
      yield stored.map(
        (commit) => ({ ...commit, leader: idOf(0), round: 1, atMs: 0, blocksStored: 0 }) as never,
      )
    },
  }
  const feed = new GraphFeed({ graph, ledger, own: OWN, name: '0011223344556677' })
  let made = 0
  let commits = 0
  const add = (distances: readonly number[] = [1], mine = true) => {
    const number = made++
    const parents = [...new Set(distances)]
      .filter((distance) => distance <= number)
      .map((distance) => idOf(number - distance))
    return graph.add({
      id: idOf(number),
      issuedAtMs: 1000 * number,
      parents: parents.length > 0 ? parents : [GENESIS.id],
      issuer: mine ? OWN : OTHER,
      kind: number % 5 === 0 ? 'proposal' : 'data',
    })
  }
  const commit = (...numbers: readonly number[]) => {
    const blocks = numbers.map(idOf)
    for (const id of blocks) graph.mark(graph.handleOf(id) ?? -1, 'committed')
    graph.keepFrom(graph.next - 1)
    feed.onCommitted({ index: ++commits, blocks })
  }
  return { graph, feed, add, commit }
}

/** Asks until there is no more. */
async function ask(feed: GraphFeed, page: GraphBlocks): Promise<readonly GraphChanges[]> {
  const answers: GraphChanges[] = []
  do {
    const answer = structuredClone(await feed.changes(page.cursor)) // as it comes to a page
    page.take(answer)
    answers.push(answer)
  } while (answers.at(-1)?.hasMore)
  return answers
}

describe('A feed of the graph', () => {
  it('tells each block once, and afterwards only what became of it', async () => {
    const { feed, add, commit } = fed()
    const page = new GraphBlocks()
    add([1], true)
    add([1], false)
    const [first] = await ask(feed, page)
    expect(first).toMatchObject({ isFresh: true, hasMore: false, first: 0 })
    expect([...(first?.bits ?? [])].map((bits) => bits & ~GRAPH_BITS.kind)).toEqual([
      GRAPH_BITS.mine | GRAPH_BITS.named,
      0,
    ])
    expect([...(first?.parentCounts ?? [])]).toEqual([0, 1])

    commit(0, 1)
    const [second] = await ask(feed, page)
    expect(second).toMatchObject({ isFresh: false, first: 2 })
    expect(second?.issuedAtMs).toHaveLength(0)
    expect([...(second?.committed ?? [])]).toEqual([0, 1])
    expect(page.commits[0]).toBe(1)

    const [third] = await ask(feed, page)
    expect([third?.issuedAtMs.length, third?.committed.length]).toEqual([0, 0])
  })

  it('names the commits of blocks that were there before anybody asked', async () => {
    const { feed, add, graph } = fed([{ index: 7, blocks: [idOf(0)] }])
    graph.mark(add(), 'committed')
    const page = new GraphBlocks()
    await ask(feed, page)
    expect([page.commits[0], (page.bits[0] ?? 0) & GRAPH_BITS.committed]).toEqual([7, GRAPH_BITS.committed])
  })

  it('tells no more than the newest blocks, in answers of bounded length', async () => {
    const { feed, add } = fed()
    for (let i = 0; i < GRAPH_BLOCKS_MAX + 500; i++) add()
    const page = new GraphBlocks()
    const answers = await ask(feed, page)
    expect(answers.length).toBeGreaterThan(4)
    expect([page.first, page.size]).toEqual([500, GRAPH_BLOCKS_MAX])
    for (let i = 0; i < 100; i++) add()
    await ask(feed, page)
    expect([page.first, page.size]).toEqual([600, GRAPH_BLOCKS_MAX])
  })

  it('starts anew for a page that knows another feed, and for one that has missed too much', async () => {
    const { feed, add, commit } = fed()
    const page = new GraphBlocks()
    add()
    await ask(feed, page)
    const stranger = await feed.changes({ feed: 'ffffffffffffffff', next: 4, changes: 9 })
    expect(stranger).toMatchObject({ isFresh: true, first: 0 })
    const after = page.cursor
    for (let i = 0; i < 9000; i++) {
      add()
      commit(i)
    }
    expect((await feed.changes(after)).isFresh).toBe(true)
  })

  it('leaves a page with what the graph says, whatever comes between its questions', async () => {
    const step = fc.oneof(
      fc.record({
        type: fc.constant('add' as const),
        distances: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        mine: fc.boolean(),
      }),
      fc.record({
        type: fc.constant('commit' as const),
        part: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      fc.constant({ type: 'ask' as const }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { graph, feed, add, commit } = fed()
        const page = new GraphBlocks()
        for (const each of steps) {
          if (each.type === 'add') add(each.distances, each.mine)
          else if (each.type === 'ask') await ask(feed, page)
          else if (graph.next > 0) commit(Math.floor(each.part * graph.next))
        }
        await ask(feed, page)
        expect([page.first, page.next]).toEqual([0, graph.next])
        for (let number = 0; number < graph.next; number++) {
          const slot = page.slotOf(number)
          const bits = page.bits[slot] ?? 0
          expect((bits & GRAPH_BITS.committed) !== 0).toBe(graph.is(number, 'committed'))
          expect((bits & GRAPH_BITS.named) !== 0).toBe(graph.is(number, 'named'))
          expect([...page.parentsOf(number)].map((distance) => number - distance).sort()).toEqual(
            graph.parentsOf(number).sort(),
          )
        }
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})

let world: World
eachWithWorld((made) => (world = made))

describe('The facts of a block', () => {
  it('say who made it, what is in it and where it stands, and lead to its parents', async () => {
    const a = await world.peer('a')
    const thing = await a.peer.addThing({ name: 'Strap', kind: 'heart-rate' })
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 72, world.clock.nowMs())] })
    await a.peer.flush({ thing })
    await passRounds(world, 10)
    const page = new GraphBlocks()
    page.take(await a.peer.graph({}))
    const data = page.newestFirst(true).filter((n) => ((page.bits[n] ?? 0) & GRAPH_BITS.kind) === 1)
    expect(data).toHaveLength(1)
    const feed = page.cursor?.feed ?? ''
    const facts = await a.peer.blockFacts({ feed, number: data[0] ?? -1 })
    expect(facts).toMatchObject({
      number: data[0],
      issuer: a.snapshot().device,
      mine: true,
      kind: 'data',
      committed: true,
      commit: page.commits[data[0] ?? 0],
      heldBy: 0,
      content: { type: 'readings', thing, sealed: true },
    })
    expect(facts.work).toBeGreaterThan(1)
    const proposal = page.newestFirst(true).find((n) => n !== data[0] && page.parentsOf(n).length > 0)
    const above = await a.peer.blockFacts({ feed, number: proposal ?? -1 })
    expect(above.content).toMatchObject({ type: 'proposal' })
    const [parent] = above.parents
    expect(await a.peer.blockFacts({ id: parent?.id ?? '' })).toMatchObject({ id: parent?.id })
  })

  it('of a payment say who gets what', async () => {
    const a = await world.peer('a')
    const to = encodeDidKey('1'.padStart(64, '2') as PublicKey)
    await a.peer.pay({ to, amount: 5000 })
    const page = new GraphBlocks()
    page.take(await a.peer.graph({}))
    const payment = page.newestFirst(true).find((n) => ((page.bits[n] ?? 0) & GRAPH_BITS.kind) === 2)
    const { content } = await a.peer.blockFacts({ feed: page.cursor?.feed ?? '', number: payment ?? -1 })
    expect(content).toMatchObject({ type: 'payment' })
    expect(content.type === 'payment' && content.outputs).toContainEqual({ to, amount: 5000 })
  })

  it('are refused in words of a block that is not here, and of another feed', async () => {
    const a = await world.peer('a')
    for (const input of [{ id: '0'.repeat(64) }, { feed: '0'.repeat(16), number: 0 }])
      await expect(a.peer.blockFacts(input)).rejects.toMatchObject({ kind: 'unknown-block' })
    await expect(a.peer.blockFacts({ id: '<b>' })).rejects.toMatchObject({ kind: 'bad-input' })
    await expect(a.peer.graph({ after: { feed: 'x', next: -1, changes: 0 } })).rejects.toMatchObject({
      kind: 'bad-input',
    })
  })
})
