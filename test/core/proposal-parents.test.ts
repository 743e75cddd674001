import { describe, expect, it } from 'vitest'
import { exceedsOneProposal, parentsOf } from '../../src/core/consensus/parents.ts'
import type { Due } from '../../src/core/consensus/proposer.ts'
import { Rounds } from '../../src/core/consensus/rounds.ts'
import { Graph } from '../../src/core/dag/graph.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { FOUR, blocksOf, committeeOf, drawnEntryOf } from './make-proposals.ts'
import { CREATED_AT_MS } from './make.ts'

const opening = (round: number): Due => ({ round, type: 'opening' })
const finishing = (round: number): Due => ({ round, type: 'finishing' })

/** What a validator holds, drawn, in the order it came. */
function held(lines: readonly string[], weights: readonly number[] = [1, 1, 1, 1]) {
  const blocks = blocksOf(lines)
  const nameOf = new Map([...blocks].map(([name, { id }]) => [id, name]))
  const graph = new Graph({ id: FOUR.id, createdAtMs: CREATED_AT_MS }, 1024)
  const rounds = new Rounds(committeeOf(weights), () => 0)
  for (const [name, checked] of blocks) {
    const entry = drawnEntryOf(name, checked)
    const handle = graph.add(entry)
    if (!entry.slot) continue
    const { round } = entry.slot
    const strong = entry.parents.filter((parent) => roundAt(graph, parent) === round - 1)
    rounds.add({
      ...entry.slot,
      id: entry.id,
      strong,
      attachedAtMs: handle,
      commitIndex: 0,
      commitDigest: '' as Hash,
    })
  }
  /** The names of the parents, sorted; `own` is the newest proposal of the validator. */
  const parents = (due: Due, own?: string) => {
    const ownNewest = own === undefined ? undefined : (blocks.get(own) as CheckedBlock).id
    const ids = parentsOf(due, { graph, rounds, genesis: FOUR.id, ownNewest, nowMs: CREATED_AT_MS + 1e6 })
    expect(ids).toEqual([...new Set(ids)].sort())
    return ids.map((id) => nameOf.get(id) ?? 'genesis').sort()
  }
  return { graph, parents }
}

function roundAt(graph: Graph, id: CheckedBlock['id']): number | undefined {
  const handle = graph.handleOf(id)
  return handle === undefined ? undefined : graph.proposalAt(handle)?.round
}

describe('the parents of a proposal', () => {
  it('are the genesis where there is nothing else', () => {
    expect(held([]).parents(finishing(1))).toEqual(['genesis'])
    expect(held(['x']).parents(finishing(1))).toEqual(['genesis'])
    expect(held(['A1']).parents(opening(1))).toEqual(['genesis']) // of its own round: may not be named
  })

  it('are one proposal an author of the round before, and older ones that nobody has named', () => {
    expect(held(['ABCD1', 'ABC2: ABC1']).parents(finishing(3))).toEqual(['A2', 'B2', 'C2', 'D1'])
    expect(held(['ABCD1', 'ABC2: ABCD1']).parents(finishing(3))).toEqual(['A2', 'B2', 'C2'])
  })

  it('take in tips where it opens, and none where it finishes', () => {
    const { parents } = held(['ABCD1', 'x y$'])
    expect(parents(opening(2))).toEqual(['A1', 'B1', 'C1', 'D1', 'x', 'y$'])
    expect(parents(finishing(2))).toEqual(['A1', 'B1', 'C1', 'D1'])
  })

  it('are its own newest too, where that is older', () => {
    const { parents } = held(['ABCD1', 'BCD2: BCD1'])
    expect(parents(finishing(3), 'A1')).toEqual(['A1', 'B2', 'C2', 'D2'])
    expect(parents(finishing(2), 'A1')).toEqual(['A1', 'B1', 'C1', 'D1'])
    expect(parents(opening(3), 'A1')).toEqual(['A1', 'B2', 'C2', 'D2']) // a tip as well, named once
  })

  it('are never its own newest where that is of its round or later, as after a restart', () => {
    expect(held(['ABCD1', 'BCD2: BCD1', 'A2: ABC1']).parents(finishing(2), 'A2')).not.toContain('A2')
  })

  it('leave out an author with twins, unless a quorum needs one', () => {
    expect(held(["ABCD1 D1'"]).parents(finishing(2))).toEqual(['A1', 'B1', 'C1'])
    expect(held(["ABD1 D1'"]).parents(finishing(2))).toEqual(['A1', 'B1', 'D1'])
    expect(held(["ABC1 B1' C1'"]).parents(finishing(2))).toEqual(['A1', 'B1', 'C1'])
    expect(held(["ABCD1 C1' D1'"]).parents(finishing(2))).toEqual(['A1', 'B1', 'C1'])
  })

  it('leave out twins by weight, not by heads', () => {
    const lines = ["ABCD1 A1'"]
    expect(held(lines, [5, 1, 1, 1]).parents(finishing(2))).toEqual(['A1', 'B1', 'C1', 'D1'])
    expect(held(lines, [1, 1, 1, 1]).parents(finishing(2))).toEqual(['B1', 'C1', 'D1'])
  })

  it('never take in as a tip a proposal of the round before or later', () => {
    const { parents } = held(['ABCD1', 'ABCD2: ABC1', 'D3: ABC2', "A2': ABC1"])
    expect(parents(opening(3))).toEqual(['B2', 'C2', 'D1', 'D2'])
    expect(parents(opening(2))).toEqual(['A1', 'B1', 'C1', 'D1'])
  })

  it('take in tips that are older proposals, as of a validator that was cut off', () => {
    expect(held(['x', 'ABC1', 'D1: x', 'ABC2: ABC1', 'ABC3: ABC2']).parents(opening(4))).toEqual([
      'A3',
      'B3',
      'C3',
      'D1',
    ])
  })

  it('may lie above proposals of any round by way of data', () => {
    expect(held(['ABCD1', 'A2: ABC1', 'x: A2']).parents(opening(2))).toContain('x')
  })
})

describe('more tips than a proposal can name', () => {
  const many = (letter: string, count: number, end = '') =>
    Array.from({ length: count }, (_, i) => `${letter}${i}${end}`).join(' ')

  it('are named up to 255 in all', () => {
    const { parents } = held([many('x', 300)])
    expect(parents(opening(1))).toHaveLength(255)
    expect(held(['ABCD1', many('x', 300)]).parents(opening(2))).toHaveLength(255)
  })

  it('are named transactions first, whoever issued them and whenever', () => {
    const { parents } = held([many('a', 300), many('b', 100, '$'), 'c0$'])
    const named = parents(opening(1))
    expect(named.filter((name) => name.endsWith('$'))).toHaveLength(101)
    expect(named).toHaveLength(255)
  })

  it('are named by turns of their issuers, each in order of arrival', () => {
    const { parents } = held([many('a', 300), many('b', 3), many('c', 100)])
    const named = parents(opening(1))
    expect(named.filter((name) => name.startsWith('b'))).toEqual(['b0', 'b1', 'b2'])
    expect(named.filter((name) => name.startsWith('c'))).toHaveLength(100)
    const a = named.filter((name) => name.startsWith('a')).map((name) => Number(name.slice(1)))
    expect(a.sort((one, other) => one - other)).toEqual(Array.from({ length: 152 }, (_, i) => i))
  })

  it('among transactions, a flood by one keeps nobody else out', () => {
    const named = held([many('a', 400, '$'), many('b', 5, '$')]).parents(opening(1))
    expect(named.filter((name) => name.startsWith('b'))).toHaveLength(5)
  })

  it('are too many for one from the first that has no place beside its strong parents', () => {
    const exceeds = (count: number) => {
      const { graph } = held(['ABCD1', many('x', count)])
      return exceedsOneProposal(count, 4, graph)
    }
    expect(exceeds(250)).toBe(false)
    expect(exceeds(251)).toBe(true)
  })

  it('are not too many where they are a long chain with one tip', () => {
    const chain = Array.from({ length: 300 }, (_, i) => (i === 0 ? 'x0' : `x${i}: x${i - 1}`))
    expect(exceedsOneProposal(300, 4, held(chain).graph)).toBe(false)
  })
})
