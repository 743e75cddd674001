import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { parseJsonLine } from '../../src/sensor/parse/json-lines.ts'

const AT_MS = 1_700_000_000_000

const parse = (text: string) => parseJsonLine(new TextEncoder().encode(text), AT_MS)

/** Quantity, value and unit of each reading, or what is wrong. */
function said(text: string) {
  const parsed = parse(text)
  if ('type' in parsed) return parsed.reason
  return parsed.map(({ quantity, value, unit }) =>
    unit === undefined ? [quantity, value] : [quantity, value, unit],
  )
}

const close = (value: number) => expect.closeTo(value, 9) as number

describe('a line of JSON', () => {
  it('is what a sketch prints of its room', () => {
    expect(parse('{"temp":21.5,"hum":40,"pressure":1013.25}')).toEqual([
      { quantity: 'temperature', unit: 'Cel', value: 21.5, atMs: AT_MS },
      { quantity: 'humidity', unit: '%RH', value: 40, atMs: AT_MS },
      { quantity: 'pressure', unit: 'Pa', value: 101_325, atMs: AT_MS },
    ])
  })

  it.each([
    ['{"temp_f":50}', ['temperature', close(10), 'Cel']],
    ['{"tempC":-3}', ['temperature', -3, 'Cel']],
    ['{"Temperature":"21.50"}', ['temperature', 21.5, 'Cel']],
    ['{"pressure_kpa":101.3}', ['pressure', close(101_300), 'Pa']],
    ['{"pressure":101325}', ['pressure', 101_325, 'Pa']],
    ['{"co2":415}', ['carbon-dioxide', close(0.000_415), '/']],
    ['{"pm2_5":12}', ['particulates-2.5', close(12e-9), 'kg/m3']],
    ['{"battery_level":80}', ['battery_level', 80]],
    ['{"battery":80}', ['battery', 80, '%EL']],
    ['{"voltage_mV":3300}', ['voltage', close(3.3), 'V']],
    ['{"heart_rate":72}', ['heart-rate', 72, 'beat/min']],
    ['{"lat":-33.9}', ['latitude', -33.9, 'lat']],
  ])('names a quantity and its unit: %s', (text, reading) => {
    expect(said(text)).toEqual([reading])
  })

  it.each([
    ['{"flow":1.5}', ['flow', 1.5]],
    ['{"door open?":true}', ['door-open', true]],
    ['{"état":"prêt"}', ['etat', 'prêt']],
    ['{"":1}', ['value', 1]],
    ['{"__proto__":1}', ['proto__', 1]],
    ['{"humidity_g":8}', ['humidity_g', 8]],
    ['{"motion_raw":812}', ['motion_raw', 812]],
  ])('keeps a name of its own: %s', (text, reading) => {
    expect(said(text)).toEqual([reading])
  })

  it('says where nested values belong', () => {
    expect(said('{"bme":{"temp":21,"gas":5},"temperature":{"min":18},"axes":[1,2]}')).toEqual([
      ['temperature/bme', 21, 'Cel'],
      ['bme/gas', 5],
      ['temperature/min', 18, 'Cel'],
      ['axes/1', 1],
      ['axes/2', 2],
    ])
  })

  it('tells several of one kind apart', () => {
    expect(said('{"temp":1,"temperature":2,"temp2":3,"temp_2":4}')).toEqual([
      ['temperature', 1, 'Cel'],
      ['temperature/2', 2, 'Cel'],
      ['temperature/2/2', 3, 'Cel'],
      ['temperature/2/3', 4, 'Cel'],
    ])
  })

  it.each([
    '{"temp":-127}',
    '{"temp":-999}',
    '{"hum":255}',
    '{"temp":null}',
    '{"temp":true}',
    '{"temp":"nan"}',
    '{}',
  ])('has no reading where the sensor has no value: %s', (text) => expect(said(text)).toEqual([]))

  it.each([
    ['seconds', '1699999990', 1_699_999_990_000],
    ['seconds with a fraction', '1699999990.25', 1_699_999_990_250],
    ['milliseconds', '1699999990250', 1_699_999_990_250],
    ['seconds as a text', '"1699999990"', 1_699_999_990_000],
    ['a text with its zone', '"2023-11-14T23:13:10+01:00"', 1_699_999_990_000],
  ])('is of the time it gives in %s', (_, time, atMs) => {
    for (const name of ['t', 'ts', 'time', 'timestamp']) {
      expect(parse(`{"x":1,"${name}":${time}}`)).toEqual([{ quantity: 'x', value: 1, atMs }])
    }
  })

  it.each(['12345', '1800000000', '"2023-11-14T23:13:10"', 'true', '{"s":1699999990}'])(
    'is of its arrival where the time cannot be: %s',
    (time) => {
      const parsed = parse(`{"x":1,"t":${time}}`)
      expect('type' in parsed ? [] : parsed.map(({ atMs }) => atMs - AT_MS)).not.toContain(-10_000)
      expect(parsed).toContainEqual({ quantity: 'x', value: 1, atMs: AT_MS })
    },
  )

  it.each([
    ['nothing', '  ', 'empty'],
    ['a cut object', '{"temp":21.', 'truncated'],
    ['a number', '21.5', 'unknown'],
    ['a list', '[1,2]', 'unknown'],
    ['null', 'null', 'unknown'],
    ['other text', 'ready', 'unknown'],
    ['control characters', '{"a":1}\u0001', 'not-text'],
  ])('is malformed with %s', (_, text, reason) => {
    expect(said(text)).toBe(reason)
  })

  it('cut anywhere is refused', () => {
    const text = '{"t":1699999990,"bme":{"temp":21.5,"ok":true},"name":"roof"}'
    for (let length = 0; length < text.length; length++) {
      expect(parse(text.slice(0, length))).toMatchObject({ type: 'malformed' })
    }
  })

  it('is read no further than 32 values and four names deep', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`x${at}y`, at]))
    const parsed = parse(JSON.stringify(many))
    expect('type' in parsed ? 0 : parsed.length).toBe(32)
    expect(said('{"a":{"b":{"c":{"d":1,"e":{"f":2}}}}}')).toEqual([['a/b/c/d', 1]])
    expect(said('['.repeat(4096))).toBe('unknown')
    expect(said(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`)).toEqual([])
  })

  it('never throws, and what it yields can be packed, each quantity once', () => {
    const name = fc.oneof(
      fc.constantFrom(
        't',
        'temp',
        'temp_f',
        'temp2',
        'pressure',
        'hum',
        'battery',
        'lat',
        '__proto__',
        'a/b',
      ),
      fc.string({ maxLength: 100, unit: 'grapheme' }),
    )
    const leaf = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.string({ maxLength: 300 }),
      fc.constant(null),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.dictionary(name, tie('value'), { maxKeys: 40 }),
        fc.array(tie('value')),
      ),
    }))
    const text = fc.oneof(
      value.map((v) => JSON.stringify(v)),
      fc.string(),
      fc.json(),
    )
    fc.assert(
      fc.property(text, (line) => {
        const parsed = parse(line)
        if ('type' in parsed) return
        expect(parsed.map(readingFault).filter((fault) => fault !== undefined)).toEqual([])
        expect(new Set(parsed.map(({ quantity }) => quantity)).size).toBe(parsed.length)
        const temperatures = parsed.filter(({ quantity }) => quantity === 'temperature')
        expect(temperatures.every(({ value: v }) => Number(v) >= -100 && Number(v) <= 2000)).toBe(true)
      }),
      { seed: 7, numRuns: 2000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(() => parseJsonLine(bytes, AT_MS)).not.toThrow()
      }),
      { seed: 8, numRuns: 1000 },
    )
  })
})
