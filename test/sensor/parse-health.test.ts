import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { parseBloodPressure, parseCuffPressure } from '../../src/sensor/parse/blood-pressure.ts'
import { parseThermometer } from '../../src/sensor/parse/health-thermometer.ts'
import type { Parse } from '../../src/sensor/parse/parse.ts'
import { parseContinuous, parseSpotCheck } from '../../src/sensor/parse/pulse-oximeter.ts'
import { parseWeight } from '../../src/sensor/parse/weight-scale.ts'
import { hexFrame, truncations } from './frames.ts'

/** A Monday evening, in the zone of whoever runs this, as time stamps are. */
const AT_MS = new Date(2026, 10, 23, 18, 52, 56).getTime()
/** 22 November 2026, 07:05:00. */
const STAMP = 'ea07 0b 16 07 05 00'
const STAMP_MS = new Date(2026, 10, 22, 7, 5, 0).getTime()

/** NaN as an SFLOAT, and as a FLOAT. */
const NAN = 'ff07'
const NAN_32 = 'ffff7f00'

const MMHG_IN_PA = 133.322387415

/** Quantities and values, and of all readings the one time, as long before the arrival. */
function read(parse: Parse, hex: string) {
  const parsed = parse(hexFrame(hex), AT_MS)
  if ('type' in parsed) return parsed.reason
  expect(new Set(parsed.map(({ atMs }) => atMs)).size).toBe(1)
  return Object.fromEntries(parsed.map(({ quantity, value }) => [quantity, value]))
}

function timeOf(parse: Parse, hex: string) {
  const parsed = parse(hexFrame(hex), AT_MS)
  return 'type' in parsed ? parsed.reason : parsed[0]?.atMs
}

/** Of each parser a frame with all that it can have, and the ranges of what it yields. */
const WHOLE: [name: string, parse: Parse, hex: string, ranges: Record<string, [number, number]>][] = [
  ['temperature', parseThermometer, `06 6c0100ff ${STAMP} 06`, { 'body-temperature': [-273.15, 1000] }],
  [
    'weight',
    parseWeight,
    `0e 803e ${STAMP} 03 f500 d606`,
    { weight: [0, 327.67], 'body-mass-index': [0.1, 6553.5], height: [0.001, 166.4589] },
  ],
  [
    'blood pressure',
    parseBloodPressure,
    `1e 7200 4c00 5900 ${STAMP} 4000 01 0400`,
    {
      'systolic-pressure': [0, 400 * MMHG_IN_PA],
      'diastolic-pressure': [0, 400 * MMHG_IN_PA],
      'mean-arterial-pressure': [0, 400 * MMHG_IN_PA],
      'pulse-rate': [0, 500],
    },
  ],
  [
    'cuff pressure',
    parseCuffPressure,
    `1e a500 ${NAN} ${NAN} ${STAMP} 4000 01 0000`,
    { 'cuff-pressure': [0, 400 * MMHG_IN_PA], 'pulse-rate': [0, 500] },
  ],
  [
    'spot check',
    parseSpotCheck,
    `0f 6200 4800 ${STAMP} 0001 200000 2af0`,
    { 'oxygen-saturation': [0, 1], 'pulse-rate': [0, 500], 'pulse-amplitude-index': [0, 1] },
  ],
  [
    'continuous oximetry',
    parseContinuous,
    '1f 6200 4800 6000 4600 6100 4700 2001 200000 2af0',
    { 'oxygen-saturation': [0, 1], 'pulse-rate': [0, 500], 'pulse-amplitude-index': [0, 1] },
  ],
]

describe.each(WHOLE)('a measurement of %s', (_, parse, hex, ranges) => {
  it('has all its parts at once, with the reserved flags ignored', () => {
    const whole = hexFrame(hex)
    const plain = parse(whole, AT_MS)
    expect('type' in plain ? plain.reason : plain.map(({ quantity }) => quantity)).toEqual(
      Object.keys(ranges),
    )
    whole.setUint8(0, whole.getUint8(0) | 0xe0)
    expect(parse(whole, AT_MS)).toEqual(plain)
  })

  it('is refused when cut after any byte, and when a byte follows', () => {
    for (const cut of truncations(hexFrame(hex))) {
      const reason = cut.byteLength === 0 ? 'empty' : 'truncated'
      expect(parse(cut, AT_MS)).toEqual({ type: 'malformed', reason, length: cut.byteLength })
    }
    expect(read(parse, `${hex} 00`)).toBe('trailing-bytes')
  })

  it('never throws, and yields only what can be packed, within its range, of the past year', () => {
    const whole = new Uint8Array(hexFrame(hex).buffer)
    // The whole frame with bytes changed comes further than any that is made up.
    const near = fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 })
      .map((changes) => {
        const bytes = whole.slice()
        for (const [at, byte] of changes) bytes[at] = byte
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 24 })), (bytes) => {
        const parsed = parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), AT_MS)
        if ('type' in parsed) return
        expect(parsed.length).toBeGreaterThan(0)
        for (const reading of parsed) {
          expect(readingFault(reading)).toBeUndefined()
          const [min, max] = ranges[reading.quantity] ?? [NaN, NaN]
          expect(reading.value).toBeGreaterThanOrEqual(min)
          expect(reading.value).toBeLessThanOrEqual(max)
          expect(reading.atMs).toBeLessThanOrEqual(AT_MS)
          expect(reading.atMs).toBeGreaterThanOrEqual(AT_MS - 366 * 86_400_000)
        }
      }),
      { seed: 1, numRuns: 5000 },
    )
  })
})

describe('a body temperature', () => {
  it('is in degrees Celsius', () => {
    // Personal Health Devices Transcoding 1.6 §2.2.1: 36.4 °C is 0xFF00016C.
    expect(parseThermometer(hexFrame('00 6c0100ff'), AT_MS)).toEqual([
      { quantity: 'body-temperature', unit: 'Cel', value: 36.4, atMs: AT_MS },
    ])
  })

  it('comes from degrees Fahrenheit', () => {
    // 98.6 °F, 100.4 °F and 97.9 °F
    expect(read(parseThermometer, '01 da0300ff')).toEqual({ 'body-temperature': 37 })
    expect(read(parseThermometer, '01 ec0300ff')).toEqual({ 'body-temperature': 38 })
    expect(read(parseThermometer, '01 d30300ff')).toEqual({ 'body-temperature': 36.611111 })
  })

  it('has the time of its stamp where that can be', () => {
    expect(timeOf(parseThermometer, `02 6c0100ff ${STAMP}`)).toBe(STAMP_MS)
    expect(timeOf(parseThermometer, '02 6c0100ff 0000 00 00 00 00 00')).toBe(AT_MS)
    expect(timeOf(parseThermometer, '02 6c0100ff e407 01 01 00 00 00')).toBe(AT_MS)
  })

  it('is no reading where the thermometer has none', () => {
    for (const none of [NAN_32, '00008000', 'feff7f00', '02008000', '01008000'])
      expect(read(parseThermometer, `00 ${none}`)).toBe('not-known')
  })

  it('is neither colder than can be nor a broken exponent', () => {
    expect(read(parseThermometer, '00 4c95fffe')).toBe('out-of-range') // -273.16
    expect(read(parseThermometer, '00 ffff7e7f')).toBe('out-of-range') // 10^133
    expect(read(parseThermometer, '01 ffff7e7f')).toBe('out-of-range')
  })
})

describe('a weight', () => {
  it('is in kilograms', () => {
    // Personal Health Devices Transcoding 1.6 §3.5.4.1: 16000 units of 0.005 kg are 80 kg.
    expect(parseWeight(hexFrame('00 803e'), AT_MS)).toEqual([
      { quantity: 'weight', unit: 'kg', value: 80, atMs: AT_MS },
    ])
    expect(read(parseWeight, '00 5a36')).toEqual({ weight: 69.57 })
  })

  it('comes from pounds, and then a height from inches', () => {
    // 160 lb, 24.5 kg/m² and 70.1 in: 72.5747792 kg, 1.78054 m
    expect(read(parseWeight, '0d 803e 03 f500 bd02')).toEqual({
      weight: 72.5747792,
      'body-mass-index': 24.5,
      height: 1.78054,
    })
  })

  it('has the time of its stamp, and body mass index and height where the scale knows them', () => {
    expect(timeOf(parseWeight, `02 803e ${STAMP}`)).toBe(STAMP_MS)
    expect(read(parseWeight, '08 b036 e500 d606')).toEqual({
      weight: 70,
      'body-mass-index': 22.9,
      height: 1.75,
    })
    expect(read(parseWeight, '08 b036 0000 0000')).toEqual({ weight: 70 })
  })

  it('is no reading where the measurement was unsuccessful', () => {
    expect(read(parseWeight, '00 ffff')).toBe('not-known')
    expect(read(parseWeight, `0e ffff ${STAMP} 01 f500 d606`)).toBe('not-known')
  })
})

describe('a blood pressure', () => {
  it('comes from millimetres of mercury', () => {
    // Personal Health Devices Transcoding 1.6 §2.2.2: 114 mmHg is 0x0072.
    expect(parseBloodPressure(hexFrame('00 7200 4c00 ff07'), AT_MS)).toEqual([
      { quantity: 'systolic-pressure', unit: 'Pa', value: 114 * MMHG_IN_PA, atMs: AT_MS },
      { quantity: 'diastolic-pressure', unit: 'Pa', value: 76 * MMHG_IN_PA, atMs: AT_MS },
    ])
  })

  it('comes from kilopascals, and with a pulse', () => {
    expect(read(parseBloodPressure, '15 a0f0 6bf0 7cf0 4000 0c00')).toEqual({
      'systolic-pressure': 16000,
      'diastolic-pressure': 10700,
      'mean-arterial-pressure': 12400,
      'pulse-rate': 64,
    })
  })

  it('has the time of its stamp', () => {
    expect(timeOf(parseBloodPressure, `02 7200 4c00 5900 ${STAMP}`)).toBe(STAMP_MS)
  })

  it('is that of the cuff while it inflates, which is nobody’s', () => {
    expect(read(parseCuffPressure, `00 9600 ${NAN} ${NAN}`)).toEqual({ 'cuff-pressure': 150 * MMHG_IN_PA })
  })

  it('is no reading where the cuff has none', () => {
    expect(read(parseBloodPressure, `00 ${NAN} 0008 fe07`)).toBe('not-known')
    expect(read(parseBloodPressure, `04 ${NAN} 0108 0208 4000`)).toEqual({ 'pulse-rate': 64 })
    expect(read(parseCuffPressure, `00 ${NAN} 4c00 5900`)).toBe('not-known')
  })

  it('is refused whole where one value cannot be', () => {
    expect(read(parseBloodPressure, '00 9101 4c00 5900')).toBe('out-of-range') // 401 mmHg
    expect(read(parseBloodPressure, '00 7200 ff0f 5900')).toBe('out-of-range') // -1 mmHg
    expect(read(parseBloodPressure, '04 7200 4c00 5900 f501')).toBe('out-of-range') // 501 beats a minute
  })
})

describe('an oximeter', () => {
  it('measures saturation and pulse once, as fractions and beats', () => {
    expect(parseSpotCheck(hexFrame('00 6200 4800'), AT_MS)).toEqual([
      { quantity: 'oxygen-saturation', unit: '/', value: 0.98, atMs: AT_MS },
      { quantity: 'pulse-rate', unit: 'beat/min', value: 72, atMs: AT_MS },
    ])
    expect(read(parseSpotCheck, '08 6200 4800 2af0')).toMatchObject({ 'pulse-amplitude-index': 0.042 })
  })

  it('has the time of its stamp unless it says that its clock is not set', () => {
    expect(timeOf(parseSpotCheck, `01 6200 4800 ${STAMP}`)).toBe(STAMP_MS)
    expect(timeOf(parseSpotCheck, `11 6200 4800 ${STAMP}`)).toBe(AT_MS)
  })

  it('measures on, of which the usual average is taken', () => {
    expect(read(parseContinuous, '00 6200 4800')).toEqual({ 'oxygen-saturation': 0.98, 'pulse-rate': 72 })
    expect(read(parseContinuous, '03 6200 4800 6000 4600 6100 4700')).toEqual({
      'oxygen-saturation': 0.98,
      'pulse-rate': 72,
    })
    expect(read(parseContinuous, `03 ${NAN} ${NAN} 6000 4600 6100 4700`)).toBe('not-known')
  })

  it('yields no reading of data that is invalid, not there, or made up', () => {
    for (const status of ['0080', '0020', '0004', '0008']) {
      expect(read(parseContinuous, `04 6200 4800 ${status}`)).toBe('not-known')
      expect(read(parseSpotCheck, `02 6200 4800 ${status}`)).toBe('not-known')
    }
    // ongoing, fully qualified, from storage, questionable
    expect(read(parseContinuous, '04 6200 4800 2043')).toMatchObject({ 'pulse-rate': 72 })
  })

  it('is refused whole where a value cannot be', () => {
    expect(read(parseContinuous, '00 7f00 4800')).toBe('out-of-range') // 127 %
    expect(read(parseSpotCheck, '00 6200 ff0f')).toBe('out-of-range')
  })
})
