/** What the forms of sensors say of lines, numbers and bytes. Pure: a value in, words out. */
import type { Framing } from '../sensor/parse/framing.ts'
import type { MappedField } from '../sensor/parse/mapping.ts'
import type { ModbusType } from '../sensor/parse/modbus.ts'
import type { LineDecoder } from '../sensor/serial-config.ts'
import { RAW_BYTES_MAX, type RawCharacteristic } from '../sensor/unknown-device.ts'
import { clip, count, plural } from './words.ts'

/** A speed of a serial line. */
export function baudWords(baudRate: string): string {
  return baudRate === 'guess' ? 'Find it out' : `${count(Number(baudRate))} baud`
}

/** What a device sends. */
export function decoderWords(decoder: LineDecoder | 'guess'): string {
  return {
    guess: 'Find it out',
    json: 'JSON, one object a line',
    csv: 'Values with commas between them (CSV)',
    nmea: 'NMEA 0183 sentences',
    'animal-tag': 'Animal tags',
  }[decoder]
}

/** What tells one message on a line from the next. */
export function framingWords(framing: Framing['type'] | 'guess'): string {
  return {
    guess: 'Find it out',
    line: 'Ends of lines',
    'stx-etx': 'STX before and ETX after',
    delimiter: 'A byte at the end',
    fixed: 'Their length',
    cobs: 'Zero bytes (COBS)',
  }[framing]
}

/** How bytes make a number: `16 bits, signed, low first`. The low byte, or of a register's two the low word. */
export function typeWords(type: ModbusType | MappedField['type']): string {
  if (type === 'text') return 'Text, to the end'
  const bits = type.slice(1).match(/\d+/)?.[0] ?? ''
  const sort = { u: 'unsigned', i: 'signed', f: 'float' }[type.charAt(0)] ?? ''
  const order = /le/.test(type) ? ', low first' : type.endsWith('be') ? ', high first' : ''
  return `${bits} bits, ${sort}${order}`
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
  if (value === undefined) return canRead || canFollow ? 'nothing yet' : 'cannot be read'
  const shown = value.hex === '' ? 'empty' : value.hex
  return value.byteLength > RAW_BYTES_MAX ? `${shown} … (${plural(value.byteLength, 'byte')})` : shown
}
