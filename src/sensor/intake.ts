/** What comes from a sensor before it is anything: taken up to a rate, read, and counted where it cannot be. */
import type { Reading } from '../reading/reading.ts'
import { STAMP_AGE_MS_MAX } from './parse/date-time.ts'
import { AHEAD_MS_MAX } from './parse/named-values.ts'
import type { Parsed } from './parse/parse.ts'
import type { SensorTime } from './sensor.ts'

/**
 * Frames taken from one sensor within a second. The fastest profile sends some four, lines of text a few tens; a hundred
 * leave room for both, and bound what a broken or hostile device can have a phone parse and store.
 */
export const FRAMES_PER_SECOND_MAX = 100

const SECOND_MS = 1000

/**
 * Readings with the time of their arrival where their own cannot be: more than `AHEAD_MS_MAX` after it, or more than
 * `STAMP_AGE_MS_MAX` before. A receiver of satellites goes back 1024 weeks when the ten bits of its week number roll over,
 * and a board may call what it counts since power-on a time.
 */
export function timely(readings: readonly Reading[], arrivedMs: number): readonly Reading[] {
  return readings.map((reading) =>
    reading.atMs > arrivedMs + AHEAD_MS_MAX || reading.atMs < arrivedMs - STAMP_AGE_MS_MAX
      ? { ...reading, atMs: arrivedMs }
      : reading,
  )
}

export interface IntakeNeeds {
  readonly time: Pick<SensorTime, 'nowMs' | 'after'>
  /** At least one reading, in order of time. */
  onReadings(readings: readonly Reading[]): void
  /** One of the counts has grown: of frames that cannot be read each time, of frames too many once a second. */
  onCounts(): void
}

export class Intake {
  readonly #needs: IntakeNeeds
  #malformed = 0
  #skipped = 0
  #sinceMs = -Infinity
  #taken = 0
  #cancelTelling: (() => void) | undefined

  constructor(needs: IntakeNeeds) {
    this.#needs = needs
  }

  /** Of `live`: frames since `reset` that could not be read, and those beyond `FRAMES_PER_SECOND_MAX`, if any. */
  get counts(): { readonly malformed: number; readonly skipped?: number } {
    return this.#skipped === 0
      ? { malformed: this.#malformed }
      : { malformed: this.#malformed, skipped: this.#skipped }
  }

  /** Starts counting anew. */
  reset(): void {
    this.#malformed = 0
    this.#skipped = 0
    this.#cancelTelling?.()
    this.#cancelTelling = undefined
  }

  /**
   * Takes one frame.
   *
   * @param parse reads it; called only where there is room, with the present time
   * @returns whether it held readings
   */
  take(parse: (atMs: number) => Parsed): boolean {
    const needs = this.#needs
    const nowMs = needs.time.nowMs()
    if (!this.#hasRoom(nowMs)) {
      this.#skipped += 1
      this.#cancelTelling ??= needs.time.after(SECOND_MS, () => {
        this.#cancelTelling = undefined
        needs.onCounts()
      })
      return false
    }
    const parsed = parse(nowMs)
    if ('type' in parsed) {
      // A sensor that says it has no value says so in good order.
      if (parsed.reason === 'not-known') return false
      this.#malformed += 1
      needs.onCounts()
      return false
    }
    if (parsed.length > 0) needs.onReadings(timely(parsed, nowMs))
    return parsed.length > 0
  }

  #hasRoom(nowMs: number): boolean {
    const passedMs = nowMs - this.#sinceMs
    // A negative time is a clock set back, after which waiting would be long.
    if (passedMs < 0 || passedMs >= SECOND_MS) {
      this.#sinceMs = nowMs
      this.#taken = 0
    }
    this.#taken += 1
    return this.#taken <= FRAMES_PER_SECOND_MAX
  }
}
