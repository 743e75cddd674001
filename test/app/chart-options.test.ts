import { describe, expect, it } from 'vitest'
import { valueRange } from '../../src/app/chart-options.ts'
import { columnsOf, emptySeries, quantitiesOf, rangeOf, spanWords } from '../../src/app/plot.ts'

const PRESSURE = {
  quantity: 'pressure',
  unit: 'Pa',
  atMs: Float64Array.of(0, 1000, 2000, 3000),
  min: Float64Array.of(100_000, NaN, 101_000, 90_000),
  mean: Float64Array.of(100_500, NaN, 101_500, 95_000),
  max: Float64Array.of(101_000, NaN, 102_000, 99_000),
}

describe('where the values of a chart go', () => {
  it('has air around them, a whole unit where they are steady', () => {
    expect(valueRange(10, 20, [])).toEqual([9, 21])
    expect(valueRange(10, 10, [])).toEqual([9, 11])
    expect(valueRange(null, null, [])).toEqual([0, 1])
  })

  it('takes in the lines that are near, and not one that would flatten the curve', () => {
    expect(valueRange(10, 20, [{ value: 30, label: 'over 30' }])).toEqual([8, 32])
    expect(valueRange(10, 20, [{ value: 31, label: 'over 31' }])).toEqual([9, 21])
  })
})

describe('what a chart shows of a history', () => {
  it('is in the unit that people see', () => {
    const [, min, , mean] = columnsOf(PRESSURE)
    expect(min).toEqual([1000, null, 1010, 900])
    expect(mean[0]).toBeCloseTo(1005)
  })

  it('is summed up over what is seen and nothing else', () => {
    expect(rangeOf(PRESSURE, { fromMs: 0, toMs: 3000 })).toEqual({
      min: 100_000,
      mean: 101_000,
      max: 102_000,
    })
    expect(rangeOf(PRESSURE, { fromMs: 1000, toMs: 2000 })).toBeUndefined()
    expect(rangeOf(emptySeries('pressure', 'Pa'), { fromMs: 0, toMs: 9000 })).toBeUndefined()
  })

  it('may be any quantity it has, a text being no curve', () => {
    const latest = [
      { quantity: 'animal-tag', value: '276 000012345678', atMs: 0 },
      { quantity: 'pressure', unit: 'Pa', value: 1e5, atMs: 0 },
    ]
    const shown = quantitiesOf(latest, [PRESSURE, emptySeries('temperature', 'Cel')])
    expect(shown.map(({ quantity, isText }) => [quantity, isText])).toEqual([
      ['animal-tag', true],
      ['pressure', false],
      ['temperature', false],
    ])
  })

  it('says the day where it goes over midnight, however short it is', () => {
    const noon = new Date(2026, 4, 3, 12, 0).getTime()
    const late = new Date(2026, 4, 3, 23, 30).getTime()
    const hour = (fromMs: number, hours: number) =>
      spanWords({ fromMs, toMs: fromMs + hours * 3_600_000 }, 'en-GB')
    expect(hour(noon, 2)).toBe('12:00 to 14:00')
    expect(hour(late, 1)).toMatch(/3 May.* to 4 May/)
  })
})
