/** What one contender did, round by round. */
export interface Figure {
  readonly name: string
  /** `times` and `share` are ratios; whatever else it is, says its own unit: `ms`, `blocks/s`, `kB`. */
  readonly unit: string
  /** Which way is good. */
  readonly better: 'more' | 'less'
  /** One value a round, of rounds interleaved with those of what it is compared with. At least one. */
  readonly rounds: readonly number[]
  /** It comes out the same each time: bytes of a build, times on a simulator's clock. */
  readonly isExact?: true
  /** What it should at least be, or at most where less is better. */
  readonly goal?: number
}

/** A figure without its rounds: what is printed, written and compared. */
export interface Summary extends Omit<Figure, 'rounds'> {
  readonly rounds: number
  readonly median: number
  /** The quartiles: half of all rounds are between them. */
  readonly low: number
  readonly high: number
}

/** Units of figures that say the same on any machine. */
const RATIOS: readonly string[] = ['times', 'share']

/** Whether a figure may be compared with one of another machine, or of another hour. */
export function isRatio({ unit }: Pick<Figure, 'unit'>): boolean {
  return RATIOS.includes(unit)
}

/** Median and quartiles. */
export function summaryOf({ rounds, ...rest }: Figure): Summary {
  return {
    ...rest,
    rounds: rounds.length,
    median: quantile(rounds, 0.5),
    low: quantile(rounds, 0.25),
    high: quantile(rounds, 0.75),
  }
}

/** Whether the goal is met by the median; undefined where there is none. */
export function meetsGoal({ goal, better, median: value }: Summary): boolean | undefined {
  if (goal === undefined) return undefined
  return better === 'more' ? value >= goal : value <= goal
}

/** Values of two contenders of the same rounds, divided round by round: a busy minute slows both. */
export function ratios(these: readonly number[], those: readonly number[]): readonly number[] {
  if (these.length !== those.length) throw new RangeError(`${these.length} rounds and ${those.length}`)
  return these.map((value, round) => value / (those[round] ?? Number.NaN))
}

/** The value that a share of the values is below, between two where it falls between them. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}
