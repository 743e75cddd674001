import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { makeParseNmea } from '../../src/sensor/parse/nmea.ts'

const AT_MS = 1_700_000_000_000

// The sentences that most descriptions of NMEA 0183 explain, first in D. DePriest, "NMEA data".
const GGA = '$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47'
const RMC = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A'
const VTG = '$GPVTG,054.7,T,034.4,M,005.5,N,010.2,K*48'
const GLL = '$GPGLL,4916.45,N,12311.12,W,225444,A,*1D'
const ZDA = '$GPZDA,201530.00,04,07,2002,00,00*60'
const ALL = [GGA, RMC, VTG, GLL, ZDA]

/** NOAA ship Sally Ride, 16 September 2019 (PSL, PISTON_2019, gps01925920_raw.txt): around a full hour. */
const SHIP = [
  '$GPHDT,228.02,T*0F',
  '$GPGGA,195959.00,1813.38282955,N,12606.12767097,E,2,07,1.4,17.2,M,36.5,M,4.0,0129*78',
  '$GPGLL,1813.38282955,N,12606.12767097,E,195959.00,A,D*6D',
  '$GPVTG,262.13,T,265.08,M,1.31,N,2.43,K,D*2D',
  '$GPZDA,195959.00,16,09,2019,00,00*6A',
  '$GPRMC,195959.00,A,1813.38282955,N,12606.12767097,E,1.31,262.13,160919,3.0,W,D*21',
  '$GPGSA,M,3,01,07,08,09,11,18,27,,,,,,2.7,1.4,2.4*33',
  '$GPGGA,200000.00,1813.38274046,N,12606.12733500,E,2,07,1.4,17.3,M,36.5,M,5.0,0129*7A',
  '$GPVTG,234.78,T,237.74,M,0.60,N,1.12,K,D*2D',
  '$GPRMC,200000.00,A,1813.38274046,N,12606.12733500,E,0.60,234.78,160919,3.0,W,D*28',
]

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

function sentence(body: string): string {
  const sum = [...ascii(body)].reduce((parity, byte) => parity ^ byte, 0)
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`
}

/** What one receiver's sentences say, each arriving `stepMs` after the other. */
function heard(sentences: readonly string[], stepMs = 10) {
  const take = makeParseNmea()
  return sentences.map((text, index) => take(ascii(text), AT_MS + index * stepMs))
}

function values(text: string) {
  const [parsed] = heard([text])
  if (parsed === undefined || 'type' in parsed) return parsed
  return Object.fromEntries(parsed.map(({ quantity, value }) => [quantity, value]))
}

describe('a sentence of a receiver', () => {
  it('is a fix with altitude and satellites', () => {
    expect(values(GGA)).toEqual({
      latitude: expect.closeTo(48.1173, 9) as number,
      longitude: expect.closeTo(11.516_666_667, 9) as number,
      altitude: 545.4,
      satellites: 8,
    })
  })

  it('is a fix with speed and course, at its own time', () => {
    const [parsed] = heard([RMC])
    expect(parsed).toEqual([
      {
        quantity: 'latitude',
        unit: 'lat',
        value: expect.closeTo(48.1173, 9) as number,
        atMs: 764_426_119_000,
      },
      {
        quantity: 'longitude',
        unit: 'lon',
        value: expect.closeTo(11.516_667, 6) as number,
        atMs: 764_426_119_000,
      },
      // 22.4 knots.
      {
        quantity: 'speed',
        unit: 'm/s',
        value: expect.closeTo(11.523_556, 6) as number,
        atMs: 764_426_119_000,
      },
      { quantity: 'heading', unit: 'deg', value: 84.4, atMs: 764_426_119_000 },
    ])
    expect(new Date(764_426_119_000).toISOString()).toBe('1994-03-23T12:35:19.000Z')
  })

  it('is speed over ground', () => {
    expect(values(VTG)).toEqual({ speed: expect.closeTo(2.829_444, 6) as number, heading: 54.7 })
  })

  it('is a place west and south of zero', () => {
    expect(values(GLL)).toEqual({
      latitude: expect.closeTo(49.274_166_667, 9) as number,
      longitude: expect.closeTo(-123.185_333_333, 9) as number,
    })
    expect(values(sentence('GPGLL,0000.00,S,00000.00,W,225444,A'))).toEqual({ latitude: 0, longitude: 0 })
    expect(values(sentence('GPGLL,9000.00,S,18000.00,W,225444,A'))).toEqual({
      latitude: -90,
      longitude: -180,
    })
  })

  it.each(['GP', 'GN', 'GL', 'GA', 'GB', 'II'])('may come from any talker: %s', (talker) => {
    expect(values(sentence(`${talker}VTG,054.7,T,,M,005.5,N,010.2,K,A`))).toMatchObject({ heading: 54.7 })
  })

  it('is that of arrival until there is a date, then of its day', () => {
    const times = heard([GGA, ZDA, '$GPGLL,4916.45,N,12311.12,W,225444,A,*1D']).map((parsed) =>
      'type' in parsed ? parsed.reason : parsed[0]?.atMs,
    )
    expect(times).toEqual([AT_MS, undefined, Date.UTC(2002, 6, 4, 22, 54, 44)])
  })

  it('after midnight is of the next day before that is said', () => {
    const gga = (time: string) => sentence(`GPGGA,${time},4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,`)
    const [, before, after] = heard([
      sentence('GPZDA,235959.50,31,12,2023,00,00'),
      gga('235959.900'),
      gga('000000.100'),
    ])
    expect(before).toMatchObject([{ atMs: Date.UTC(2023, 11, 31, 23, 59, 59, 900) }, {}, {}, {}])
    expect(after).toMatchObject([{ atMs: Date.UTC(2024, 0, 1, 0, 0, 0, 100) }, {}, {}, {}])
  })

  it('says once what a round of sentences says of one moment', () => {
    const said = heard(SHIP).map((parsed) =>
      'type' in parsed ? parsed.reason : parsed.map(({ quantity, atMs }) => `${quantity}@${atMs % 10_000}`),
    )
    const fix = (s: string) => [`latitude@${s}`, `longitude@${s}`]
    expect(said).toEqual([
      [],
      [...fix('0'), 'altitude@0', 'satellites@0'].map((text) =>
        text.replace('@0', `@${(AT_MS + 10) % 10_000}`),
      ),
      fix(`${(AT_MS + 20) % 10_000}`),
      [`speed@${(AT_MS + 30) % 10_000}`, `heading@${(AT_MS + 30) % 10_000}`],
      [],
      [...fix('9000'), 'speed@9000', 'heading@9000'],
      [],
      [...fix('0'), 'altitude@0', 'satellites@0'],
      ['speed@0', 'heading@0'],
      [],
    ])
  })

  it('of speed alone is of its arrival when the last fix is long ago', () => {
    const said = heard([RMC, VTG, VTG, VTG], 600)
    expect(said.map((parsed) => ('type' in parsed ? parsed.reason : parsed[0]?.atMs))).toEqual([
      764_426_119_000,
      undefined,
      AT_MS + 1200,
      AT_MS + 1800,
    ])
  })

  it.each([
    ['GGA without', 'GPGGA,123519,,,,,0,00,99.99,,,,,,'],
    ['GGA typed in', 'GPGGA,123519,4807.038,N,01131.000,E,7,08,0.9,545.4,M,46.9,M,,'],
    ['GGA simulated', 'GPGGA,123519,4807.038,N,01131.000,E,8,08,0.9,545.4,M,46.9,M,,'],
    ['RMC void', 'GPRMC,123519,V,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W'],
    ['RMC not valid', 'GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W,N'],
    ['GLL void', 'GPGLL,4916.45,N,12311.12,W,225444,V'],
    ['VTG not valid', 'GPVTG,,,,,,,,,N'],
  ])('without a fix gives nothing: %s', (_, body) => {
    expect(values(sentence(body))).toEqual({})
  })

  it.each(['GPGSV,3,1,12,01,43,189,44', 'PUBX,00,081350.00', 'GPTXT,01,01,02,ANTSTATUS=OK', 'X'])(
    'of a kind that is not read gives nothing: %s',
    (body) => expect(values(sentence(body))).toEqual({}),
  )

  it.each([
    ['another checksum', RMC.replace('*6A', '*6B'), 'bad-checksum'],
    ['no checksum', RMC.slice(0, -3), 'truncated'],
    ['too few fields', sentence('GPRMC,123519,A'), 'truncated'],
    ['61 minutes', sentence('GPGLL,4961.45,N,12311.12,W,225444,A'), 'out-of-range'],
    ['91 degrees', sentence('GPGLL,9100.00,N,12311.12,W,225444,A'), 'out-of-range'],
    ['no hemisphere', sentence('GPGLL,4916.45,,12311.12,W,225444,A'), 'out-of-range'],
    ['a course of 361 degrees', sentence('GPVTG,361.0,T,,M,005.5,N,010.2,K'), 'out-of-range'],
    ['a speed in letters', sentence('GPVTG,054.7,T,,M,fast,N,010.2,K'), 'out-of-range'],
    ['other text', 'hello', 'unknown'],
    ['nothing', '', 'empty'],
    ['bytes that are no text', '$GP\xff\xfe', 'not-text'],
  ])('is malformed with %s', (_, text, reason) => {
    expect(values(text)).toEqual({ type: 'malformed', reason, length: text.length })
  })

  it.each(ALL)('cut anywhere is refused: %s', (text) => {
    for (let length = 0; length < text.length; length++) {
      expect(values(text.slice(0, length))).toMatchObject({ type: 'malformed' })
    }
  })

  it.each(ALL)('with any one bit wrong is refused: %s', (text) => {
    for (let bit = 0; bit < text.length * 8; bit++) {
      const wrong = ascii(text)
      wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const parsed = makeParseNmea()(wrong, AT_MS)
      // Letters of the checksum may be small ones, and `!` begins sentences too.
      if (
        String.fromCharCode(...wrong)
          .toUpperCase()
          .slice(1) === text.slice(1)
      )
        continue
      expect(parsed).toMatchObject({ type: 'malformed' })
    }
  })

  it('never throws, and what it yields can be packed and is in range', () => {
    const field = fc.oneof(
      fc.constantFrom('', 'A', 'V', 'N', 'S', 'E', 'W', 'T', 'M', 'K', '1', '123519', '235960.999', '230394'),
      fc.constantFrom('4807.038', '01131.000', '9000.00', '18000.00', '310299', '31', '02', '2024', '9998'),
      fc.integer({ min: -9999, max: 99_999 }).map(String),
      fc.string({ maxLength: 6 }),
    )
    const kind = fc.constantFrom('GPGGA', 'GNRMC', 'GPGLL', 'GPVTG', 'GPZDA')
    const made = fc
      .tuple(kind, fc.array(field, { maxLength: 15 }))
      .map(([k, f]) => sentence([k, ...f].join(',')))
    const near = fc
      .tuple(fc.constantFrom(...ALL), fc.nat(11), field)
      .map(([text, at, other]) =>
        sentence(text.slice(1, -3).split(',').with(Math.min(at, 6), other).join(',')),
      )
    const limits: Record<string, readonly [number, number]> = {
      latitude: [-90, 90],
      longitude: [-180, 180],
      heading: [0, 360],
      satellites: [0, 999],
      altitude: [-20_000, 100_000],
      speed: [0, 10_289],
    }
    fc.assert(
      fc.property(fc.array(fc.oneof(made, near, fc.string()), { maxLength: 6 }), (sentences) => {
        for (const parsed of heard(sentences)) {
          if ('type' in parsed) continue
          for (const reading of parsed) {
            expect(readingFault(reading)).toBeUndefined()
            const [min, max] = limits[reading.quantity] ?? [NaN, NaN]
            expect(reading.value).toBeGreaterThanOrEqual(min)
            expect(reading.value).toBeLessThanOrEqual(max)
          }
        }
      }),
      { seed: 6, numRuns: 3000 },
    )
  })
})
