import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import { readCommitted } from '../../src/node/committed-blocks.ts'
import type { StoredCommit } from '../../src/ports.ts'

/** What an asker takes in one answer (`BLOCKS_PER_ANSWER_MAX` of src/net/sync.ts). */
const BLOCKS_PER_ANSWER_MAX = 2048

/** Blocks a million bytes hold, and more. */
const ROOM = 2 ** 20

const idOf = (number: number) => number.toString(16).padStart(64, '0') as BlockId

/** Commits with so many blocks each, numbered from 0; a block's bytes are its number. `lost` is in no store. */
function storesWith(counts: readonly number[], lost?: number) {
  let number = 0
  const commits = counts.map((count, i): StoredCommit => {
    const blocks = Array.from({ length: count }, () => idOf(number++))
    const leader = idOf(number - 1)
    return {
      index: i + 1,
      leader,
      round: i,
      atMs: i,
      digest: leader as string as Hash,
      blocks,
      blocksStored: number,
    }
  })
  const blockOf = (id: BlockId) => {
    const value = Number.parseInt(id, 16)
    return value === lost ? undefined : { id, bytes: new Uint8Array(Uint32Array.of(value).buffer) }
  }
  return {
    ledger: { commitsAfter: async (index: number, count: number) => commits.slice(index, index + count) },
    blocks: { find: async (ids: readonly BlockId[]) => ids.map(blockOf) },
  }
}

const numberIn = (bytes: Uint8Array) => new DataView(bytes.buffer).getUint32(0, true)

describe('Committed blocks for a peer that lacks them', () => {
  it('come whole and in their order, however small the answers', async () => {
    const commits = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 600 })
    await fc.assert(
      fc.asyncProperty(commits, fc.integer({ min: 1, max: 300 }), async (counts, blocksPerAnswer) => {
        const stores = storesWith(counts)
        const got: number[] = []
        let next = { after: 0, skip: 0 }
        while (next.after < counts.length) {
          const answer = await readCommitted(stores, next, counts.length, 4 * blocksPerAnswer)
          expect(answer.blocks.length).toBeGreaterThan(0)
          expect(answer.blocks.length).toBeLessThanOrEqual(blocksPerAnswer)
          got.push(...answer.blocks.map(numberIn))
          next = answer.next
        }
        const all = counts.reduce((sum, count) => sum + count, 0)
        expect(got).toEqual(Array.from({ length: all }, (_, i) => i))
      }),
      { seed: 4, numRuns: 50 },
    )
  })

  it('are never more than the asker takes, though a commit has ten thousand', async () => {
    const stores = storesWith([3, 10_000, 2])
    const { blocks, next } = await readCommitted(stores, { after: 0, skip: 0 }, 3, ROOM)
    expect(blocks).toHaveLength(BLOCKS_PER_ANSWER_MAX)
    expect(next).toEqual({ after: 1, skip: BLOCKS_PER_ANSWER_MAX - 3 })
    const rest = await readCommitted(stores, { after: 1, skip: 9_999 }, 3, ROOM)
    expect(rest.blocks.map(numberIn)).toEqual([10_002, 10_003, 10_004])
    expect(rest.next).toEqual({ after: 3, skip: 0 })
  })

  it('end before one that is lost, and at the commit asked for', async () => {
    const lost = await readCommitted(storesWith([4, 4, 4], 6), { after: 0, skip: 1 }, 3, ROOM)
    expect(lost.blocks.map(numberIn)).toEqual([1, 2, 3, 4, 5])
    expect(lost.next).toEqual({ after: 1, skip: 2 })
    const some = await readCommitted(storesWith([4, 4, 4]), { after: 0, skip: 0 }, 2, ROOM)
    expect(some.next).toEqual({ after: 2, skip: 0 })
    expect(some.blocks).toHaveLength(8)
  })
})
