import { calibrated, shapingOf } from '../reading/calibrated.ts'
import type { Reading } from '../reading/reading.ts'
import type { ThingSettings } from '../reading/thing-settings.ts'

/** A value within its deadband is recorded this often all the same, so that a steady thing has no gap in its chart. */
export const STEADY_EVERY_MS = 60_000

/** Whether readings of a quantity may have been left out because they hardly differed from those before. */
export type IsThinned = (quantity: string) => boolean

/** The same by what a thing's person chose: where there is a deadband now. */
export function thinnedBy(shaping: ThingSettings['shaping']): IsThinned {
  return (quantity) => shapingOf(quantity, shaping)?.deadband !== undefined
}

/** Makes of one thing's readings, as its sensor gives them, what is recorded of them. */
export class Shaper {
  #shaping: ThingSettings['shaping'] = {}
  /** The newest reading recorded of each quantity that is shaped. */
  readonly #newest = new Map<string, Reading>()

  set(shaping: ThingSettings['shaping']): void {
    this.#shaping = shaping
    this.#newest.clear()
  }

  /** The same readings with their calibration: gain, then offset. A number that leaves what can be written is left as it was. */
  calibrate(readings: readonly Reading[]): readonly Reading[] {
    return calibrated(readings, this.#shaping)
  }

  /** Those of the calibrated readings that are recorded, by their rate and deadband. */
  thin(readings: readonly Reading[]): readonly Reading[] {
    return readings.filter((reading) => this.#isRecorded(reading))
  }

  #isRecorded(reading: Reading): boolean {
    const { everyMs = 0, deadband = 0 } = shapingOf(reading.quantity, this.#shaping) ?? {}
    if (everyMs === 0 && deadband === 0) return true
    const newest = this.#newest.get(reading.quantity)
    const passedMs = newest ? reading.atMs - newest.atMs : Infinity
    // A negative time is a clock set back, after which waiting would be long.
    const isDue = passedMs < 0 || passedMs >= everyMs
    const isSteady = newest !== undefined && isWithin(newest.value, reading.value, deadband)
    if (!isDue || (isSteady && passedMs >= 0 && passedMs < STEADY_EVERY_MS)) return false
    this.#newest.set(reading.quantity, reading)
    return true
  }
}

function isWithin(before: Reading['value'], now: Reading['value'], deadband: number): boolean {
  if (typeof before !== 'number' || typeof now !== 'number') return deadband > 0 && before === now
  return Math.abs(now - before) < deadband
}
