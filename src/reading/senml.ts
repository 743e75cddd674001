/**
 * One SenML pack in CBOR (RFC 8428 §6) to and from readings. A pack is of one thing: its base name is the
 * thing's, and each record's name is a quantity.
 */
import { encode } from 'cborg'
import { decodeCbor } from './bounded-cbor.ts'
import { readingFault, type ReadingFault } from './check.ts'
import type { Reading } from './reading.ts'

/** RFC 8428 table 4. Base fields are negative, and the table is closed: extensions use text labels. */
const LABELS = {
  baseVersion: -1,
  baseName: -2,
  baseTime: -3,
  baseUnit: -4,
  baseValue: -5,
  name: 0,
  unit: 1,
  value: 2,
  stringValue: 3,
  booleanValue: 4,
  time: 6,
  dataValue: 8,
} as const

/** Which label a value goes under, by its type. */
const VALUE_LABELS = {
  number: LABELS.value,
  boolean: LABELS.booleanValue,
  string: LABELS.stringValue,
} as const

/** A record lies in a block, whose payload has at most this many bytes. Protocol §4. */
export const PACK_BYTES_MAX = 16_384

/** Records in a pack. The smallest useful one has about 16 bytes, so a full block holds no more than these. */
export const RECORDS_MAX = 1000

/** Characters in a base name: a did:key (56) and a stream id (64), with room for what joins them. */
const BASE_NAME_CHARACTERS_MAX = 128

/** Versions understood: RFC 8428's own, and RFC 9100's with secondary units, which change nothing for us. */
const VERSIONS: readonly unknown[] = [10, 26]

// RFC 8428 §4.5.1. What follows the base name is checked as a quantity.
const BASE_NAME = /^[A-Za-z0-9][A-Za-z0-9:./_-]*$/

export interface Pack {
  readonly type: 'pack'
  /** Empty where the pack has none. */
  readonly baseName: string
  readonly readings: readonly Reading[]
}

type PackFault =
  | 'too-long'
  | 'not-cbor'
  | 'not-a-pack'
  | 'empty'
  | 'too-many-records'
  | 'not-a-record'
  | 'must-understand'
  | 'bad-version'
  | 'bad-base-name'
  | 'several-base-names'
  | 'bad-base'
  | 'bad-field'
  | 'no-value'
  | 'several-values'
  | ReadingFault

/** Why bytes are no pack we can show. `record` counts from 0, where it is one record's fault. */
export interface MalformedPack {
  readonly type: 'malformed'
  readonly reason: PackFault
  readonly record?: number
}

type Field = number | string | boolean
type Fields = ReadonlyMap<unknown, unknown>

interface Base {
  readonly name: string
  readonly timeS: number
  readonly unit: string | undefined
  readonly value: number
}

/**
 * Packs readings of one thing: integer labels, base name, time and unit in the first record, times in
 * seconds relative to the first reading's. The same readings always give the same bytes.
 *
 * @param readings 1 to `RECORDS_MAX`, each without a `readingFault`; anything else is a bug of ours and throws
 * @param baseName names the thing, or is empty; characters by RFC 8428 §4.5.1
 */
export function encodePack(readings: readonly Reading[], baseName: string): Uint8Array {
  const first = readings[0]
  if (first === undefined || readings.length > RECORDS_MAX)
    throw new RangeError(`${readings.length} readings`)
  if (baseName !== '' && !isBaseName(baseName)) throw new RangeError(`bad base name ${baseName}`)
  const unit = sharedUnit(readings)
  const records = readings.map((reading) => encodeRecord(reading, first.atMs, unit))
  if (baseName !== '') records[0]?.set(LABELS.baseName, baseName)
  if (unit !== undefined) records[0]?.set(LABELS.baseUnit, unit)
  records[0]?.set(LABELS.baseTime, first.atMs / 1000)
  // The library writes into a larger buffer; a copy keeps stores and messages from dragging it along.
  return encode(records).slice()
}

/**
 * Unpacks what came from outside, base values resolved (RFC 8428 §4.6). Never throws. Labels it does not know
 * are ignored unless they end in `_` (§4.4). Refused, because a reading cannot say them: data values,
 * sums without a value, several base names, and times relative to now.
 */
export function decodePack(bytes: Uint8Array): Pack | MalformedPack {
  if (bytes.length > PACK_BYTES_MAX) return malformed('too-long')
  const decoded = decodeCbor(bytes)
  if (decoded === undefined) return malformed('not-cbor')
  const records = decoded.value
  if (!Array.isArray(records)) return malformed('not-a-pack')
  if (records.length === 0) return malformed('empty')
  if (records.length > RECORDS_MAX) return malformed('too-many-records')
  const readings: Reading[] = []
  let base: Base = { name: '', timeS: 0, unit: undefined, value: 0 }
  for (const [i, record] of records.entries()) {
    if (!(record instanceof Map)) return malformed('not-a-record', i)
    const next = readBase(record, base, i === 0)
    if (typeof next === 'string') return malformed(next, i)
    base = next
    const reading = resolve(record, base)
    if (typeof reading === 'string') return malformed(reading, i)
    readings.push(reading)
  }
  return { type: 'pack', baseName: base.name, readings }
}

/** An upper bound on the bytes a reading takes in a pack, the pack's own `PACK_OVERHEAD_BYTES` aside. */
export function packedBytesMax(reading: Reading): number {
  // Map header 1; a label and a double for value and time 10 each; a label and a 2-byte head for name and unit. A text has
  // a label and a 3-byte head, and 3 bytes a UTF-16 unit at most.
  const text = typeof reading.value === 'string' ? 3 * reading.value.length : 0
  return 27 + text + reading.quantity.length + (reading.unit?.length ?? 0)
}

/** An upper bound on what a pack takes besides its readings: array head 3, base name 131, time 10, unit 35. */
export const PACK_OVERHEAD_BYTES = 179

function encodeRecord(reading: Reading, baseMs: number, baseUnit: string | undefined): Map<number, Field> {
  const fault = readingFault(reading)
  if (fault !== undefined) throw new RangeError(`${fault}: ${reading.quantity}`)
  const record = new Map<number, Field>([[LABELS.name, reading.quantity]])
  if (reading.unit !== undefined && reading.unit !== baseUnit) record.set(LABELS.unit, reading.unit)
  record.set(VALUE_LABELS[typeof reading.value as keyof typeof VALUE_LABELS], reading.value)
  if (reading.atMs !== baseMs) record.set(LABELS.time, (reading.atMs - baseMs) / 1000)
  return record
}

/** The first unit met, if every number has one: a base unit would otherwise give one to a number without. */
function sharedUnit(readings: readonly Reading[]): string | undefined {
  const numbers = readings.filter(({ value }) => typeof value === 'number')
  return numbers.every(({ unit }) => unit !== undefined) ? numbers[0]?.unit : undefined
}

/** The base values that hold from this record on. */
function readBase(record: Fields, base: Base, first: boolean): Base | PackFault {
  for (const label of record.keys()) {
    if (typeof label === 'string' && label.endsWith('_')) return 'must-understand'
  }
  const version = field(record, LABELS.baseVersion, 10)
  if (!VERSIONS.includes(version)) return 'bad-version'
  const name = field(record, LABELS.baseName, base.name)
  if (typeof name !== 'string' || (name !== '' && !isBaseName(name))) return 'bad-base-name'
  if (!first && name !== base.name) return 'several-base-names'
  const timeS = field(record, LABELS.baseTime, base.timeS)
  const unit = field(record, LABELS.baseUnit, base.unit)
  const value = field(record, LABELS.baseValue, base.value)
  if (typeof timeS !== 'number' || typeof value !== 'number') return 'bad-base'
  if (unit !== undefined && typeof unit !== 'string') return 'bad-base'
  return { name, timeS, unit, value }
}

function resolve(record: Fields, base: Base): Reading | PackFault {
  const quantity = field(record, LABELS.name, '')
  const unit = field(record, LABELS.unit, base.unit)
  const timeS = field(record, LABELS.time, 0)
  if (typeof quantity !== 'string' || typeof timeS !== 'number') return 'bad-field'
  if (unit !== undefined && typeof unit !== 'string') return 'bad-field'
  const value = valueOf(record, base)
  if (typeof value === 'object') return value.fault
  const atMs = Math.round((base.timeS + timeS) * 1000)
  const reading: Reading =
    unit === undefined || typeof value !== 'number'
      ? { quantity, value, atMs }
      : { quantity, unit, value, atMs }
  return readingFault(reading) ?? reading
}

/** RFC 8428 §4.2: a record has one value. A fault comes in a box, for a text is a value. */
function valueOf(record: Fields, base: Base): Reading['value'] | { readonly fault: PackFault } {
  const { value, stringValue, booleanValue, dataValue } = LABELS
  const given = [value, stringValue, booleanValue, dataValue].filter((label) => record.has(label))
  if (given.length > 1) return { fault: 'several-values' }
  const truth = record.get(booleanValue)
  if (truth !== undefined) return typeof truth === 'boolean' ? truth : { fault: 'bad-field' }
  const text = record.get(stringValue)
  if (text !== undefined) return typeof text === 'string' ? text : { fault: 'bad-field' }
  const number = record.get(value)
  if (number === undefined) return { fault: 'no-value' }
  return typeof number === 'number' ? base.value + number : { fault: 'bad-field' }
}

/** A label's value, or the fallback where the label is absent; an explicit null is not absent. */
function field(record: Fields, label: number, fallback: unknown): unknown {
  return record.has(label) ? record.get(label) : fallback
}

function isBaseName(name: string): boolean {
  return name.length <= BASE_NAME_CHARACTERS_MAX && BASE_NAME.test(name)
}

function malformed(reason: PackFault, record?: number): MalformedPack {
  return record === undefined ? { type: 'malformed', reason } : { type: 'malformed', reason, record }
}
