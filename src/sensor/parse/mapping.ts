/** A person's own profile of a device that none here is for: which bytes of its frames mean what. */
import { AT_MS_MIN, readingFault, TEXT_CHARACTERS_MAX } from '../../reading/check.ts'
import { quantityOf } from '../../reading/quantities.ts'
import type { Reading } from '../../reading/reading.ts'
import { parseText } from './device-information.ts'
import { malformed } from './malformed.ts'
import type { Parse } from './parse.ts'

/** How the bytes of a field make a number: unsigned, signed or IEEE 754, how many bits, little or big end first. */
type NumberType =
  | 'u8'
  | 'i8'
  | 'u16le'
  | 'i16le'
  | 'u16be'
  | 'i16be'
  | 'u24le'
  | 'u32le'
  | 'i32le'
  | 'u32be'
  | 'i32be'
  | 'f32le'
  | 'f32be'
  | 'f64le'

export interface MappedField {
  /** A row of `QUANTITIES`, or any name that a reading may have. */
  readonly quantity: string
  /** A SenML unit; where it is left out, the table's for a quantity that it knows. A text has none. */
  readonly unit?: string
  /** The field's first byte in the frame, counted from 0. */
  readonly offset: number
  /** `text` is UTF-8 from there to the frame's end. */
  readonly type: NumberType | 'text'
  /** A number is multiplied by this, then `add` is added; a text ignores both. */
  readonly scale: number
  readonly add: number
}

/** Services and characteristics by full UUIDs, in lower case, as browsers give them. */
export interface Mapping {
  readonly service: string
  readonly characteristic: string
  readonly fields: readonly MappedField[]
}

/** Fields of one frame: a screen of them, and more than any profile of the Bluetooth SIG has. */
export const MAPPED_FIELDS_MAX = 16

/** The last byte of the longest value of a characteristic, 512 bytes. Bluetooth Core 5.4, volume 3, part F, §3.2.9. */
export const MAPPED_OFFSET_MAX = 511

type FieldFault =
  'bad-quantity' | 'bad-unit' | 'bad-offset' | 'bad-type' | 'bad-scale' | 'bad-add' | 'repeated'

export type MappingFault =
  | { readonly type: 'bad-service' | 'bad-characteristic' | 'no-fields' | 'too-many-fields' }
  /** Which field, counted from 0. `repeated`: its quantity is that of one before. */
  | { readonly type: FieldFault; readonly field: number }

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type ReadNumber = (frame: DataView, at: number) => number

const NUMBERS: Readonly<Record<NumberType, readonly [bytes: number, read: ReadNumber]>> = {
  u8: [1, (frame, at) => frame.getUint8(at)],
  i8: [1, (frame, at) => frame.getInt8(at)],
  u16le: [2, (frame, at) => frame.getUint16(at, true)],
  i16le: [2, (frame, at) => frame.getInt16(at, true)],
  u16be: [2, (frame, at) => frame.getUint16(at)],
  i16be: [2, (frame, at) => frame.getInt16(at)],
  u24le: [3, (frame, at) => frame.getUint16(at, true) + frame.getUint8(at + 2) * 2 ** 16],
  u32le: [4, (frame, at) => frame.getUint32(at, true)],
  i32le: [4, (frame, at) => frame.getInt32(at, true)],
  u32be: [4, (frame, at) => frame.getUint32(at)],
  i32be: [4, (frame, at) => frame.getInt32(at)],
  f32le: [4, (frame, at) => frame.getFloat32(at, true)],
  f32be: [4, (frame, at) => frame.getFloat32(at)],
  f64le: [8, (frame, at) => frame.getFloat64(at, true)],
}

/** What a field's type may be, in the order to offer them. */
export const MAPPED_TYPES = [...Object.keys(NUMBERS), 'text'] as readonly MappedField['type'][]

/** The first thing wrong with a mapping, or `undefined` if nothing is. */
export function mappingFault(mapping: Mapping): MappingFault | undefined {
  const { service, characteristic, fields } = mapping
  if (!UUID.test(service)) return { type: 'bad-service' }
  if (!UUID.test(characteristic)) return { type: 'bad-characteristic' }
  if (fields.length === 0) return { type: 'no-fields' }
  if (fields.length > MAPPED_FIELDS_MAX) return { type: 'too-many-fields' }
  const names = new Set<string>()
  for (const [i, field] of fields.entries()) {
    const type = names.has(field.quantity) ? 'repeated' : fieldFault(field)
    if (type !== undefined) return { type, field: i }
    names.add(field.quantity)
  }
  return undefined
}

/**
 * Reads frames by a mapping. A frame too short for a field is malformed, one that is longer is not: a person may map only
 * what they know of. A number that is none (NaN, or too large once scaled) is left out; if every one is, the frame is
 * `not-known`.
 *
 * @param mapping one without a fault; any other is a mistake of ours and throws
 */
export function mappedParse(mapping: Mapping): Parse {
  const wrong = mappingFault(mapping)
  if (wrong !== undefined) throw new RangeError(`mapping: ${wrong.type}`)
  return (frame, atMs) => {
    const length = frame.byteLength
    if (length === 0) return malformed('empty', length)
    const readings: Reading[] = []
    for (const field of mapping.fields) {
      if (field.offset + bytesOf(field) > length) return malformed('truncated', length)
      const value = valueOf(field, frame)
      if (value === undefined) return malformed('not-text', length)
      if (typeof value === 'string' || Number.isFinite(value)) readings.push(readingOf(field, value, atMs))
    }
    return readings.length > 0 ? readings : malformed('not-known', length)
  }
}

function fieldFault(field: MappedField): FieldFault | undefined {
  const { offset, type, scale, add } = field
  if (type !== 'text' && !Object.hasOwn(NUMBERS, type)) return 'bad-type'
  if (type === 'text' && field.unit !== undefined) return 'bad-unit'
  const probe = readingFault(readingOf(field, type === 'text' ? 'x' : 0, AT_MS_MIN))
  if (probe === 'bad-quantity' || probe === 'bad-unit') return probe
  if (!Number.isInteger(offset) || offset < 0 || offset > MAPPED_OFFSET_MAX) return 'bad-offset'
  if (!Number.isFinite(scale) || scale === 0) return 'bad-scale'
  return Number.isFinite(add) ? undefined : 'bad-add'
}

/** A text takes one byte or more. */
function bytesOf({ type }: MappedField): number {
  return type === 'text' ? 1 : NUMBERS[type][0]
}

/** `undefined` where a text is none. */
function valueOf({ type, offset, scale, add }: MappedField, frame: DataView): number | string | undefined {
  if (type !== 'text') return NUMBERS[type][1](frame, offset) * scale + add
  return parseText(
    new DataView(frame.buffer, frame.byteOffset + offset, frame.byteLength - offset),
    TEXT_CHARACTERS_MAX,
  )
}

function readingOf({ quantity, unit }: MappedField, value: number | string, atMs: number): Reading {
  const unitOr = unit ?? quantityOf(quantity)?.unit
  return unitOr === undefined || typeof value === 'string'
    ? { quantity, value, atMs }
    : { quantity, unit: unitOr, value, atMs }
}
