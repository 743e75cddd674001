/**
 * A car through an ELM327 adapter or one of its many likenesses: Elm Electronics, ELM327 data sheet ("Communicating with
 * the ELM327", "Error Messages and Alerts"). Each answer ends with its prompt `>`, which
 * the framing takes away. The values are those of SAE J1979 (ISO 15031-5) service 01.
 *
 * Tyre pressure is not among them: the standard has no parameter for it, and makers have it under services and numbers of their
 * own, which differ from car to car.
 */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import type { Framing } from './framing.ts'
import { malformed, type FrameFault } from './malformed.ts'
import type { Dialogue, Parsed, Question } from './parse.ts'

/** What its answers end with. */
export const ELM327_FRAMING: Framing = { type: 'delimiter', byte: 0x3e }

/** Reset; no echo, line feeds, spaces or headers, which would only cost time on the line; find the car's protocol. */
const SETUP: readonly string[] = ['ATZ', 'ATE0', 'ATL0', 'ATS0', 'ATH0', 'ATSP0']

/** A reset takes about a second, the answer of a car on the slowest bus less than half. */
const ANSWER_MS = 3000

/** The first question of a car has the adapter try up to ten protocols, which takes most of this. */
const SEARCH_MS = 20_000

/** Rest between two rounds: with it every value comes about once a second. */
const ROUND_MS = 1000

/** Rest after a car that does not answer, as with its ignition off. */
const ABSENT_MS = 5000

/** Questions in a row without a value after which the adapter is set up afresh: two whole rounds. */
const FAILURES_MAX = 12

/** Answers of service 01 begin so: the service, and 0x40. SAE J1979 §5. */
const CURRENT_DATA = '41'

interface Parameter {
  readonly quantity: string
  readonly bytes: number
  /** In the unit the quantity carries, from the bytes the standard calls A and B. */
  readonly value: (a: number, b: number) => number
}

/** The voltage of the control unit, of cars that tell it. */
const VOLTAGE = 0x42

/**
 * Asks the adapter for the voltage at the car's plug, which is its battery's, and the answer: `12.6V`. ELM327 data sheet,
 * "Reading the Battery Voltage".
 */
const PLUG_VOLTAGE = 'ATRV'
const NOT_UNDERSTOOD = '?'
const VOLTS = /^(\d{1,2}\.\d)V$/

/** SAE J1979, table of service 01 parameters, by number; asked in this order. */
const PARAMETERS: ReadonlyMap<number, Parameter> = new Map([
  [0x0d, { quantity: 'speed', bytes: 1, value: (a) => a / 3.6 }],
  [0x0c, { quantity: 'engine-speed', bytes: 2, value: (a, b) => (256 * a + b) / 4 }],
  [0x04, { quantity: 'engine-load', bytes: 1, value: (a) => a / 255 }],
  [0x05, { quantity: 'coolant-temperature', bytes: 1, value: (a) => a - 40 }],
  [0x2f, { quantity: 'fuel-level', bytes: 1, value: (a) => a / 255 }],
  [VOLTAGE, { quantity: 'voltage', bytes: 2, value: (a, b) => (256 * a + b) / 1000 }],
])

/** Each of these says which of the 32 parameters after it the car knows, the highest bit being the next. SAE J1979 §5. */
const MASKS: readonly number[] = [0x00, 0x20, 0x40]

/** What an adapter says when there is no value, and what comes before one. Without spaces, as everything here. */
const REMARKS =
  /^(?:OK|NODATA|STOPPED|UNABLETOCONNECT|BUSBUSY|BUSERROR|CANERROR|FBERROR|LVRESET|!?LPALERT|!?ACTALERT|BUFFERFULL|ERROR|ERR\d\d|ELM327.*)$/

/** Sets the adapter up, asks which values the car has, and then for one after the other. */
export class Elm327 implements Dialogue {
  /** Commands still to be sent. */
  #queue: string[] = [...SETUP, command(0)]
  /** The one that was sent last, until it is answered. */
  #asked: string | undefined
  readonly #known = new Set<number>()
  /** Questions since a value last came from the car. */
  #failures = 0
  /** Until the adapter is found not to know its plug's voltage. */
  #hasPlugVoltage = true

  ask(): Question {
    // Called again without an answer: there was silence.
    if (this.#asked !== undefined) this.#failures++
    this.#asked = this.#queue.shift()
    if (this.#asked === undefined) {
      this.#refill()
      return { bytes: new Uint8Array(0), withinMs: this.#known.size === 0 ? ABSENT_MS : ROUND_MS }
    }
    const withinMs = this.#asked === command(0) ? SEARCH_MS : ANSWER_MS
    return { bytes: new TextEncoder().encode(`${this.#asked}\r`), withinMs }
  }

  take(frame: Uint8Array, atMs: number): Parsed {
    const asked = this.#asked
    this.#asked = undefined
    const text = asciiOf(frame)
    if (text === undefined) return malformed('not-text', frame.length)
    const lines = text.split(/[\r\n]+/).map(withoutPrefix)
    const said = lines.filter((line) => line !== '' && line !== asked && !REMARKS.test(line))
    if (asked === PLUG_VOLTAGE) return this.#takeVoltage(said, atMs)
    const found = new Map<string, Reading>()
    const faults = said
      .map((line) => this.#takeLine(line, atMs, found))
      .filter((fault) => fault !== undefined)
    if (asked === command(MASKS[0]) || asked === command(MASKS[1])) this.#askForMore(asked)
    // What an adapter says of a setting it does not have, or while it wakes up, is no reading that went wrong.
    if (asked !== undefined && SETUP.includes(asked)) return []
    this.#failures = found.size > 0 ? 0 : this.#failures + 1
    const [fault] = faults
    if (found.size > 0 || fault === undefined) return [...found.values()]
    return malformed(fault, frame.length)
  }

  /**
   * One line: the answer of one of the car's control units, of which several may answer.
   *
   * @param found readings by quantity so far; the first unit to answer is believed, which is the engine's
   */
  #takeLine(line: string, atMs: number, found: Map<string, Reading>): FrameFault | undefined {
    if (/(?:DATA|RX)ERROR$/.test(line)) return 'bad-checksum'
    if (!/^[0-9A-F]+$/.test(line)) return 'unknown'
    // A refusal: "7F", the service, and why. SAE J1979 §4.2.
    if (line.startsWith('7F')) return undefined
    if (!CURRENT_DATA.startsWith(line.slice(0, 2))) return 'unknown'
    if (line.length < 4 || line.length % 2 !== 0) return 'truncated'
    const number = parseInt(line.slice(2, 4), 16)
    const bytes = [...line.slice(4).matchAll(/../g)].map(([byte]) => parseInt(byte, 16))
    if (MASKS.includes(number)) return this.#takeMask(number, bytes)
    const parameter = PARAMETERS.get(number)
    if (parameter === undefined) return 'unknown'
    const fault = lengthFault(bytes.length, parameter.bytes)
    if (fault !== undefined) return fault
    const { quantity, value } = parameter
    const [a = 0, b = 0] = bytes
    if (!found.has(quantity)) found.set(quantity, measured(quantity, value(a, b), atMs))
    return undefined
  }

  /** It says nothing of the car, which may be off. */
  #takeVoltage([said]: readonly string[], atMs: number): Parsed {
    if (said === undefined || said === NOT_UNDERSTOOD) {
      this.#hasPlugVoltage = false
      return []
    }
    const volts = VOLTS.exec(said)?.[1]
    return volts === undefined
      ? malformed('unknown', said.length)
      : [measured('voltage', Number(volts), atMs)]
  }

  #takeMask(number: number, bytes: readonly number[]): FrameFault | undefined {
    const fault = lengthFault(bytes.length, 4)
    if (fault !== undefined) return fault
    for (let bit = 0; bit < 32; bit++) {
      if (((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) this.#known.add(number + 1 + bit)
    }
    return undefined
  }

  /** A mask's last bit says whether there is another one after it. */
  #askForMore(asked: string): void {
    const next = parseInt(asked.slice(2), 16) + 0x20
    if (this.#known.has(next)) this.#queue.push(command(next))
  }

  #refill(): void {
    if (this.#failures >= FAILURES_MAX) {
      this.#failures = 0
      this.#known.clear()
      this.#queue = [...SETUP]
    }
    const wanted = [...PARAMETERS.keys()].filter((number) => this.#known.has(number))
    this.#queue.push(...(wanted.length > 0 ? wanted : [0]).map(command))
    if (wanted.length > 0 && !this.#known.has(VOLTAGE) && this.#hasPlugVoltage) this.#queue.push(PLUG_VOLTAGE)
  }
}

/** SAE J1979 service 01: `010D`. */
function command(parameter = 0): string {
  return `01${parameter.toString(16).padStart(2, '0').toUpperCase()}`
}

/** Printable ASCII in capitals, and line ends. The data sheet says that a zero byte may slip in and is to be ignored. */
function asciiOf(frame: Uint8Array): string | undefined {
  const bytes = frame.filter((byte) => byte !== 0)
  const isText = bytes.every((byte) => byte === 0x0d || byte === 0x0a || (byte >= 0x20 && byte < 0x7f))
  return isText ? String.fromCharCode(...bytes).toUpperCase() : undefined
}

/** Without spaces, and without what an adapter says while it looks for the car, which some put before the answer. */
function withoutPrefix(line: string): string {
  return line
    .replaceAll(' ', '')
    .replace(/^SEARCHING\.*/, '')
    .replace(/^BUSINIT:?\.*/, '')
    .replace(/^OK(?=41)/, '')
}

function lengthFault(length: number, expected: number): FrameFault | undefined {
  if (length === expected) return undefined
  return length < expected ? 'truncated' : 'trailing-bytes'
}
