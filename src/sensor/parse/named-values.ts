/** Values that a device gives names of its own, as JSON and CSV do, to readings. */
import { readingFault, TEXT_CHARACTERS_MAX } from '../../reading/check.ts'
import { quantityOf } from '../../reading/quantities.ts'
import type { Reading } from '../../reading/reading.ts'
import { unitOf, type WrittenUnit } from './units.ts'

/** Values of one line that are read; what comes after them is left. Talkative stations send about twenty. */
export const VALUES_MAX = 32

/** Characters of a cleaned name: what a reading's quantity may have, less room for what sets it apart from others. */
const NAME_CHARACTERS_MAX = 50

/** 9 September 2001: from here on seconds have ten digits, which a count since power-on takes 31 years to reach. */
const TIME_S_MIN = 1e9

/** How far a device's clock may be ahead of ours, which may be what is wrong; one in the wrong time zone is further. */
export const AHEAD_MS_MAX = 60_000

const TIME_NAMES = ['t', 'time', 'ts', 'timestamp']
const TIME_TEXT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

interface Usual {
  readonly quantity: string
  /** The unit meant where none is written, if it is not the quantity's own. */
  readonly unit?: string
  /** Values outside are a sensor's way to say that it has none. */
  readonly range?: readonly [min: number, max: number]
}

/** -127 °C is what the DS18B20's library gives for an absent sensor, -999 what others give. */
const TEMPERATURE: Usual = { quantity: 'temperature', range: [-100, 2000] }
const HUMIDITY: Usual = { quantity: 'humidity', range: [0, 100] }
const PRESSURE: Usual = { quantity: 'pressure', range: [0, 1e9] }
const CO2: Usual = { quantity: 'carbon-dioxide', unit: 'ppm', range: [0, 1] }
const FINE_DUST: Usual = { quantity: 'particulates-2.5', unit: 'ug/m3', range: [0, 1] }
const DUST: Usual = { quantity: 'particulates-10', unit: 'ug/m3', range: [0, 1] }
const ILLUMINANCE: Usual = { quantity: 'illuminance', range: [0, 1e6] }
const BATTERY: Usual = { quantity: 'battery', range: [0, 100] }

/** Names that sketches and stations use, lower case with hyphens. A name of `QUANTITIES` means its row and unit. */
const USUAL: Readonly<Record<string, Usual>> = {
  temperature: TEMPERATURE,
  temp: TEMPERATURE,
  humidity: HUMIDITY,
  hum: HUMIDITY,
  rh: HUMIDITY,
  'relative-humidity': HUMIDITY,
  pressure: PRESSURE,
  press: PRESSURE,
  'air-pressure': PRESSURE,
  barometer: PRESSURE,
  baro: PRESSURE,
  co2: CO2,
  eco2: CO2,
  'pm2-5': FINE_DUST,
  pm25: FINE_DUST,
  pm10: DUST,
  lux: ILLUMINANCE,
  illuminance: ILLUMINANCE,
  battery: BATTERY,
  soc: BATTERY,
  volt: { quantity: 'voltage' },
  volts: { quantity: 'voltage' },
  lat: { quantity: 'latitude', range: [-90, 90] },
  latitude: { quantity: 'latitude', range: [-90, 90] },
  lon: { quantity: 'longitude', range: [-180, 180] },
  lng: { quantity: 'longitude', range: [-180, 180] },
  longitude: { quantity: 'longitude', range: [-180, 180] },
}

/** What a device's name for a value means. */
export interface Named {
  /** As in `Reading`. */
  readonly quantity: string
  /** What the values are in; absent where that is the quantity's own unit, or not known. */
  readonly written?: WrittenUnit
  readonly range?: readonly [min: number, max: number]
  /** Nothing says what a pressure is in: 300 to 1200 are hectopascals, as weather has them. */
  readonly perhapsHpa: boolean
}

/**
 * Finds out what `path` means: names from the outermost object to the value. A usual name, last or first, makes it that
 * quantity, and the rest tells it from others of its kind: `bme/temp` is `temperature/bme`. A unit is what is written
 * with it or ends the last name (`pressure_hpa`). One that does not fit stays in the name, and makes it an unknown one.
 */
export function namedOf(path: readonly string[], writtenUnit?: string): Named {
  const last = path.at(-1) ?? ''
  const before = path.slice(0, -1)
  const [stem, ending] = writtenUnit === undefined ? unitAtEnd(last) : [last, writtenUnit]
  const [uncounted, count] = numberAtEnd(stem)
  const found =
    knownAs(usualOf(stem), before, ending) ??
    (ending === writtenUnit ? undefined : knownAs(usualOf(last), before, undefined)) ??
    (count === undefined ? undefined : knownAs(usualOf(uncounted), [...before, count], ending)) ??
    (before.length === 0 ? undefined : knownAs(usualOf(path[0] ?? ''), path.slice(1), writtenUnit))
  if (found !== undefined) return found
  const written = writtenUnit === undefined ? undefined : unitOf(writtenUnit, undefined)
  const names =
    written !== undefined || writtenUnit === undefined ? path : [...before, `${last}-${writtenUnit}`]
  const quantity = cleaned(names.join('/'))
  // What is left must not look like a quantity whose unit it has not got.
  const unknown = quantityOf(quantity) === undefined ? quantity : `value/${quantity}`
  return { quantity: unknown, perhapsHpa: false, ...(written && { written }) }
}

/**
 * One value as a reading, in the unit of its quantity. A text that is a number is one where the quantity is measured in
 * numbers. `undefined` where there is no value, or none that this quantity can have.
 */
export function readingOf(named: Named, value: unknown, atMs: number): Reading | undefined {
  const known = quantityOf(named.quantity)
  const given = known?.unit !== undefined && typeof value === 'string' ? numberOf(value) : value
  const { quantity } = named
  if (typeof given === 'number') {
    const number = converted(named, given)
    const [min, max] = named.range ?? [-Infinity, Infinity]
    if (number < min || number > max) return undefined
    const unit = known?.unit ?? named.written?.unit
    return packable(
      unit === undefined ? { quantity, value: number, atMs } : { quantity, unit, value: number, atMs },
    )
  }
  if (known?.unit !== undefined) return undefined
  if (typeof given === 'boolean') return { quantity, value: given, atMs }
  if (typeof given !== 'string' || given.length > TEXT_CHARACTERS_MAX) return undefined
  return packable({ quantity, value: given.trim(), atMs })
}

/** The readings with those of one quantity numbered: `temperature`, `temperature/2`. */
export function numbered(readings: readonly Reading[]): readonly Reading[] {
  const taken = new Set<string>()
  return readings.map((reading) => {
    let quantity = reading.quantity
    for (let count = 2; taken.has(quantity); count++) quantity = `${reading.quantity}/${count}`
    taken.add(quantity)
    return quantity === reading.quantity ? reading : { ...reading, quantity }
  })
}

/**
 * The time that a value called `name` gives, whole Unix milliseconds, or `undefined` where it is no time: seconds or
 * milliseconds since 1970, or a text of ISO 8601 with its zone, from 2001 up to a minute after it arrived.
 */
export function timeOf(name: string, value: unknown, arrivedMs: number): number | undefined {
  if (!TIME_NAMES.includes(name.toLowerCase())) return undefined
  const given = typeof value === 'string' && !TIME_TEXT.test(value) ? numberOf(value) : value
  const number = typeof given === 'string' ? Date.parse(given) : given
  if (typeof number !== 'number') return undefined
  for (const ms of [Math.round(number), Math.round(number * 1000)]) {
    if (ms >= TIME_S_MIN * 1000 && ms <= arrivedMs + AHEAD_MS_MAX) return ms
  }
  return undefined
}

/** A decimal number, or `undefined` where the text is none. */
export function numberOf(text: string): number | undefined {
  return NUMBER.test(text.trim()) ? Number(text) : undefined
}

function usualOf(name: string): Usual | undefined {
  const plain = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')
  if (Object.hasOwn(USUAL, plain)) return USUAL[plain]
  return quantityOf(plain) === undefined ? undefined : { quantity: plain }
}

function knownAs(
  usual: Usual | undefined,
  rest: readonly string[],
  unit: string | undefined,
): Named | undefined {
  if (usual === undefined) return undefined
  const own = quantityOf(usual.quantity)?.unit
  const meant = unit ?? usual.unit
  const written = meant === undefined ? undefined : unitOf(meant, own)
  if (meant !== undefined && (written === undefined || written.unit !== own)) return undefined
  const quantity = cleaned([usual.quantity, ...rest].join('/'))
  return {
    quantity,
    perhapsHpa: usual === PRESSURE && meant === undefined,
    ...(written && { written }),
    ...(usual.range && { range: usual.range }),
  }
}

/** `pressure_hPa` and `pressureHpa` to their two parts. */
function unitAtEnd(name: string): readonly [stem: string, unit: string | undefined] {
  if (name.length > NAME_CHARACTERS_MAX) return [name, undefined]
  const [, stem, unit] =
    /^(.+)[_\s-]([A-Za-z%°/]+)$/.exec(name) ?? /^(.*[a-z0-9])([A-Z][A-Za-z]*)$/.exec(name) ?? []
  return stem === undefined || unit === undefined ? [name, undefined] : [stem, unit]
}

/** `temp2` and `temp_2` to their two parts. */
function numberAtEnd(name: string): readonly [stem: string, count: string | undefined] {
  const [, stem, count] = /^(.*\D)(\d{1,2})$/.exec(name) ?? []
  return stem === undefined || count === undefined ? [name, undefined] : [stem, count]
}

function converted({ written, perhapsHpa }: Named, value: number): number {
  if (perhapsHpa && value >= 300 && value <= 1200) return value * 100
  return written === undefined ? value : value * written.scale + written.offset
}

/** A name in the characters that SenML allows (RFC 8428 §4.5.1), never empty. */
function cleaned(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9:./_-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, NAME_CHARACTERS_MAX)
  return plain === '' ? 'value' : plain
}

function packable(reading: Reading): Reading | undefined {
  return readingFault(reading) === undefined ? reading : undefined
}
