/**
 * What has to be known to start a thing's sensor again, kept as text with the thing. It comes back from a store that anyone
 * with this device can write to, so it is taken for nothing unless all of it is as expected.
 */
import * as v from 'valibot'
import { SOURCE_CHARACTERS_MAX } from '../node/api.ts'
import { WHEEL_MM_MAX, WHEEL_MM_MIN } from '../sensor/parse/cycling.ts'
import { MAPPED_FIELDS_MAX, MAPPED_TYPES, mappingFault, type Mapping } from '../sensor/parse/mapping.ts'
import { FRAME_BYTES_MAX } from '../sensor/parse/framing.ts'
import { modbusFault, MODBUS_REGISTERS_MAX, MODBUS_TYPES } from '../sensor/parse/modbus.ts'
import { LINE_DECODERS, type KnownSpeech, type SerialConfig } from '../sensor/serial-config.ts'

/** `deviceId` is what the sensor's `resume` takes; absent where the browser named none. */
export type Source =
  /** This device itself: `HERE`. */
  | { readonly type: 'here' }
  /** A Bluetooth device that the profile of its thing's kind is for; with `wheelMm`, by a wheel that goes so far in one turn. */
  | { readonly type: 'profile'; readonly deviceId?: string; readonly wheelMm?: number }
  /** One that is only listened to. */
  | { readonly type: 'adverts'; readonly deviceId?: string }
  /** One that sends lines or telegrams over a Nordic UART. */
  | ({ readonly type: 'uart'; readonly deviceId?: string } & KnownSpeech)
  /** One with a profile of its person's. */
  | { readonly type: 'mapping'; readonly deviceId?: string; readonly mapping: Mapping }
  | { readonly type: 'serial'; readonly deviceId?: string; readonly config: SerialConfig }
  /** Files and pasted texts. */
  | { readonly type: 'text' }
  | { readonly type: 'location'; readonly precise: boolean }

/** Of the text. One with another is of another version, and is asked for again. */
const VERSION = 1

/** Browsers' names of Bluetooth devices have 24 characters, our names of ports 9. */
const DEVICE_ID_CHARACTERS_MAX = 128

/** Bits a second: slower is a telegraph, faster no adapter is. */
const BAUD_RATE_MIN = 50
const BAUD_RATE_MAX = 4_000_000

const deviceId = v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(DEVICE_ID_CHARACTERS_MAX)))
const Whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))
const FrameBytes = Whole(1, FRAME_BYTES_MAX)

const FramingForm = v.variant('type', [
  v.object({ type: v.picklist(['line', 'cobs']) }),
  v.object({ type: v.literal('delimiter'), byte: Whole(0, 255) }),
  v.object({ type: v.literal('fixed'), bytes: FrameBytes }),
  v.object({ type: v.literal('stx-etx'), bytes: v.exactOptional(FrameBytes) }),
])

const MappingForm = v.pipe(
  v.object({
    service: v.string(),
    characteristic: v.string(),
    fields: v.pipe(
      v.array(
        v.object({
          quantity: v.string(),
          unit: v.exactOptional(v.string()),
          offset: v.number(),
          type: v.picklist(MAPPED_TYPES),
          scale: v.number(),
          add: v.number(),
        }),
      ),
      v.maxLength(MAPPED_FIELDS_MAX),
    ),
  }),
  v.check((mapping) => mappingFault(mapping) === undefined),
)

const ModbusForm = v.pipe(
  v.object({
    unit: v.number(),
    everyMs: v.number(),
    registers: v.pipe(
      v.array(
        v.object({
          address: v.number(),
          table: v.picklist(['holding', 'input']),
          type: v.picklist(MODBUS_TYPES),
          scale: v.number(),
          quantity: v.string(),
          unit: v.exactOptional(v.string()),
        }),
      ),
      v.maxLength(MODBUS_REGISTERS_MAX),
    ),
  }),
  v.check((modbus) => modbusFault(modbus) === undefined),
)

const SpeechForm = v.variant('decoder', [
  v.object({ decoder: v.literal('elm327') }),
  v.object({ decoder: v.literal('modbus'), modbus: ModbusForm }),
  v.object({
    decoder: v.picklist([...LINE_DECODERS, 'guess']),
    framing: v.union([v.literal('guess'), FramingForm]),
  }),
])

const ConfigForm = v.object({
  baudRate: v.union([v.literal('guess'), Whole(BAUD_RATE_MIN, BAUD_RATE_MAX)]),
  bits: v.exactOptional(
    v.object({
      dataBits: v.exactOptional(v.picklist([7, 8])),
      parity: v.exactOptional(v.picklist(['none', 'even', 'odd'])),
      stopBits: v.exactOptional(v.picklist([1, 2])),
    }),
  ),
  speech: SpeechForm,
})

const uart = { type: v.literal('uart'), deviceId }

const SourceForm: v.GenericSchema<unknown, Source> = v.variant('type', [
  v.object({ type: v.literal('here') }),
  v.object({
    type: v.literal('profile'),
    deviceId,
    wheelMm: v.exactOptional(Whole(WHEEL_MM_MIN, WHEEL_MM_MAX)),
  }),
  v.object({ type: v.literal('adverts'), deviceId }),
  v.variant('decoder', [
    v.object({ ...uart, decoder: v.literal('elm327') }),
    v.object({ ...uart, decoder: v.literal('modbus'), modbus: ModbusForm }),
    v.object({ ...uart, decoder: v.picklist(LINE_DECODERS), framing: FramingForm }),
  ]),
  v.object({ type: v.literal('mapping'), deviceId, mapping: MappingForm }),
  v.object({ type: v.literal('serial'), deviceId, config: ConfigForm }),
  v.object({ type: v.literal('text') }),
  v.object({ type: v.literal('location'), precise: v.boolean() }),
])

const Versioned = v.object({ version: v.literal(VERSION), source: SourceForm })

/** The text of a source; `undefined` where it is longer than a thing keeps, which only very long names make it. */
export function writeSource(source: Source): string | undefined {
  const text = JSON.stringify({ version: VERSION, source })
  return text.length <= SOURCE_CHARACTERS_MAX ? text : undefined
}

/** The source of a text, or `undefined` where it is none that could be started by. */
export function readSource(text: string | undefined): Source | undefined {
  if (text === undefined || text.length > SOURCE_CHARACTERS_MAX) return undefined
  try {
    const parsed = v.safeParse(Versioned, JSON.parse(text))
    return parsed.success ? parsed.output.source : undefined
  } catch {
    return undefined
  }
}
