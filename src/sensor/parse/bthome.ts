/** BTHome version 2, what small thermometers, meters and switches advertise. https://bthome.io/format */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed, type MalformedFrame } from './malformed.ts'

/** What one advert says. */
export interface Broadcast {
  readonly readings: readonly Reading[]
  /** Counts measurements, or packets: the same again means the same said again. Absent where the device does not count. */
  readonly sequence: number | undefined
}

// The device information byte. Bits 1, 3 and 4 are reserved; bit 2, that it advertises only when something happens, changes
// nothing here.
const ENCRYPTED = 0x01
const RESERVED = 0x1a
const VERSION = 0xe0
const VERSION_2 = 0x40

const PACKET_ID = 0x00

/** Text and raw bytes: a byte with their length, then they. */
const WITH_LENGTH: readonly number[] = [0x53, 0x54]

/** A number becomes a value in the unit of its quantity `times` and then divided by `over`, 1 where left out. */
interface MeasuredObject {
  readonly quantity: string
  readonly type: 'bool' | 'u8' | 'i8' | 'u16' | 'i16' | 'u24' | 'u32' | 'i32'
  readonly times?: number
  readonly over?: number
  /** The largest value that can be. */
  readonly max?: number
}

const J_PER_WH = 3600

/** Kilograms in a pound: exact, NIST SP 811, appendix B.8. */
const KG_PER_LB = 0.45359237

/** By object id. */
const MEASURED: ReadonlyMap<number, MeasuredObject> = new Map<number, MeasuredObject>([
  [0x01, { quantity: 'battery', type: 'u8', max: 100 }],
  [0x02, { quantity: 'temperature', type: 'i16', over: 100 }],
  [0x03, { quantity: 'humidity', type: 'u16', over: 100, max: 100 }],
  [0x04, { quantity: 'pressure', type: 'u24' }],
  [0x05, { quantity: 'illuminance', type: 'u24', over: 100 }],
  [0x06, { quantity: 'weight', type: 'u16', over: 100 }],
  [0x07, { quantity: 'weight', type: 'u16', times: KG_PER_LB, over: 100 }],
  [0x08, { quantity: 'dew-point', type: 'i16', over: 100 }],
  [0x09, { quantity: 'count', type: 'u8' }],
  [0x0a, { quantity: 'electric-energy', type: 'u24', times: J_PER_WH }],
  [0x0b, { quantity: 'power', type: 'u24', over: 100 }],
  [0x0c, { quantity: 'voltage', type: 'u16', over: 1000 }],
  [0x0d, { quantity: 'particulates-2.5', type: 'u16', over: 1e9 }],
  [0x0e, { quantity: 'particulates-10', type: 'u16', over: 1e9 }],
  [0x11, { quantity: 'opening', type: 'bool' }],
  [0x12, { quantity: 'carbon-dioxide', type: 'u16', over: 1e6 }],
  [0x14, { quantity: 'moisture', type: 'u16', over: 1e4, max: 1 }],
  [0x16, { quantity: 'charging', type: 'bool' }],
  [0x1a, { quantity: 'opening', type: 'bool' }], // a door
  [0x1b, { quantity: 'opening', type: 'bool' }], // of a garage
  [0x21, { quantity: 'motion', type: 'bool' }],
  [0x2d, { quantity: 'opening', type: 'bool' }], // a window
  [0x2e, { quantity: 'humidity', type: 'u8', max: 100 }],
  [0x2f, { quantity: 'moisture', type: 'u8', over: 100, max: 1 }],
  [0x3d, { quantity: 'count', type: 'u16' }],
  [0x3e, { quantity: 'count', type: 'u32' }],
  [0x40, { quantity: 'distance', type: 'u16', over: 1000 }],
  [0x41, { quantity: 'distance', type: 'u16', over: 10 }],
  [0x43, { quantity: 'current', type: 'u16', over: 1000 }],
  [0x44, { quantity: 'speed', type: 'u16', over: 100 }],
  [0x45, { quantity: 'temperature', type: 'i16', over: 10 }],
  [0x46, { quantity: 'uv-index', type: 'u8', over: 10 }],
  [0x4a, { quantity: 'voltage', type: 'u16', over: 10 }],
  [0x4d, { quantity: 'electric-energy', type: 'u32', times: J_PER_WH }],
  [0x51, { quantity: 'acceleration', type: 'u16', over: 1000 }],
  [0x57, { quantity: 'temperature', type: 'i8' }],
  [0x58, { quantity: 'temperature', type: 'i8', times: 35, over: 100 }],
  [0x59, { quantity: 'count', type: 'i8' }],
  [0x5a, { quantity: 'count', type: 'i16' }],
  [0x5b, { quantity: 'count', type: 'i32' }],
  [0x5c, { quantity: 'power', type: 'i32', over: 100 }],
  [0x5d, { quantity: 'current', type: 'i16', over: 1000 }],
  [0x5f, { quantity: 'rainfall', type: 'u16', over: 1e4 }],
  [0x62, { quantity: 'speed', type: 'i32', over: 1e6 }],
  [0x63, { quantity: 'acceleration', type: 'i32', over: 1e6 }],
])

/** Object ids that are not read, by how many bytes they take: other states, buttons, gas, volumes, angles and times. */
const PASSED_OVER: readonly (readonly number[])[] = [
  [],
  [
    0x0f, 0x10, 0x15, 0x17, 0x18, 0x19, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27,
    0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x3a, 0x60, 0x64,
  ],
  [0x13, 0x3c, 0x3f, 0x47, 0x48, 0x49, 0x52, 0x56, 0x5e, 0x61],
  [0x42, 0x4b],
  [0x4c, 0x4e, 0x4f, 0x50, 0x55],
]

/**
 * Service data 0xFCD2. Several objects of one quantity are told apart as `temperature`, `temperature/2`. An object id that
 * is not in the tables ends the reading, since its length is not known: ids come in rising order, so that a new one only
 * hides others as new. A value that cannot be (a battery of 200 %) makes the advert `out-of-range`. An encrypted advert, or
 * one of another version, is `unknown`.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export function parseBthome(data: DataView, atMs: number): Broadcast | MalformedFrame {
  const length = data.byteLength
  if (length === 0) return malformed('empty', length)
  const reader = new FrameReader(data)
  const info = reader.u8()
  if ((info & VERSION) !== VERSION_2 || (info & (ENCRYPTED | RESERVED)) !== 0) {
    return malformed('unknown', length)
  }
  const readings: Reading[] = []
  const seen = new Map<string, number>()
  let sequence: number | undefined
  while (reader.left > 0) {
    const id = reader.u8()
    const object = MEASURED.get(id)
    if (object !== undefined) {
      const value = readValue(reader, object)
      const nth = (seen.get(object.quantity) ?? 0) + 1
      seen.set(object.quantity, nth)
      const quantity = nth === 1 ? object.quantity : `${object.quantity}/${nth}`
      if (value === undefined) return malformed('out-of-range', length)
      readings.push(measured(quantity, value, atMs))
    } else if (id === PACKET_ID) sequence = reader.u8()
    else if (WITH_LENGTH.includes(id)) reader.skip(reader.u8())
    else {
      const bytes = PASSED_OVER.findIndex((ids) => ids.includes(id))
      if (bytes < 0) break
      reader.skip(bytes)
    }
    if (reader.truncated) return malformed('truncated', length)
  }
  return { readings, sequence }
}

/** `undefined` where it cannot be. */
function readValue(reader: FrameReader, object: MeasuredObject): number | boolean | undefined {
  const { type, times = 1, over = 1, max = Infinity } = object
  if (type === 'bool') {
    const state = reader.u8()
    return state > 1 ? undefined : state === 1
  }
  const value = (reader[type]() * times) / over
  return value > max ? undefined : value
}
