/**
 * Transponders of animals: code structure by ISO 11784, transmission by ISO 11785. The standards are sold; layouts
 * here are checked against the ICAR slides of ISO 11784, the Proxmark3 client (`cmdlffdx.c`) and the manuals cited.
 */
import { measured } from '../../reading/measured.ts'
import { malformed, type FrameFault } from './malformed.ts'
import type { ParseLine } from './parse.ts'
import { textOf } from './text.ts'

/** A tag stays in a reader's field while it is read ten times and more; within this it is read once. */
const TAG_REPEAT_MS = 2000

/** Tags remembered as read just now. A gate has a few in its field at a time; of more, the oldest is forgotten. */
const TAGS_RECENT_MAX = 64

/** ISO 11784 §5, numbered from the last bit: 38 of the national number, 10 of the country or maker, and bit 63 for animals. */
const NATIONAL_BITS = 38n
const NATIONAL_MAX = (1n << NATIONAL_BITS) - 1n
const COUNTRY_MASK = 0x3ffn
const COUNTRY_MAX = 999n
const ANIMAL_BIT = 63n

/** Six bits before them are nobody's yet, so that set ones mean other digits. Retagging and the user's come between. */
const RESERVED_MASK = 0x3fn << 49n

/** The telegram of FDX-B modules: 26 characters, their exclusive or, and that inverted. */
export const TELEGRAM_BYTES = 28
const TELEGRAM_CHARACTERS = 26

/** The code as it is on air: eight bytes and their CRC, each with the low bit, and all with the low byte, first. */
const CODE_BYTES = 8
const CODE_AND_CRC_BYTES = 10

/** Fifteen digits, country or maker first, or what is wrong. */
type Tag = { readonly digits: string } | FrameFault

/**
 * Reads what readers of animal tags send: a reading `animal-tag` of fifteen digits, three of the country (ISO 3166) or maker
 * (900 to 998, and 999 for tests; ISO 11784 §5, ICAR) and twelve of the animal. A tag read again within `TAG_REPEAT_MS` of
 * its last reading gives none. A transponder that says it is on no animal is `unknown`.
 *
 * - text: `982 000001088420`, `LA_982_000001088420`, `LA 00000 0 982 000001088420` (Allflex panel reader, table 2: `_` a space)
 * - 16 hexadecimal digits: the 64 bits, first bit first (Trovan ARE H5, §5.8.1)
 * - 20 hexadecimal digits, or 10 bytes: code and CRC as on air (134K-RW-USB-D1, "8 byte data + 2 byte BCC")
 * - 28 bytes between STX and ETX: modules such as the WL-134A
 */
export function makeParseAnimalTag(): ParseLine {
  /** Tags and when each gave a reading, oldest first. */
  const recent = new Map<string, number>()
  return (frame, atMs) => {
    const tag = tagOf(frame)
    if (typeof tag === 'string') return malformed(tag, frame.length)
    const { digits } = tag
    const lastMs = recent.get(digits)
    if (lastMs !== undefined && Math.abs(atMs - lastMs) < TAG_REPEAT_MS) return []
    recent.delete(digits)
    recent.set(digits, atMs)
    const [oldest] = recent.keys()
    if (recent.size > TAGS_RECENT_MAX && oldest !== undefined) recent.delete(oldest)
    return [measured('animal-tag', digits, atMs)]
  }
}

function tagOf(frame: Uint8Array): Tag {
  if (frame.length === 0) return 'empty'
  if (frame.length === TELEGRAM_BYTES && isTelegram(frame)) return telegramOf(frame)
  if (frame.length === CODE_AND_CRC_BYTES) return onAir(frame)
  const text = textOf(frame)
  if (text === undefined) return 'not-text'
  if (/^[0-9A-Fa-f]{16}$/.test(text)) return ofBits(BigInt(`0x${text}`))
  if (/^[0-9A-Fa-f]{20}$/.test(text)) return onAir(bytesOf(text))
  // Letters of the reader, then reserved bits and data flag where it is set to send them.
  const [, country, national] =
    /^(?:[A-Za-z]{1,3}[ _,;]?)?(?:\d{5}[ _,;]\d[ _,;])?(\d{3})[ _,;.-]?(\d{12})$/.exec(text) ?? []
  if (country === undefined || national === undefined) return 'unknown'
  return ofParts(BigInt(country), BigInt(national))
}

function ofBits(code: bigint): Tag {
  if (code >> ANIMAL_BIT === 0n || (code & RESERVED_MASK) !== 0n) return 'unknown'
  return ofParts((code >> NATIONAL_BITS) & COUNTRY_MASK, code & NATIONAL_MAX)
}

function ofParts(country: bigint, national: bigint): Tag {
  if (country < 1n || country > COUNTRY_MAX || national > NATIONAL_MAX) return 'out-of-range'
  return { digits: `${country}`.padStart(3, '0') + `${national}`.padStart(12, '0') }
}

function onAir(bytes: Uint8Array): Tag {
  if (
    crc16(bytes.subarray(0, CODE_BYTES)) !==
    (bytes[CODE_BYTES] ?? 0) + (bytes[CODE_BYTES + 1] ?? 0) * 256
  ) {
    return 'bad-checksum'
  }
  let code = 0n
  for (const byte of bytes.subarray(0, CODE_BYTES).toReversed()) code = (code << 8n) | BigInt(byte)
  return ofBits(code)
}

/** CRC-CCITT of ISO 11785: x^16 + x^12 + x^5 + 1, begun with 0, low bits first (manual of the AEG ARE H9, §7.3). */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) === 0 ? 0 : 0x8408)
  }
  return crc
}

function isTelegram(frame: Uint8Array): boolean {
  return /^[0-9A-Fa-f]{26}$/.test(String.fromCharCode(...frame.subarray(0, TELEGRAM_CHARACTERS)))
}

/**
 * Hexadecimal characters, each number lowest digit first: national number (10), country (4), data flag, animal flag,
 * reserved (10). Manual of the WL-134A, whose example is `171A9253A34830010000000000`, 07, F8.
 */
function telegramOf(frame: Uint8Array): Tag {
  let parity = 0
  for (const byte of frame.subarray(0, TELEGRAM_CHARACTERS)) parity ^= byte
  if (frame[TELEGRAM_CHARACTERS] !== parity || frame[TELEGRAM_CHARACTERS + 1] !== (parity ^ 0xff)) {
    return 'bad-checksum'
  }
  const text = String.fromCharCode(...frame.subarray(0, TELEGRAM_CHARACTERS))
  if (text.charAt(15) !== '1') return 'unknown'
  return ofParts(reversedHex(text.slice(10, 14)), reversedHex(text.slice(0, 10)))
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16))
}

function reversedHex(text: string): bigint {
  return BigInt(`0x${[...text].reverse().join('')}`)
}
