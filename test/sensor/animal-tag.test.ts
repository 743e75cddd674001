import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { makeParseAnimalTag } from '../../src/sensor/parse/animal-tag.ts'

const AT_MS = 1_700_000_000_000

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
const parse = (frame: Uint8Array) => makeParseAnimalTag()(frame, AT_MS)
const tag = (digits: string, atMs = AT_MS) => [{ quantity: 'animal-tag', value: digits, atMs }]

/** The example in the manual of the WL-134A, without STX and ETX. */
const TELEGRAM = Uint8Array.of(...ascii('171A9253A34830010000000000'.padEnd(26, '0')), 0x07, 0xf8)

/** The answer "8 byte data + 2 byte BCC" in the protocol of the 134K-RW-USB-D1. */
const ON_AIR = Uint8Array.of(0xbe, 0x78, 0xa2, 0x21, 0xda, 0x1e, 0x00, 0x80, 0xd6, 0x0f)

describe('an animal tag', () => {
  it.each([
    'LA_982_000001088420', // Allflex panel reader, manual V2.3, table 2
    'LA 982 000001088420',
    'LA 00000 0 982 000001088420', // the same, TIRIS S2000 format
    '982_000001088420',
    '982000001088420',
    'X982000001088420',
    ' 982 000001088420\r',
  ])('is fifteen digits in %s', (text) => {
    expect(parse(ascii(text.trim()))).toEqual(tag('982000001088420'))
  })

  it('is 64 bits in hexadecimal digits', () => {
    // 985 121004515220, a sample of the Proxmark3 client, with its animal bit.
    expect(parse(ascii('8000F65C2C6E5F94'))).toEqual(tag('985121004515220'))
    expect(parse(ascii('8000f65c2c6e5f94'))).toEqual(tag('985121004515220'))
    // The sample of the R package ISO11784Tools, whose readers also send it last bit first, which is no tag here.
    expect(parse(ascii('8000F9DCBE991A14'))).toEqual(tag('999123456789012'))
    expect(parse(ascii('2858997D3B9F0001'))).toMatchObject({ reason: 'unknown' })
  })

  it('is a code and its CRC, as bytes or as digits', () => {
    expect(parse(ON_AIR)).toEqual(tag('123112233445566'))
    expect(parse(ascii('BE78A221DA1E0080D60F'))).toEqual(tag('123112233445566'))
  })

  it('is a telegram of a module', () => {
    expect(parse(TELEGRAM)).toEqual(tag('900250000023921'))
  })

  it('keeps the leading zeros of its country, and of its number', () => {
    expect(parse(ascii('036 000000000001'))).toEqual(tag('036000000000001'))
  })

  it('may be one for tests', () => {
    expect(parse(ascii('999 000000001008'))).toEqual(tag('999000000001008'))
  })

  it.each([
    ['no country', '000 000000000001', 'out-of-range'],
    ['a number of more than 38 bits', '982 274877906944', 'out-of-range'],
    ['a country of four digits', '8000FFFFFFFFFFFF', 'out-of-range'],
    ['no animal', '0000F65C2C6E5F94', 'unknown'],
    ['an industrial tag', 'LR 0006 0000000018514348', 'unknown'],
    ['other text', 'Reader ready', 'unknown'],
    ['nothing', '', 'empty'],
    ['no text', '\xff\xfe982000001088420', 'not-text'],
  ])('is none with %s', (_, text, reason) => {
    expect(parse(ascii(text))).toEqual({ type: 'malformed', reason, length: text.length })
  })

  it.each([
    ['code and CRC', ON_AIR],
    ['telegram', TELEGRAM],
  ])('is refused when any bit of its %s is wrong', (_, frame) => {
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const wrong = frame.slice()
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(parse(wrong)).toMatchObject({ type: 'malformed' })
    }
    expect(parse(Uint8Array.of(...frame.slice(0, -1), (frame.at(-1) ?? 0) ^ 1))).toMatchObject({
      reason: 'bad-checksum',
    })
  })

  it.each([
    ['text', ascii('LA 982 000001088420')],
    ['hexadecimal digits', ascii('8000F65C2C6E5F94')],
    ['code and CRC', ON_AIR],
    ['code and CRC in digits', ascii('BE78A221DA1E0080D60F')],
    ['telegram', TELEGRAM],
  ])('cut anywhere is refused: %s', (_, frame) => {
    for (let length = 0; length < frame.length; length++) {
      expect(parse(frame.slice(0, length))).toMatchObject({ type: 'malformed' })
    }
  })

  it('held at the reader is one reading in two seconds, while others come between', () => {
    const take = makeParseAnimalTag()
    const [a, b] = [ascii('982000001088420'), ascii('982000001088421')]
    const readings = [0, 100, 1999, 2000, 2100].flatMap((ms) => {
      const both = [take(a, AT_MS + ms), take(b, AT_MS + ms)]
      return both.flatMap((parsed) => ('type' in parsed ? [] : parsed.map(({ atMs }) => atMs - AT_MS)))
    })
    expect(readings).toEqual([0, 0, 2000, 2000])
  })

  it('is read again when the clock was put back', () => {
    const take = makeParseAnimalTag()
    const frame = ascii('982000001088420')
    expect(take(frame, AT_MS)).toHaveLength(1)
    expect(take(frame, AT_MS - 60_000)).toHaveLength(1)
  })

  it('is one of a flock that no memory holds whole', () => {
    const take = makeParseAnimalTag()
    const read = (animal: number) => take(ascii(`982${`${animal}`.padStart(12, '0')}`), AT_MS)
    for (let animal = 1; animal <= 65; animal++) expect(read(animal)).toHaveLength(1)
    expect(read(65)).toEqual([])
    expect(read(1)).toHaveLength(1)
  })

  it('never throws, and what it yields is fifteen digits that can be packed', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdefLA _'), maxLength: 30 })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 32 }),
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      digits.map(ascii),
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 15, maxLength: 16 }).map(ascii),
    )
    fc.assert(
      fc.property(bytes, (frame) => {
        const parsed = parse(frame)
        if ('type' in parsed) return
        for (const reading of parsed) {
          expect(readingFault(reading)).toBeUndefined()
          expect(reading.value).toMatch(/^\d{15}$/)
          expect(Number(`${reading.value}`.slice(3))).toBeLessThan(2 ** 38)
        }
      }),
      { seed: 5, numRuns: 5000 },
    )
  })
})
