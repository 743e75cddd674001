import { describe, expect, it } from 'vitest'
import { difficultyOf, expectedMsOf, targetOf, workValueOf } from '../../src/core/crypto/work.ts'
import { checkWork } from '../../src/core/check/isolation.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import { DEFAULT_PARAMS, POW_TOTAL_MAX } from '../../src/core/model/params.ts'
import { CREATED_AT_MS, GENESIS, idOf, makeBlock } from './make.ts'

const PARAMS = { powBase: 1000, powPerKiB: 10 }
const ids = (count: number) => Array.from({ length: count }, (_, i) => idOf(i))

describe('difficulty', () => {
  it.each([
    [0, 1000],
    [1, 1010],
    [1024, 1010],
    [1025, 1020],
    [16_384, 1160],
  ])('of a payload of %i bytes is %i, whatever its parents', (payloadBytes, difficulty) => {
    for (const kind of ['data', 'transaction'] as const)
      for (const parents of [ids(1), ids(8)])
        expect(difficultyOf({ kind, payloadBytes, parents }, PARAMS)).toBe(difficulty)
  })

  it.each([
    [1, 62 + 10],
    [32, 62 + 10],
    [33, 62 + 20],
    [255, 62 + 80],
  ])('of a proposal with %i parents is %i, whatever its payload', (count, difficulty) => {
    for (const payloadBytes of [48, 16_384])
      expect(difficultyOf({ kind: 'proposal', payloadBytes, parents: ids(count) }, PARAMS)).toBe(difficulty)
  })

  it('of a proposal is at least 1 where powBase is below 16', () => {
    const proposal = { kind: 'proposal', payloadBytes: 48, parents: ids(1) } as const
    expect(difficultyOf(proposal, { powBase: 15, powPerKiB: 0 })).toBe(1)
    expect(difficultyOf(proposal, { powBase: 32, powPerKiB: 0 })).toBe(2)
  })
})

describe('the time a search takes on average', () => {
  it.each([
    [2 ** 22, 2 ** 22, 1000],
    [2 ** 22, 2 ** 25, 125],
    [1, 1000, 1],
    [POW_TOTAL_MAX, 2 ** 20, 256_000],
  ])('at a difficulty of %i and %i hashes a second is %i ms', (difficulty, hashesPerSecond, ms) => {
    expect(expectedMsOf(targetOf(difficulty), hashesPerSecond)).toBeCloseTo(ms, 6)
  })
})

describe('target', () => {
  it.each([
    [1, 2 ** 32],
    [2, 2 ** 31],
    [3, 1_431_655_765],
    [DEFAULT_PARAMS.powBase, 1024],
    [POW_TOTAL_MAX, 16],
  ])('of difficulty %i is %i', (difficulty, target) => {
    expect(targetOf(difficulty)).toBe(target)
  })
})

describe('the work in an id', () => {
  it('is its last four bytes, little-endian, and nothing else', () => {
    expect(workValueOf(`${'ff'.repeat(28)}01020304` as BlockId)).toBe(0x0403_0201)
    expect(workValueOf(`${'00'.repeat(28)}ffffffff` as BlockId)).toBe(2 ** 32 - 1)
  })

  it('has to be below the target: at the target it is too little', () => {
    const found = 0x0403_0201
    const id = `${'00'.repeat(28)}01020304` as BlockId
    const { block, bytes } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    // 2^32 / 64 is 2^26; the smallest difficulty whose target is not above the value
    const powBase = Math.ceil(2 ** 32 / found)
    const target = Math.floor(2 ** 32 / powBase)
    expect(target).toBeLessThanOrEqual(found)
    const check = (params: { powBase: number }) =>
      checkWork({ id, block, bytes }, { ...GENESIS, powPerKiB: 0, ...params })
    expect(check({ powBase })).toEqual({ type: 'too-little-work', id, found, target })
    expect(check({ powBase: powBase - 1 })).toBeUndefined()

    const edge = `${'00'.repeat(31)}04` as BlockId // 2^26 exactly
    expect(checkWork({ id: edge, block, bytes }, { ...GENESIS, powBase: 64 })).toMatchObject({
      found: 2 ** 26,
      target: 2 ** 26,
    })
    const below = `${'00'.repeat(28)}ffffff03` as BlockId
    expect(checkWork({ id: below, block, bytes }, { ...GENESIS, powBase: 64 })).toBeUndefined()
  })

  it('is always enough at difficulty 1', () => {
    const { block, bytes } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
    const id = 'ff'.repeat(32) as BlockId
    expect(checkWork({ id, block, bytes }, GENESIS)).toBeUndefined()
  })
})
