import { measured } from '../../reading/measured.ts'
import { measuredAtMs } from './date-time.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed } from './malformed.ts'
import type { Parsed } from './parse.ts'

// The flags byte. Bits 4 to 7 are reserved for future use, and a client ignores them.
const IS_IMPERIAL = 0x01
const HAS_TIME = 0x02
const HAS_USER = 0x04
const HAS_BMI_AND_HEIGHT = 0x08

/** "Measurement unsuccessful", in place of a weight. */
const UNSUCCESSFUL = 0xffff

/** A body mass index counts tenths of 1 kg/m². */
const BMI_UNITS = 10

/**
 * Weight Measurement, characteristic 0x2A9D: Bluetooth Weight Scale Service 1.0.1 §3.2, and the GATT Specification
 * Supplement, "Weight Measurement". Whose weight it is (User ID) is left out: readings belong to a thing.
 *
 * @param atMs when it arrived, whole Unix milliseconds; a measurement that was kept in the scale has the time of its stamp
 * (`measuredAtMs`)
 */
export function parseWeight(frame: DataView, atMs: number): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const weight = reader.u16()
  const stamp = (flags & HAS_TIME) !== 0 ? reader.datetime() : undefined
  if ((flags & HAS_USER) !== 0) reader.skip(1)
  const hasBody = (flags & HAS_BMI_AND_HEIGHT) !== 0
  const bmi = hasBody ? reader.u16() : 0
  const height = hasBody ? reader.u16() : 0
  const fault = reader.fault()
  if (fault !== undefined) return fault
  if (weight === UNSUCCESSFUL) return malformed('not-known', frame.byteLength)

  const isImperial = (flags & IS_IMPERIAL) !== 0
  const at = measuredAtMs(stamp, atMs)
  const readings = [measured('weight', isImperial ? kgOfPounds(weight) : kg(weight), at)]
  // A scale that knows nothing of who stands on it has no better way to say so than 0.
  if (bmi > 0) readings.push(measured('body-mass-index', bmi / BMI_UNITS, at))
  if (height > 0) readings.push(measured('height', isImperial ? mOfInches(height) : m(height), at))
  return readings
}

// Each divides whole numbers once, so that the result is the double nearest to what the scale shows.

/** Of units of 0.005 kg. */
function kg(units: number): number {
  return units / 200
}

/** Of units of 0.01 lb, of which one is 0.0045359237 kg. NIST SP 811, appendix B.8. */
function kgOfPounds(units: number): number {
  return (units * 45_359_237) / 1e10
}

/** Of units of 0.001 m. */
function m(units: number): number {
  return units / 1000
}

/** Of units of 0.1 in, of which one is 0.00254 m. */
function mOfInches(units: number): number {
  return (units * 254) / 1e5
}
