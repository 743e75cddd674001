import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { AT_MS_MAX, AT_MS_MIN, readingFault } from '../../src/reading/check.ts'
import type { Reading } from '../../src/reading/reading.ts'
import {
  decodePack,
  encodePack,
  PACK_BYTES_MAX,
  PACK_OVERHEAD_BYTES,
  packedBytesMax,
  RECORDS_MAX,
} from '../../src/reading/senml.ts'
import { anyBaseName, anyReading, fromHex, toHex } from './arbitrary.ts'

const AT_MS = 1_700_000_000_123

/** Seconds of a pack's base time, well after 1978. */
const BASE_S = 1_700_000_000

/** A pack of plain records, as some other program might encode it. */
function pack(...records: readonly (readonly (readonly [unknown, unknown])[])[]): Uint8Array {
  return encode(records.map((fields) => new Map(fields)))
}

/** A pack with every base field, by some other program. */
const FOREIGN = pack(
  // prettier-ignore
  [[-1, 10], [-2, 'urn:x:'], [-3, BASE_S], [-4, 'Cel'], [-5, 20], [0, 'a'], [2, 1.5]],
  // prettier-ignore
  [[0, 'b'], [1, '%RH'], [2, -1], [6, -1.5]],
  // prettier-ignore
  [[-3, BASE_S + 10], [-5, 0], [0, 'a'], [2, 3]],
  // prettier-ignore
  [[0, 'c'], [4, false]],
)

const READINGS: readonly Reading[] = [
  { quantity: 'rr-interval', unit: 's', value: 0.8125, atMs: AT_MS },
  { quantity: 'heart-rate', unit: 'beat/min', value: 72, atMs: AT_MS + 813 },
  { quantity: 'skin-contact', value: true, atMs: AT_MS + 813 },
]

const OURS = encodePack(READINGS, 'urn:dev:1')

function reasonOf(bytes: Uint8Array): string {
  const decoded = decodePack(bytes)
  return decoded.type === 'malformed' ? decoded.reason : 'none'
}

describe('a SenML pack', () => {
  it('has these bytes, for ever', () => {
    const bytes = [
      '83',
      // name, value, base name, base time, base unit
      'a5 00 6b 72722d696e74657276616c 02 f93a80 21 69 75726e3a6465763a31 22 fb41d954fc4007df3b 23 61 73',
      // name, unit, value, time
      'a4 00 6a 68656172742d72617465 01 68 626561742f6d696e 02 1848 06 fb3fea04189374bc6a',
      // name, truth value, time
      'a3 00 6c 736b696e2d636f6e74616374 04 f5 06 fb3fea04189374bc6a',
    ]
    const hex = bytes.join('').replaceAll(' ', '')

    expect(toHex(OURS)).toBe(hex)
    expect(decodePack(fromHex(hex))).toEqual({ type: 'pack', baseName: 'urn:dev:1', readings: READINGS })
  })

  it('gives back every reading exactly, to the millisecond', () => {
    const anyPack = fc.array(anyReading, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(anyPack, anyBaseName, (readings, baseName) => {
        expect(decodePack(encodePack(readings, baseName))).toEqual({ type: 'pack', baseName, readings })
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('keeps any two milliseconds from 1978 to the year 9999, however far apart', () => {
    const atMs = fc.oneof(
      fc.integer({ min: AT_MS_MIN, max: AT_MS_MAX }),
      fc.constantFrom(AT_MS_MIN, AT_MS_MAX, AT_MS),
    )
    fc.assert(
      fc.property(atMs, atMs, (firstMs, secondMs) => {
        const readings = [firstMs, secondMs].map((ms): Reading => ({ quantity: 'q', value: 1, atMs: ms }))
        const decoded = decodePack(encodePack(readings, ''))
        if (decoded.type === 'malformed') return false
        return decoded.readings[0]?.atMs === firstMs && decoded.readings[1]?.atMs === secondMs
      }),
      { seed: 2, numRuns: 20_000 },
    )
  })

  it('takes no more bytes than was foretold', () => {
    fc.assert(
      fc.property(
        fc.array(anyReading, { minLength: 1, maxLength: 20 }),
        anyBaseName,
        (readings, baseName) => {
          const bound = readings.reduce((sum, reading) => sum + packedBytesMax(reading), PACK_OVERHEAD_BYTES)
          expect(encodePack(readings, baseName).length).toBeLessThanOrEqual(bound)
        },
      ),
      { seed: 3, numRuns: 500 },
    )
  })

  it('is not made of readings that cannot be packed', () => {
    const good: Reading = { quantity: 'q', unit: 'Cel', value: 1, atMs: AT_MS }
    const bad: readonly (readonly [Partial<Reading>, string])[] = [
      [{ value: NaN }, 'bad-value'],
      [{ value: -Infinity }, 'bad-value'],
      [{ quantity: '' }, 'bad-quantity'],
      [{ quantity: 'a b' }, 'bad-quantity'],
      [{ quantity: '-q' }, 'bad-quantity'],
      [{ quantity: 'q'.repeat(65) }, 'bad-quantity'],
      [{ unit: '' }, 'bad-unit'],
      [{ unit: '°C' }, 'bad-unit'],
      [{ unit: 'u'.repeat(33) }, 'bad-unit'],
      [{ value: true }, 'bad-unit'],
      [{ atMs: 0.5 + AT_MS }, 'bad-time'],
      [{ atMs: NaN }, 'bad-time'],
      [{ atMs: AT_MS_MIN - 1 }, 'bad-time'],
      [{ atMs: AT_MS_MAX + 1 }, 'bad-time'],
    ]
    expect(readingFault(good)).toBeUndefined()
    for (const [change, fault] of bad) {
      const reading = { ...good, ...change }
      expect(readingFault(reading)).toBe(fault)
      expect(() => encodePack([reading], '')).toThrow(fault)
    }
    expect(() => encodePack([], '')).toThrow(RangeError)
    expect(() => encodePack(new Array<Reading>(RECORDS_MAX + 1).fill(good), '')).toThrow(RangeError)
    expect(() => encodePack([good], '-name')).toThrow(RangeError)
  })
})

describe('a pack from outside', () => {
  it('has its base values resolved, each until it is given again', () => {
    expect(decodePack(FOREIGN)).toEqual({
      type: 'pack',
      baseName: 'urn:x:',
      readings: [
        { quantity: 'a', unit: 'Cel', value: 21.5, atMs: BASE_S * 1000 },
        { quantity: 'b', unit: '%RH', value: 19, atMs: BASE_S * 1000 - 1500 },
        { quantity: 'a', unit: 'Cel', value: 3, atMs: (BASE_S + 10) * 1000 },
        { quantity: 'c', value: false, atMs: (BASE_S + 10) * 1000 },
      ],
    })
  })

  it('may write numbers as decimal fractions', () => {
    const tagged = fromHex('81a3 0061 71 02c48220190ce4 22c482221b0000018bcfe5687b'.replaceAll(' ', ''))
    expect(decodePack(tagged)).toMatchObject({ readings: [{ quantity: 'q', value: 330, atMs: AT_MS }] })
    const huge = fromHex('81a300617102c4821a7fffffff01221a6553f100')
    expect(reasonOf(huge)).toBe('not-cbor')
  })

  it('may say more than is understood, unless understanding it is a must', () => {
    const known: [unknown, unknown][] = [
      [0, 'q'],
      [2, 1],
      [6, BASE_S],
    ]
    const reading = { quantity: 'q', value: 1, atMs: BASE_S * 1000 }
    const extended = pack([...known, ['note', ['any', new Map([[1, 2]])]], [5, 9], [7, 60], [99, null]])
    expect(decodePack(extended)).toEqual({ type: 'pack', baseName: '', readings: [reading] })
    expect(decodePack(pack(known, [...known, ['note_', 1]]))).toEqual({
      type: 'malformed',
      reason: 'must-understand',
      record: 1,
    })
  })

  const refusals: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing at all', new Uint8Array(0), 'not-cbor'],
    ['text', encode('pack'), 'not-a-pack'],
    ['a single record', encode(new Map([[2, 1]])), 'not-a-pack'],
    ['no record', pack(), 'empty'],
    ['too many records', encode(new Array(RECORDS_MAX + 1).fill(0)), 'too-many-records'],
    ['more bytes than a block', new Uint8Array(PACK_BYTES_MAX + 1), 'too-long'],
    ['a record that is a list', encode([[1, 2]]), 'not-a-record'],
    ['bytes after the pack', Uint8Array.of(...pack([[2, 1]]), 0), 'not-cbor'],
    ['an indefinite length', fromHex('9fa10201ff'), 'not-cbor'],
    ['a break inside a record', fromHex('81a102ff'), 'not-cbor'],
    ['a label twice', fromHex('81a202010202'), 'not-cbor'],
    ['NaN', fromHex('81a102f97e00'), 'not-cbor'],
    ['infinity', fromHex('81a102f97c00'), 'not-cbor'],
    ['an integer beyond 2^53', fromHex('81a1021bffffffffffffffff'), 'not-cbor'],
    ['a foreign tag', fromHex('81a102c101'), 'not-cbor'],
    ['a thousand lists in one another', new Uint8Array(PACK_BYTES_MAX).fill(0x81), 'not-cbor'],
    ['tags in one another', new Uint8Array(PACK_BYTES_MAX).fill(0xc4), 'not-cbor'],
    ['a version to come', pack([[-1, 11]]), 'bad-version'],
    ['a base name with a space', pack([[-2, 'a b']]), 'bad-base-name'],
    ['a base name that is a number', pack([[-2, 7]]), 'bad-base-name'],
    ['a base name without end', pack([[-2, 'a'.repeat(129)]]), 'bad-base-name'],
    ['a base time that is text', pack([[-3, 'now']]), 'bad-base'],
    ['a base unit that is null', pack([[-4, null]]), 'bad-base'],
    ['a base value that is a truth value', pack([[-5, true]]), 'bad-base'],
    ['a name that is bytes', pack([[0, Uint8Array.of(1)]]), 'bad-field'],
    ['a time that is text', pack([[0, 'q'], [2, 1], [6, 'now']]), 'bad-field'], // prettier-ignore
    ['a value that is text', pack([[0, 'q'], [2, '1']]), 'bad-field'], // prettier-ignore
    ['a truth value that is a number', pack([[0, 'q'], [4, 1]]), 'bad-field'], // prettier-ignore
    ['no value', pack([[0, 'q'], [5, 10]]), 'no-value'], // prettier-ignore
    ['a text that is no text', pack([[0, 'q'], [3, 1]]), 'bad-field'], // prettier-ignore
    ['an empty text', pack([[0, 'q'], [3, '']]), 'bad-value'], // prettier-ignore
    ['a text that has no end', pack([[0, 'q'], [3, 'x'.repeat(257)]]), 'bad-value'], // prettier-ignore
    ['two values', pack([[0, 'q'], [2, 1], [4, true]]), 'several-values'], // prettier-ignore
    ['no quantity', pack([[2, 1], [6, BASE_S]]), 'bad-quantity'], // prettier-ignore
    ['a time relative to now', pack([[0, 'q'], [2, 1], [6, -5]]), 'bad-time'], // prettier-ignore
    ['a time beyond all calendars', pack([[0, 'q'], [2, 1], [6, 1e300]]), 'bad-time'], // prettier-ignore
    ['a sum that overflows', pack([[-5, 1e308], [0, 'q'], [2, 1e308], [6, BASE_S]]), 'bad-value'], // prettier-ignore
  ]
  it.each(refusals)('is refused with %s', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toBe(reason)
  })

  it('is refused with several base names, and the record is named', () => {
    const first: [unknown, unknown][] = [
      [-2, 'a:'],
      [0, 'q'],
      [2, 1],
      [6, BASE_S],
    ]
    expect(decodePack(pack(first, [[-2, 'b:'], ...first.slice(1)]))).toEqual({
      type: 'malformed',
      reason: 'several-base-names',
      record: 1,
    })
  })

  // The library throws at nearly every case below, and vitest makes each error dear.
  vi.setConfig({ testTimeout: 30_000 })

  it('never makes the decoder throw: random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => isVerdict(decodePack(bytes).type)),
      { seed: 4, numRuns: 40_000 },
    )
  })

  it('never makes the decoder throw: mutated packs, and what still decodes can be packed again', () => {
    const mutation = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))
    const packs = [OURS, FOREIGN]
    fc.assert(
      fc.property(
        fc.constantFrom(...packs),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (bytes, mutations) => {
          const mutated = bytes.slice()
          for (const [at, byte] of mutations) mutated[at % mutated.length] = byte
          const decoded = decodePack(mutated)
          if (decoded.type === 'malformed') return true
          const repacked = encodePack(decoded.readings, decoded.baseName)
          const again = decodePack(repacked)
          return (
            again.type === 'pack' && toHex(encodePack(again.readings, again.baseName)) === toHex(repacked)
          )
        },
      ),
      { seed: 5, numRuns: 40_000 },
    )
  })

  it('never makes the decoder throw: every kind of field anywhere', () => {
    const label = fc.oneof(fc.integer({ min: -7, max: 9 }), fc.constantFrom('x', 'x_', null, 1.5))
    const value = fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.string(), fc.constant(null))
    const record = fc.array(fc.tuple(label, value), { maxLength: 6 }).map((fields) => new Map(fields))
    fc.assert(
      fc.property(fc.array(record, { maxLength: 3 }), (records) =>
        isVerdict(decodePack(encode(records)).type),
      ),
      { seed: 6, numRuns: 20_000 },
    )
  })

  it('may nest what is ignored a little, not deeply', () => {
    const nested = (depth: number) =>
      encode([new Map<unknown, unknown>([[0, 'q'], [2, 1], [6, BASE_S], ['deep', nest(depth)]])]) // prettier-ignore
    expect(reasonOf(nested(6))).toBe('none')
    expect(reasonOf(nested(7))).toBe('not-cbor')
  })
})

/** Cheaper than `expect`, which tens of thousands of cases would feel. */
function isVerdict(type: string): boolean {
  return type === 'pack' || type === 'malformed'
}

function nest(depth: number): unknown {
  return depth === 0 ? 0 : [nest(depth - 1)]
}
