/**
 * Reading registers of a Modbus RTU device: MODBUS over Serial Line V1.02 and MODBUS Application Protocol V1.1b3. A
 * device speaks only when it is asked, and nothing in its answer says which register it is of.
 */
import { readingFault, type ReadingFault } from '../../reading/check.ts'
import { quantityOf } from '../../reading/quantities.ts'
import type { Reading } from '../../reading/reading.ts'
import type { Framer } from './framing.ts'
import { malformed } from './malformed.ts'
import type { Dialogue, Parsed, Question } from './parse.ts'

/** Registers read in a round. A person types each of them in; the largest meters in homes show some thirty. */
export const MODBUS_REGISTERS_MAX = 32

/** The shortest rest between two rounds. One question and its answer already take 40 ms at 9600 baud. */
export const MODBUS_EVERY_MS_MIN = 100

/** The longest, a day. */
export const MODBUS_EVERY_MS_MAX = 86_400_000

/** Serial Line V1.02 §2.4.1: "from 1s to several second at 9600 bps". */
const ANSWER_MS = 1000

/** Serial Line V1.02 §2.5.1.1: 3.5 characters of 11 bits part two frames, 32 ms at 1200 baud, the slowest in use. */
const GAP_MS = 35

/** Application Protocol V1.1b3 §6.3 and §6.4. */
const FUNCTIONS = { holding: 0x03, input: 0x04 }

/** Application Protocol V1.1b3 §7: an exception answers with the function's code and this bit, and one byte that says why. */
const EXCEPTION = 0x80

/** Unit, function, length or exception code, and two bytes of checksum. */
const SHORTEST_BYTES = 5

/**
 * What lies in a register of 16 bits, or in two. Within one the high byte comes first (Application Protocol V1.1b3 §4.2);
 * of two registers most devices put the high one first, and some (`le-words`) the low one.
 */
const TYPES = {
  u16: { words: 1, read: (data: DataView) => data.getUint16(0) },
  i16: { words: 1, read: (data: DataView) => data.getInt16(0) },
  u32be: { words: 2, read: (data: DataView) => data.getUint32(0) },
  i32be: { words: 2, read: (data: DataView) => data.getInt32(0) },
  f32be: { words: 2, read: (data: DataView) => data.getFloat32(0) },
  'u32le-words': { words: 2, read: (data: DataView) => swapped(data).getUint32(0) },
  'i32le-words': { words: 2, read: (data: DataView) => swapped(data).getInt32(0) },
  'f32le-words': { words: 2, read: (data: DataView) => swapped(data).getFloat32(0) },
} as const

export type ModbusType = keyof typeof TYPES

/** All of them. */
export const MODBUS_TYPES = Object.keys(TYPES) as readonly ModbusType[]

export interface ModbusRegister {
  /** As it goes over the line, from 0; where a manual says 40001 or 30001, that is 0. */
  readonly address: number
  readonly table: 'holding' | 'input'
  readonly type: ModbusType
  /** What the number in the register is multiplied by to be in `unit`. */
  readonly scale: number
  readonly quantity: string
  /** SenML; that of the quantity where it is left out. */
  readonly unit?: string
}

export interface ModbusConfig {
  /** The device's address on the line, 1 to 247. Serial Line V1.02 §2.2. */
  readonly unit: number
  /** The rest between two rounds, `MODBUS_EVERY_MS_MIN` to `MODBUS_EVERY_MS_MAX`. */
  readonly everyMs: number
  /** 1 to `MODBUS_REGISTERS_MAX`, each of a quantity of its own. */
  readonly registers: readonly ModbusRegister[]
}

export interface ModbusFault {
  readonly reason:
    | 'bad-unit-address'
    | 'bad-rest'
    | 'no-registers'
    | 'too-many-registers'
    | 'bad-address'
    | 'bad-scale'
    | 'repeated-quantity'
    | ReadingFault
  /** Which of the registers it is about, from 0. */
  readonly register?: number
}

/** What keeps a configuration from being used, or `undefined` if nothing does. */
export function modbusFault({ unit, everyMs, registers }: ModbusConfig): ModbusFault | undefined {
  if (!isWhole(unit, 1, 247)) return { reason: 'bad-unit-address' }
  if (!isWhole(everyMs, MODBUS_EVERY_MS_MIN, MODBUS_EVERY_MS_MAX)) return { reason: 'bad-rest' }
  if (registers.length === 0) return { reason: 'no-registers' }
  if (registers.length > MODBUS_REGISTERS_MAX) return { reason: 'too-many-registers' }
  for (const [index, register] of registers.entries()) {
    const reason = registerFault(register, registers.slice(0, index))
    if (reason !== undefined) return { reason, register: index }
  }
  return undefined
}

function registerFault(
  register: ModbusRegister,
  before: readonly ModbusRegister[],
): ModbusFault['reason'] | undefined {
  const { address, type, scale, quantity } = register
  if (!isWhole(address, 0, 0x10000 - TYPES[type].words)) return 'bad-address'
  if (!Number.isFinite(scale) || scale === 0) return 'bad-scale'
  if (before.some((other) => other.quantity === quantity)) return 'repeated-quantity'
  return readingFault(readingOf(register, 0, ANY_TIME_MS))
}

/** A time that no reading is refused for. */
const ANY_TIME_MS = 1_700_000_000_000

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/**
 * Asks for one register after the other and rests after each round. It frames the answers as well: in RTU silence ends a
 * frame, and a page is not told when bytes arrived, so a frame ends where the question says how long its answer is.
 */
export class ModbusMaster implements Dialogue, Framer {
  readonly #config: ModbusConfig
  #next = 0
  #phase: 'ready' | 'waiting' | 'answered' = 'ready'
  #received: number[] = []
  #skipping = false
  #dropped = 0

  /** @param config one that `modbusFault` finds nothing in */
  constructor(config: ModbusConfig) {
    if (modbusFault(config) !== undefined) throw new RangeError('no such configuration')
    this.#config = config
  }

  get dropped(): number {
    return this.#dropped
  }

  ask(): Question {
    if (this.#phase === 'ready') {
      this.#phase = 'waiting'
      return { bytes: this.#request(), withinMs: ANSWER_MS }
    }
    // An answer that is late would be taken for that to the next question, so it is given time to pass by.
    const gapMs = this.#phase === 'waiting' ? ANSWER_MS : GAP_MS
    this.reset()
    this.#phase = 'ready'
    this.#next = (this.#next + 1) % this.#config.registers.length
    return { bytes: new Uint8Array(0), withinMs: this.#next === 0 ? this.#config.everyMs + gapMs : gapMs }
  }

  push(chunk: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    for (const byte of chunk) {
      this.#received.push(byte)
      while (this.#received.length > 0 && !this.#mayBeAnswer()) this.#skip()
      if (this.#received.length < this.#expectedBytes()) continue
      const frame = Uint8Array.from(this.#received)
      this.reset()
      onFrame(frame)
    }
  }

  reset(): void {
    this.#received = []
    this.#skipping = false
  }

  take(frame: Uint8Array, atMs: number): Parsed {
    const { length } = frame
    const register = this.#asked()
    if (length < SHORTEST_BYTES) return malformed('truncated', length)
    if (this.#phase !== 'waiting') return malformed('unknown', length)
    this.#phase = 'answered'
    if (modbusChecksum(frame.subarray(0, -2)) !== (frame[length - 2] ?? 0) + 256 * (frame[length - 1] ?? 0))
      return malformed('bad-checksum', length)
    if (frame[0] !== this.#config.unit) return malformed('unknown', length)
    if (frame[1] === (FUNCTIONS[register.table] | EXCEPTION)) return malformed('not-known', length)
    const bytes = 2 * TYPES[register.type].words
    if (frame[1] !== FUNCTIONS[register.table] || frame[2] !== bytes || length !== SHORTEST_BYTES + bytes)
      return malformed('unknown', length)
    const raw = TYPES[register.type].read(new DataView(frame.buffer, frame.byteOffset + 3, bytes))
    const reading = readingOf(register, raw, atMs)
    return Number.isFinite(reading.value) ? [reading] : malformed('out-of-range', length)
  }

  #asked(): ModbusRegister {
    const register = this.#config.registers[this.#next]
    if (register === undefined) throw new Error('no register is asked for')
    return register
  }

  /** Application Protocol V1.1b3 §6.3. */
  #request(): Uint8Array {
    const { address, table, type } = this.#asked()
    const { words } = TYPES[type]
    const body = [this.#config.unit, FUNCTIONS[table], address >> 8, address & 0xff, 0, words]
    const checksum = modbusChecksum(Uint8Array.from(body))
    return Uint8Array.of(...body, checksum & 0xff, checksum >> 8)
  }

  /** Whether what has come can be the beginning of the answer. An adapter may repeat the question first, or noise come. */
  #mayBeAnswer(): boolean {
    if (this.#phase !== 'waiting') return false
    const { table, type } = this.#asked()
    const [unit, code, bytes] = this.#received
    if (unit !== this.#config.unit) return false
    if (code === undefined || code === (FUNCTIONS[table] | EXCEPTION)) return true
    return code === FUNCTIONS[table] && (bytes === undefined || bytes === 2 * TYPES[type].words)
  }

  #expectedBytes(): number {
    const isException = ((this.#received[1] ?? 0) & EXCEPTION) !== 0
    return isException ? SHORTEST_BYTES : SHORTEST_BYTES + 2 * TYPES[this.#asked().type].words
  }

  #skip(): void {
    this.#received.shift()
    if (!this.#skipping) this.#dropped++
    this.#skipping = true
  }
}

/**
 * CRC-16/MODBUS: Serial Line V1.02 §2.5.1.2 and appendix B. Its low byte goes over the line first.
 *
 * @returns 0 to 65535
 */
export function modbusChecksum(bytes: Uint8Array): number {
  let checksum = 0xffff
  for (const byte of bytes) {
    checksum ^= byte
    for (let bit = 0; bit < 8; bit++) checksum = (checksum >> 1) ^ ((checksum & 1) === 0 ? 0 : 0xa001)
  }
  return checksum
}

/** A scale such as 0.1 has no exact double; twelve digits keep what 32 bits can say and drop the rest. */
function readingOf({ quantity, scale, unit }: ModbusRegister, raw: number, atMs: number): Reading {
  const value = Number((raw * scale).toPrecision(12))
  const shown = unit ?? quantityOf(quantity)?.unit
  return shown === undefined ? { quantity, value, atMs } : { quantity, unit: shown, value, atMs }
}

function swapped(data: DataView): DataView {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint16(0, data.getUint16(2))
  view.setUint16(2, data.getUint16(0))
  return view
}
