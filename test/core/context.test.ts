import { describe, expect, it } from 'vitest'
import { checkContext } from '../../src/core/check/context.ts'
import { Graph } from '../../src/core/dag/graph.ts'
import { FOUR, blocksOf, committeeOf, drawnEntryOf, proposal } from './make-proposals.ts'
import { ALICE, CREATED_AT_MS, at, idOf, makeBlock } from './make.ts'

describe('the check in context', () => {
  const issuedAtMs = 1000
  const child = makeBlock({ issuedAtMs, parents: [idOf(1), idOf(2)] })
  const verdictOn = (first: number, second: number) => {
    const graph = new Graph({ id: idOf(0), createdAtMs: 5 }, 1024)
    const add = (number: number, atMs: number) =>
      graph.add({ id: idOf(number), issuedAtMs: atMs, parents: [], issuer: ALICE, kind: 'data' })
    add(1, first)
    add(2, second)
    return checkContext(child, undefined, graph, committeeOf([1, 1, 1, 1]))
  }

  it('passes a block later than all its parents', () => {
    expect(verdictOn(999, 998)).toBeUndefined()
  })

  it.each([
    ['as late as', 1000],
    ['later than', 1001],
  ])('refuses a block when a parent is %s it, and says which', (_, parentIssuedAtMs) => {
    expect(verdictOn(999, parentIssuedAtMs)).toEqual({
      type: 'invalid',
      id: child.id,
      reason: 'not-after-parent',
      parent: idOf(2),
      issuedAtMs,
      parentIssuedAtMs,
    })
  })
})

/** What the check says of the block drawn last, all others being in the graph. */
function verdictOn(lines: readonly string[], weights: readonly number[] = [1, 1, 1, 1]) {
  const blocks = blocksOf(lines)
  const graph = new Graph({ id: FOUR.id, createdAtMs: CREATED_AT_MS }, 1024)
  const [name, last] = at([...blocks], -1)
  for (const [other, checked] of [...blocks].slice(0, -1)) graph.add(drawnEntryOf(other, checked))
  const verdict = checkContext(last, drawnEntryOf(name, last).slot, graph, committeeOf(weights))
  const parent = verdict && 'parent' in verdict ? [...blocks].find(([, { id }]) => id === verdict.parent) : []
  return verdict && { reason: verdict.reason, parent: parent?.[0] }
}

describe('a proposal in context', () => {
  it('needs no strong parents in round 1', () => {
    expect(verdictOn(['A1'])).toBeUndefined()
    expect(verdictOn(['x', 'A1: x'])).toBeUndefined()
  })

  it('needs strong parents of a quorum afterwards, its own or not', () => {
    expect(verdictOn(['ABCD1', 'A2: BCD1'])).toBeUndefined()
    expect(verdictOn(['ABCD1', 'A2: ABCD1'])).toBeUndefined()
    expect(verdictOn(['ABCD1', 'A2: AB1'])).toMatchObject({ reason: 'below-quorum' })
    expect(verdictOn(['A2'])).toMatchObject({ reason: 'below-quorum' })
  })

  it('counts the weight of their authors, not their heads', () => {
    // of 8 a quorum is 6
    const weights = [5, 1, 1, 1]
    expect(verdictOn(['ABCD1', 'A2: BCD1'], weights)).toMatchObject({ reason: 'below-quorum' })
    expect(verdictOn(['ABCD1', 'B2: AB1'], weights)).toBeUndefined()
    expect(verdictOn(['ABCD1', 'B2: A1'], weights)).toMatchObject({ reason: 'below-quorum' })
  })

  it('is as good one short of a quorum as with none, whatever data it names', () => {
    expect(verdictOn(['ABCD1', 'x: C1', 'y: D1', 'A2: AB1 x y'])).toMatchObject({ reason: 'below-quorum' })
  })

  it('names one strong parent an author', () => {
    const drawn = ['ABCD1', "A1'", "B2: ABC1 A1'"]
    const names = ['A1', "A1'"]
    expect(verdictOn(drawn)?.reason).toBe('author-named-twice')
    expect(names).toContain(verdictOn(drawn)?.parent)
    expect(verdictOn(['ABCD1', "A1'", "B2: BC1 A1'"])).toBeUndefined()
  })

  it('may not name a proposal of its own round or a later one', () => {
    expect(verdictOn(['ABCD1', 'A2: ABC1', 'B2: ABC1 A2'])).toEqual({ reason: 'parent-round', parent: 'A2' })
    expect(verdictOn(['ABCD1', 'ABC2: ABC1', 'A3: ABC2', 'D2: ABC1 A3'])).toEqual({
      reason: 'parent-round',
      parent: 'A3',
    })
    expect(verdictOn(['A1', 'B1: A1'])).toEqual({ reason: 'parent-round', parent: 'A1' })
  })

  it('may name older proposals as it likes, twins and all', () => {
    expect(verdictOn(['ABCD1', "A1'", 'ABC2: ABC1', "A3: ABC2 A1 A1' D1"])).toBeUndefined()
  })

  it('may have any proposal behind data: such a link is free, and no strong one', () => {
    expect(verdictOn(['ABCD1', 'A2: ABC1', 'x: A2', 'B2: ABC1 x'])).toBeUndefined()
    expect(verdictOn(['ABCD1', 'x: A1', 'y: B1', 'z: C1', 'A2: x y z'])).toMatchObject({
      reason: 'below-quorum',
    })
  })

  it('of another round than its parents lead up to is missing its quorum', () => {
    expect(verdictOn(['ABCD1', 'A3: ABCD1'])).toMatchObject({ reason: 'below-quorum' })
  })

  it('is later than its parents like any block', () => {
    const first = proposal({ author: 0, round: 1 })
    const graph = new Graph({ id: FOUR.id, createdAtMs: CREATED_AT_MS }, 1024)
    graph.add({ id: first.id, ...first.block, slot: { author: 0, round: 1 } })
    const parents = [first.id]
    const second = proposal({ author: 1, round: 2, parents, issuedAtMs: first.block.issuedAtMs })
    expect(checkContext(second, { author: 1, round: 2 }, graph, committeeOf([1, 1, 1, 1]))).toMatchObject({
      reason: 'not-after-parent',
    })
  })
})
