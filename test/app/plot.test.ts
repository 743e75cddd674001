import { describe, expect, it } from 'vitest'
import { columnsOf, firstMs, lonely, sparkPoints, timeLabels } from '../../src/app/plot.ts'
import type { Series } from '../../src/node/api.ts'

/** A series of means, each with a band of one around it. */
function series(means: readonly number[], startMs = 0): Series {
  return {
    quantity: 'temperature',
    unit: 'Cel',
    atMs: Float64Array.from(means, (_, i) => startMs + i * 1000),
    min: Float64Array.from(means, (mean) => mean - 1),
    mean: Float64Array.from(means),
    max: Float64Array.from(means, (mean) => mean + 1),
  }
}

describe('from a history to a drawing', () => {
  it('breaks the line and the band where readings are missing', () => {
    expect(columnsOf(series([20, NaN, 22]))).toEqual([
      [0, 1000, 2000],
      [19, null, 21],
      [21, null, 23],
      [20, null, 22],
    ])
  })

  it('gives a dot to a reading that no line reaches', () => {
    expect(lonely(columnsOf(series([20])))).toEqual([0])
    expect(lonely(columnsOf(series([20, NaN, 21, 22, NaN, 23])))).toEqual([0, 5])
    expect(lonely(columnsOf(series([20, 21])))).toEqual([])
  })

  it('finds the first reading over all series, past a gap at the front', () => {
    expect(firstMs([series([NaN, 1], 5000), series([1], 9000)])).toBe(6000)
    expect(firstMs([series([NaN])])).toBeUndefined()
    expect(firstMs([])).toBeUndefined()
  })
})

describe('labels of the time axis', () => {
  const noon = new Date(2026, 4, 3, 12, 30).getTime()
  const midnight = new Date(2026, 4, 4).getTime()

  it('names the day where a day begins and the minute elsewhere', () => {
    expect(timeLabels([noon, midnight], 3_600_000, 'en-GB')).toEqual(['12:30', '4 May'])
  })

  it('names days only where labels are days apart, and seconds where they are seconds apart', () => {
    expect(timeLabels([noon], 86_400_000, 'en-GB')).toEqual(['3 May'])
    expect(timeLabels([noon + 5000], 5000, 'en-GB')).toEqual(['12:30:05'])
  })
})

describe('a sparkline', () => {
  it('spans its box from the least value to the greatest', () => {
    expect(sparkPoints([1, 3, 2], 100, 10)).toBe('0.0,10.0 50.0,0.0 100.0,5.0')
  })

  it('draws a steady value through the middle', () => {
    expect(sparkPoints([7, 7], 100, 10)).toBe('0.0,5.0 100.0,5.0')
  })

  it('draws nothing of a single value, and passes over what is no number', () => {
    expect(sparkPoints([7], 100, 10)).toBe('')
    expect(sparkPoints([1, NaN, 2], 100, 10)).toBe('0.0,10.0 100.0,0.0')
  })
})
