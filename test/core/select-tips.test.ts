import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectTips } from '../../src/core/dag/select-tips.ts'
import { idOf } from './make.ts'

const GENESIS = idOf(0)
const tips = (count: number) => Array.from({ length: count }, (_, i) => idOf(i + 1))

describe('parents for a block of our own', () => {
  it('are the genesis where there is no tip', () => {
    expect(selectTips([], GENESIS, () => 0)).toEqual([GENESIS])
  })

  it('are all tips up to eight, ascending', () => {
    expect(selectTips([idOf(3), idOf(1), idOf(2)], GENESIS, () => 0.5)).toEqual([idOf(1), idOf(2), idOf(3)])
    expect(selectTips(tips(8), GENESIS, () => 0.999)).toEqual(tips(8))
  })

  it('are eight distinct tips by chance beyond that, and the tips stay as they were', () => {
    const chance = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 8 })
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 60 }), chance, (count, chances) => {
        const all = tips(count)
        let draw = 0
        const chosen = selectTips(all, GENESIS, () => chances[draw++ % chances.length] ?? 0)
        expect(chosen).toEqual([...new Set(chosen)].sort())
        expect(chosen).toHaveLength(8)
        expect(all).toEqual(expect.arrayContaining(chosen))
        expect(all).toEqual(tips(count))
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  it('can be any of the tips', () => {
    const seen = new Set<string>()
    for (let first = 0; first < 40; first++) {
      let draws = 0
      for (const id of selectTips(tips(40), GENESIS, () => (draws++ === 0 ? first / 40 : 0))) seen.add(id)
    }
    expect(seen.size).toBe(40)
  })
})
