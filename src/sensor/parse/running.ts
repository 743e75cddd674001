/**
 * RSC Measurement, characteristic 0x2A53: Running Speed and Cadence Service 1.0 §3.1, and the GATT Specification
 * Supplement, "RSC Measurement".
 */
import { measured } from '../../reading/measured.ts'
import { FrameReader } from './frame-reader.ts'
import type { Parsed } from './parse.ts'

// The flags byte. Bits 3 to 7 are reserved for future use, and a client ignores them.
const HAS_STRIDE_LENGTH = 0x01
const HAS_DISTANCE = 0x02
const IS_RUNNING = 0x04

const SPEED_UNITS_PER_MPS = 256
const STRIDE_UNITS_PER_M = 100
const DISTANCE_UNITS_PER_M = 10

/**
 * Speed, cadence, stride length, the total distance the sensor has counted, and whether its wearer runs. Cadence is how
 * often in a minute one foot, the one with the sensor, meets the ground: half of the steps. A stride is from one contact
 * of that foot to its next. A sensor that cannot tell running from walking always says walking; only its RSC Feature
 * characteristic says that it cannot.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export function parseRunning(frame: DataView, atMs: number): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const speed = reader.u16() / SPEED_UNITS_PER_MPS
  const cadence = reader.u8()
  const stride = (flags & HAS_STRIDE_LENGTH) !== 0 ? reader.u16() / STRIDE_UNITS_PER_M : undefined
  const distance = (flags & HAS_DISTANCE) !== 0 ? reader.u32() / DISTANCE_UNITS_PER_M : undefined
  const fault = reader.fault()
  if (fault !== undefined) return fault
  return [
    measured('speed', speed, atMs),
    measured('cadence', cadence, atMs),
    ...(stride === undefined ? [] : [measured('stride-length', stride, atMs)]),
    ...(distance === undefined ? [] : [measured('distance', distance, atMs)]),
    measured('running', (flags & IS_RUNNING) !== 0, atMs),
  ]
}
