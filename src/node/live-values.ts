import { mainQuantityOf, type ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import { SPARK_POINTS_MAX } from './api.ts'

/** Quantities remembered of one thing. Ours have under ten. */
const QUANTITIES_MAX = 32

/** The newest reading of each quantity, and the last values of the main one. */
export class LiveValues {
  readonly #main: string | undefined
  readonly #latest = new Map<string, Reading>()
  readonly #spark: number[] = []

  constructor(kind: ThingKind | 'unknown') {
    this.#main = mainQuantityOf(kind)
  }

  /** The main quantity first. */
  get latest(): readonly Reading[] {
    const main = this.#latest.get(this.#mainName())
    return main
      ? [main, ...[...this.#latest.values()].filter((reading) => reading !== main)]
      : [...this.#latest.values()]
  }

  /** Oldest first. */
  get spark(): readonly number[] {
    return [...this.#spark]
  }

  /**
   * Takes note of readings. Those older than what is shown say nothing about now, unless that is later than `nowMs`: then the
   * clock was set back, and what comes is the newest there is.
   *
   * @param nowMs left out where they were not measured just now
   */
  add(readings: readonly Reading[], nowMs = Infinity): void {
    for (const reading of readings) {
      const newest = this.#latest.get(reading.quantity)
      if (newest === undefined && this.#latest.size >= QUANTITIES_MAX) continue
      if (newest && !isNewer(reading, newest, nowMs)) continue
      this.#latest.set(reading.quantity, reading)
      if (reading.quantity === this.#mainName() && typeof reading.value !== 'string')
        this.#spark.push(Number(reading.value))
    }
    this.#spark.splice(0, this.#spark.length - SPARK_POINTS_MAX)
  }

  /** What a stranger's thing mainly measures is what it named first. */
  #mainName(): string {
    return this.#main ?? this.#latest.keys().next().value ?? ''
  }
}

/** The same reading again is not: records are read anew whenever a network is entered. */
function isNewer(reading: Reading, newest: Reading, nowMs: number): boolean {
  if (reading.atMs === newest.atMs) return reading.value !== newest.value
  return reading.atMs > newest.atMs || newest.atMs > nowMs
}
