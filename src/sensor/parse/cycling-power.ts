/**
 * Cycling Power Measurement, characteristic 0x2A63: Cycling Power Service 1.1 §3.2, and the GATT Specification Supplement,
 * "Cycling Power Measurement".
 */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { Crank, readCrankEvent, readWheelEvent, Wheel, WHEEL_M } from './cycling.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed } from './malformed.ts'
import type { Parse } from './parse.ts'

// The flags. Bit 3, whether torque is a wheel's or a crank's, and bit 12, that the offset has been compensated, add no field;
// bits 13 to 15 are reserved for future use, and a client ignores them.
const HAS_BALANCE = 0x0001
const BALANCE_IS_LEFT = 0x0002
const HAS_TORQUE = 0x0004
const HAS_WHEEL = 0x0010
const HAS_CRANK = 0x0020

/** What follows the crank: flag and bytes of the extremes of force and torque, their angles, dead spots, energy. */
const NOT_READ = [
  [0x0040, 4],
  [0x0080, 4],
  [0x0100, 3],
  [0x0200, 2],
  [0x0400, 2],
  [0x0800, 2],
] as const

/** Unlike in a CSC Measurement: the wheel's event time counts units of 1/2048 s here. The crank's is the same. */
const WHEEL_UNITS_PER_S = 2048

/** Pedal power balance counts halves of a per cent. */
const BALANCE_UNITS = 200

/**
 * A parser for one connection: power, the pedals' balance, speed, distance since it began, cadence; wheel and crank as in
 * `makeParseCycling`. A balance is the left pedal's share (`pedal-balance/left`) where the sensor says so, and one pedal's,
 * unknown which, where it does not; one over 100 % makes the frame `out-of-range`. Accumulated torque and energy,
 * extremes and dead spots are not read.
 *
 * @param circumferenceM how far the wheel goes in one turn, over 0
 */
export function makeParseCyclingPower(circumferenceM = WHEEL_M): Parse {
  const wheel = new Wheel(WHEEL_UNITS_PER_S, circumferenceM)
  const crank = new Crank()
  return (frame, atMs) => {
    const reader = new FrameReader(frame)
    const flags = reader.u16()
    const has = (flag: number) => (flags & flag) !== 0
    const power = reader.i16()
    const balance = has(HAS_BALANCE) ? reader.u8() : undefined
    if (has(HAS_TORQUE)) reader.skip(2)
    const wheelEvent = has(HAS_WHEEL) ? readWheelEvent(reader) : undefined
    const crankEvent = has(HAS_CRANK) ? readCrankEvent(reader) : undefined
    for (const [flag, bytes] of NOT_READ) if (has(flag)) reader.skip(bytes)
    const fault = reader.fault()
    if (fault !== undefined) return fault
    if (balance !== undefined && balance > BALANCE_UNITS) return malformed('out-of-range', frame.byteLength)

    const readings: Reading[] = [measured('power', power, atMs)]
    if (balance !== undefined) {
      const quantity = has(BALANCE_IS_LEFT) ? 'pedal-balance/left' : 'pedal-balance'
      readings.push(measured(quantity, balance / BALANCE_UNITS, atMs))
    }
    if (wheelEvent !== undefined) readings.push(...wheel.read(wheelEvent, atMs))
    if (crankEvent !== undefined) readings.push(...crank.read(crankEvent, atMs))
    return readings
  }
}
