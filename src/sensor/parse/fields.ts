import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { malformed } from './malformed.ts'
import type { Parsed } from './parse.ts'

/** A value in a frame, and the range that it may have. */
export interface Field {
  /** As `measured` takes it. */
  readonly quantity: string
  /** In the unit of the quantity; `undefined` where the sensor says that it has none. */
  readonly value: number | undefined
  /** The least it may be, and the most, in the same unit. */
  readonly range: Range
}

export type Range = readonly [min: number, max: number]

/** Beats per minute. The services that have a pulse rate set no range; instruments for people end at some 350. */
export const PULSE_RATE: Range = [0, 500]

/**
 * The readings of one frame, without the values that are not there. Malformed as `out-of-range` where any value is, since
 * then its neighbours are not to be trusted either, and as `not-known` where there is no value at all.
 *
 * @param length of the frame, in bytes
 */
export function readingsOf(fields: readonly Field[], length: number, atMs: number): Parsed {
  const readings: Reading[] = []
  for (const { quantity, value, range } of fields) {
    if (value === undefined) continue
    if (value < range[0] || value > range[1]) return malformed('out-of-range', length)
    readings.push(measured(quantity, value, atMs))
  }
  return readings.length > 0 ? readings : malformed('not-known', length)
}
