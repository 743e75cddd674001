import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { quantityOf } from '../../src/reading/quantities.ts'
import {
  ENVIRONMENTAL,
  environmentalParser,
  parseEsMeasurement,
  parseUserDescription,
} from '../../src/sensor/parse/environmental.ts'
import { frame, hexFrame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000

function parserOf(quantity: string) {
  const row = ENVIRONMENTAL.find((r) => r.quantity === quantity)
  if (row === undefined) throw new Error(`not in the table: ${quantity}`)
  return environmentalParser(row)
}

function read(quantity: string, hex: string) {
  const parsed = parserOf(quantity)(hexFrame(hex), AT_MS)
  return 'type' in parsed ? parsed.reason : parsed[0]?.value
}

/** By the GATT Specification Supplement: the lowest and highest that is allowed, in hex and in the unit of the quantity. */
const ENDS: [quantity: string, unit: string | undefined, low: [string, number], high: [string, number]][] = [
  ['temperature', 'Cel', ['4d95', -273.15], ['ff7f', 327.67]],
  ['humidity', '%RH', ['0000', 0], ['1027', 100]],
  ['pressure', 'Pa', ['00000000', 0], ['ffffffff', 429_496_729.5]],
  ['dew-point', 'Cel', ['80', -128], ['7f', 127]],
  ['heat-index', 'Cel', ['80', -128], ['7f', 127]],
  ['wind-chill', 'Cel', ['80', -128], ['7f', 127]],
  ['uv-index', undefined, ['00', 0], ['ff', 255]],
  ['wind-speed', 'm/s', ['0000', 0], ['ffff', 655.35]],
  ['wind-direction', 'deg', ['0000', 0], ['9f8c', 359.99]],
  ['rainfall', 'm', ['0000', 0], ['ffff', 65.535]],
  ['illuminance', 'lx', ['000000', 0], ['feffff', 167_772.14]],
  ['carbon-dioxide', '/', ['0000', 0], ['feff', 0.065534]],
  ['particulates-2.5', 'kg/m3', ['0000', 0], ['0100', 1]],
  ['particulates-10', 'kg/m3', ['0000', 0], ['0100', 1]],
]

describe('a characteristic of environmental sensing', () => {
  it('is each in the table once', () => {
    expect(ENVIRONMENTAL.map(({ quantity }) => quantity)).toEqual(ENDS.map(([quantity]) => quantity))
    expect(new Set(ENVIRONMENTAL.map(({ uuid }) => uuid)).size).toBe(ENVIRONMENTAL.length)
  })

  it.each(ENDS)('is read as %s from end to end of its range', (quantity, unit, low, high) => {
    for (const [hex, value] of [low, high]) {
      const reading = unit === undefined ? { quantity, value } : { quantity, unit, value }
      expect(parserOf(quantity)(hexFrame(hex), AT_MS)).toEqual([{ ...reading, atMs: AT_MS }])
    }
  })

  it('is rounded once', () => {
    expect(read('temperature', 'd807')).toBe(20.08)
    expect(read('temperature', '18fc')).toBe(-10)
    expect(read('humidity', 'e511')).toBe(45.81)
    expect(read('pressure', 'cd760f00')).toBe(101_345.3)
    expect(read('carbon-dioxide', 'a501')).toBe(0.000421)
    expect(read('illuminance', '393000')).toBe(123.45)
    // 350 µg/m³; in kilograms an SFLOAT has no finer step than 10 µg, since its exponents end at -8
    expect(read('particulates-2.5', '2380')).toBe(35e-8)
  })

  it('gives no reading of what is not known', () => {
    expect(read('temperature', '0080')).toBe('not-known')
    expect(read('humidity', 'ffff')).toBe('not-known')
    expect(read('illuminance', 'ffffff')).toBe('not-known')
    expect(read('carbon-dioxide', 'ffff')).toBe('not-known')
    for (const none of ['ff07', '0008', 'fe07', '0208', '0108'])
      expect(read('particulates-10', none)).toBe('not-known')
  })

  it('is malformed out of its range', () => {
    expect(read('temperature', '4c95')).toBe('out-of-range')
    expect(read('humidity', '1127')).toBe('out-of-range')
    expect(read('wind-direction', 'a08c')).toBe('out-of-range')
    expect(read('particulates-2.5', '0200')).toBe('out-of-range')
    expect(read('particulates-2.5', 'ff8f')).toBe('out-of-range')
  })

  it.each(ENDS)('is refused as %s when cut after any byte, and when one follows', (quantity, _, [hex]) => {
    for (const cut of truncations(hexFrame(hex)))
      expect(parserOf(quantity)(cut, AT_MS)).toMatchObject({
        reason: cut.byteLength === 0 ? 'empty' : 'truncated',
      })
    expect(read(quantity, `${hex} 00`)).toBe('trailing-bytes')
  })

  it('can be called by where it is measured', () => {
    const [temperature] = ENVIRONMENTAL
    const parse = temperature && environmentalParser(temperature, 'temperature/soil')
    expect(parse?.(hexFrame('e803'), AT_MS)).toEqual([
      { quantity: 'temperature/soil', unit: 'Cel', value: 10, atMs: AT_MS },
    ])
  })

  it('never throws, and never yields what cannot be packed or is out of its range', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ENDS),
        fc.uint8Array({ maxLength: 5 }),
        ([quantity, , low, high], bytes) => {
          const parsed = parserOf(quantity)(
            new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
            AT_MS,
          )
          if ('type' in parsed) return
          expect(parsed.map(readingFault)).toEqual([undefined])
          expect(parsed[0]?.value).toBeGreaterThanOrEqual(low[1])
          expect(parsed[0]?.value).toBeLessThanOrEqual(high[1])
        },
      ),
      { seed: 1, numRuns: 20_000 },
    )
  })
})

describe('a description of a characteristic', () => {
  it('says where it is measured and what is made of the samples', () => {
    // flags, sampling function, measurement period, update interval, application, uncertainty
    expect(parseEsMeasurement(hexFrame('0000 01 000000 000000 04 00'))).toEqual({
      application: 'soil',
      sampling: 'instantaneous',
    })
    expect(parseEsMeasurement(hexFrame('0000 04 100e00 3c0000 01 ff'))).toEqual({
      application: 'air',
      sampling: 'maximum',
    })
    expect(parseEsMeasurement(hexFrame('0000 07 000000 000000 21 00'))).toEqual({
      application: 'solar',
      sampling: 'count',
    })
  })

  it('numbers the places as the service does', () => {
    const place = (number: number) =>
      parseEsMeasurement(frame(0, 0, 0, 0, 0, 0, 0, 0, 0, number, 0))?.application
    expect([2, 6, 13, 19, 20, 27, 28].map(place)).toEqual([
      'water',
      'map-database',
      'front',
      'outdoor',
      'indoor',
      'inside',
      'outside',
    ])
  })

  it('leaves out what is unspecified or reserved', () => {
    for (const [sampling, application] of [
      ['00', '00'],
      ['08', '22'],
      ['ff', 'ff'],
    ] as const) {
      expect(parseEsMeasurement(hexFrame(`0000 ${sampling} 000000 000000 ${application} 00`))).toEqual({
        application: undefined,
        sampling: undefined,
      })
    }
  })

  it('is none when cut after any byte, and when one follows', () => {
    const whole = '0000 01 000000 000000 04 00'
    for (const cut of truncations(hexFrame(whole))) expect(parseEsMeasurement(cut)).toBeUndefined()
    expect(parseEsMeasurement(hexFrame(`${whole} 00`))).toBeUndefined()
  })

  it('names a quantity that can be packed, whatever it says', () => {
    for (let application = 0; application <= 255; application++) {
      const said = parseEsMeasurement(frame(0, 0, 1, 0, 0, 0, 0, 0, 0, application, 0))
      if (said?.application === undefined) continue
      const quantity = `temperature/${said.application}`
      expect(quantityOf(quantity)?.unit).toBe('Cel')
      expect(readingFault({ quantity, value: 1, atMs: AT_MS })).toBeUndefined()
    }
  })

  it('is a text of its user', () => {
    const described = (text: string) => parseUserDescription(frame(...new TextEncoder().encode(text)))
    expect(described('Stall, Nordwand')).toBe('Stall, Nordwand')
    expect(described(' Küche\u0000\n')).toBe('Küche')
    expect(described('🐄'.repeat(100))).toBe('🐄'.repeat(64))
    for (const nothing of ['', '  ', '\u0000\u0000']) expect(described(nothing)).toBeUndefined()
    expect(parseUserDescription(frame(0xff, 0xfe))).toBeUndefined()
    // A letter cut in two is no text.
    expect(parseUserDescription(frame(0x4b, 0xc3))).toBeUndefined()
  })
})
