import { measuredAtMs } from './date-time.ts'
import { readingsOf, type Range } from './fields.ts'
import { FrameReader } from './frame-reader.ts'
import type { Parsed } from './parse.ts'

// The flags byte. Bits 3 to 7 are reserved for future use, and a client ignores them.
const IS_FAHRENHEIT = 0x01
const HAS_TIME = 0x02
const HAS_TYPE = 0x04

/**
 * Degrees Celsius. The service sets no range; from absolute zero on, and far above all that is measured by such a
 * thermometer, this leaves out what only a broken exponent makes.
 */
const TEMPERATURE: Range = [-273.15, 1000]

/** Parts of a degree that are kept in conversion: finer than any thermometer, coarser than what subtraction errs by. */
const PARTS_PER_DEGREE = 1e6

/**
 * Temperature Measurement, characteristic 0x2A1C, and Intermediate Temperature, 0x2A1E, which has the same fields:
 * Bluetooth Health Thermometer Service 1.0 §3.1 and §3.3, and the GATT Specification Supplement, "Temperature
 * Measurement". Where on the body it was taken is left out.
 *
 * @param atMs when it arrived, whole Unix milliseconds; a measurement that was kept in the thermometer has the time of its
 * stamp (`measuredAtMs`)
 */
export function parseThermometer(frame: DataView, atMs: number): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const degrees = reader.float()
  const stamp = (flags & HAS_TIME) !== 0 ? reader.datetime() : undefined
  if ((flags & HAS_TYPE) !== 0) reader.skip(1)
  const fault = reader.fault()
  if (fault !== undefined) return fault
  const isFahrenheit = (flags & IS_FAHRENHEIT) !== 0
  const value = isFahrenheit && degrees !== undefined ? celsius(degrees) : degrees
  return readingsOf(
    [{ quantity: 'body-temperature', value, range: TEMPERATURE }],
    frame.byteLength,
    measuredAtMs(stamp, atMs),
  )
}

function celsius(fahrenheit: number): number {
  return Math.round((((fahrenheit - 32) * 5) / 9) * PARTS_PER_DEGREE) / PARTS_PER_DEGREE
}
