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
import { serialText } from './texts/serial/text.ts'
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
  const text = serialText()
  const bytes = Uint8Array.from(hex === '' ? [] : hex.split(' '), (digits) => parseInt(digits, 16))
  const parsed = mappedParse(mapping)(new DataView(bytes.buffer), atMs)
  if ('type' in parsed) {
    return parsed.reason === 'truncated' ? text.tooShort : text.nothingMade
  }
  return parsed
    .map(({ quantity, value, unit }) =>
      `${quantityWords(quantity)} ${valueWords(quantity, value)} ${unitWords(quantity, unit)}`.trim(),
    )
    .join(text.comma)
}

function faultWords(fault: MappingFault): string {
  const text = serialText()
  const faults = text.mappingFaults
  const words: Readonly<Record<MappingFault['type'], string>> = {
    'bad-service': faults.badService,
    'bad-characteristic': faults.badCharacteristic,
    'no-fields': faults.noFields,
    'too-many-fields': faults.tooManyFields(MAPPED_FIELDS_MAX),
    'bad-quantity': text.badQuantity,
    'bad-unit': text.badUnit,
    'bad-offset': faults.badOffset(MAPPED_OFFSET_MAX),
    'bad-type': faults.badType,
    'bad-scale': text.badScale,
    'bad-add': faults.badAdd,
    repeated: faults.repeated,
  }
  return 'field' in fault ? text.rows.field.fault(fault.field + 1, words[fault.type]) : words[fault.type]
}
