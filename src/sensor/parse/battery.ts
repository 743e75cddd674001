import { measured } from '../../reading/measured.ts'
import { malformed } from './malformed.ts'
import type { Parsed } from './parse.ts'

/**
 * Battery Level, characteristic 0x2A19: one byte, 0 to 100 %, other values reserved. Bluetooth Battery
 * Service 1.0 §3.1, and the GATT Specification Supplement, "Battery Level".
 *
 * @param atMs when it was read, whole Unix milliseconds
 */
export function parseBattery(frame: DataView, atMs: number): Parsed {
  const length = frame.byteLength
  if (length === 0) return malformed('empty', length)
  if (length > 1) return malformed('trailing-bytes', length)
  const level = frame.getUint8(0)
  if (level > 100) return malformed('out-of-range', length)
  return [measured('battery', level, atMs)]
}
