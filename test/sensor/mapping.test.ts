import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import {
  MAPPED_TYPES,
  type MappedField,
  mappedParse,
  type Mapping,
  mappingFault,
} from '../../src/sensor/parse/mapping.ts'
import { frame, hexFrame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000

function field(changes: Partial<MappedField> = {}): MappedField {
  return { quantity: 'level', offset: 0, type: 'u8', scale: 1, add: 0, ...changes }
}

function mapping(...fields: MappedField[]): Mapping {
  return {
    service: '0000ffe0-0000-1000-8000-00805f9b34fb',
    characteristic: '0000ffe1-0000-1000-8000-00805f9b34fb',
    fields,
  }
}

function valueOf(type: MappedField['type'], hex: string): unknown {
  const parsed = mappedParse(mapping(field({ type, offset: 1 })))(hexFrame(`ee ${hex}`), AT_MS)
  return 'type' in parsed ? parsed.reason : parsed[0]?.value
}

describe('a mapping of a person’s own', () => {
  it('reads the fields of a frame, scaled, with units', () => {
    const parse = mappedParse(
      mapping(
        field({ quantity: 'temperature', type: 'i16be', offset: 1, scale: 0.5, add: -40 }),
        field({ quantity: 'tank/2', unit: 'm3', type: 'u16le', offset: 3, scale: 2 }),
        field({ quantity: 'state', type: 'text', offset: 5 }),
        field({ quantity: 'flags' }),
      ),
    )
    expect(parse(hexFrame('07 0064 2a00 6f6b0a'), AT_MS)).toEqual([
      { quantity: 'temperature', unit: 'Cel', value: 10, atMs: AT_MS },
      { quantity: 'tank/2', unit: 'm3', value: 84, atMs: AT_MS },
      { quantity: 'state', value: 'ok', atMs: AT_MS },
      { quantity: 'flags', value: 7, atMs: AT_MS },
    ])
  })

  it.each<[MappedField['type'], string, unknown]>([
    ['u8', 'ff', 255],
    ['i8', 'ff', -1],
    ['u16le', '0180', 0x8001],
    ['i16le', '0180', 0x8001 - 0x10000],
    ['u16be', '8001', 0x8001],
    ['i16be', '8001', 0x8001 - 0x10000],
    ['u24le', '563412', 0x123456],
    ['u32le', '78563492', 0x92345678],
    ['i32le', '78563492', 0x92345678 - 2 ** 32],
    ['u32be', '92345678', 0x92345678],
    ['i32be', '92345678', 0x92345678 - 2 ** 32],
    ['f32le', '0000c03f', 1.5],
    ['f32be', '3fc00000', 1.5],
    ['f64le', '000000000000f83f', 1.5],
    ['text', '414243', 'ABC'],
  ])('reads %s', (type, hex, value) => {
    expect(valueOf(type, hex)).toBe(value)
    for (const cut of truncations(hexFrame(hex)).filter((rest) => type !== 'text' || rest.byteLength === 0)) {
      expect(valueOf(type, Buffer.from(cut.buffer, 0, cut.byteLength).toString('hex'))).toBe('truncated')
    }
  })

  it('leaves out a number that is none, and says so where there is no other', () => {
    const parse = mappedParse(mapping(field({ type: 'f32be' }), field({ quantity: 'b', offset: 4 })))
    expect(parse(hexFrame('7fc00000 05'), AT_MS)).toEqual([{ quantity: 'b', value: 5, atMs: AT_MS }])
    expect(valueOf('f64le', '000000000000f07f')).toBe('not-known')
  })

  it('is no reading of an empty frame or of bytes that are no text', () => {
    expect(mappedParse(mapping(field()))(frame(), AT_MS)).toMatchObject({ reason: 'empty' })
    expect(valueOf('text', 'ff')).toBe('not-text')
  })

  it('has none of these faults', () => {
    expect(mappingFault(mapping(field()))).toBeUndefined()
    expect(mappingFault({ ...mapping(field()), service: 'FFE0' })).toEqual({ type: 'bad-service' })
    expect(mappingFault({ ...mapping(field()), characteristic: 'battery_level' })).toEqual({
      type: 'bad-characteristic',
    })
    expect(mappingFault(mapping())).toEqual({ type: 'no-fields' })
    const many = Array.from({ length: 17 }, (_, i) => field({ quantity: `q${i}` }))
    expect(mappingFault(mapping(...many))).toEqual({ type: 'too-many-fields' })
    expect(mappingFault(mapping(...many.slice(1)))).toBeUndefined()
  })

  it.each<[string, Partial<MappedField>]>([
    ['bad-quantity', { quantity: '' }],
    ['bad-quantity', { quantity: 'no spaces' }],
    ['bad-quantity', { quantity: 'q'.repeat(65) }],
    ['bad-unit', { unit: 'not a unit' }],
    ['bad-unit', { unit: 'Cel', type: 'text' }],
    ['bad-offset', { offset: -1 }],
    ['bad-offset', { offset: 512 }],
    ['bad-offset', { offset: 0.5 }],
    ['bad-type', { type: 'toString' as MappedField['type'] }],
    ['bad-scale', { scale: 0 }],
    ['bad-scale', { scale: NaN }],
    ['bad-add', { add: Infinity }],
    ['repeated', { quantity: 'level' }],
  ])('does not have a field with %s: %o', (type, changes) => {
    const wrong = mapping(field(), field({ quantity: 'other', ...changes }))
    expect(mappingFault(wrong)).toEqual({ type, field: 1 })
    expect(() => mappedParse(wrong)).toThrow(RangeError)
  })

  it('never throws once it is without a fault, and what it yields can be packed', () => {
    const anyField = fc.record({
      quantity: fc.constantFrom('temperature', 'a', 'b/1', 'tyre-pressure/2'),
      offset: fc.integer({ min: 0, max: 12 }),
      type: fc.constantFrom(...MAPPED_TYPES),
      scale: fc.double({ noNaN: true }),
      add: fc.double({ noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(anyField, { maxLength: 4 }), fc.uint8Array({ maxLength: 20 }), (fields, bytes) => {
        const made = mapping(...fields)
        if (mappingFault(made) !== undefined) return
        const parsed = mappedParse(made)(frame(...bytes), AT_MS)
        if ('type' in parsed) return
        expect(parsed.length).toBeGreaterThan(0)
        for (const reading of parsed) expect(readingFault(reading)).toBeUndefined()
      }),
      { seed: 6, numRuns: 5000 },
    )
  })
})
