import type { Series } from '../reading/series.ts'
import { type BucketPage, bucketPageOf, LEVELS, type SummedBucket } from './bucket-page.ts'
import { bucketKeys, PAGE_MAX, pageNumberOf } from './history-keys.ts'
import type { HotPages } from './hot-pages.ts'
import { gapLengthMs, Points } from './points.ts'
import type { SampleRange } from './series.ts'

/**
 * Pages one quantity of a chart is made from. A chart of 2000 buckets needs 120, ninety years at the widest level 512; only
 * a stream whose times are spread over millennia has more, and there the latest are left out.
 */
const PAGES_PER_SERIES_MAX = 512

/** The widest level that is not wider than a bucket; the finest where none is, and then `exact` is false. */
export function levelFor({ fromMs, toMs, buckets }: SampleRange): {
  readonly level: number
  readonly exact: boolean
} {
  const bucketMs = (toMs - fromMs) / buckets
  const level = LEVELS.findLastIndex((widthMs) => widthMs <= bucketMs)
  return { level: Math.max(0, level), exact: level >= 0 }
}

/**
 * The buckets of one quantity at one level whose middle lies in a range, ascending. What lies across an end of the range
 * counts as a whole or not at all. Throws `StoreError`.
 */
export async function bucketsIn(
  pages: HotPages<BucketPage>,
  place: { readonly stream: number; readonly series: number; readonly level: number },
  { fromMs, toMs }: SampleRange,
): Promise<SummedBucket[]> {
  const { stream, series, level } = place
  const pageOf = (atMs: number) => Math.min(PAGE_MAX, Math.max(0, bucketPageOf(level, atMs)))
  const { from, before } = bucketKeys(stream, series, level, pageOf(fromMs), pageOf(toMs))
  const found: SummedBucket[] = []
  let read = 0
  for await (const [key, page] of pages.scan(from, before)) {
    if (++read > PAGES_PER_SERIES_MAX) break
    const number = pageNumberOf(key)
    for (let row = 0; row < page.length; row++) {
      const bucket = page.bucket(row, level, number)
      const middleMs = middleOf(bucket)
      if (middleMs >= fromMs && middleMs < toMs) found.push(bucket)
    }
  }
  return found
}

/**
 * When the newest reading of one quantity was measured, of those up to `toMs`; `undefined` where there is none. From the
 * widest buckets, and narrower ones only where `toMs` lies among the readings of one. Throws `StoreError`.
 */
export async function newestIn(
  pages: HotPages<BucketPage>,
  place: { readonly stream: number; readonly series: number },
  toMs: number,
): Promise<number | undefined> {
  let newestMs: number | undefined
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    const [first, last] = [bucketPageOf(level, newestMs ?? 0), bucketPageOf(level, toMs)]
    const { from, before } = bucketKeys(place.stream, place.series, level, first, last)
    let newest: SummedBucket | undefined
    for await (const [key, page] of pages.scan(from, before))
      for (let row = 0; row < page.length; row++) {
        const bucket = page.bucket(row, level, pageNumberOf(key))
        if (bucket.firstMs <= toMs) newest = bucket
      }
    if (newest === undefined) return newestMs
    if (newest.lastMs <= toMs) return newest.lastMs
    newestMs = newest.firstMs
  }
  return newestMs
}

/** One quantity as a chart shows it, from buckets narrower than its own. Gaps are those of `sampleReadings`. */
export function mergeBuckets(
  buckets: readonly SummedBucket[],
  { fromMs, toMs, buckets: wanted }: SampleRange,
  thinned: boolean,
): Pick<Series, 'atMs' | 'min' | 'mean' | 'max'> {
  const widthMs = (toMs - fromMs) / wanted
  const gapMs = gapLengthMs(usualDistanceMs(buckets), thinned)
  const points = new Points()
  let previousMs = buckets[0]?.firstMs ?? fromMs
  for (const bucket of buckets) {
    const place = Math.floor((middleOf(bucket) - fromMs) / widthMs)
    points.add(fromMs + place * widthMs, bucket, bucket.firstMs - previousMs > gapMs)
    previousMs = bucket.lastMs
  }
  return points.columns()
}

/** Where on a chart it goes: for a sensor that is slower than the buckets, exactly when it was read. */
function middleOf({ firstMs, lastMs }: SummedBucket): number {
  return (firstMs + lastMs) / 2
}

/**
 * The median distance between readings, as `sampleReadings` takes it, to the millisecond: within a bucket they are taken as
 * evenly spread, so that its mean distance counts as often as it occurs.
 */
function usualDistanceMs(buckets: readonly SummedBucket[]): number {
  // Most sensors keep time, so this has few entries; sorting all distances would take longer than all else.
  const timesOf = new Map<number, number>()
  let total = 0
  const count = (ms: number, times: number) => {
    timesOf.set(ms, (timesOf.get(ms) ?? 0) + times)
    total += times
  }
  let previousMs: number | undefined
  for (const { count: readings, firstMs, lastMs } of buckets) {
    if (previousMs !== undefined) count(firstMs - previousMs, 1)
    if (readings > 1) count(Math.round((lastMs - firstMs) / (readings - 1)), readings - 1)
    previousMs = lastMs
  }
  let left = Math.floor(total / 2)
  const sorted = [...timesOf].sort(([a], [b]) => a - b)
  return sorted.find(([, times]) => (left -= times) < 0)?.[0] ?? 0
}
