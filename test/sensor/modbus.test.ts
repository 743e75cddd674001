import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  modbusChecksum,
  modbusFault,
  ModbusMaster,
  MODBUS_EVERY_MS_MAX,
  MODBUS_REGISTERS_MAX,
  MODBUS_TYPES,
  type ModbusConfig,
  type ModbusRegister,
} from '../../src/sensor/parse/modbus.ts'

const AT_MS = 1_700_000_000_000

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

/** With its checksum behind it. */
function sealed(text: string): Uint8Array {
  const body = hex(text)
  const checksum = modbusChecksum(body)
  return Uint8Array.of(...body, checksum & 0xff, checksum >> 8)
}

const VOLTAGE: ModbusRegister = {
  address: 0x6b,
  table: 'holding',
  type: 'u16',
  scale: 0.1,
  quantity: 'voltage',
}

function config(...registers: ModbusRegister[]): ModbusConfig {
  return { unit: 0x11, everyMs: 5000, registers: registers.length > 0 ? registers : [VOLTAGE] }
}

/** What a master of one register makes of an answer that comes in these chunks. */
function answered(register: ModbusRegister, ...chunks: Uint8Array[]) {
  const master = new ModbusMaster(config(register))
  master.ask()
  return chunks.flatMap((chunk) => {
    const taken: ReturnType<ModbusMaster['take']>[] = []
    master.push(chunk, (frame) => taken.push(master.take(frame, AT_MS)))
    return taken
  })
}

describe('the checksum', () => {
  it.each([
    ['313233343536373839', 0x4b37, 'the check value of CRC-16/MODBUS in the catalogue of CRC algorithms'],
    ['02 07', 0x1241, 'MODBUS over Serial Line V1.02, appendix B'],
    ['11 03 00 6B 00 03', 0x8776, 'a question for registers 108 to 110 as published by Modicon'],
    ['7B 04 00 A0 00 04', 0x71fa, 'a trace of another implementation'],
    ['7B 04 08 12 34 56 78 90 AB CD EF', 0xc2bf, 'the answer in that trace'],
  ])('of %s is %i (%s)', (bytes, checksum) => {
    expect(modbusChecksum(hex(bytes))).toBe(checksum)
  })
})

describe('a Modbus master', () => {
  it('asks for a register as the specification does, and reads its answer', () => {
    // Application Protocol V1.1b3 §6.3: register 108 holds 022B hexadecimal, 555.
    const master = new ModbusMaster(config())
    expect(master.ask()).toEqual({ bytes: sealed('11 03 00 6B 00 01'), withinMs: 1000 })
    const frames: Uint8Array[] = []
    master.push(sealed('11 03 02 02 2B'), (frame) => frames.push(frame))
    expect(frames).toEqual([sealed('11 03 02 02 2B')])
    expect(master.take(frames[0] ?? hex(''), AT_MS)).toEqual([
      { quantity: 'voltage', unit: 'V', value: 55.5, atMs: AT_MS },
    ])
  })

  it.each([
    ['u16', 'FFFF', 65535],
    ['i16', 'FFFF', -1],
    ['u32be', '8000 0001', 0x80000001],
    ['i32be', 'FFFF FFFE', -2],
    // IEEE 754: 40490FDB is pi as a float
    ['f32be', '4049 0FDB', 3.14159274101],
    ['u32le-words', '0001 8000', 0x80000001],
    ['i32le-words', 'FFFE FFFF', -2],
    ['f32le-words', '0FDB 4049', 3.14159274101],
  ] as const)('reads %s', (type, data, value) => {
    const count = type.includes('16') ? '02' : '04'
    const register = { ...VOLTAGE, type, scale: 1 }
    expect(answered(register, sealed(`11 03 ${count} ${data}`))).toMatchObject([[{ value }]])
  })

  it('reads input registers with the function for those', () => {
    const register: ModbusRegister = { ...VOLTAGE, table: 'input', address: 8, unit: 'A' }
    const master = new ModbusMaster(config(register))
    expect(master.ask().bytes).toEqual(sealed('11 04 00 08 00 01'))
    // Application Protocol V1.1b3 §6.4: input register 9 holds 10.
    expect(answered(register, sealed('11 04 02 00 0A'))).toMatchObject([[{ unit: 'A', value: 1 }]])
  })

  it('goes round its registers, leaves a gap between frames and rests after a round', () => {
    const second: ModbusRegister = { ...VOLTAGE, address: 2, quantity: 'voltage/2' }
    const master = new ModbusMaster(config(VOLTAGE, second))
    const asked: string[] = []
    for (let step = 0; step < 5; step++) {
      const { bytes, withinMs } = master.ask()
      asked.push(bytes.length === 0 ? `rest ${withinMs}` : `ask ${bytes[3] ?? 0}`)
      if (bytes.length > 0) master.push(sealed('11 03 02 00 01'), (frame) => void master.take(frame, AT_MS))
    }
    expect(asked).toEqual(['ask 107', 'rest 35', 'ask 2', 'rest 5035', 'ask 107'])
  })

  it('gives a silent device up, and lets an answer that is late pass by', () => {
    const second: ModbusRegister = { ...VOLTAGE, address: 2, quantity: 'voltage/2' }
    const master = new ModbusMaster(config(VOLTAGE, second))
    master.ask()
    expect(master.ask()).toEqual({ bytes: hex(''), withinMs: 1000 })
    const frames: Uint8Array[] = []
    master.push(sealed('11 03 02 00 01'), (frame) => frames.push(frame))
    expect(frames).toEqual([])
    expect(master.dropped).toBe(1)
    expect(master.ask().bytes).toEqual(sealed('11 03 00 02 00 01'))
  })

  it('finds the answer after noise, and after its own question where the adapter repeats it', () => {
    const answer = sealed('11 03 02 02 2B')
    expect(answered(VOLTAGE, hex('00 FF 11'), answer)).toMatchObject([[{ value: 55.5 }]])
    expect(answered(VOLTAGE, sealed('11 03 00 6B 00 01'), answer)).toMatchObject([[{ value: 55.5 }]])
  })

  it('takes an exception for what it is: the device has no such value', () => {
    // Application Protocol V1.1b3 §7: illegal data address
    expect(answered(VOLTAGE, sealed('11 83 02'))).toEqual([
      { type: 'malformed', reason: 'not-known', length: 5 },
    ])
  })

  it('refuses a wrong checksum and what is no number', () => {
    const wrong = sealed('11 03 02 02 2B').with(4, 0x2c)
    expect(answered(VOLTAGE, wrong)).toEqual([{ type: 'malformed', reason: 'bad-checksum', length: 7 }])
    const notANumber = sealed('11 03 04 7F C0 00 00')
    expect(answered({ ...VOLTAGE, type: 'f32be' }, notANumber)).toEqual([
      { type: 'malformed', reason: 'out-of-range', length: 9 },
    ])
  })

  it('hands on nothing of an answer that ends early, wherever it does', () => {
    const answer = sealed('11 03 02 02 2B')
    for (let length = 0; length < answer.length; length++) {
      expect(answered(VOLTAGE, answer.subarray(0, length))).toEqual([])
      const master = new ModbusMaster(config())
      master.ask()
      expect(master.take(answer.subarray(0, length), AT_MS)).toMatchObject({ type: 'malformed' })
    }
  })

  it('reads the same however the line cuts it', () => {
    const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    fc.assert(
      fc.property(number, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 }), (value, cuts) => {
        const data = new Uint8Array(4)
        new DataView(data.buffer).setInt32(0, value)
        const answer = sealed(`11 03 04 ${Buffer.from(data).toString('hex')}`)
        const at = [0, ...cuts.sort((a, b) => a - b), answer.length]
        const chunks = at.slice(1).map((end, index) => answer.subarray(at[index], end))
        const register: ModbusRegister = { ...VOLTAGE, type: 'i32be', scale: 1 }
        expect(answered(register, ...chunks)).toMatchObject([[{ value }]])
      }),
      { seed: 6, numRuns: 300 },
    )
  })

  it('never throws, keeps little and gives finite values only, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODBUS_TYPES),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }),
        (type, chunks) => {
          for (const parsed of answered({ ...VOLTAGE, type }, ...chunks)) {
            if ('type' in parsed) continue
            for (const { value } of parsed) expect(Number.isFinite(value)).toBe(true)
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('a configuration', () => {
  it.each([
    [{ ...config(), unit: 0 }, { reason: 'bad-unit-address' }],
    [{ ...config(), unit: 248 }, { reason: 'bad-unit-address' }],
    [{ ...config(), everyMs: 99 }, { reason: 'bad-rest' }],
    [{ ...config(), everyMs: MODBUS_EVERY_MS_MAX + 1 }, { reason: 'bad-rest' }],
    [{ ...config(), registers: [] }, { reason: 'no-registers' }],
    [
      { ...config(), registers: Array.from({ length: MODBUS_REGISTERS_MAX + 1 }, () => VOLTAGE) },
      { reason: 'too-many-registers' },
    ],
    [config({ ...VOLTAGE, address: 65536 }), { reason: 'bad-address', register: 0 }],
    [config({ ...VOLTAGE, address: 65535, type: 'u32be' }), { reason: 'bad-address', register: 0 }],
    [config({ ...VOLTAGE, address: 1.5 }), { reason: 'bad-address', register: 0 }],
    [config({ ...VOLTAGE, scale: 0 }), { reason: 'bad-scale', register: 0 }],
    [config({ ...VOLTAGE, scale: NaN }), { reason: 'bad-scale', register: 0 }],
    [config(VOLTAGE, VOLTAGE), { reason: 'repeated-quantity', register: 1 }],
    [config({ ...VOLTAGE, quantity: 'a b' }), { reason: 'bad-quantity', register: 0 }],
    [config({ ...VOLTAGE, unit: '' + '°' }), { reason: 'bad-unit', register: 0 }],
  ] as const)('with a mistake is told what it is', (wrong, fault) => {
    expect(modbusFault(wrong)).toEqual(fault)
    expect(() => new ModbusMaster(wrong)).toThrow(RangeError)
  })

  it('without one is taken', () => {
    expect(modbusFault(config())).toBeUndefined()
    expect(modbusFault(config({ ...VOLTAGE, address: 65535 }))).toBeUndefined()
  })
})
