/** What it takes two sides to find out how their blocks differ: rounds, bytes and time. */
import { ReconcileSet } from '../../src/net/reconcile-set.ts'
import { bytesPerDifference, chanceItems, run, timedIds, type Item } from '../net/reconcile-run.ts'
import { seededWords } from '../store/cases.ts'
import { median } from './median.ts'

const REPEATS = 5
const COMMON = 100_000
const DIFFERENT = 1_000
const DAY_MS = 24 * 3600_000
const HOUR_MS = 3600_000
const START_MS = 1_700_000_000_000

export interface ReconcileRow {
  readonly differences: number
  readonly rounds: number
  /** Of all messages, both ways. */
  readonly bytes: number
  /** See `bytesPerDifference`; undefined where nothing differs. */
  readonly bytesPerDifference: number | undefined
  /** Median time of both sides together, without making the sets. */
  readonly runMs: number
  /** Median time of making the set of one side from ids in order. */
  readonly buildMs: number
}

/** 100 000 blocks of a day in common, and on each side 1 000 more: the newest, or scattered over the day; or none. */
export function benchReconcile(): Readonly<Record<string, ReconcileRow>> {
  const words = seededWords(1)
  const common = chanceItems(words, COMMON, START_MS, DAY_MS)
  const newest = () => chanceItems(words, DIFFERENT, START_MS + DAY_MS, HOUR_MS)
  const scattered = () => chanceItems(words, DIFFERENT, START_MS, DAY_MS)
  return {
    newest: measure([...common, ...newest()], [...common, ...newest()]),
    scattered: measure([...common, ...scattered()], [...common, ...scattered()]),
    identical: measure(common, common),
  }
}

function measure(ours: readonly Item[], theirs: readonly Item[]): ReconcileRow {
  const inputs = [timedIds(ours), timedIds(theirs)] as const
  const buildsMs: number[] = []
  const runsMs: number[] = []
  const once = () => {
    const [left, right] = inputs.map((input) => timed(buildsMs, () => new ReconcileSet(input)))
    if (left === undefined || right === undefined) throw new Error('two sides')
    return timed(runsMs, () => run(left, right))
  }
  const results = Array.from({ length: REPEATS }, once)
  const [result] = results
  if (result === undefined) throw new Error('no run')
  const differences = result.have.size + result.need.size
  return {
    differences,
    rounds: result.rounds,
    bytes: result.bytes,
    bytesPerDifference: differences === 0 ? undefined : Math.round(10 * bytesPerDifference(result)) / 10,
    runMs: Math.round(10 * median(runsMs)) / 10,
    buildMs: Math.round(10 * median(buildsMs)) / 10,
  }
}

function timed<T>(into: number[], work: () => T): T {
  const start = performance.now()
  const result = work()
  into.push(performance.now() - start)
  return result
}
