/** How a serial line is set and what is spoken over it. */
import type { ThingKind } from '../reading/kinds.ts'
import { makeParseAnimalTag } from './parse/animal-tag.ts'
import { makeParseCsv } from './parse/csv.ts'
import { Elm327, ELM327_FRAMING } from './parse/elm327.ts'
import { makeFramer, type Framing } from './parse/framing.ts'
import { BAUD_RATES } from './parse/guess.ts'
import { parseJsonLine } from './parse/json-lines.ts'
import { ModbusMaster, type ModbusConfig } from './parse/modbus.ts'
import { makeParseNmea } from './parse/nmea.ts'
import type { ParseLine } from './parse/parse.ts'
import type { LineBits } from './serial-port.ts'
import type { Reader } from './talk.ts'

/** What devices say that speak by themselves. */
const DECODERS = {
  json: () => parseJsonLine,
  csv: makeParseCsv,
  nmea: makeParseNmea,
  'animal-tag': makeParseAnimalTag,
} as const satisfies Readonly<Record<string, () => ParseLine>>

export type LineDecoder = keyof typeof DECODERS

/** All of them. */
export const LINE_DECODERS = Object.keys(DECODERS) as readonly LineDecoder[]

/** What a device says by itself, and how its frames are told apart. `guess`: to be found out from its first bytes. */
export interface LineSpeech {
  readonly decoder: LineDecoder | 'guess'
  readonly framing: Framing | 'guess'
}

export type Speech =
  | LineSpeech
  | { readonly decoder: 'elm327' }
  /** `modbus` is a configuration that `modbusFault` finds nothing in. */
  | { readonly decoder: 'modbus'; readonly modbus: ModbusConfig }

/** Speech with nothing left to guess. */
export type KnownSpeech =
  { readonly decoder: LineDecoder; readonly framing: Framing } | Exclude<Speech, LineSpeech>

export interface SerialConfig {
  /** Bits a second. `guess`: the speeds of `ratesOf` are tried in turn. */
  readonly baudRate: number | 'guess'
  readonly bits?: LineBits
  readonly speech: Speech
}

/** Where a meter begins: its registers differ from maker to maker, and a person takes them from its manual. */
const FIRST_REGISTER: ModbusConfig = {
  unit: 1,
  everyMs: 5000,
  registers: [{ address: 0, table: 'holding', type: 'u16', scale: 1, quantity: 'register/0' }],
}

/** What the kinds that come over a serial line begin with. */
export const SERIAL_DEFAULTS = {
  gps: { baudRate: 'guess', speech: { decoder: 'nmea', framing: { type: 'line' } } },
  // Silent until an animal comes by, so there is nothing to guess by; it is what such readers leave the factory with.
  tags: { baudRate: 9600, speech: { decoder: 'animal-tag', framing: 'guess' } },
  car: { baudRate: 'guess', speech: { decoder: 'elm327' } },
  meter: { baudRate: 'guess', speech: { decoder: 'modbus', modbus: FIRST_REGISTER } },
  lines: { baudRate: 'guess', speech: { decoder: 'guess', framing: 'guess' } },
} as const satisfies Readonly<Partial<Record<ThingKind, SerialConfig>>>

export type SerialKind = keyof typeof SERIAL_DEFAULTS

/** ELM327 data sheet, "Communicating with the ELM327": 38400, or 9600 by a pin; likenesses come with the others. */
const ELM327_RATES = [38_400, 9600, 115_200, 230_400, 57_600, 19_200] as const

/** The speeds to try, bits a second, the likeliest first. */
export function ratesOf({ baudRate, speech }: SerialConfig): readonly number[] {
  if (baudRate !== 'guess') return [baudRate]
  return speech.decoder === 'elm327' ? ELM327_RATES : BAUD_RATES
}

/** Whether the device answers when it is asked. The others may be silent for long. */
export function isAsked({ decoder }: Speech): boolean {
  return decoder === 'elm327' || decoder === 'modbus'
}

/** Whether there is nothing to guess. */
export function isKnown(speech: Speech): speech is KnownSpeech {
  return !('framing' in speech) || (speech.framing !== 'guess' && speech.decoder !== 'guess')
}

/** What reads one connection's bytes. */
export function readerOf(speech: KnownSpeech): Reader {
  switch (speech.decoder) {
    case 'elm327':
      return { framer: makeFramer(ELM327_FRAMING), dialogue: new Elm327() }
    case 'modbus': {
      const master = new ModbusMaster(speech.modbus)
      return { framer: master, dialogue: master }
    }
    case 'json':
    case 'csv':
    case 'nmea':
    case 'animal-tag':
      return { framer: makeFramer(speech.framing), dialogue: { take: DECODERS[speech.decoder]() } }
  }
}
