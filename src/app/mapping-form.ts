/** A person's own profile of a Bluetooth device, as a form has it: texts that may be wrong, and the mapping they make. */
import type { ThingView } from '../node/api.ts'
import {
  MAPPED_FIELDS_MAX,
  MAPPED_OFFSET_MAX,
  mappedParse,
  mappingFault,
  type MappedField,
  type Mapping,
  type MappingFault,
} from '../sensor/parse/mapping.ts'
import { numberOf, unitOf } from './field-text.ts'
import { readSource } from './source.ts'
import { quantityWords, unitWords, valueWords } from './words.ts'

export interface MappedFields {
  quantity: string
  unit: string
  offset: string
  type: MappedField['type']
  scale: string
  add: string
}

/** A field of a mapping as a form shows it. */
export function mappedFieldsOf({ quantity, unit = '', offset, type, scale, add }: MappedField): MappedFields {
  return { quantity, unit, offset: String(offset), type, scale: String(scale), add: String(add) }
}

export function newMappedField(): MappedFields {
  return { quantity: '', unit: '', offset: '0', type: 'u8', scale: '1', add: '0' }
}

/** What a person has made of a value before: the thing it is of, and what it means. */
export interface KnownMapping {
  readonly name: string
  readonly mapping: Mapping
}

/** The mappings of things that are here, the newest thing's first. @param things the oldest first */
export function knownMappings(
  things: readonly Pick<ThingView, 'name' | 'source'>[],
): readonly KnownMapping[] {
  return things
    .flatMap(({ name, source: text }) => {
      const source = readSource(text)
      return source?.type === 'mapping' ? [{ name, mapping: source.mapping }] : []
    })
    .reverse()
}

/** The mapping of a form, or what is wrong with it, in words. */
export function mappingOf(
  { service, characteristic }: Pick<Mapping, 'service' | 'characteristic'>,
  rows: readonly MappedFields[],
): Mapping | string {
  const fields = rows.map(({ quantity, unit, offset, type, scale, add }) => ({
    quantity: quantity.trim(),
    ...(type === 'text' ? {} : unitOf(quantity.trim(), unit)),
    offset: numberOf(offset),
    type,
    scale: numberOf(scale),
    add: numberOf(add),
  }))
  const mapping = { service, characteristic, fields }
  const fault = mappingFault(mapping)
  return fault === undefined ? mapping : faultWords(fault)
}

/** What a value means by a mapping, for a person: `Temperature 21.4 °C`; or why it means nothing. */
export function previewWords(mapping: Mapping, hex: string, atMs: number): string {
  const bytes = Uint8Array.from(hex === '' ? [] : hex.split(' '), (digits) => parseInt(digits, 16))
  const parsed = mappedParse(mapping)(new DataView(bytes.buffer), atMs)
  if ('type' in parsed) {
    return parsed.reason === 'truncated'
      ? 'The value shown is too short for these fields.'
      : 'These fields make nothing of the value shown.'
  }
  return parsed
    .map(({ quantity, value, unit }) =>
      `${quantityWords(quantity)} ${valueWords(quantity, value)} ${unitWords(quantity, unit)}`.trim(),
    )
    .join(', ')
}

const WORDS: Readonly<Record<MappingFault['type'], string>> = {
  'bad-service': 'This service has no name that can be kept.',
  'bad-characteristic': 'This value has no name that can be kept.',
  'no-fields': 'Name at least one field.',
  'too-many-fields': `A value has at most ${MAPPED_FIELDS_MAX} fields.`,
  'bad-quantity': 'its name is made of letters, digits and : . / _ -',
  'bad-unit': 'its unit is short and has no spaces',
  'bad-offset': `its first byte is a whole number from 0 to ${MAPPED_OFFSET_MAX}`,
  'bad-type': 'its type is not known',
  'bad-scale': 'its scale is a number other than 0',
  'bad-add': 'what is added to it is a number',
  repeated: 'another one has the same name; tell them apart as in “temperature/2”',
}

function faultWords(fault: MappingFault): string {
  const words = WORDS[fault.type]
  return 'field' in fault ? `Field ${fault.field + 1}: ${words}.` : words
}
