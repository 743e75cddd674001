import type { Series } from '../reading/series.ts'
import { STEADY_EVERY_MS } from './shaping.ts'

/** Readings this many usual intervals apart have something missing between them. */
const GAP_INTERVALS = 5

/** Nothing shorter is a gap to a person looking at a chart. */
const GAP_MS_MIN = 10_000

/** What is left out while it is steady comes once in `STEADY_EVERY_MS`, or with the reading after. */
const STEADY_GAP_MS = 1.5 * STEADY_EVERY_MS

/**
 * How far apart readings are where one is missing, by how far apart they usually are.
 *
 * @param thinned whether some may have been left out because they hardly differed
 */
export function gapLengthMs(usualMs: number, thinned: boolean): number {
  return Math.max(thinned ? STEADY_GAP_MS : GAP_MS_MIN, usualMs * GAP_INTERVALS)
}

/** Some readings, summed up. */
export interface Sum {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
}

/** The columns of a series while it grows. */
export class Points {
  readonly #atMs: number[] = []
  readonly #min: number[] = []
  readonly #max: number[] = []
  readonly #sum: number[] = []
  readonly #count: number[] = []

  /** Adds to the bucket that starts at `startMs`, the newest or a new one; before a new one a gap may go. */
  add(startMs: number, added: Sum, afterGap: boolean): void {
    const last = this.#atMs.length - 1
    const lastMs = this.#atMs[last]
    if (lastMs !== startMs) {
      if (lastMs !== undefined && afterGap) this.#push((lastMs + startMs) / 2, GAP)
      this.#push(startMs, added)
      return
    }
    this.#min[last] = Math.min(this.#min[last] ?? added.min, added.min)
    this.#max[last] = Math.max(this.#max[last] ?? added.max, added.max)
    this.#sum[last] = (this.#sum[last] ?? 0) + added.sum
    this.#count[last] = (this.#count[last] ?? 0) + added.count
  }

  columns(): Pick<Series, 'atMs' | 'min' | 'mean' | 'max'> {
    return {
      atMs: Float64Array.from(this.#atMs),
      min: Float64Array.from(this.#min),
      mean: Float64Array.from(this.#sum, (sum, i) => sum / (this.#count[i] ?? 1)),
      max: Float64Array.from(this.#max),
    }
  }

  #push(atMs: number, { count, min, max, sum }: Sum): void {
    this.#atMs.push(atMs)
    this.#min.push(min)
    this.#max.push(max)
    this.#sum.push(sum)
    this.#count.push(count)
  }
}

const GAP: Sum = { count: 1, min: NaN, max: NaN, sum: NaN }
