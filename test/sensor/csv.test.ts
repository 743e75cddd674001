import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { makeParseCsv } from '../../src/sensor/parse/csv.ts'

const AT_MS = 1_700_000_000_000

/** What each line in turn says: quantity, value and unit of each reading, or what is wrong. */
function said(...lines: readonly string[]) {
  const take = makeParseCsv()
  return lines.map((line) => {
    const parsed = take(new TextEncoder().encode(line), AT_MS)
    if ('type' in parsed) return parsed.reason
    return parsed.map(({ quantity, value, unit }) =>
      unit === undefined ? [quantity, value] : [quantity, value, unit],
    )
  })
}

const close = (value: number) => expect.closeTo(value, 9) as number

describe('lines of separated values', () => {
  it('have a header with units', () => {
    expect(said('temp (°C),Humidity [%],pressure (hPa),flow (l/min)', '21.5,40,1013.25,3')).toEqual([
      [],
      [
        ['temperature', 21.5, 'Cel'],
        ['humidity', 40, '%RH'],
        ['pressure', 101_325, 'Pa'],
        ['flow-l/min', 3],
      ],
    ])
  })

  it('convert what is in other units, also of quantities not known here', () => {
    expect(said('temperature (°F);tank (cm);weight [g];light (%)', '50;120;250;40')[1]).toEqual([
      ['temperature', close(10), 'Cel'],
      ['tank', close(1.2), 'm'],
      ['weight', close(0.25), 'kg'],
      ['light', close(0.4), '/'],
    ])
  })

  it.each([
    ['pressure (mmHg)', ['pressure', close(21 * 133.322_387_415), 'Pa']],
    ['tyre-pressure (psi)', ['tyre-pressure', close(144_789.897), 'Pa']],
    ['wind_speed (km/h)', ['wind-speed', close(21 / 3.6), 'm/s']],
    ['pm2.5 (µg/m³)', ['particulates-2.5', close(21e-9), 'kg/m3']],
    ['moisture (%)', ['moisture', close(0.21), '/']],
    ['heading (°)', ['heading', 21, 'deg']],
    ['temp 3 [C]', ['temperature/3', 21, 'Cel']],
    ['weight (g)', ['weight', close(0.021), 'kg']],
    ['acceleration (g)', ['acceleration', close(21 * 9.806_65), 'm/s2']],
    // Weight or acceleration: nothing says which.
    ['ax (g)', ['ax-g', 21]],
  ])('know the unit of %s', (name, reading) => {
    expect(said(name, '21')[1]).toEqual([reading])
  })

  it('know kelvins', () => {
    expect(said('temp (K)', '294.15')[1]).toEqual([['temperature', close(21), 'Cel']])
  })

  it('are no known quantity in a unit that does not fit it', () => {
    expect(said('temperature (%),humidity (furlong)', '50,3')[1]).toEqual([
      ['value/temperature', 0.5, '/'],
      ['humidity-furlong', 3],
    ])
  })

  it('have a decimal comma between semicolons and tabs', () => {
    expect(said('temp;hum', '21,5;40,25', '21.5;40')).toEqual([
      [],
      [
        ['temperature', 21.5, 'Cel'],
        ['humidity', 40.25, '%RH'],
      ],
      [
        ['temperature', 21.5, 'Cel'],
        ['humidity', 40, '%RH'],
      ],
    ])
    expect(said('temp\thum', '21,5\t40')[1]).toEqual([
      ['temperature', 21.5, 'Cel'],
      ['humidity', 40, '%RH'],
    ])
  })

  it('may quote fields', () => {
    expect(said('"temp";"label; of it"', '21;"a ""b""; c"')[1]).toEqual([
      ['temperature', 21, 'Cel'],
      ['label-of-it', 'a "b"; c'],
    ])
  })

  it('have columns by number without a header', () => {
    expect(said('1,2.5', '3,4')).toEqual([
      [
        ['column/1', 1],
        ['column/2', 2.5],
      ],
      [
        ['column/1', 3],
        ['column/2', 4],
      ],
    ])
  })

  it('take a header again, as after a restart', () => {
    expect(said('temp,hum', '21,40', 'hum,temp', '41,22')[3]).toEqual([
      ['humidity', 41, '%RH'],
      ['temperature', 22, 'Cel'],
    ])
  })

  it('may begin with a message, and have others between', () => {
    expect(said('DHT22 ready!', '21,40')[1]).toEqual([
      ['column/1', 21],
      ['column/2', 40],
    ])
    expect(said('Starting', '# temp,hum', '21,40', 'reset', '22,41').slice(2)).toEqual([
      [
        ['temperature', 21, 'Cel'],
        ['humidity', 40, '%RH'],
      ],
      'truncated',
      [
        ['temperature', 22, 'Cel'],
        ['humidity', 41, '%RH'],
      ],
    ])
  })

  it('of values without any number are no header', () => {
    expect(said('temp,hum', 'nan,nan', 'true,false', '-127.00,40')).toEqual([
      [],
      [],
      [],
      [['humidity', 40, '%RH']],
    ])
  })

  it('may lack a value, and may end with a separator', () => {
    expect(said('temp,hum,note,', '21,,dry,', ',40,,')).toEqual([
      [],
      [
        ['temperature', 21, 'Cel'],
        ['note', 'dry'],
      ],
      [['humidity', 40, '%RH']],
    ])
  })

  it('keep the digits of a tag', () => {
    expect(said('animal-tag,weight', '036000000000001,412.5')[1]).toEqual([
      ['animal-tag', '036000000000001'],
      ['weight', 412.5, 'kg'],
    ])
  })

  it('are of the time they give', () => {
    const take = makeParseCsv()
    take(new TextEncoder().encode('time (s),temp'), AT_MS)
    expect(take(new TextEncoder().encode('1699999990,21'), AT_MS)).toEqual([
      { quantity: 'temperature', unit: 'Cel', value: 21, atMs: 1_699_999_990_000 },
    ])
  })

  it('with more or fewer fields than the header are malformed', () => {
    expect(
      said('a,b,c', '1,2', '1,2,3,4', '1', '1,2,3').map((line) => (Array.isArray(line) ? 'read' : line)),
    ).toEqual(['read', 'truncated', 'trailing-bytes', 'truncated', 'read'])
  })

  it('cut before the last field are malformed, with a header and without', () => {
    const row = '21.50,40.25,1013.2'
    for (let length = 0; length < row.lastIndexOf(',') + 1; length++) {
      expect(typeof said('temp,hum,pressure', row.slice(0, length))[1]).toBe('string')
      expect(typeof said(row, row.slice(0, length))[1]).toBe('string')
    }
  })

  it('go on after a first line that was the rest of one', () => {
    const lines = said('.5,40', '21,40,3', '22,41,4')
    expect(lines.map((line) => (Array.isArray(line) ? line.length : line))).toEqual([2, 'trailing-bytes', 3])
  })

  it('are malformed as noise, and with an open quote', () => {
    expect(said('"a,b', '', '1,\u0001')).toEqual(['truncated', 'empty', 'not-text'])
    expect(makeParseCsv()(Uint8Array.of(0xff, 0x2c, 0x31), AT_MS)).toMatchObject({ reason: 'not-text' })
  })

  it('have at most 32 values, of any number of columns', () => {
    const line = Array.from({ length: 500 }, (_, at) => at).join(',')
    expect(said(line).map((readings) => readings.length)).toEqual([32])
  })

  it('never throw, and what they yield can be packed, each quantity once', () => {
    const field = fc.oneof(
      fc.constantFrom(
        'temp',
        'temp (°F)',
        'hum [%]',
        'pressure',
        't',
        'note',
        'a (b)',
        '"',
        '""',
        'nan',
        'true',
        '',
      ),
      fc.double().map(String),
      fc.integer().map(String),
      fc.string({ maxLength: 60 }),
    )
    const line = fc
      .tuple(fc.constantFrom(',', ';', '\t'), fc.array(field, { maxLength: 40 }))
      .map(([separator, fields]) => fields.join(separator))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const take = makeParseCsv()
        for (const text of lines) {
          const parsed = take(new TextEncoder().encode(text), AT_MS)
          if ('type' in parsed) continue
          expect(parsed.map(readingFault).filter((fault) => fault !== undefined)).toEqual([])
          expect(new Set(parsed.map(({ quantity }) => quantity)).size).toBe(parsed.length)
        }
      }),
      { seed: 9, numRuns: 1500 },
    )
  })
})
