import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reading } from '../../src/reading/reading.ts'
import { encodePack } from '../../src/reading/senml.ts'
import { Batcher, WAITING_READINGS_MAX, type Batch } from '../../src/stream/batch.ts'
import { epochOf, EPOCH_LENGTH_MS } from '../../src/stream/epoch.ts'
import { RECORD_PACK_BYTES_MAX } from '../../src/stream/record.ts'

const HOUR_MS = 3_600_000
/** The start of an epoch. */
const NOON_MS = 472_222 * HOUR_MS

function beats(count: number, fromMs = NOON_MS): Reading[] {
  return Array.from({ length: count }, (_, i) => ({
    quantity: 'heart-rate',
    unit: 'beat/min',
    value: 60 + (i % 40),
    atMs: fromMs + i,
  }))
}

function takeAll(batcher: Batcher, nowMs: number): Batch[] {
  const batches: Batch[] = []
  for (let batch = batcher.take(nowMs); batch !== undefined; batch = batcher.take(nowMs)) batches.push(batch)
  return batches
}

describe('an epoch', () => {
  it('is an hour of a reading’s time', () => {
    expect(epochOf(NOON_MS - 1, EPOCH_LENGTH_MS)).toBe(472_221)
    expect(epochOf(NOON_MS)).toBe(472_222)
    expect(epochOf(NOON_MS + HOUR_MS - 1)).toBe(472_222)
  })

  it('is no number that a record cannot carry', () => {
    expect(() => epochOf(-1)).toThrow(RangeError)
    expect(() => epochOf(NaN)).toThrow(RangeError)
    expect(() => epochOf(2 ** 32 * HOUR_MS)).toThrow(RangeError)
    expect(() => epochOf(NOON_MS, 0)).toThrow(RangeError)
  })
})

describe('a stream’s readings', () => {
  it('wait five seconds for company, then go together', () => {
    const batcher = new Batcher(false)
    batcher.add(beats(2), 1000)
    batcher.add(beats(1, NOON_MS + 900), 1900)
    expect([batcher.isDue(5999), batcher.isDue(6000)]).toEqual([false, true])
    expect(batcher.take(5999)).toBeUndefined()
    expect(batcher.take(6000)).toEqual({
      readings: [...beats(2), ...beats(1, NOON_MS + 900)],
      epoch: 472_222,
      open: false,
    })
    expect(batcher.take(6000)).toBeUndefined()
    expect(batcher.isDue(6000)).toBe(false)
    expect(batcher.waiting).toBe(0)
  })

  it('go at once when there are 64', () => {
    const batcher = new Batcher(false)
    batcher.add(beats(63), 1000)
    expect(batcher.take(1000)).toBeUndefined()
    batcher.add(beats(2, NOON_MS + 63), 1000)
    expect(batcher.isDue(1000)).toBe(true)
    expect(batcher.take(1000)?.readings.length).toBe(64)
    expect(batcher.take(1000)).toBeUndefined()
    expect(batcher.waiting).toBe(1)
  })

  it('go before the pack grows past four kilobytes', () => {
    const batcher = new Batcher(false)
    const wordy = beats(64).map((reading) => ({ ...reading, quantity: 'q'.repeat(64), unit: 'u'.repeat(32) }))
    batcher.add(wordy, 1000)
    batcher.end()
    const batches = takeAll(batcher, 1000)
    expect(batches.length).toBeGreaterThan(1)
    for (const { readings } of batches)
      expect(encodePack(readings, 'b'.repeat(128)).length).toBeLessThan(4097)
    expect(batches.flatMap(({ readings }) => readings)).toEqual(wordy)
  })

  it('part at the full hour, and a late one goes with its own hour', () => {
    const batcher = new Batcher(false)
    batcher.add(beats(4, NOON_MS + HOUR_MS - 2), 1000)
    batcher.add(beats(1, NOON_MS), 1000)
    batcher.end()
    expect(takeAll(batcher, 1000).map(({ epoch, readings }) => [epoch, readings.length])).toEqual([
      [472_222, 2],
      [472_223, 2],
      [472_222, 1],
    ])
  })

  it('stay private when sharing is switched on after them', () => {
    const batcher = new Batcher(false)
    batcher.add(beats(2), 1000)
    batcher.setOpen(true)
    batcher.add(beats(3), 1000)
    batcher.setOpen(true)
    batcher.add(beats(1), 1000)
    batcher.setOpen(false)
    batcher.add(beats(1), 1000)
    batcher.end()
    expect(takeAll(batcher, 1000).map(({ open, readings }) => [open, readings.length])).toEqual([
      [false, 2],
      [true, 4],
      [false, 1],
    ])
  })

  it('are refused, newest first, when too many wait, and taken again once there is room', () => {
    const batcher = new Batcher(false)
    expect(batcher.add(beats(WAITING_READINGS_MAX - 1), 1000)).toBe(WAITING_READINGS_MAX - 1)
    expect(batcher.add(beats(3), 1000)).toBe(1)
    expect(batcher.add(beats(3), 1000)).toBe(0)
    expect(batcher.waiting).toBe(WAITING_READINGS_MAX)
    batcher.take(1000)
    expect(batcher.add(beats(3), 1000)).toBe(3)
  })

  it('do not wait for a clock that was set back', () => {
    const batcher = new Batcher(false)
    batcher.add(beats(1), 1_000_000)
    expect(batcher.isDue(999)).toBe(true)
    expect(batcher.take(999)?.readings.length).toBe(1)
  })

  it('all come out once, in order, whatever happens in between', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add'), count: fc.nat(100), hour: fc.nat(2) }),
      fc.record({ do: fc.constantFrom('share', 'hide', 'end', 'take'), count: fc.nat(0), hour: fc.nat(0) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const batcher = new Batcher(false)
        const added: Reading[] = []
        const taken: Batch[] = []
        steps.forEach((step, nowMs) => {
          const readings = step.do === 'add' ? beats(step.count, NOON_MS + step.hour * HOUR_MS) : []
          added.push(...readings)
          batcher.add(readings, nowMs)
          if (step.do === 'share' || step.do === 'hide') batcher.setOpen(step.do === 'share')
          if (step.do === 'end') batcher.end()
          if (step.do === 'take') taken.push(...takeAll(batcher, nowMs))
        })
        expect(batcher.waiting).toBe(added.length - taken.reduce((sum, b) => sum + b.readings.length, 0))
        batcher.end()
        taken.push(...takeAll(batcher, steps.length))
        expect(taken.flatMap(({ readings }) => readings)).toEqual(added)
        for (const { readings, epoch } of taken) {
          expect(readings.length).toBeGreaterThan(0)
          expect(readings.length).toBeLessThanOrEqual(64)
          expect(readings.every(({ atMs }) => epochOf(atMs) === epoch)).toBe(true)
          expect(encodePack(readings, '').length).toBeLessThan(RECORD_PACK_BYTES_MAX)
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })
})
