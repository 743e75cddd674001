import { describe, expect, it } from 'vitest'
import { Graph } from '../../src/core/dag/graph.ts'
import { Tips } from '../../src/core/dag/tips.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { TIPS_MAX } from '../../src/core/model/limits.ts'
import { ALICE, BOB, at, scatteredIdOf as idOf } from './make.ts'
import { KEYS } from './make-proposals.ts'

const GENESIS = { id: idOf(0), createdAtMs: 5 }
const FLOODER = KEYS[0] as PublicKey

describe('tips', () => {
  it('are given in order of arrival, and by turns of their issuers', () => {
    const tips = new Tips()
    for (const handle of [1, 2, 3]) tips.add(handle, 3n)
    tips.add(4, 1n)
    tips.add(5, 2n)
    tips.add(6, 1n)
    expect(tips.all()).toEqual([1, 2, 3, 4, 5, 6])
    expect([...tips.fairly()]).toEqual([1, 4, 5, 2, 6, 3])
  })

  it('leave nothing behind when they are named', () => {
    const tips = new Tips()
    tips.add(1, 1n)
    tips.add(2, 1n)
    tips.delete(1)
    tips.delete(1)
    expect([...tips.fairly()]).toEqual([2])
    tips.delete(2)
    expect(tips.all()).toEqual([])
    expect(tips.size).toBe(0)
  })

  it('past their bound are taken from whoever has most, the newest first', () => {
    const tips = new Tips()
    for (const handle of [0, 1, 2]) tips.add(handle, 1n)
    for (let handle = 3; handle < TIPS_MAX + 100; handle++) tips.add(handle, 3n)
    for (const handle of [9001, 9002]) tips.add(handle, 2n)
    expect(tips.size).toBe(TIPS_MAX)
    const all = new Set(tips.all())
    expect([0, 1, 2, 9001, 9002].every((handle) => all.has(handle))).toBe(true)
    expect(all.has(3)).toBe(true)
    expect(all.has(TIPS_MAX + 99)).toBe(false)
  })
})

/** A graph with a flood of tips by one issuer, number 1 to `flood`, and three by Alice and Bob after them. */
function flooded(flood: number): Graph {
  const graph = new Graph(GENESIS, 8192)
  const add = (number: number, issuer: PublicKey) =>
    graph.add({ id: idOf(number), issuedAtMs: 5 + number, parents: [GENESIS.id], issuer, kind: 'data' })
  for (let number = 1; number <= flood; number++) add(number, FLOODER)
  add(flood + 1, ALICE)
  add(flood + 2, ALICE)
  add(flood + 3, BOB)
  return graph
}

/** A block that names the first `count` tips. */
const collect = (graph: Graph, number: number, count: number) =>
  graph.add({
    id: idOf(number),
    issuedAtMs: 1e6 + number,
    parents: graph
      .tips()
      .slice(0, count)
      .map((handle) => graph.idOf(handle)),
    issuer: BOB,
    kind: 'proposal',
    slot: { author: 0, round: 1 },
  })

describe('a flood of tips by one issuer', () => {
  const FLOOD = TIPS_MAX + 1000

  it('costs only that issuer, and its turn comes after one of each other', () => {
    const graph = flooded(FLOOD)
    const numbers = [...graph.fairTips()].slice(0, 5).map((handle) => handle + 1)
    expect(numbers).toEqual([1, FLOOD + 1, FLOOD + 3, 2, FLOOD + 2])
    expect(graph.tips()).toHaveLength(TIPS_MAX)
  })

  it('is found again once there is room, in order of arrival', () => {
    const graph = flooded(FLOOD)
    for (let i = 0; i < 20; i++) collect(graph, 10_000 + i, 255)
    const tips = graph.tips()
    // 20 × 255 of 5099 blocks are named, and the last collector is a tip that the next one does not name
    const named = new Set<number>()
    for (let handle = 0; handle < graph.next; handle++)
      for (const parent of graph.parentsOf(handle)) named.add(parent)
    const unnamed = Array.from({ length: graph.next }, (_, handle) => handle).filter(
      (handle) => !named.has(handle),
    )
    expect(tips).toEqual(unnamed)
  })

  it('that is found again still takes no place from the others', () => {
    const graph = flooded(3 * TIPS_MAX)
    // Alice's and Bob's are not named, only what the flooder has
    for (let i = 0; graph.tips().length > 0 && i < 9; i++) collect(graph, 50_000 + i, 250)
    const first = [...graph.fairTips()].slice(0, 8).map((handle) => handle + 1)
    expect(first).toContain(3 * TIPS_MAX + 1)
    expect(first).toContain(3 * TIPS_MAX + 2)
    expect(first).toContain(3 * TIPS_MAX + 3)
  })

  it('leaves no tip behind that is none any more, however often it is found again', () => {
    const graph = flooded(FLOOD)
    for (let i = 0; i < 25; i++) {
      collect(graph, 10_000 + i, 255)
      expect([...graph.fairTips()].sort((a, b) => a - b)).toEqual(graph.tips())
    }
    expect(at(graph.tips(), -1)).toBe(graph.next - 1)
  })
})
