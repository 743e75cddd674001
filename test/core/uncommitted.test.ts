import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockIdOf } from '../../src/core/codec/hex.ts'
import { Engine } from '../../src/core/engine.ts'
import { ID_BYTES } from '../../src/core/model/id.ts'
import type { TimedIds } from '../../src/core/model/timed-ids.ts'
import { arrivalKeys, graphOf, graphPlan, shuffled } from './make-graphs.ts'
import { FOUR, blocksOf, commitsIn, networkLedBy } from './make-proposals.ts'
import { CREATED_AT_MS, NETWORK, makeBlock, makeChain, scatteredIdOf } from './make.ts'

const NOW_MS = CREATED_AT_MS + 1e9

const rowsOf = ({ times, ids }: TimedIds) =>
  Array.from(times, (issuedAtMs, i) => [
    issuedAtMs,
    blockIdOf(ids.subarray(i * ID_BYTES, (i + 1) * ID_BYTES)),
  ])

describe('what is in no commit', () => {
  it('is nothing at first, and with the first block that block', () => {
    const engine = new Engine(NETWORK, { windowBlocksMax: 1024 })
    expect(rowsOf(engine.uncommitted())).toEqual([])
    const { id, block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    engine.receive({ id, block, bytes: new Uint8Array() }, 'a', NOW_MS)
    expect(rowsOf(engine.uncommitted())).toEqual([[block.issuedAtMs, id]])
  })

  it('is less what a commit took, which lies between the rest', () => {
    const network = networkLedBy('AB')
    const lines = ['x', 'y', 'A1: y', 'BCD1', 'ABC2: ABC1', 'ABC3: ABC2']
    const blocks = blocksOf(lines, network)
    const engine = new Engine(network, { windowBlocksMax: 1024 })
    for (const checked of blocks.values()) engine.receive(checked, 'a', NOW_MS)
    const nameOf = new Map([...blocks].map(([name, { id }]) => [id as string, name]))
    const names = rowsOf(engine.uncommitted()).map(([, id]) => nameOf.get(id as string))
    expect(names).toEqual(['x', 'B1', 'C1', 'D1', 'A2', 'B2', 'C2', 'A3', 'B3', 'C3'])
  })

  it('is what came and was not committed, by time and id, whatever order it came in', () => {
    fc.assert(
      fc.property(graphPlan, arrivalKeys, (plan, keys) => {
        const engine = new Engine(FOUR, { windowBlocksMax: 1024 })
        const blocks = shuffled(graphOf(plan), keys)
        const commits = commitsIn(blocks.flatMap((checked) => engine.receive(checked, 'a', NOW_MS)))
        const committed = new Set(commits.flatMap((commit) => commit.blocks))
        const rest = blocks
          .filter(({ id }) => !committed.has(id))
          .sort((a, b) => a.block.issuedAtMs - b.block.issuedAtMs || (a.id < b.id ? -1 : 1))
        expect(rowsOf(engine.uncommitted())).toEqual(rest.map(({ id, block }) => [block.issuedAtMs, id]))
      }),
      { seed: 41, numRuns: 60, endOnFailure: true },
    )
  }, 20_000)

  it('is in order of ids where a hundred blocks have one time', () => {
    const engine = new Engine(NETWORK, { windowBlocksMax: 1024 })
    const { block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    const ids = Array.from({ length: 100 }, (_, i) => scatteredIdOf(i + 1))
    for (const id of ids) engine.receive({ id, block, bytes: new Uint8Array() }, 'a', NOW_MS)
    expect(rowsOf(engine.uncommitted()).map(([, id]) => id)).toEqual([...ids].sort())
  })

  it('stays what it was while the engine goes on', () => {
    const engine = new Engine(NETWORK, { windowBlocksMax: 1024 })
    const [first, ...later] = makeChain(3000)
    if (first === undefined) throw new Error('no chain')
    engine.receive(first, 'a', NOW_MS)
    const before = engine.uncommitted()
    for (const checked of later) engine.receive(checked, 'a', NOW_MS)
    expect(rowsOf(before)).toEqual([[first.block.issuedAtMs, first.id]])
    expect(engine.uncommitted().times).toHaveLength(3000)
  })
})
