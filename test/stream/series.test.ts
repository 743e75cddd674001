import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hash } from '../../src/core/model/id.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { countMissing, orderRecords, sampleReadings, SERIES_MAX } from '../../src/stream/series.ts'

function record(epoch: number, index: number, issuedAtMs: number, payload: string) {
  return { epoch, index, issuedAtMs, payloadHash: payload as Hash }
}

function temperature(atMs: number, value: number): Reading {
  return { quantity: 'temperature', unit: 'Cel', value, atMs }
}

describe('a stream’s records', () => {
  it('are read by epoch, index and time of issue, and missing ones are named', () => {
    const { records, missing } = orderRecords([
      record(2, 1, 30, 'e'),
      record(1, 4, 20, 'c'),
      record(1, 0, 12, 'b'),
      record(1, 0, 10, 'a'),
      record(2, 0, 40, 'd'),
      record(4, 2, 50, 'f'),
    ])
    expect(records.map(({ payloadHash }) => payloadHash).join('')).toBe('abcdef')
    expect(missing).toEqual([
      { epoch: 1, fromIndex: 1, toIndex: 3 },
      { epoch: 4, fromIndex: 0, toIndex: 1 },
    ])
    expect(countMissing(missing)).toBe(5)
  })

  it('count once when they were issued again', () => {
    const { records, missing } = orderRecords([
      record(1, 0, 99, 'a'),
      record(1, 0, 10, 'a'),
      record(1, 1, 11, 'b'),
    ])
    expect(records).toEqual([record(1, 0, 10, 'a'), record(1, 1, 11, 'b')])
    expect(missing).toEqual([])
  })

  it('cost nothing by the indexes they leave out', () => {
    const { missing } = orderRecords([record(0, 0xffff_ffff, 1, 'a')])
    expect(missing).toEqual([{ epoch: 0, fromIndex: 0, toIndex: 0xffff_fffe }])
    expect(countMissing(missing)).toBe(0xffff_ffff)
  })

  it('are the same in whatever order they arrived', () => {
    const records = fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(5), fc.nat(9)), { selector: String })
    fc.assert(
      fc.property(records, fc.array(fc.nat(), { minLength: 240, maxLength: 240 }), (keys, dice) => {
        const all = keys.map(([e, i, t]) => record(e, i, t, `${e}/${i}/${t}`))
        const shuffled = all
          .map((r, i) => ({ r, at: dice[i] ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ r }) => r)
        expect(orderRecords(shuffled)).toEqual(orderRecords(all))
      }),
      { seed: 1, numRuns: 300 },
    )
  })
})

describe('readings for a chart', () => {
  it('are summed up in buckets by least, mean and most', () => {
    const readings = [
      temperature(25, 9),
      temperature(0, 1),
      temperature(5, 2),
      temperature(9, 6),
      temperature(10, 4),
    ]
    expect(sampleReadings(readings, { fromMs: 0, toMs: 30, buckets: 3 })).toEqual([
      {
        quantity: 'temperature',
        unit: 'Cel',
        atMs: Float64Array.of(0, 10, 20),
        min: Float64Array.of(1, 4, 9),
        mean: Float64Array.of(3, 4, 9),
        max: Float64Array.of(6, 4, 9),
      },
    ])
  })

  it.each([1000, 60_000, 3_600_000])(
    'show a gap where a sensor that speaks every %i ms was away',
    (everyMs) => {
      const readings = [0, 1, 2, 3, 4, 20, 21, 22].map((i) => temperature(i * everyMs, i))
      const [series] = sampleReadings(readings, { fromMs: 0, toMs: 30 * everyMs, buckets: 30 })
      expect(series?.mean).toEqual(Float64Array.of(0, 1, 2, 3, 4, NaN, 20, 21, 22))
      expect(series?.atMs[5]).toBe(12 * everyMs)
    },
  )

  it('show no gap where buckets are merely finer than the readings', () => {
    const readings = [0, 1, 2, 3].map((hour) => temperature(hour * 3_600_000, hour))
    const [series] = sampleReadings(readings, { fromMs: 0, toMs: 4 * 3_600_000, buckets: 2000 })
    expect(series?.mean).toEqual(Float64Array.of(0, 1, 2, 3))
  })

  it('keep quantities apart, count truth as one, and leave out what is outside', () => {
    const readings: Reading[] = [
      temperature(-1, 50),
      temperature(0, 20),
      temperature(100, 50),
      { quantity: 'skin-contact', value: true, atMs: 10 },
      { quantity: 'skin-contact', value: false, atMs: 20 },
    ]
    const series = sampleReadings(readings, { fromMs: 0, toMs: 100, buckets: 1 })
    expect(series.map(({ quantity, unit, mean }) => [quantity, unit, ...mean])).toEqual([
      ['temperature', 'Cel', 20],
      ['skin-contact', '', 0.5],
    ])
  })

  it('have rising times, at most a bucket and a gap each, and lie between least and most', () => {
    const reading = fc.record({
      atMs: fc.nat(1_000_000),
      value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (values, buckets) => {
        const readings = values.map(({ atMs, value }) => temperature(atMs, value))
        const [series] = sampleReadings(readings, { fromMs: 0, toMs: 1_000_001, buckets })
        if (series === undefined) throw new Error('no series')
        expect(series.atMs.length).toBeLessThanOrEqual(2 * buckets)
        series.atMs.forEach((atMs, i) => {
          if (i > 0) expect(atMs).toBeGreaterThan(series.atMs[i - 1] ?? Infinity)
          const [min = 0, mean = 0, max = 0] = [series.min[i], series.mean[i], series.max[i]]
          if (Number.isNaN(mean)) expect([min, max]).toEqual([NaN, NaN])
          else expect(mean >= min - 1e-6 && mean <= max + 1e-6).toBe(true)
        })
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  it('are of a bounded number of quantities', () => {
    const readings = Array.from({ length: 100 }, (_, i) => ({ quantity: `q${i}`, value: 1, atMs: 1 }))
    expect(sampleReadings(readings, { fromMs: 0, toMs: 2, buckets: 1 }).length).toBe(SERIES_MAX)
    expect(sampleReadings([], { fromMs: 0, toMs: 2, buckets: 1 })).toEqual([])
    expect(() => sampleReadings([], { fromMs: 2, toMs: 2, buckets: 1 })).toThrow(RangeError)
    expect(() => sampleReadings([], { fromMs: 0, toMs: 2, buckets: 0 })).toThrow(RangeError)
  })
})
