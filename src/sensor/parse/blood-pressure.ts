/**
 * Blood Pressure Measurement, characteristic 0x2A35, and Intermediate Cuff Pressure, 0x2A36: Bluetooth Blood Pressure
 * Service 1.1.1 §3.1 and §3.2, and the GATT Specification Supplement, "Blood Pressure Measurement". Whose pressure it is
 * (User ID) and how well the person sat (Measurement Status) are left out.
 */
import { PA_PER_MMHG } from '../../reading/quantities.ts'
import { measuredAtMs } from './date-time.ts'
import { PULSE_RATE, readingsOf, type Range } from './fields.ts'
import { FrameReader } from './frame-reader.ts'
import type { Parsed } from './parse.ts'

// The flags byte. Bits 5 to 7 are reserved for future use, and a client ignores them.
const IS_KPA = 0x01
const HAS_TIME = 0x02
const HAS_PULSE_RATE = 0x04
const HAS_USER = 0x08
const HAS_STATUS = 0x10

const PA_PER_KPA = 1000

/** Pascals. The service sets no range; cuffs are built for some 300 mmHg. */
const PRESSURE: Range = [0, 400 * PA_PER_MMHG]

/**
 * A finished measurement.
 *
 * @param atMs when it arrived, whole Unix milliseconds; a measurement that was kept in the cuff has the time of its stamp
 * (`measuredAtMs`)
 */
export function parseBloodPressure(frame: DataView, atMs: number): Parsed {
  return parsePressures(frame, atMs, ['systolic-pressure', 'diastolic-pressure', 'mean-arterial-pressure'])
}

/** One while the cuff inflates: its pressure is in the place of the systolic one, and the other two are no numbers. */
export function parseCuffPressure(frame: DataView, atMs: number): Parsed {
  return parsePressures(frame, atMs, ['cuff-pressure'])
}

/** @param quantities what the first of the three pressures are; the rest are left out */
function parsePressures(frame: DataView, atMs: number, quantities: readonly string[]): Parsed {
  const reader = new FrameReader(frame)
  const flags = reader.u8()
  const unit = (flags & IS_KPA) !== 0 ? PA_PER_KPA : PA_PER_MMHG
  const pressures = [reader.sfloat(), reader.sfloat(), reader.sfloat()]
  const stamp = (flags & HAS_TIME) !== 0 ? reader.datetime() : undefined
  const pulseRate = (flags & HAS_PULSE_RATE) !== 0 ? reader.sfloat() : undefined
  if ((flags & HAS_USER) !== 0) reader.skip(1)
  if ((flags & HAS_STATUS) !== 0) reader.skip(2)
  const fault = reader.fault()
  if (fault !== undefined) return fault
  const fields = quantities.map((quantity, i) => {
    const pressure = pressures[i]
    return { quantity, value: pressure === undefined ? undefined : pressure * unit, range: PRESSURE }
  })
  return readingsOf(
    [...fields, { quantity: 'pulse-rate', value: pulseRate, range: PULSE_RATE }],
    frame.byteLength,
    measuredAtMs(stamp, atMs),
  )
}
