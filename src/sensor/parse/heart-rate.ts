/**
 * Heart Rate Measurement, characteristic 0x2A37: Bluetooth Heart Rate Service 1.0 §3.1, and the GATT
 * Specification Supplement, "Heart Rate Measurement".
 */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { PULSE_RATE } from './fields.ts'
import { malformed } from './malformed.ts'
import type { Parsed } from './parse.ts'

// The flags byte. Bits 5 to 7 are reserved for future use, and a client ignores them.
const RATE_IS_U16 = 0x01
const CONTACT_DETECTED = 0x02
const CONTACT_SUPPORTED = 0x04
const HAS_ENERGY = 0x08
const HAS_RR_INTERVALS = 0x10

/** An RR interval counts units of 1/1024 s. */
const RR_UNITS_PER_S = 1024

const J_PER_KJ = 1000

/**
 * One notification to readings in order of time: RR intervals oldest first, then heart rate, skin contact and
 * energy at `atMs`. A notification has one time for several beats, so the newest beat is put at `atMs` and each
 * older one before it by the length of the interval between.
 *
 * @param atMs when the notification arrived, whole Unix milliseconds
 */
export function parseHeartRate(frame: DataView, atMs: number): Parsed {
  const length = frame.byteLength
  if (length === 0) return malformed('empty', length)
  const flags = frame.getUint8(0)
  const rateBytes = (flags & RATE_IS_U16) !== 0 ? 2 : 1
  const energyAt = 1 + rateBytes
  const intervalsAt = energyAt + ((flags & HAS_ENERGY) !== 0 ? 2 : 0)
  if (length < intervalsAt) return malformed('truncated', length)
  const intervalBytes = length - intervalsAt
  if ((flags & HAS_RR_INTERVALS) !== 0) {
    // The flag promises one or more; an odd byte is half of one.
    if (intervalBytes === 0 || intervalBytes % 2 !== 0) return malformed('truncated', length)
  } else if (intervalBytes > 0) return malformed('trailing-bytes', length)

  const rate = rateBytes === 2 ? frame.getUint16(1, true) : frame.getUint8(1)
  if (rate > PULSE_RATE[1]) return malformed('out-of-range', length)
  const readings = parseIntervals(frame, intervalsAt, atMs)
  readings.push(measured('heart-rate', rate, atMs))
  if ((flags & CONTACT_SUPPORTED) !== 0) {
    readings.push(measured('skin-contact', (flags & CONTACT_DETECTED) !== 0, atMs))
  }
  if ((flags & HAS_ENERGY) !== 0) {
    readings.push(measured('energy', frame.getUint16(energyAt, true) * J_PER_KJ, atMs))
  }
  return readings
}

/** RR intervals from `offset` to the frame's end, each at the time of the beat that ends it. */
function parseIntervals(frame: DataView, offset: number, atMs: number): Reading[] {
  const readings: Reading[] = []
  let units = 0
  let previousMs = atMs + 1
  for (let at = frame.byteLength - 2; at >= offset; at -= 2) {
    const interval = frame.getUint16(at, true)
    // Intervals of a unit or none would round to one time twice; a beat has a time of its own.
    const beatMs = Math.min(previousMs - 1, atMs - Math.round((units * 1000) / RR_UNITS_PER_S))
    readings.push(measured('rr-interval', interval / RR_UNITS_PER_S, beatMs))
    units += interval
    previousMs = beatMs
  }
  return readings.reverse()
}
