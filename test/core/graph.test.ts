import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Graph, type Handle } from '../../src/core/dag/graph.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { TIPS_MAX } from '../../src/core/model/limits.ts'
import { scatteredIdOf as idOf } from './make.ts'

const GENESIS = { id: idOf(0), createdAtMs: 5 }
const WINDOW = 4096
const LINKS_PER_BLOCK = 4

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
  slots = 1024
  #links = 0
  #next = 0

  add(id: BlockId, issuedAtMs: number, parents: readonly BlockId[]): void {
    const known = parents.filter((parent) => this.held.has(parent))
    const links = known.map((parent) => this.held.get(parent)?.handle ?? -1)
    while (this.held.size >= this.slots || this.#links + links.length > this.slots * LINKS_PER_BLOCK) {
      if (this.slots < WINDOW) this.slots *= 2
      else this.#evict()
    }
    this.held.set(id, { handle: this.#next++, id, issuedAtMs, links })
    this.#links += links.length
    for (const parent of known) this.tips.delete(parent)
    this.tips.add(id)
    if (this.tips.size > TIPS_MAX) this.tips.delete([...this.tips][0] ?? id)
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
})

function parentsOf(number: number, fan: number, reach: number, stride: number): BlockId[] {
  const numbers = Array.from({ length: fan }, (_, i) => Math.max(0, number - 1 - ((i * stride) % reach)))
  return [...new Set(numbers)].map(idOf).sort()
}

function expectSame(graph: Graph, model: Model): void {
  expect(graph.size).toBe(model.held.size)
  expect(graph.slots).toBe(model.slots)
  expect(graph.tips()).toEqual([...model.tips])
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
  expect(new Set(entries.map(({ handle }) => graph.slotOf(handle))).size).toBe(entries.length)
  // the block with handle h has number h + 1: number 0 is the genesis
  const gone = Array.from({ length: oldest }, (_, handle) => idOf(handle + 1)).filter((id) => graph.has(id))
  expect(gone).toEqual([])
}

describe('the graph', () => {
  it('agrees with a plain list through growth and many turns of its rings', () => {
    fc.assert(
      fc.property(fc.array(burst, { minLength: 1, maxLength: 10 }), (bursts) => {
        const graph = new Graph(GENESIS, WINDOW)
        const model = new Model()
        let number = 0
        for (const { count, fan, reach, stride } of bursts) {
          for (let i = 0; i < count; i++) {
            number++
            const parents = parentsOf(number, fan, reach, stride)
            graph.add({ id: idOf(number), issuedAtMs: number * 10, parents })
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
    expect(graph.parentsOf(graph.add({ id: idOf(1), issuedAtMs: 6, parents: [GENESIS.id] }))).toEqual([])
  })

  it('throws for what is not in the window: that is a bug of ours', () => {
    const graph = new Graph(GENESIS, 1024)
    const handle = graph.add({ id: idOf(1), issuedAtMs: 6, parents: [GENESIS.id] })
    expect(() => graph.slotOf(handle + 1)).toThrow(RangeError)
    expect(() => graph.issuedAtMsOf(idOf(2))).toThrow(RangeError)
    for (let i = 2; i <= 1025; i++) graph.add({ id: idOf(i), issuedAtMs: 6 + i, parents: [idOf(i - 1)] })
    expect(() => graph.idOf(handle)).toThrow(RangeError)
    expect(graph.has(idOf(1))).toBe(false)
    expect(graph.has(idOf(2))).toBe(true)
  })

  it('holds blocks of 255 parents, at the price of a shorter window', () => {
    const graph = new Graph(GENESIS, 1024)
    for (let i = 1; i <= 600; i++) {
      const parents = Array.from({ length: Math.min(255, i) }, (_, k) => idOf(i - 1 - k)).sort()
      graph.add({ id: idOf(i), issuedAtMs: 5 + i, parents })
    }
    const newest = graph.handleOf(idOf(600)) ?? -1
    // every block names all that is held, so n blocks take n² links
    expect(graph.size).toBe(Math.sqrt(1024 * LINKS_PER_BLOCK))
    expect(graph.parentsOf(newest)).toHaveLength(graph.size - 1)
  })

  it('keeps the newest tips where there are too many', () => {
    const graph = new Graph(GENESIS, 8192)
    for (let i = 1; i <= TIPS_MAX + 10; i++)
      graph.add({ id: idOf(i), issuedAtMs: 5 + i, parents: [GENESIS.id] })
    expect(graph.tips()).toEqual(Array.from({ length: TIPS_MAX }, (_, i) => idOf(i + 11)))
    expect(graph.has(idOf(1))).toBe(true)
  })

  it('does not call a block that came back a tip: it had its time', () => {
    const graph = new Graph(GENESIS, 1024)
    for (let i = 1; i <= 1025; i++) graph.add({ id: idOf(i), issuedAtMs: 5 + i, parents: [idOf(i - 1)] })
    graph.recall({ id: idOf(1), issuedAtMs: 6, parents: [GENESIS.id] })
    expect(graph.has(idOf(1))).toBe(true)
    expect(graph.tips()).toEqual([idOf(1025)])
  })
})

describe('a walk through the past', () => {
  /** 1 ← 2, 3 ← 4 ← 5, and 6 apart. */
  const graph = new Graph(GENESIS, 1024)
  const add = (number: number, ...parents: number[]) =>
    graph.add({ id: idOf(number), issuedAtMs: 5 + number, parents: parents.map(idOf) })
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

  it('goes no deeper where it is told to stop', () => {
    expect(walk(idOf(4))).toEqual([idOf(5), idOf(4)])
    expect(walk(idOf(5))).toEqual([idOf(5)])
  })
})
