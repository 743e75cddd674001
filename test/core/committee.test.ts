import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Committee } from '../../src/core/model/committee.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { WEIGHT_MAX } from '../../src/core/model/params.ts'
import { KEYS, committeeOf } from './make-proposals.ts'
import { at } from './make.ts'

describe('a committee', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
    [5, 4],
    [6, 5],
    [7, 5],
    [8, 6],
    [9, 7],
    [10, 7],
  ])('of %i equals decides with %i', (size, quorum) => {
    expect(committeeOf(Array<number>(size).fill(1)).quorum).toBe(quorum)
  })

  it('decides with the smallest weight above two thirds, however uneven or huge its weights', () => {
    const weights = fc.array(fc.integer({ min: 1, max: WEIGHT_MAX }), { minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(weights, (chosen) => {
        const committee = new Committee(
          chosen.map((weight, i) => ({ key: i.toString().padStart(64, '0') as PublicKey, weight })),
        )
        const total = chosen.reduce((sum, weight) => sum + BigInt(weight), 0n)
        const quorum = BigInt(committee.quorum)
        expect(BigInt(committee.weight)).toBe(total)
        expect(3n * quorum > 2n * total).toBe(true)
        expect(3n * (quorum - 1n) > 2n * total).toBe(false)
        expect(committee.isQuorum(committee.quorum)).toBe(true)
        expect(committee.isQuorum(committee.quorum - 1)).toBe(false)
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  it('of 64 with the greatest weights decides by whole units', () => {
    const committee = new Committee(
      Array.from({ length: 64 }, (_, i) => ({
        key: i.toString().padStart(64, '0') as PublicKey,
        weight: WEIGHT_MAX,
      })),
    )
    // 64 (2³² − 1) = 3 · 91625968960, so two thirds are a whole number and not enough
    expect(committee.quorum).toBe((64 * WEIGHT_MAX * 2) / 3 + 1)
  })

  it('is in the order of its keys, however the genesis lists it', () => {
    const [a, b, c] = [at(KEYS, 0), at(KEYS, 1), at(KEYS, 2)]
    const committee = new Committee([
      { key: c, weight: 3 },
      { key: a, weight: 1 },
      { key: b, weight: 2 },
    ])
    expect([a, b, c].map((key) => committee.authorOf(key))).toEqual([0, 1, 2])
    expect([0, 1, 2].map((author) => committee.weightOf(author))).toEqual([1, 2, 3])
    expect(committee.keyOf(2)).toBe(c)
    expect(committee.authorOf(at(KEYS, 3))).toBeUndefined()
    expect(() => committee.keyOf(3)).toThrow(RangeError)
  })

  it('counts a validator once, however often it is named', () => {
    const committee = committeeOf([5, 1, 1])
    expect(committee.weightOfAll([1, 1, 1, 2])).toBe(2)
    expect(committee.weightOfAll([])).toBe(0)
  })

  it('lays its weights end to end: each has as many points as it weighs', () => {
    const weights = [3, 1, 5, 2]
    const committee = committeeOf(weights)
    const points = Array.from({ length: committee.weight }, (_, point) => committee.at(point))
    expect(points).toEqual([0, 0, 0, 1, 2, 2, 2, 2, 2, 3, 3])
    expect(() => committee.at(committee.weight)).toThrow(RangeError)
  })

  it.each([
    [[1], true],
    [[1, 1], true],
    [[1, 1, 1], true],
    [[1, 1, 1, 1], false],
    [[3, 1, 1, 1], true],
    [[2, 2, 2, 1], false],
  ])('with weights %j stops at one loss: %s', (weights, stops) => {
    expect(committeeOf(weights).oneLossStops).toBe(stops)
  })
})
