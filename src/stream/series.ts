import type { Hash } from '../core/model/id.ts'
import type { Reading } from '../reading/reading.ts'
import type { Series } from '../reading/series.ts'
import { gapLengthMs, Points } from './points.ts'
import type { IsThinned } from './shaping.ts'

/** Quantities summed up at once. Ours have under 10; a stranger's stream must not ask for memory without end. */
export const SERIES_MAX = 32

/** What readers order and compare records by. Protocol §10. */
export interface RecordKey {
  readonly epoch: number
  readonly index: number
  /** The block's issuedAt. */
  readonly issuedAtMs: number
  /** The payload hash of the block's header. */
  readonly payloadHash: Hash
}

/** Indexes of an epoch that no record has, both ends included. */
export interface MissingRecords {
  readonly epoch: number
  readonly fromIndex: number
  readonly toIndex: number
}

export interface OrderedRecords<T extends RecordKey> {
  readonly records: readonly T[]
  readonly missing: readonly MissingRecords[]
}

/**
 * A stream's records as readers see them: by (epoch, index, issuedAt), repeats of one payload dropped in favour
 * of the first. Different payloads at one index stay: a restored device may have reused it. Protocol §10.
 */
export function orderRecords<T extends RecordKey>(records: Iterable<T>): OrderedRecords<T> {
  const sorted = [...records].sort(
    (a, b) => a.epoch - b.epoch || a.index - b.index || a.issuedAtMs - b.issuedAtMs,
  )
  const seen = new Set<Hash>()
  const kept: T[] = []
  const missing: MissingRecords[] = []
  let epoch = -1
  let nextIndex = 0
  for (const record of sorted) {
    if (seen.has(record.payloadHash)) continue
    seen.add(record.payloadHash)
    kept.push(record)
    if (record.epoch !== epoch) nextIndex = 0
    epoch = record.epoch
    if (record.index > nextIndex) missing.push({ epoch, fromIndex: nextIndex, toIndex: record.index - 1 })
    nextIndex = record.index + 1
  }
  return { records: kept, missing }
}

/** How many records a list of missing ones names. */
export function countMissing(missing: readonly MissingRecords[]): number {
  return missing.reduce((count, { fromIndex, toIndex }) => count + toIndex - fromIndex + 1, 0)
}

export interface SampleRange {
  readonly fromMs: number
  /** Not included; after `fromMs`. */
  readonly toMs: number
  /** Equal parts the range is cut into, at least 1. */
  readonly buckets: number
}

/** An empty range is a bug of ours. */
export function assertRange({ fromMs, toMs, buckets }: SampleRange): void {
  if (!(toMs > fromMs) || !(buckets >= 1)) throw new RangeError('an empty range')
}

/**
 * Sums readings up for a chart: per quantity and unit one series, the first `SERIES_MAX` met. Readings may come
 * in any order; those outside the range and texts are left out. A gap is where readings are further apart than five
 * times their usual distance, ten seconds and a bucket; of a thinned quantity, a minute and a half.
 */
export function sampleReadings(
  readings: Iterable<Reading>,
  range: SampleRange,
  isThinned: IsThinned = () => false,
): Series[] {
  assertRange(range)
  const groups = new Map<string, Reading[]>()
  for (const reading of readings) {
    if (reading.atMs < range.fromMs || reading.atMs >= range.toMs || typeof reading.value === 'string')
      continue
    const key = `${reading.quantity} ${reading.unit ?? ''}`
    const group = groups.get(key)
    if (group !== undefined) group.push(reading)
    else if (groups.size < SERIES_MAX) groups.set(key, [reading])
  }
  return [...groups.values()].map((group) => sampleOne(group, range, isThinned))
}

function sampleOne(group: Reading[], { fromMs, toMs, buckets }: SampleRange, isThinned: IsThinned): Series {
  group.sort((a, b) => a.atMs - b.atMs)
  const { quantity = '', unit = '' } = group[0] ?? {}
  const widthMs = (toMs - fromMs) / buckets
  const gapMs = gapLengthMs(usualDistanceMs(group), isThinned(quantity))
  const points = new Points()
  let previousMs = group[0]?.atMs ?? fromMs
  for (const { atMs, value } of group) {
    const bucket = Math.floor((atMs - fromMs) / widthMs)
    const number = Number(value)
    const sum = { count: 1, min: number, max: number, sum: number }
    points.add(fromMs + bucket * widthMs, sum, atMs - previousMs > gapMs)
    previousMs = atMs
  }
  return { quantity, unit, ...points.columns() }
}

/** The median, so that the gaps themselves do not stretch it. */
function usualDistanceMs(sorted: readonly Reading[]): number {
  const distances = new Float64Array(Math.max(0, sorted.length - 1))
  for (let i = 0; i < distances.length; i++) {
    distances[i] = (sorted[i + 1]?.atMs ?? 0) - (sorted[i]?.atMs ?? 0)
  }
  distances.sort()
  return distances[distances.length >> 1] ?? 0
}
