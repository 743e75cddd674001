import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readingFault } from '../../src/reading/check.ts'
import { type Advert, makeParseAdvert } from '../../src/sensor/parse/adverts.ts'
import type { Parsed } from '../../src/sensor/parse/parse.ts'
import { frame, hexFrame, truncations } from './frames.ts'

const AT_MS = 1_700_000_000_000
const BTHOME = '0000fcd2-0000-1000-8000-00805f9b34fb'

function made(company: number, data: DataView): Advert {
  return { manufacturerData: new Map([[company, data]]), serviceData: new Map() }
}

function serving(service: string, data: DataView): Advert {
  return { manufacturerData: new Map(), serviceData: new Map([[service, data]]) }
}

const ruuvi = (data: DataView) => made(0x0499, data)
const tpms = (data: DataView) => made(0x0100, data)
const bthome = (data: DataView) => serving(BTHOME, data)

function parse(advert: Advert): Parsed {
  return makeParseAdvert()(advert, AT_MS)
}

/** Values by quantity, or why there are none. */
function said(parsed: Parsed): unknown {
  return 'type' in parsed
    ? parsed.reason
    : Object.fromEntries(parsed.map(({ quantity, value }) => [quantity, value]))
}

function g(milliG: number): unknown {
  return expect.closeTo((milliG * 9.80665) / 1000, 9)
}

// https://docs.ruuvi.com/communication/bluetooth-advertisements/data-format-5-rawv2, "Test vectors"
const RUUVI_VALID = hexFrame('0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F')

describe('a Ruuvi advert in data format 5', () => {
  it('is the valid vector', () => {
    expect(said(parse(ruuvi(RUUVI_VALID)))).toEqual({
      temperature: 24.3,
      humidity: 53.49,
      pressure: 100_044,
      'acceleration/x': g(4),
      'acceleration/y': g(-4),
      'acceleration/z': g(1036),
      voltage: 2.977,
      movements: 66,
    })
  })

  it('is the vector of maximum values', () => {
    expect(said(parse(ruuvi(hexFrame('057FFFFFFEFFFE7FFF7FFF7FFFFFDEFEFFFECBB8334C884F'))))).toEqual({
      temperature: 163.835,
      humidity: 163.835,
      pressure: 115_534,
      'acceleration/x': g(32_767),
      'acceleration/y': g(32_767),
      'acceleration/z': g(32_767),
      voltage: 3.646,
      movements: 254,
    })
  })

  it('is the vector of minimum values', () => {
    expect(said(parse(ruuvi(hexFrame('058001000000008001800180010000000000CBB8334C884F'))))).toEqual({
      temperature: -163.835,
      humidity: 0,
      pressure: 50_000,
      'acceleration/x': g(-32_767),
      'acceleration/y': g(-32_767),
      'acceleration/z': g(-32_767),
      voltage: 1.6,
      movements: 0,
    })
  })

  it('says that nothing is known in the vector of invalid values', () => {
    expect(said(parse(ruuvi(hexFrame('058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF'))))).toBe('not-known')
  })

  it('leaves out the one value that a tag does not measure', () => {
    const withoutPressure = said(parse(ruuvi(hexFrame('0512FC5394FFFF0004FFFC040CAC364200CDCBB8334C884F'))))
    expect(withoutPressure).not.toHaveProperty('pressure')
    expect(withoutPressure).toMatchObject({ temperature: 24.3, humidity: 53.49 })
  })

  it('is not read where it is cut, goes on, or has another format', () => {
    for (const cut of truncations(RUUVI_VALID)) {
      expect(said(parse(ruuvi(cut)))).toBe(cut.byteLength === 0 ? 'empty' : 'truncated')
    }
    expect(said(parse(ruuvi(frame(5, ...Array<number>(24).fill(0)))))).toBe('trailing-bytes')
    expect(said(parse(ruuvi(hexFrame('03291A1ECE1EFC18F94202CA0B53'))))).toBe('unknown')
  })
})

describe('a BTHome advert', () => {
  it('is the example of its format page', () => {
    expect(parse(bthome(hexFrame('40 02c409 03bf13')))).toEqual([
      { quantity: 'temperature', unit: 'Cel', value: 25, atMs: AT_MS },
      { quantity: 'humidity', unit: '%RH', value: 50.55, atMs: AT_MS },
    ])
  })

  // The table "Sensor data" of https://bthome.io/format: example bytes and their result, in units of SenML here.
  it.each<[string, string, number | boolean]>([
    ['0161', 'battery', 97],
    ['12e204', 'carbon-dioxide', 1250e-6],
    ['0960', 'count', 96],
    ['3d0960', 'count', 24_585],
    ['3e2a2c0960', 'count', 1_611_213_866],
    ['59ea', 'count', -22],
    ['5aeaea', 'count', -5398],
    ['5bea0234ea', 'count', -365_690_134],
    ['434e34', 'current', 13.39],
    ['5d02ea', 'current', -5.63],
    ['08ca06', 'dew-point', 17.38],
    ['400c00', 'distance', 0.012],
    ['414e00', 'distance', 7.8],
    ['4d12138a14', 'electric-energy', 344_593_170 * 3600],
    ['0a138a14', 'electric-energy', 1_346_067 * 3600],
    ['03bf13', 'humidity', 50.55],
    ['2e23', 'humidity', 35],
    ['05138a14', 'illuminance', 13_460.67],
    ['065e1f', 'weight', 80.3],
    ['073e1d', 'weight', 74.86 * 0.45359237],
    ['14020c', 'moisture', 0.3074],
    ['2f23', 'moisture', 0.35],
    ['0d120c', 'particulates-2.5', 3090e-9],
    ['0e021c', 'particulates-10', 7170e-9],
    ['0b021b00', 'power', 69.14],
    ['5c02fbffff', 'power', -12.78],
    ['04138a01', 'pressure', 100_883],
    ['444e34', 'speed', 133.9],
    ['02ca09', 'temperature', 25.06],
    ['451101', 'temperature', 27.3],
    ['57ea', 'temperature', -22],
    ['58ea', 'temperature', -7.7],
    ['4632', 'uv-index', 5],
    ['0c020c', 'voltage', 3.074],
    ['4a020c', 'voltage', 307.4],
    ['518756', 'acceleration', 22.151],
    ['1101', 'opening', true],
    ['1a00', 'opening', false],
    ['2101', 'motion', true],
    ['1601', 'charging', true],
  ])('has %s as %s', (hex, quantity, value) => {
    const expected: unknown = typeof value === 'number' ? expect.closeTo(value, 9) : value
    expect(said(parse(bthome(hexFrame(`40${hex}`))))).toEqual({ [quantity]: expected })
    for (const cut of truncations(hexFrame(`40${hex}`)).slice(2))
      expect(said(parse(bthome(cut)))).toBe('truncated')
  })

  it('tells several values of one kind apart', () => {
    expect(said(parse(bthome(hexFrame('40 02c409 02ca09 1a00 2d01 45fa00'))))).toEqual({
      temperature: 25,
      'temperature/2': 25.06,
      'temperature/3': 25,
      opening: false,
      'opening/2': true,
    })
  })

  it('passes over what is not read, with a text and raw bytes among it', () => {
    // A low battery, a button, a volume of gas, "Hi!", three raw bytes, a channel.
    const hex = '40 1500 3a01 4b138a14 5303486921 5403010203 57ea 6007'
    expect(said(parse(bthome(hexFrame(hex))))).toEqual({ temperature: -22 })
    expect(said(parse(bthome(hexFrame('40 5304486921'))))).toBe('truncated')
  })

  it('ends at an object that it does not know, and keeps what came before', () => {
    expect(said(parse(bthome(hexFrame('40 0161 efff 02ca09'))))).toEqual({ battery: 97 })
    expect(said(parse(bthome(hexFrame('40'))))).toEqual({})
  })

  it('is a thermometer’s packet of firmware as people run it', () => {
    // pvvx's firmware: packet 27, battery, temperature, humidity (github.com/JsBergbau/MiTemperature2, issue 154).
    expect(said(parse(bthome(hexFrame('40 001b 0164 02c808 036c1a'))))).toEqual({
      battery: 100,
      temperature: 22.48,
      humidity: 67.64,
    })
  })

  it.each([
    ['encrypted', '41 a47266c95f73 00112233 78237214'],
    ['of version 1', '20 02c409'],
    ['of version 3', '60 02c409'],
    ['with a reserved flag', '42 02c409'],
  ])('is not known when %s', (_, hex) => {
    expect(said(parse(bthome(hexFrame(hex))))).toBe('unknown')
  })

  it.each([['0165'], ['031127'], ['2e65'], ['2f65'], ['141127'], ['2102'], ['11ff']])(
    'is out of range with %s',
    (hex) => {
      expect(said(parse(bthome(hexFrame(`40${hex}`))))).toBe('out-of-range')
    },
  )

  it('comes at once where it is only on events', () => {
    expect(said(parse(bthome(hexFrame('44 2101'))))).toEqual({ motion: true })
  })
})

describe('an advert of a tyre', () => {
  // https://github.com/ra6070/BLE-TPMS: without the company's two bytes.
  const CAP = hexFrame('80 EACA108A78 E36D0000 E60A0000 5B 00')

  it('has pressure, temperature and battery of one wheel', () => {
    expect(parse(tpms(CAP))).toEqual([
      { quantity: 'tyre-pressure/1', unit: 'Pa', value: 28_131, atMs: AT_MS },
      { quantity: 'tyre-temperature/1', unit: 'Cel', value: 27.9, atMs: AT_MS },
      { quantity: 'battery', unit: '%EL', value: 91, atMs: AT_MS },
    ])
  })

  it('may be frost on the fourth wheel', () => {
    expect(said(parse(tpms(hexFrame('83 EACA108A78 E0930400 0CFEFFFF 5B 00'))))).toEqual({
      'tyre-pressure/4': 300_000,
      'tyre-temperature/4': -5,
      battery: 91,
    })
  })

  it('is none with another length or wheel, since the company is one of satnavs', () => {
    for (const cut of truncations(CAP)) expect(said(parse(tpms(cut)))).toBe('unknown')
    expect(said(parse(tpms(hexFrame('84 EACA108A78 E36D0000 E60A0000 5B 00'))))).toBe('unknown')
    expect(said(parse(tpms(hexFrame('7F EACA108A78 E36D0000 E60A0000 5B 00'))))).toBe('unknown')
  })

  it.each([
    ['pressure', '80 EACA108A78 81841E00 E60A0000 5B 00'],
    ['heat', '80 EACA108A78 E36D0000 214E0000 5B 00'],
    ['cold', '80 EACA108A78 E36D0000 8FE8FFFF 5B 00'],
    ['battery', '80 EACA108A78 E36D0000 E60A0000 65 00'],
  ])('is out of range with a %s that cannot be', (_, hex) => {
    expect(said(parse(tpms(hexFrame(hex))))).toBe('out-of-range')
  })
})

describe('adverts of one device', () => {
  const packet = (id: number, hex = '02c409') =>
    bthome(hexFrame(`40 00${id.toString(16).padStart(2, '0')} ${hex}`))

  it('count once however often they are heard', () => {
    const listen = makeParseAdvert()
    const heard = [7, 7, 7, 8, 8, 255, 0, 0].map((id, i) => said(listen(packet(id), AT_MS + i * 100)))
    expect(heard.map((each) => each !== undefined && Object.keys(each as object).length)).toEqual([
      1, 0, 0, 1, 0, 1, 1, 0,
    ])
  })

  it('count once by Ruuvi’s measurement sequence', () => {
    const listen = makeParseAdvert()
    expect(listen(ruuvi(RUUVI_VALID), AT_MS)).toHaveLength(8)
    expect(listen(ruuvi(RUUVI_VALID), AT_MS + 1285)).toEqual([])
    const next = hexFrame('0512FC5394C37C0004FFFC040CAC364200CECBB8334C884F')
    expect(listen(ruuvi(next), AT_MS + 2570)).toHaveLength(8)
  })

  it('count anew after a minute, since the numbers start over', () => {
    const listen = makeParseAdvert()
    listen(packet(7), AT_MS)
    expect(listen(packet(7), AT_MS + 59_999)).toEqual([])
    expect(listen(packet(7), AT_MS + 60_000)).toHaveLength(1)
  })

  it('all count where the device does not number them', () => {
    const listen = makeParseAdvert()
    const unnumbered = bthome(hexFrame('40 02c409'))
    expect(listen(unnumbered, AT_MS)).toHaveLength(1)
    expect(listen(unnumbered, AT_MS + 1)).toHaveLength(1)
  })

  it('are not lost to one that could not be read', () => {
    const listen = makeParseAdvert()
    expect(listen(packet(7, '02c4'), AT_MS)).toMatchObject({ reason: 'truncated' })
    expect(listen(packet(7), AT_MS + 100)).toHaveLength(1)
  })

  it('are of no kind that is known', () => {
    expect(parse(made(0x004c, frame(2, 21, 0)))).toEqual({ type: 'malformed', reason: 'unknown', length: 3 })
    expect(parse({ manufacturerData: new Map(), serviceData: new Map() })).toMatchObject({
      reason: 'unknown',
    })
  })

  it('never make it throw, and what they say can be packed', () => {
    const first = fc.constantFrom(0x05, 0x40, 0x44, 0x80, 0x81)
    const ids = fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x11, 0x2f, 0x3a, 0x53, 0x5b, 0x62)
    const data = fc
      .tuple(first, fc.array(fc.oneof(ids, fc.integer({ min: 0, max: 255 })), { maxLength: 30 }))
      .map((bytes) => frame(...bytes.flat()))
    const advert = fc.oneof(data.map(ruuvi), data.map(bthome), data.map(tpms))
    fc.assert(
      fc.property(fc.array(advert, { maxLength: 4 }), (adverts) => {
        const listen = makeParseAdvert()
        for (const each of adverts) {
          const parsed = listen(each, AT_MS)
          if ('type' in parsed) continue
          for (const reading of parsed) expect(readingFault(reading)).toBeUndefined()
          expect(new Set(parsed.map(({ quantity }) => quantity)).size).toBe(parsed.length)
          for (const { quantity, value } of parsed) {
            if (quantity === 'battery') expect(value).toBeLessThanOrEqual(100)
          }
        }
      }),
      { seed: 6, numRuns: 5000 },
    )
  })
})
