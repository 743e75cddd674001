/** A validator's clock against this node's, and how much it counts. */
export interface ClockSample {
  /** How far it is ahead of this node's, in milliseconds. */
  readonly offsetMs: number
  readonly weight: number
}

/** Further off the median of the committee's clocks than this, a validator stops proposing. Protocol §6. */
export const CLOCK_OFF_MS_MAX = 10_000

/**
 * The weighted median of clocks: at most half of the weight is below it and at most half above. Of two middles the one
 * nearer to this node's own clock, so that a single doubtful voice never outweighs it. Protocol §6.
 */
export function medianOffsetMs(samples: readonly ClockSample[]): number {
  const sorted = [...samples].sort((a, b) => a.offsetMs - b.offsetMs)
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  const middles: number[] = []
  let below = 0
  for (const { offsetMs, weight } of sorted) {
    if (2 * below <= total && 2 * (below + weight) >= total) middles.push(offsetMs)
    below += weight
  }
  return middles.reduce((best, each) => (Math.abs(each) < Math.abs(best) ? each : best), middles[0] ?? 0)
}
