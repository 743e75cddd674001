import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commitDigestOf, takeCommitted } from '../../src/core/consensus/order.ts'
import { Graph } from '../../src/core/dag/graph.ts'
import type { Hash } from '../../src/core/model/id.ts'
import { FOUR, blocksOf, drawnEntryOf } from './make-proposals.ts'
import { CREATED_AT_MS, NETWORK, NETWORK_KEY, idOf, scatteredIdOf } from './make.ts'

describe('a commit', () => {
  /** Names of what each leader in turn commits. */
  function committed(lines: readonly string[], leaders: readonly string[]): string[][] {
    const blocks = blocksOf(lines)
    const graph = new Graph({ id: FOUR.id, createdAtMs: CREATED_AT_MS }, 1024)
    for (const [name, checked] of blocks) graph.add(drawnEntryOf(name, checked))
    const nameOf = new Map([...blocks].map(([name, { id }]) => [id, name]))
    return leaders.map((name) => {
      const handle = graph.handleOf(blocks.get(name)?.id ?? FOUR.id) ?? -1
      return takeCommitted(handle, graph).map((each) => nameOf.get(graph.idOf(each)) ?? '?')
    })
  }

  it("is its leader's past cone, itself included, and nothing else", () => {
    expect(committed(['x y z', 'A1: x', 'B1: y'], ['A1'])).toEqual([['x', 'A1']])
  })

  it('has nothing that an earlier commit has', () => {
    expect(committed(['x', 'A1: x', 'BC1', 'y: x', 'A2: ABC1 y'], ['A1', 'A2'])).toEqual([
      ['x', 'A1'],
      ['B1', 'C1', 'y', 'A2'],
    ])
  })

  it('may be empty, where an earlier leader reached its own through data', () => {
    expect(committed(['ABC1', 'B2: ABC1', 'x: B2', 'D1: x'], ['D1', 'B2'])).toEqual([
      ['A1', 'B1', 'C1', 'B2', 'x', 'D1'],
      [],
    ])
  })

  it('lies in the order of (issuedAt, id), so that parents come first', () => {
    const parts = fc.array(
      fc.record({
        back: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
        laterMs: fc.nat(2),
      }),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(parts, (chosen) => {
        const graph = new Graph({ id: idOf(0), createdAtMs: 0 }, 1024)
        const times: number[] = []
        for (const [i, { back, laterMs }] of chosen.entries()) {
          const parents = back.map((steps) => i - steps).filter((parent) => parent >= 0)
          times.push(Math.max(0, ...parents.map((parent) => times[parent] ?? 0)) + 1 + laterMs)
          graph.add({
            id: scatteredIdOf(i + 1),
            issuedAtMs: times[i] ?? 0,
            parents: parents.map((parent) => scatteredIdOf(parent + 1)).sort(),
            issuer: idOf(1) as string as never,
            kind: 'data',
          })
        }
        const taken = takeCommitted(graph.next - 1, graph)
        const sorted = taken.toSorted(
          (a, b) => graph.timeOf(a) - graph.timeOf(b) || (graph.idOf(a) < graph.idOf(b) ? -1 : 1),
        )
        expect(taken).toEqual(sorted)
        const place = new Map(taken.map((handle, i) => [handle, i]))
        for (const handle of taken)
          for (const parent of graph.parentsOf(handle))
            expect(place.get(parent)).toBeLessThan(place.get(handle) ?? -1)
        expect(takeCommitted(graph.next - 1, graph)).toEqual([])
      }),
      { seed: 12, numRuns: 200 },
    )
  })
})

describe('the digest of a commit', () => {
  const before = NETWORK.id as string as Hash
  const state = new Uint8Array(32).fill(7)
  const commit = { index: 2 ** 40 + 3, leader: idOf(0xabc), atMs: CREATED_AT_MS }

  it('is a keyed hash of what came before, its index, leader, time and state: computed anew', () => {
    const u64 = (value: number) => {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(BigInt(value))
      return bytes
    }
    const hex = (text: string) => Buffer.from(text, 'hex')
    const input = Buffer.concat([
      hex(before),
      u64(commit.index),
      hex(commit.leader),
      u64(commit.atMs),
      state,
      Buffer.from('C'),
    ])
    const expected = Buffer.from(blake3(input, { key: hex(NETWORK.id) })).toString('hex')
    expect(commitDigestOf(NETWORK_KEY, before, commit, state)).toBe(expected)
  })

  it('changes with any of them', () => {
    const digests = [
      commitDigestOf(NETWORK_KEY, before, commit, state),
      commitDigestOf(NETWORK_KEY, idOf(1) as string as Hash, commit, state),
      commitDigestOf(NETWORK_KEY, before, { ...commit, index: 1 }, state),
      commitDigestOf(NETWORK_KEY, before, { ...commit, leader: idOf(2) }, state),
      commitDigestOf(NETWORK_KEY, before, { ...commit, atMs: 1 }, state),
      commitDigestOf(NETWORK_KEY, before, commit, new Uint8Array(32)),
      commitDigestOf(new Uint8Array(32), before, commit, state),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })
})
