import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSource, writeSource, type Source } from '../../src/app/source.ts'
import { HERE } from '../../src/app/state/feed.ts'
import { configOf, fieldsOf } from '../../src/app/serial-form.ts'
import { SOURCE_CHARACTERS_MAX } from '../../src/node/api.ts'
import { FRAME_BYTES_MAX, type Framing } from '../../src/sensor/parse/framing.ts'
import { MAPPED_OFFSET_MAX, MAPPED_TYPES, type Mapping } from '../../src/sensor/parse/mapping.ts'
import { MODBUS_TYPES } from '../../src/sensor/parse/modbus.ts'
import { LINE_DECODERS, SERIAL_DEFAULTS, type SerialConfig } from '../../src/sensor/serial-config.ts'
import { BITS } from '../../src/app/serial-form.ts'

const SEED = { seed: 20_261_123, numRuns: 300 }

const uuid = fc.uuid()
const deviceId = fc.option(fc.base64String({ minLength: 4, maxLength: 24 }), { nil: undefined })
const names = ['temperature', 'voltage/2', 'my.level', 'pressure', 'Z:9']
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0))
const scale = finite.filter((value) => value !== 0)
const frameBytes = fc.integer({ min: 1, max: FRAME_BYTES_MAX })

const framing: fc.Arbitrary<Framing> = fc.oneof(
  fc.record({ type: fc.constantFrom('line' as const, 'cobs' as const) }),
  fc.record({ type: fc.constant('delimiter' as const), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ type: fc.constant('fixed' as const), bytes: frameBytes }),
  fc.record({ type: fc.constant('stx-etx' as const), bytes: frameBytes }, { requiredKeys: ['type'] }),
)

const mapping: fc.Arbitrary<Mapping> = fc.record({
  service: uuid,
  characteristic: uuid,
  fields: fc.shuffledSubarray(names, { minLength: 1 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map((quantity) =>
        fc.record({
          quantity: fc.constant(quantity),
          offset: fc.integer({ min: 0, max: MAPPED_OFFSET_MAX }),
          type: fc.constantFrom(...MAPPED_TYPES),
          scale,
          add: finite,
        }),
      ),
    ),
  ),
})

const modbus = fc.record({
  decoder: fc.constant('modbus' as const),
  modbus: fc.record({
    unit: fc.integer({ min: 1, max: 247 }),
    everyMs: fc.integer({ min: 100, max: 86_400_000 }),
    registers: fc.shuffledSubarray(names, { minLength: 1 }).chain((chosen) =>
      fc.tuple(
        ...chosen.map((quantity) =>
          fc.record({
            address: fc.integer({ min: 0, max: 65_534 }),
            table: fc.constantFrom('holding' as const, 'input' as const),
            type: fc.constantFrom(...MODBUS_TYPES),
            scale,
            quantity: fc.constant(quantity),
          }),
        ),
      ),
    ),
  }),
})

const speech = fc.oneof(
  fc.constant({ decoder: 'elm327' as const }),
  modbus,
  fc.record({
    decoder: fc.constantFrom('guess' as const, ...LINE_DECODERS),
    framing: fc.oneof(fc.constant('guess' as const), framing),
  }),
)

/** Line bits as the form names them: what is 8N1 is left out. */
const config: fc.Arbitrary<SerialConfig> = fc
  .tuple(
    fc.oneof(fc.constant('guess' as const), fc.integer({ min: 50, max: 4_000_000 })),
    fc.constantFrom(...Object.values(BITS)),
    speech,
  )
  .map(([baudRate, bits, said]) => ({
    baudRate,
    ...(Object.keys(bits).length === 0 ? {} : { bits }),
    speech: said,
  }))

const source: fc.Arbitrary<Source> = fc
  .tuple(
    deviceId,
    fc.oneof(
      fc.record({ type: fc.constantFrom('profile' as const, 'adverts' as const) }),
      fc.record({ type: fc.constant('profile' as const), wheelMm: fc.integer({ min: 500, max: 4000 }) }),
      fc.record({ type: fc.constant('uart' as const), decoder: fc.constantFrom(...LINE_DECODERS), framing }),
      fc.record({ type: fc.constant('uart' as const), decoder: fc.constant('elm327' as const) }),
      modbus.map((said) => ({ type: 'uart' as const, ...said })),
      fc.record({ type: fc.constant('mapping' as const), mapping }),
      fc.record({ type: fc.constant('serial' as const), config }),
      fc.record({ type: fc.constant('location' as const), precise: fc.boolean() }),
      fc.constant({ type: 'text' as const }),
      fc.constant({ type: 'here' as const }),
    ),
  )
  .map(([id, made]) =>
    id === undefined || ['here', 'location', 'text'].includes(made.type) ? made : { ...made, deviceId: id },
  )

describe('what is kept of a source', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(source, (kept) => {
        expect(readSource(writeSource(kept))).toEqual(kept)
      }),
      SEED,
    )
  })

  it('of this device itself is always the same text', () => {
    expect(writeSource({ type: 'here' })).toBe(HERE)
  })

  it('is nothing where it is something else, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
        ),
        (text) => {
          expect(readSource(text)).toBeUndefined()
        },
      ),
      SEED,
    )
    expect(readSource(undefined)).toBeUndefined()
  })

  it('is nothing once a part of it is out of bounds', () => {
    const of = (made: unknown) => readSource(JSON.stringify({ version: 1, source: made }))
    const serial = (change: object) => of({ type: 'serial', config: { ...SERIAL_DEFAULTS.lines, ...change } })
    expect(serial({})).toEqual({ type: 'serial', config: SERIAL_DEFAULTS.lines })
    expect(serial({ baudRate: 49 })).toBeUndefined()
    expect(serial({ baudRate: 4_000_001 })).toBeUndefined()
    expect(serial({ bits: { dataBits: 9 } })).toBeUndefined()
    expect(serial({ speech: { decoder: 'json', framing: { type: 'fixed', bytes: 4097 } } })).toBeUndefined()
    expect(
      serial({ speech: { decoder: 'modbus', modbus: { unit: 0, everyMs: 1000, registers: [] } } }),
    ).toBeUndefined()
    expect(of({ type: 'profile', deviceId: 'x'.repeat(129) })).toBeUndefined()
    for (const wheelMm of [499, 4001, 2105.5, '2105', null])
      expect(of({ type: 'profile', wheelMm })).toBeUndefined()
    expect(
      of({ type: 'mapping', mapping: { service: '180d', characteristic: '2a37', fields: [] } }),
    ).toBeUndefined()
    const text = JSON.stringify({ version: 2, source: { type: 'text' } })
    expect(readSource(text)).toBeUndefined()
  })

  it('is not written where a thing has no room for it', () => {
    const fields = Array.from({ length: 16 }, (_, i) => ({
      quantity: `${'n'.repeat(60)}/${i}`,
      unit: 'u'.repeat(32),
      offset: 500,
      type: 'f32le' as const,
      scale: Number.MIN_VALUE,
      add: -1.23456789012345e-300,
    }))
    const service = '0000180d-0000-1000-8000-00805f9b34fb'
    const mapped: Source = { type: 'mapping', mapping: { service, characteristic: service, fields } }
    const written = writeSource(mapped)
    expect(written === undefined || written.length <= SOURCE_CHARACTERS_MAX).toBe(true)
    const twice = { ...mapped, mapping: { ...mapped.mapping, fields: [...fields, ...fields] } }
    expect(writeSource(twice)).toBeUndefined()
    expect(
      readSource(JSON.stringify({ version: 1, source: mapped }).padEnd(SOURCE_CHARACTERS_MAX + 1)),
    ).toBeUndefined()
  })
})

describe('the form of a serial line', () => {
  it('shows every configuration so that it comes back as it was', () => {
    fc.assert(
      fc.property(config, (set) => {
        expect(configOf(fieldsOf(set))).toEqual(set)
      }),
      SEED,
    )
  })

  it('says what is wrong, and of which register', () => {
    const fields = fieldsOf(SERIAL_DEFAULTS.meter)
    const [register] = fields.registers
    expect(configOf({ ...fields, address: '248' })).toMatch(/1 to 247/)
    expect(configOf({ ...fields, everySeconds: '0,01' })).toMatch(/every 0.1 to/)
    expect(configOf({ ...fields, registers: [] })).toMatch(/at least one/)
    expect(register && configOf({ ...fields, registers: [register, { ...register, scale: 'x' }] })).toMatch(
      /^Register 2: its scale/,
    )
    expect(register && configOf({ ...fields, registers: [register, register] })).toMatch(/same name/)
    const lines = fieldsOf(SERIAL_DEFAULTS.lines)
    expect(configOf({ ...lines, framing: 'fixed', frame: '0' })).toMatch(/whole number of bytes/)
    expect(configOf({ ...lines, framing: 'delimiter', frame: '' })).toMatch(/0 to 255/)
  })
})
