/** What the forms of sensors say of lines, numbers and bytes. A value in, words of the language spoken out. */
import type { Framing } from '../sensor/parse/framing.ts'
import type { MappedField } from '../sensor/parse/mapping.ts'
import type { ModbusType } from '../sensor/parse/modbus.ts'
import type { LineDecoder } from '../sensor/serial-config.ts'
import { RAW_BYTES_MAX, type RawCharacteristic } from '../sensor/unknown-device.ts'
import { count } from './numbers.ts'
import { addingText } from './texts/adding/text.ts'
import { serialText } from './texts/serial/text.ts'
import { clip } from './words.ts'

/** A speed of a serial line. */
export function baudWords(baudRate: string): string {
  const text = serialText()
  return baudRate === 'guess' ? text.findOut : text.baud(count(Number(baudRate)))
}

/** What a device sends. */
export function decoderWords(decoder: LineDecoder | 'guess'): string {
  const text = serialText()
  return decoder === 'guess' ? text.findOut : text.decoders[decoder]
}

/** What tells one message on a line from the next. */
export function framingWords(framing: Framing['type'] | 'guess'): string {
  const text = serialText()
  return framing === 'guess' ? text.findOut : text.framings[framing]
}

/** How bytes make a number: `16 bits, signed, low first`. The low byte, or of a register's two the low word. */
export function typeWords(type: ModbusType | MappedField['type']): string {
  const text = serialText()
  if (type === 'text') return text.textType
  const bits = type.slice(1).match(/\d+/)?.[0] ?? ''
  const sort = { u: text.unsigned, i: text.signed, f: text.float }[type.charAt(0)] ?? ''
  const order = /le/.test(type) ? [text.lowFirst] : type.endsWith('be') ? [text.highFirst] : []
  return [text.bits(bits), sort, ...order].join(text.comma)
}

/** Digits of a full UUID that tell it from another to a person. */
const UUID_DIGITS = 8

/** A UUID: the four digits of an assigned number, or the first of a long one. Bluetooth Core 5.4, volume 3, part B, §2.5.1. */
export function uuidWords(uuid: string): string {
  const assigned = /^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/.exec(uuid)?.[1]
  return assigned ?? `${clip(uuid, UUID_DIGITS + 1)}`
}

/** What a characteristic has said last, as bytes. */
export function rawWords({ value, canRead, canFollow }: RawCharacteristic): string {
  const text = addingText().raw
  if (value === undefined) return canRead || canFollow ? text.nothingYet : text.unreadable
  const shown = value.hex === '' ? text.empty : value.hex
  return value.byteLength > RAW_BYTES_MAX ? text.cut(shown, value.byteLength) : shown
}
