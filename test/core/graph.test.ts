import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Graph, type GraphEntry, type Handle } from '../../src/core/dag/graph.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { HELD_PER_WINDOW, TIPS_MAX } from '../../src/core/model/limits.ts'
import { ALICE, BOB, scatteredIdOf as idOf } from './make.ts'

const GENESIS = { id: idOf(0), createdAtMs: 5 }
const WINDOW = 4096
const LINKS_PER_BLOCK = 4

/** A block as the graph wants it, by its number. */
const block = (number: number, parents: readonly BlockId[], issuedAtMs = 5 + number): GraphEntry => ({
  id: idOf(number),
  issuedAtMs,
  parents,
  issuer: number % 3 === 0 ? BOB : ALICE,
  kind: 'data',
})

interface Entry {
  readonly handle: Handle
  readonly id: BlockId
  readonly issuedAtMs: number
  readonly links: readonly Handle[]
}

/** The graph again, plainly: maps in order of arrival. */
class Model {
  readonly held = new Map<BlockId, Entry>()
  readonly tips = new Set<BlockId>()
  neededFrom: Handle = 0
  #slots = 1024
  #links = 0
  #next = 0

  add(id: BlockId, issuedAtMs: number, parents: readonly BlockId[]): void {
    const known = parents.filter((parent) => this.held.has(parent))
    const links = known.map((parent) => this.held.get(parent)?.handle ?? -1)
    while (this.held.size >= WINDOW && this.#oldest < this.neededFrom) this.#evict()
    while (this.held.size >= this.#slots || this.#links + links.length > this.#slots * LINKS_PER_BLOCK) {
      if (this.#slots < WINDOW || this.#oldest >= this.neededFrom) this.#slots *= 2
      else this.#evict()
    }
    this.held.set(id, { handle: this.#next++, id, issuedAtMs, links })
    this.#links += links.length
    for (const parent of known) this.tips.delete(parent)
    this.tips.add(id)
  }

  /** Whether another block of eight parents would find a place. */
  get hasRoom(): boolean {
    const needed = [...this.held.values()].filter(({ handle }) => handle >= this.neededFrom)
    const links = needed.reduce((sum, entry) => sum + entry.links.length, 8)
    return needed.length < HELD_PER_WINDOW * WINDOW && links <= HELD_PER_WINDOW * WINDOW * LINKS_PER_BLOCK
  }

  get #oldest(): Handle {
    return this.held.values().next().value?.handle ?? this.#next
  }

  #evict(): void {
    const [oldest] = this.held.values()
    if (!oldest) throw new Error('nothing to evict')
    this.held.delete(oldest.id)
    this.tips.delete(oldest.id)
    this.#links -= oldest.links.length
  }
}

/** A run of blocks, each naming up to `fan` of the last `reach` ids, which may have left the window. */
const burst = fc.record({
  count: fc.integer({ min: 1, max: 1500 }),
  fan: fc.nat(8),
  reach: fc.constantFrom(1, 10, 500, 6000),
  stride: fc.integer({ min: 1, max: 997 }),
  /** How many of the newest blocks are not committed, so that they may not leave. */
  needed: fc.constantFrom(0, 1, 1000, 6000),
})

function parentsOf(number: number, fan: number, reach: number, stride: number): BlockId[] {
  const numbers = Array.from({ length: fan }, (_, i) => Math.max(0, number - 1 - ((i * stride) % reach)))
  return [...new Set(numbers)].map(idOf).sort()
}

function expectSame(graph: Graph, model: Model): void {
  expect(graph.size).toBe(model.held.size)
  expect(graph.hasRoom(8)).toBe(model.hasRoom)
  expectTips(graph, model)
  const entries = [...model.held.values()]
  const oldest = entries[0]?.handle ?? 0
  const wrong = entries.filter(({ handle, id, issuedAtMs, links }) => {
    const linksInWindow = links.filter((link) => link >= oldest)
    return (
      graph.handleOf(id) !== handle ||
      graph.idOf(handle) !== id ||
      graph.issuedAtMsOf(id) !== issuedAtMs ||
      graph.parentsOf(handle).join() !== linksInWindow.join()
    )
  })
  expect(wrong).toEqual([])
  expect(new Set(entries.map(({ handle }) => handle % graph.slotsMax)).size).toBe(entries.length)
  // the block with handle h has number h + 1: number 0 is the genesis
  const gone = Array.from({ length: oldest }, (_, handle) => idOf(handle + 1)).filter((id) => graph.has(id))
  expect(gone).toEqual([])
}

/** All tips while there are not too many; else some of them, and never fewer than half the bound. */
function expectTips(graph: Graph, model: Model): void {
  const tips = graph.tips().map((handle) => graph.idOf(handle))
  expect([...graph.fairTips()].map((handle) => graph.idOf(handle)).sort()).toEqual(tips.toSorted())
  const known = new Set(tips)
  const all = [...model.tips]
  expect(all.filter((id) => known.has(id))).toEqual(tips)
  expect(tips.length).toBeGreaterThanOrEqual(Math.min(all.length, TIPS_MAX / 2))
  expect(tips.length).toBeLessThanOrEqual(TIPS_MAX)
}

describe('the graph', () => {
  it('agrees with a plain list through growth and many turns of its rings', () => {
    fc.assert(
      fc.property(fc.array(burst, { minLength: 1, maxLength: 10 }), (bursts) => {
        const graph = new Graph(GENESIS, WINDOW)
        const model = new Model()
        let number = 0
        for (const { count, fan, reach, stride, needed } of bursts) {
          for (let i = 0; i < count; i++) {
            number++
            const parents = parentsOf(number, fan, reach, stride)
            model.neededFrom = Math.max(model.neededFrom, number - needed)
            graph.keepFrom(number - needed)
            graph.add(block(number, parents, number * 10))
            model.add(idOf(number), number * 10, parents)
          }
          expectSame(graph, model)
        }
      }),
      { seed: 3, numRuns: 8 },
    )
  }, 20_000)

  it('knows the genesis without holding it', () => {
    const graph = new Graph(GENESIS, 1024)
    expect(graph.has(GENESIS.id)).toBe(true)
    expect(graph.handleOf(GENESIS.id)).toBeUndefined()
    expect(graph.issuedAtMsOf(GENESIS.id)).toBe(5)
    expect(graph.size).toBe(0)
    expect(graph.tips()).toEqual([])
    expect(graph.parentsOf(graph.add(block(1, [GENESIS.id])))).toEqual([])
  })

  it('throws for what is not in the window: that is a bug of ours', () => {
    const graph = new Graph(GENESIS, 1024)
    const handle = graph.add(block(1, [GENESIS.id]))
    expect(() => graph.idOf(handle + 1)).toThrow(RangeError)
    graph.keepFrom(handle + 1)
    expect(() => graph.issuedAtMsOf(idOf(2))).toThrow(RangeError)
    for (let i = 2; i <= 1025; i++) graph.add(block(i, [idOf(i - 1)]))
    expect(() => graph.idOf(handle)).toThrow(RangeError)
    expect(graph.has(idOf(1))).toBe(false)
    expect(graph.has(idOf(2))).toBe(true)
  })

  it('holds blocks of 255 parents, at the price of a shorter window', () => {
    const graph = new Graph(GENESIS, 1024)
    for (let i = 1; i <= 600; i++) {
      const parents = Array.from({ length: Math.min(255, i) }, (_, k) => idOf(i - 1 - k)).sort()
      graph.keepFrom(graph.next)
      graph.add({ ...block(i, parents), kind: 'proposal', slot: { author: 0, round: i } })
    }
    const newest = graph.handleOf(idOf(600)) ?? -1
    // every block names all that is held, so n blocks take n² links
    expect(graph.size).toBe(Math.sqrt(1024 * LINKS_PER_BLOCK))
    expect(graph.parentsOf(newest)).toHaveLength(graph.size - 1)
  })

  it('keeps the oldest tips of an issuer who makes too many: the rest wait until these are named', () => {
    const graph = new Graph(GENESIS, 8192)
    for (let i = 1; i <= TIPS_MAX + 10; i++) graph.add({ ...block(i, [GENESIS.id]), issuer: ALICE })
    expect(graph.tips()).toEqual(Array.from({ length: TIPS_MAX }, (_, handle) => handle))
    expect(graph.has(idOf(TIPS_MAX + 10))).toBe(true)
  })

  it('knows what a block is, whose proposal for which round, and what was noted about it', () => {
    const graph = new Graph(GENESIS, 1024)
    const data = graph.add(block(1, [GENESIS.id]))
    const payment = graph.add({ ...block(2, [idOf(1)]), kind: 'transaction' })
    const slot = { author: 63, round: 2 ** 32 - 1 }
    const proposal = graph.add({ ...block(3, [idOf(2)]), kind: 'proposal', slot })
    graph.mark(payment, 'committed')
    for (let i = 4; i < 1030; i++) graph.add(block(i, [idOf(i - 1)])) // the rows move as the graph grows
    expect([data, payment, proposal].map((handle) => graph.kindOf(handle))).toEqual([
      'data',
      'transaction',
      'proposal',
    ])
    expect(graph.proposalAt(proposal)).toEqual(slot)
    expect(graph.proposalAt(data)).toBeUndefined()
    expect([data, payment].map((handle) => graph.is(handle, 'committed'))).toEqual([false, true])
    expect(graph.is(payment, 'covered')).toBe(false)
    expect(graph.is(data, 'named')).toBe(true)
  })

  it('does not call a block that came back a tip: it had its time', () => {
    const graph = new Graph(GENESIS, 1024)
    for (let i = 1; i <= 1025; i++) {
      graph.keepFrom(graph.next)
      graph.add(block(i, [idOf(i - 1)]))
    }
    expect(graph.has(idOf(1))).toBe(false)
    const handle = graph.recall(block(1, [GENESIS.id]))
    expect(graph.has(idOf(1))).toBe(true)
    expect(graph.is(handle, 'committed')).toBe(true)
    expect(graph.tips()).toEqual([1024])
  })
})

describe('what is needed', () => {
  /** Blocks that each name the one before, as many as the graph takes. */
  function fill(graph: Graph, from = 1): number {
    let number = from
    while (graph.hasRoom(1)) {
      graph.add(block(number, [idOf(number - 1)]))
      number++
    }
    return number - from
  }

  it('does not leave: the window grows to four of its size, then there is no room', () => {
    const graph = new Graph(GENESIS, 1024)
    expect(fill(graph)).toBe(HELD_PER_WINDOW * 1024)
    expect(graph.size).toBe(graph.slotsMax)
    expect(graph.has(idOf(1))).toBe(true)
    expect(() => graph.add(block(9999, [GENESIS.id]))).toThrow(RangeError)
  })

  it('makes room again where it is needed no more', () => {
    const graph = new Graph(GENESIS, 1024)
    const count = fill(graph)
    graph.keepFrom(10)
    expect(fill(graph, count + 1)).toBe(10)
    graph.keepFrom(0) // it never goes back
    graph.keepFrom(graph.next)
    graph.add(block(9999, [GENESIS.id]))
    expect(graph.size).toBe(1024)
  })

  it('counts its parents: blocks of many leave room for fewer blocks', () => {
    const graph = new Graph(GENESIS, 1024)
    let number = 1
    for (; graph.hasRoom(8); number++) {
      const parents = Array.from({ length: 8 }, (_, i) => idOf(Math.max(0, number - 1 - i)))
      graph.add(block(number, [...new Set(parents)].sort()))
    }
    expect(number / (HELD_PER_WINDOW * 1024)).toBeCloseTo(LINKS_PER_BLOCK / 8, 2)
    expect(graph.has(idOf(1))).toBe(true)
    expect(graph.hasRoom(0)).toBe(true)
  })

  it('can leave places for what matters more', () => {
    const graph = new Graph(GENESIS, 1024)
    for (let number = 1; graph.hasRoom(1, 256); number++) graph.add(block(number, [idOf(number - 1)]))
    expect(graph.size).toBe(graph.slotsMax - 256)
    expect(graph.hasRoom(1)).toBe(true)
  })
})

describe('a walk through the past', () => {
  /** 1 ← 2, 3 ← 4 ← 5, and 6 apart. */
  const graph = new Graph(GENESIS, 1024)
  const add = (number: number, ...parents: number[]) => graph.add(block(number, parents.map(idOf)))
  add(1, 0)
  add(2, 1)
  add(3, 1)
  add(4, 2, 3)
  const top = add(5, 4)
  add(6, 0)

  const walk = (stopAt?: BlockId) => {
    const visited: BlockId[] = []
    graph.walkPast(top, (handle) => {
      visited.push(graph.idOf(handle))
      return visited.at(-1) !== stopAt
    })
    return visited
  }

  it('visits each block of the past cone once, itself first', () => {
    expect(walk()[0]).toBe(idOf(5))
    expect(walk().sort()).toEqual([1, 2, 3, 4, 5].map(idOf).sort())
  })

  it('visits all again another time, and nothing twice where ways meet', () => {
    expect(walk()).toEqual(walk())
    expect(walk()).toHaveLength(5)
  })

  it('is the only one under way: that is a bug of ours', () => {
    const nested = () =>
      graph.walkPast(top, () => {
        walk()
        return true
      })
    expect(nested).toThrow('a walk within a walk')
  })

  it('goes no deeper where it is told to stop', () => {
    expect(walk(idOf(4))).toEqual([idOf(5), idOf(4)])
    expect(walk(idOf(5))).toEqual([idOf(5)])
  })
})
