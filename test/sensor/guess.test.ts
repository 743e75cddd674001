import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BAUD_RATES, guess } from '../../src/sensor/parse/guess.ts'

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

const NMEA = [
  '$GPGGA,195959.00,1813.38282955,N,12606.12767097,E,2,07,1.4,17.2,M,36.5,M,4.0,0129*78',
  '$GPGSA,M,3,01,07,08,09,11,18,27,,,,,,2.7,1.4,2.4*33',
  '$GPVTG,262.13,T,265.08,M,1.31,N,2.43,K,D*2D',
  '$GPRMC,195959.00,A,1813.38282955,N,12606.12767097,E,1.31,262.13,160919,3.0,W,D*21',
]
const TELEGRAM = '\x02171A9253A34830010000000000'.padEnd(27, '0') + '\x07\xf8\x03'

/** Some seconds of each, beginning anywhere. */
const SPOKEN = {
  nmea: `34,N,00516.97,E*1F\r\n${NMEA.join('\r\n')}\r\n$GPG`,
  json: `":21.4}\n{"temp":21.5,"hum":40}\n{"temp":21.6,"hum":40}\n{"te`,
  csv: '.5,40\r\n21.6,40,1013\r\n21.7,41,1013\r\n21.7,41,1012\r\n21.',
  'csv with a header': 'Starting\r\ntemp;hum\r\n21,5;40\r\n21,6;41\r\n',
  'tag in text': 'LA 982 000001088420\r\nLA 982 000001088421\r\n',
  'tag in telegrams': TELEGRAM.repeat(3),
} as const

const UNDERSTOOD = {
  nmea: [{ type: 'line' }, 'nmea'],
  json: [{ type: 'line' }, 'json'],
  csv: [{ type: 'line' }, 'csv'],
  'csv with a header': [{ type: 'line' }, 'csv'],
  'tag in text': [{ type: 'line' }, 'animal-tag'],
  'tag in telegrams': [{ type: 'stx-etx', bytes: 28 }, 'animal-tag'],
} as const

/**
 * What a receiver makes of bytes sent at another speed: the line's level over time (8 data bits, one stop bit, idle
 * high, a short pause after each 40 bytes), read as hardware does, from the falling edge and in the middle of each bit.
 */
function misheard(sent: Uint8Array, sentBaud: number, heardBaud: number): Uint8Array {
  const levels: number[] = [1, 1, 1]
  sent.forEach((byte, index) => {
    levels.push(0, ...Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1), 1)
    if (index % 40 === 39) levels.push(...Array.from({ length: 15 }, () => 1))
  })
  const bit = sentBaud / heardBaud
  const level = (at: number) => levels[Math.floor(at)] ?? 1
  const heard: number[] = []
  for (let at = 0; at < levels.length; at += 0.05) {
    if (level(at) === 1) continue
    heard.push(Array.from({ length: 8 }, (_, n) => level(at + (n + 1.5) * bit) << n).reduce((a, b) => a | b))
    at += 9.5 * bit
    while (at < levels.length && level(at) === 0) at += 0.05
  }
  return Uint8Array.from(heard)
}

const names = Object.keys(SPOKEN) as (keyof typeof SPOKEN)[]

describe('a guess from what a line says', () => {
  it.each(names)('knows %s', (name) => {
    const { framing, decoder, confidence } = guess(ascii(SPOKEN[name]))
    expect([framing, decoder]).toEqual(UNDERSTOOD[name])
    expect(confidence).toBeGreaterThan(0.6)
  })

  it('knows stuffed frames, though not what is in them', () => {
    const frame = [4, 0x11, 0x22, 0x33, 3, 0xff, 0x80, 0]
    const heard = Uint8Array.of(0x80, 0, ...frame, ...frame, ...frame, ...frame, 4)
    expect(guess(heard)).toMatchObject({ framing: { type: 'cobs' }, decoder: 'unknown', confidence: 1 })
  })

  it('knows text of which it knows no more, and is less sure of it', () => {
    const { framing, decoder, confidence } = guess(ascii('Weight: ok +12.3 kg\r\nWeight: ok +12.4 kg\r\n'))
    expect([framing, decoder]).toEqual([{ type: 'line' }, 'unknown'])
    expect(confidence).toBeGreaterThan(0)
    expect(confidence).toBeLessThan(guess(ascii(SPOKEN.csv)).confidence)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['too little', ascii('1,2\n3,4\n')],
    ['zeros', new Uint8Array(500)],
    ['a line held high', new Uint8Array(500).fill(0xff)],
    ['one endless line', ascii('x'.repeat(5000))],
  ])('is none from %s', (_, heard) => {
    expect(guess(heard)).toMatchObject({ decoder: 'unknown', confidence: 0 })
  })

  it('is none from noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 600 }), (noise) => {
        expect(guess(noise).confidence).toBe(0)
      }),
      { seed: 10, numRuns: 2000 },
    )
  })

  it('never throws, and its confidence is a share', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          ...NMEA,
          TELEGRAM,
          '{"a":1}',
          '1,2,3',
          '982000001088420',
          '\r\n',
          '\0',
          '\x02',
          '\x03',
        ),
        fc.string(),
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(pieces, (texts) => {
        const { confidence } = guess(new TextEncoder().encode(texts.join('')))
        expect(confidence).toBeGreaterThanOrEqual(0)
        expect(confidence).toBeLessThanOrEqual(1)
      }),
      { seed: 11, numRuns: 1000 },
    )
  })
})

describe('the speed of a line', () => {
  it('misheard at its own speed is what was sent', () => {
    expect(misheard(ascii(SPOKEN.nmea), 9600, 9600)).toEqual(ascii(SPOKEN.nmea))
  })

  it.each(names.flatMap((name) => [4800, 9600, 115_200].map((baud) => [name, baud] as const)))(
    'is the only one at which it is understood: %s at %i',
    (name, sentBaud) => {
      const understood = BAUD_RATES.filter(
        (baud) => guess(misheard(ascii(SPOKEN[name]), sentBaud, baud)).decoder !== 'unknown',
      )
      expect(understood).toEqual([sentBaud])
    },
  )
})
