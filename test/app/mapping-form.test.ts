import { describe, expect, it } from 'vitest'
import { rawWords, typeWords, uuidWords } from '../../src/app/form-words.ts'
import {
  knownMappings,
  mappedFieldsOf,
  mappingOf,
  newMappedField,
  previewWords,
} from '../../src/app/mapping-form.ts'
import { writeSource } from '../../src/app/source.ts'
import { MAPPED_TYPES } from '../../src/sensor/parse/mapping.ts'
import { MODBUS_TYPES } from '../../src/sensor/parse/modbus.ts'

const OF = {
  service: '0000fff0-0000-1000-8000-00805f9b34fb',
  characteristic: '0000fff1-0000-1000-8000-00805f9b34fb',
}
const temperature = { ...newMappedField(), quantity: 'temperature', type: 'i16le' as const, scale: '0,01' }

describe('what the bytes of an unknown device mean', () => {
  it('is said of the value that is there while it is typed', () => {
    const mapping = mappingOf(OF, [
      temperature,
      { ...newMappedField(), quantity: 'level', unit: 'm', offset: '2' },
    ])
    if (typeof mapping === 'string') throw new Error(mapping)
    expect(previewWords(mapping, 'a4 08 07', 0)).toBe('Temperature 22.1 °C, level 7.00 m')
    expect(previewWords(mapping, '5c f7 00', 0)).toBe('Temperature -22.1 °C, level 0.00 m')
    expect(previewWords(mapping, 'a4 08', 0)).toMatch(/too short/)
    expect(previewWords(mapping, '', 0)).toMatch(/nothing of/)
  })

  it('is shown in a form as it was kept', () => {
    const mapping = mappingOf(OF, [temperature])
    if (typeof mapping === 'string') throw new Error(mapping)
    expect(mappingOf(OF, mapping.fields.map(mappedFieldsOf))).toEqual(mapping)
    expect(mapping.fields).toEqual([
      { quantity: 'temperature', offset: 0, type: 'i16le', scale: 0.01, add: 0 },
    ])
  })

  it('is known of things that are there, of the newest first, and of nothing else', () => {
    const [old, other] = [mappingOf(OF, [temperature]), mappingOf(OF, [{ ...temperature, offset: '4' }])]
    if (typeof old === 'string' || typeof other === 'string') throw new Error('no mapping')
    const things = [
      { name: 'Barn', source: writeSource({ type: 'mapping', deviceId: 'a', mapping: old })! },
      { name: 'Strap', source: writeSource({ type: 'profile', deviceId: 'b' })! },
      { name: 'Room' },
      { name: 'Shed', source: writeSource({ type: 'mapping', mapping: other })! },
      { name: 'Torn', source: '{"version":1,"source":{"type":"mapping"}}' },
    ]
    expect(knownMappings(things)).toEqual([
      { name: 'Shed', mapping: other },
      { name: 'Barn', mapping: old },
    ])
  })

  it('is refused in words that name the field', () => {
    expect(mappingOf(OF, [])).toMatch(/at least one/)
    expect(mappingOf(OF, [newMappedField()])).toMatch(/^Field 1: its name/)
    expect(mappingOf(OF, [temperature, { ...temperature, quantity: 'humidity', offset: '-1' }])).toMatch(
      /^Field 2: its first byte/,
    )
    expect(mappingOf(OF, [temperature, temperature])).toMatch(/same name/)
    expect(mappingOf(OF, [{ ...temperature, scale: '0' }])).toMatch(/other than 0/)
  })
})

describe('what a device offers', () => {
  it('is named short', () => {
    expect(uuidWords(OF.service)).toBe('fff0')
    expect(uuidWords('6e400001-b5a3-f393-e0a9-e50e24dcca9e')).toBe('6e400001…')
  })

  it('shows its bytes, and says where there are none', () => {
    const raw = {
      service: OF.service,
      uuid: OF.characteristic,
      canRead: true,
      canFollow: false,
      isFollowed: false,
    }
    expect(rawWords(raw)).toBe('nothing yet')
    expect(rawWords({ ...raw, canRead: false })).toBe('cannot be read')
    expect(rawWords({ ...raw, value: { hex: '', byteLength: 0, atMs: 0 } })).toBe('empty')
    expect(rawWords({ ...raw, value: { hex: '01 02', byteLength: 100, atMs: 0 } })).toBe(
      '01 02 … (100 bytes)',
    )
  })

  it('has a name of its own for every type of number', () => {
    for (const types of [MAPPED_TYPES, MODBUS_TYPES])
      expect(new Set(types.map(typeWords)).size).toBe(types.length)
    expect(typeWords('i16le')).toBe('16 bits, signed, low first')
    expect(typeWords('f32le-words')).toBe('32 bits, float, low first')
  })
})
