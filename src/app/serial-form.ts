/** How a serial line is set, as a form has it: texts that may be wrong, and the configuration they make. */
import type { ThingKind } from '../reading/kinds.ts'
import { FRAME_BYTES_MAX, type Framing } from '../sensor/parse/framing.ts'
import { BAUD_RATES } from '../sensor/parse/guess.ts'
import {
  modbusFault,
  MODBUS_EVERY_MS_MAX,
  MODBUS_EVERY_MS_MIN,
  MODBUS_REGISTERS_MAX,
  type ModbusConfig,
  type ModbusFault,
  type ModbusRegister,
} from '../sensor/parse/modbus.ts'
import { SERIAL_DEFAULTS, type LineSpeech, type SerialConfig, type Speech } from '../sensor/serial-config.ts'
import type { LineBits } from '../sensor/serial-port.ts'
import { numberOf, unitOf } from './field-text.ts'
import { serialText } from './texts/serial/text.ts'

export interface RegisterFields {
  address: string
  table: ModbusRegister['table']
  type: ModbusRegister['type']
  scale: string
  quantity: string
  unit: string
}

export interface SerialFields {
  /** `guess`, or bits a second. */
  baudRate: string
  /** A row of `BITS`. */
  bits: string
  decoder: Speech['decoder']
  framing: Framing['type'] | 'guess'
  /** Bytes of a frame, or the byte that ends it; empty where there is nothing to say. */
  frame: string
  /** Of Modbus. */
  address: string
  everySeconds: string
  registers: RegisterFields[]
}

/** Data bits, parity and stop bits as devices' manuals name them, the commonest first. */
export const BITS: Readonly<Record<string, LineBits>> = {
  '8N1': {},
  '8E1': { parity: 'even' },
  '8O1': { parity: 'odd' },
  '8N2': { stopBits: 2 },
  '7E1': { dataBits: 7, parity: 'even' },
  '7O1': { dataBits: 7, parity: 'odd' },
}

/** Most devices of the last thirty years. */
const BITS_DEFAULT = '8N1'

/** The speeds to offer, bits a second, rising; `own` is among them. */
export function speedsWith(own: string): readonly string[] {
  const rates = new Set<number>(BAUD_RATES)
  if (own !== 'guess') rates.add(Number(own))
  return [...rates].sort((a, b) => a - b).map(String)
}

/** What things of a kind on a serial line begin with; `undefined` for the others. */
export function firstConfig(kind: ThingKind): SerialConfig | undefined {
  const all: Partial<Record<ThingKind, SerialConfig>> = SERIAL_DEFAULTS
  return all[kind]
}

/** A configuration as a form shows it. */
export function fieldsOf({ baudRate, bits, speech }: SerialConfig): SerialFields {
  const framing = 'framing' in speech ? speech.framing : 'guess'
  const modbus = speech.decoder === 'modbus' ? speech.modbus : undefined
  return {
    baudRate: String(baudRate),
    bits: bitsName(bits),
    decoder: speech.decoder,
    framing: framing === 'guess' ? framing : framing.type,
    frame: framing === 'guess' ? '' : frameText(framing),
    address: String(modbus?.unit ?? ''),
    everySeconds: modbus === undefined ? '' : String(modbus.everyMs / 1000),
    registers: modbus?.registers.map(registerFields) ?? [],
  }
}

/** A register that a person has yet to describe. */
export function newRegister(after: RegisterFields | undefined): RegisterFields {
  return { address: '', table: 'holding', type: 'u16', scale: '1', ...after, quantity: '', unit: '' }
}

/** The configuration of a form, or what is wrong with it, in words. */
export function configOf(fields: SerialFields): SerialConfig | string {
  const speech = speechOf(fields)
  if (typeof speech === 'string') return speech
  const bits = BITS[fields.bits]
  return {
    baudRate: fields.baudRate === 'guess' ? 'guess' : Number(fields.baudRate),
    ...(bits === undefined || fields.bits === BITS_DEFAULT ? {} : { bits }),
    speech,
  }
}

function speechOf(fields: SerialFields): Speech | string {
  switch (fields.decoder) {
    case 'elm327':
      return { decoder: fields.decoder }
    case 'modbus': {
      const modbus = modbusOf(fields)
      const fault = modbusFault(modbus)
      return fault === undefined ? { decoder: fields.decoder, modbus } : modbusWords(fault)
    }
    case 'guess':
    case 'json':
    case 'csv':
    case 'nmea':
    case 'animal-tag': {
      const framing = framingOf(fields)
      return framing === 'bad-byte' || framing === 'bad-bytes'
        ? frameWords(framing)
        : { decoder: fields.decoder, framing }
    }
  }
}

/** How frames are told apart, `guess`, or what is wrong. */
function framingOf({
  framing,
  frame,
}: Pick<SerialFields, 'framing' | 'frame'>): LineSpeech['framing'] | FrameFault {
  const number = numberOf(frame)
  switch (framing) {
    case 'guess':
      return framing
    case 'line':
    case 'cobs':
      return { type: framing }
    case 'delimiter':
      return isWhole(number, 0, 255) ? { type: framing, byte: number } : 'bad-byte'
    case 'fixed':
      return isWhole(number, 1, FRAME_BYTES_MAX) ? { type: framing, bytes: number } : 'bad-bytes'
    case 'stx-etx':
      if (frame.trim() === '') return { type: framing }
      return isWhole(number, 1, FRAME_BYTES_MAX) ? { type: framing, bytes: number } : 'bad-bytes'
  }
}

type FrameFault = 'bad-byte' | 'bad-bytes'

function frameWords(fault: FrameFault): string {
  const { frameFaults } = serialText()
  return fault === 'bad-byte' ? frameFaults.badByte : frameFaults.badBytes(FRAME_BYTES_MAX)
}

function modbusOf({ address, everySeconds, registers }: SerialFields): ModbusConfig {
  return {
    unit: numberOf(address),
    everyMs: Math.round(1000 * numberOf(everySeconds)),
    registers: registers.map(({ address, table, type, scale, quantity, unit }) => ({
      address: numberOf(address),
      table,
      type,
      scale: numberOf(scale),
      quantity: quantity.trim(),
      ...unitOf(quantity.trim(), unit),
    })),
  }
}

function modbusWords({ reason, register }: ModbusFault): string {
  const text = serialText()
  const faults = text.modbusFaults
  const words: Readonly<Record<ModbusFault['reason'], string>> = {
    'bad-unit-address': faults.badUnitAddress,
    'bad-rest': faults.badRest(MODBUS_EVERY_MS_MIN / 1000, MODBUS_EVERY_MS_MAX / 1000),
    'no-registers': faults.noRegisters,
    'too-many-registers': faults.tooManyRegisters(MODBUS_REGISTERS_MAX),
    'bad-address': faults.badAddress,
    'bad-scale': text.badScale,
    'repeated-quantity': faults.repeatedQuantity,
    'bad-quantity': text.badQuantity,
    'bad-unit': text.badUnit,
    'bad-value': faults.unreadable,
    'bad-time': faults.unreadable,
  }
  return register === undefined ? words[reason] : text.rows.register.fault(register + 1, words[reason])
}

function registerFields({
  address,
  table,
  type,
  scale,
  quantity,
  unit = '',
}: ModbusRegister): RegisterFields {
  return { address: String(address), table, type, scale: String(scale), quantity, unit }
}

function bitsName({ dataBits = 8, parity = 'none', stopBits = 1 }: LineBits = {}): string {
  return `${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`
}

function frameText(framing: Framing): string {
  if (framing.type === 'delimiter') return String(framing.byte)
  return 'bytes' in framing ? String(framing.bytes) : ''
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}
