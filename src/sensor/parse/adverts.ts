/** What devices say to all without a connection, where the browser gives adverts. */
import { type Broadcast, parseBthome } from './bthome.ts'
import { type Field, type Range, readingsOf } from './fields.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed, type MalformedFrame } from './malformed.ts'
import type { Parsed } from './parse.ts'
import { STANDARD_GRAVITY } from './units.ts'

/** Of `BluetoothAdvertisingEvent`. */
export interface Advert {
  /** By company identifier, without it. Bluetooth Assigned Numbers §7.1. */
  readonly manufacturerData: ReadonlyMap<number, DataView>
  /** By full UUID in lower case. */
  readonly serviceData: ReadonlyMap<string, DataView>
}

/**
 * Reads one advert of a device. Never throws.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export type ParseAdvert = (advert: Advert, atMs: number) => Parsed

const RUUVI = 0x0499
/** TomTom's identifier. The makers of valve caps took it as they found it, so the bytes have to tell whose they are. */
const TPMS = 0x0100
const BTHOME = '0000fcd2-0000-1000-8000-00805f9b34fb'

/**
 * The same number so much later counts something new: BTHome's starts over after 256 packets, and that of a device without
 * a battery starts over as well.
 */
const REPEAT_MS = 60_000

const RUUVI_BYTES = 24
const RUUVI_FORMAT = 5
const TPMS_BYTES = 16
const TPMS_FIRST_WHEEL = 0x80
const TPMS_WHEELS = 4

/** Of Ruuvi's numbers each is allowed; a humidity over 100 % tells of a sensor that has gone bad. */
const ANY: Range = [-Infinity, Infinity]

/** A tyre of a lorry holds 10 bar. */
const TYRE_PRESSURE_PA: Range = [0, 2_000_000]

/** What electronics in a wheel live through, °C. */
const TYRE_TEMPERATURE: Range = [-60, 200]

/**
 * Makes a parser for the adverts of one device. A radio hears one advert several times over, and a device sends one several
 * times: where it counts them (Ruuvi's measurement sequence, BTHome's packet id) a repeat says nothing. An advert of other
 * kinds is `unknown`.
 */
export function makeParseAdvert(): ParseAdvert {
  let last: { readonly sequence: number; readonly atMs: number } | undefined
  return (advert, atMs) => {
    const said = parse(advert, atMs)
    if ('type' in said) return said
    const { readings, sequence } = said
    if (sequence === undefined) return readings
    if (sequence === last?.sequence && Math.abs(atMs - last.atMs) < REPEAT_MS) return []
    last = { sequence, atMs }
    return readings
  }
}

function parse({ manufacturerData, serviceData }: Advert, atMs: number): Broadcast | MalformedFrame {
  const ruuvi = manufacturerData.get(RUUVI)
  if (ruuvi !== undefined) return parseRuuvi(ruuvi, atMs)
  const bthome = serviceData.get(BTHOME)
  if (bthome !== undefined) return parseBthome(bthome, atMs)
  const tpms = manufacturerData.get(TPMS)
  if (tpms !== undefined) return parseTpms(tpms, atMs)
  let length = 0
  for (const data of [...manufacturerData.values(), ...serviceData.values()]) length += data.byteLength
  return malformed('unknown', length)
}

/**
 * Ruuvi's data format 5, RAWv2: https://docs.ruuvi.com/communication/bluetooth-advertisements/data-format-5-rawv2. Most
 * significant byte first. The largest unsigned and the smallest signed number say "not available" and are left out.
 */
function parseRuuvi(data: DataView, atMs: number): Broadcast | MalformedFrame {
  const length = data.byteLength
  if (length === 0) return malformed('empty', length)
  if (data.getUint8(0) !== RUUVI_FORMAT) return malformed('unknown', length)
  if (length < RUUVI_BYTES) return malformed('truncated', length)
  if (length > RUUVI_BYTES) return malformed('trailing-bytes', length)
  const temperature = data.getInt16(1)
  const humidity = data.getUint16(3)
  const pressure = data.getUint16(5)
  // The lower five bits are the strength of sending.
  const millivolts = data.getUint16(13) >> 5
  const movements = data.getUint8(15)
  const fields: Field[] = [
    { quantity: 'temperature', value: unless(-0x8000, temperature, temperature / 200), range: ANY },
    { quantity: 'humidity', value: unless(0xffff, humidity, humidity / 400), range: ANY },
    { quantity: 'pressure', value: unless(0xffff, pressure, pressure + 50_000), range: ANY },
    { quantity: 'voltage', value: unless(0x7ff, millivolts, (millivolts + 1600) / 1000), range: ANY },
    { quantity: 'movements', value: unless(0xff, movements, movements), range: ANY },
  ]
  for (const [i, axis] of ['x', 'y', 'z'].entries()) {
    const milliG = data.getInt16(7 + 2 * i)
    const value = unless(-0x8000, milliG, (milliG * STANDARD_GRAVITY) / 1000)
    fields.push({ quantity: `acceleration/${axis}`, value, range: ANY })
  }
  const sequence = data.getUint16(16)
  return broadcast(readingsOf(fields, length, atMs), unless(0xffff, sequence, sequence))
}

/**
 * A cap on a tyre's valve, as sold under many names (ZEEPIN, TP630). No maker has published it: read off by
 * https://github.com/ra6070/BLE-TPMS and others. Wheel, 5 bytes of address, pressure in pascals, temperature, battery,
 * alarm. Wheels are numbered from 1.
 */
function parseTpms(data: DataView, atMs: number): Broadcast | MalformedFrame {
  const length = data.byteLength
  if (length !== TPMS_BYTES) return malformed('unknown', length)
  const reader = new FrameReader(data)
  const wheel = reader.u8() - TPMS_FIRST_WHEEL
  if (wheel < 0 || wheel >= TPMS_WHEELS) return malformed('unknown', length)
  reader.skip(5)
  const fields: readonly Field[] = [
    { quantity: `tyre-pressure/${wheel + 1}`, value: reader.u32(), range: TYRE_PRESSURE_PA },
    { quantity: `tyre-temperature/${wheel + 1}`, value: reader.i32() / 100, range: TYRE_TEMPERATURE },
    { quantity: 'battery', value: reader.u8(), range: [0, 100] },
  ]
  return broadcast(readingsOf(fields, length, atMs), undefined)
}

function broadcast(parsed: Parsed, sequence: number | undefined): Broadcast | MalformedFrame {
  return 'type' in parsed ? parsed : { readings: parsed, sequence }
}

/** A value, unless the raw one says that there is none. */
function unless(none: number, raw: number, value: number): number | undefined {
  return raw === none ? undefined : value
}
