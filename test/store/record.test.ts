import type { StoredBlock } from '../../src/ports.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  RECORD_BLOCKS_MAX,
  RECORD_BYTES_MAX,
  decodeRecord,
  encodeRecord,
  recordBytes,
} from '../../src/store/record.ts'
import { planAppend, type Recent } from '../../src/store/plan.ts'
import { checkSameBlocks, seededWords, standInBlock, standInBlocks } from './cases.ts'

const EMPTY: Recent = { sealed: [], tail: { number: 0, blocks: [] } }
const SEED = { seed: 20_260_102 }

function blocksIn(record: Uint8Array): readonly StoredBlock[] {
  const decoded = decodeRecord(record)
  if (decoded.type !== 'blocks') throw new Error(`a record is ${decoded.type}`)
  return decoded.blocks
}

describe('a record', () => {
  it('gives back the blocks that were packed', () => {
    const sizes = fc.array(fc.nat(700), { minLength: 1, maxLength: RECORD_BLOCKS_MAX })
    fc.assert(
      fc.property(sizes, fc.nat(), (sizes, seed) => {
        const words = seededWords(seed)
        const blocks = sizes.map((size) => standInBlock(words, size))
        const { record, blocks: views } = encodeRecord(blocks)
        expect(record.length).toBe(recordBytes(blocks))
        checkSameBlocks(blocksIn(record), blocks, 'unpacked')
        checkSameBlocks(views, blocks, 'views')
      }),
      { ...SEED, numRuns: 100 },
    )
  })

  it('holds 1 to 64 blocks', () => {
    expect(() => encodeRecord([])).toThrow(RangeError)
    expect(() => encodeRecord(standInBlocks(1, RECORD_BLOCKS_MAX + 1))).toThrow(RangeError)
  })

  it('is never made of other bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(decodeRecord(bytes).type).toBe('damaged')
      }),
      { ...SEED, numRuns: 2000 },
    )
  })

  it('shows any byte that changed, and never fails on it', () => {
    const { record } = encodeRecord(standInBlocks(2, 20))
    fc.assert(
      fc.property(fc.nat(record.length - 1), fc.integer({ min: 1, max: 255 }), (offset, change) => {
        const mutated = record.slice()
        mutated[offset] = (mutated[offset] ?? 0) ^ change
        const decoded = decodeRecord(mutated)
        expect(decoded.type).toBe('damaged')
        if (decoded.type === 'damaged') expect(decoded.candidates.length).toBeGreaterThanOrEqual(19)
      }),
      { ...SEED, numRuns: 2000 },
    )
  })

  it('gives up no more candidates than a record has blocks', () => {
    const words = seededWords(3)
    const many = Array.from({ length: 200 }, () => standInBlock(words, 0).bytes)
    const bytes = new Uint8Array(6 + 200 * 184)
    many.forEach((block, index) => bytes.set(block, 6 + 184 * index))
    const decoded = decodeRecord(bytes)
    expect(decoded).toEqual({ type: 'damaged', candidates: many.slice(0, RECORD_BLOCKS_MAX) })
  })
})

describe('a plan', () => {
  it('packs what is appended within the limits, in order, and leaves what was there as it was', () => {
    const step = fc.array(fc.oneof(fc.nat(400), fc.integer({ min: 15_000, max: 24_000 })), {
      minLength: 1,
      maxLength: 90,
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(), (steps, seed) => {
        const words = seededWords(seed)
        const disk = new Map<number, Uint8Array>()
        let recent = EMPTY
        const all = steps.flatMap((sizes) => {
          const blocks = sizes.map((size) => standInBlock(words, size))
          const before = JSON.stringify([recent.sealed, recent.tail.blocks.map(({ id }) => id)])
          const plan = planAppend(recent, blocks)
          expect(JSON.stringify([recent.sealed, recent.tail.blocks.map(({ id }) => id)])).toBe(before)
          for (const { number, record } of plan.records) disk.set(number, record)
          recent = plan.after
          return blocks
        })
        const records = [...disk.entries()].sort(([a], [b]) => a - b)
        expect(records.map(([number]) => number)).toEqual(records.map((_, index) => index))
        for (const [, record] of records) {
          expect(blocksIn(record).length === 1 || record.length <= RECORD_BYTES_MAX).toBe(true)
        }
        checkSameBlocks(
          records.flatMap(([, record]) => blocksIn(record)),
          all,
          'planned',
        )
      }),
      { ...SEED, numRuns: 30 },
    )
  })
})
