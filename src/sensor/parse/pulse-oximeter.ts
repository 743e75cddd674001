/**
 * PLX Spot-Check Measurement, characteristic 0x2A5E, and PLX Continuous Measurement, 0x2A5F: Bluetooth Pulse Oximeter
 * Service 1.0.1, and the GATT Specification Supplement, each under its name.
 */
import { measuredAtMs } from './date-time.ts'
import { PULSE_RATE, readingsOf, type Range } from './fields.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed } from './malformed.ts'
import type { Parsed } from './parse.ts'

// The flags byte of a spot-check measurement. Bits 5 to 7 are reserved for future use, and a client ignores them.
const SPOT_HAS_TIME = 0x01
const SPOT_HAS_STATUS = 0x02
const SPOT_HAS_SENSOR_STATUS = 0x04
const SPOT_HAS_AMPLITUDE = 0x08
const SPOT_CLOCK_NOT_SET = 0x10

// The flags byte of a continuous measurement, likewise.
const HAS_FAST = 0x01
const HAS_SLOW = 0x02
const HAS_STATUS = 0x04
const HAS_SENSOR_STATUS = 0x08
const HAS_AMPLITUDE = 0x10

/** Measurement Status: data for demonstration, data for testing, unavailable, invalid. None of them is anybody's pulse. */
const NOT_MEASURED = (1 << 10) | (1 << 11) | (1 << 13) | (1 << 15)

/** Saturation and pulse amplitude as fractions: a percentage, by the service. */
const FRACTION: Range = [0, 1]

/** What both measurements hold, in the units they come in. */
interface Pulse {
  readonly saturationPercent: number | undefined
  readonly rate: number | undefined
  readonly status: number
  readonly amplitudePercent: number | undefined
}

/**
 * A measurement made once, on demand.
 *
 * @param atMs when it arrived, whole Unix milliseconds; a measurement that was kept in the oximeter has the time of its
 * stamp (`measuredAtMs`)
 */
export function parseSpotCheck(frame: DataView, atMs: number): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const saturationPercent = reader.sfloat()
  const rate = reader.sfloat()
  const stamp = (flags & SPOT_HAS_TIME) !== 0 ? reader.datetime() : undefined
  const status = (flags & SPOT_HAS_STATUS) !== 0 ? reader.u16() : 0
  if ((flags & SPOT_HAS_SENSOR_STATUS) !== 0) reader.skip(3)
  const amplitudePercent = (flags & SPOT_HAS_AMPLITUDE) !== 0 ? reader.sfloat() : undefined
  const at = (flags & SPOT_CLOCK_NOT_SET) !== 0 ? atMs : measuredAtMs(stamp, atMs)
  return (
    reader.fault() ?? readings({ saturationPercent, rate, status, amplitudePercent }, frame.byteLength, at)
  )
}

/**
 * One of a stream. The values averaged as the oximeter usually does are taken; those of a faster and a slower average are
 * left out.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export function parseContinuous(frame: DataView, atMs: number): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const saturationPercent = reader.sfloat()
  const rate = reader.sfloat()
  if ((flags & HAS_FAST) !== 0) reader.skip(4)
  if ((flags & HAS_SLOW) !== 0) reader.skip(4)
  const status = (flags & HAS_STATUS) !== 0 ? reader.u16() : 0
  if ((flags & HAS_SENSOR_STATUS) !== 0) reader.skip(3)
  const amplitudePercent = (flags & HAS_AMPLITUDE) !== 0 ? reader.sfloat() : undefined
  return (
    reader.fault() ?? readings({ saturationPercent, rate, status, amplitudePercent }, frame.byteLength, atMs)
  )
}

function readings(pulse: Pulse, length: number, atMs: number): Parsed {
  if ((pulse.status & NOT_MEASURED) !== 0) return malformed('not-known', length)
  return readingsOf(
    [
      { quantity: 'oxygen-saturation', value: fraction(pulse.saturationPercent), range: FRACTION },
      { quantity: 'pulse-rate', value: pulse.rate, range: PULSE_RATE },
      { quantity: 'pulse-amplitude-index', value: fraction(pulse.amplitudePercent), range: FRACTION },
    ],
    length,
    atMs,
  )
}

function fraction(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100
}
