/**
 * One quantity over time, summed up in buckets. Bucket i starts at `atMs[i]`, ascending; buckets without a
 * reading are left out, and where readings are missing one entry of NaN stands for the gap.
 */
export interface Series {
  readonly quantity: string
  /** Empty for a truth value, which counts as 0 or 1. */
  readonly unit: string
  readonly atMs: Float64Array
  readonly min: Float64Array
  readonly mean: Float64Array
  readonly max: Float64Array
}

/** What a thing's chart shows. */
export interface History {
  readonly series: readonly Series[]
  readonly readings: number
  /** Records whose index says they exist but which are not here. */
  readonly missing: number
}
