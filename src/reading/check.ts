import type { Reading } from './reading.ts'

/** Characters in a quantity's name. Ours have under 16; a name this long already fills half a table row. */
const QUANTITY_CHARACTERS_MAX = 64

/** Characters in a unit. The longest registered ones have 8 (RFC 8428 §12.1, RFC 8798 §4). */
const UNIT_CHARACTERS_MAX = 32

/** 4 July 1978. SenML reads smaller times as relative to now (RFC 8428 §4.5.3), which a record kept for good cannot be. */
export const AT_MS_MIN = 2 ** 28 * 1000

/** The end of the year 9999: seconds up to here, as doubles, err by under 0.02 ms, so milliseconds survive. */
export const AT_MS_MAX = 253_402_300_799_999

/** Characters of a text: a code of the densest kind that people print holds more, a tag or a label never does. */
export const TEXT_CHARACTERS_MAX = 256

// RFC 8428 §4.5.1: the characters of a name, and that it starts with a letter or a digit.
const QUANTITY = /^[A-Za-z0-9][A-Za-z0-9:./_-]*$/
const UNIT = /^[\x21-\x7e]+$/

export type ReadingFault = 'bad-quantity' | 'bad-unit' | 'bad-value' | 'bad-time'

/**
 * What keeps a reading from being packed, or `undefined` if nothing does. A truth value and a
 * text carry no unit, a text is not empty and at most `TEXT_CHARACTERS_MAX` long, a number is finite, and the time is a whole millisecond from `AT_MS_MIN` to `AT_MS_MAX`.
 */
export function readingFault(reading: Reading): ReadingFault | undefined {
  const { quantity, unit, value, atMs } = reading
  if (quantity.length > QUANTITY_CHARACTERS_MAX || !QUANTITY.test(quantity)) return 'bad-quantity'
  if (unit !== undefined) {
    if (typeof value !== 'number' || unit.length > UNIT_CHARACTERS_MAX || !UNIT.test(unit)) return 'bad-unit'
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return 'bad-value'
  if (
    typeof value === 'string' &&
    (value === '' || value.length > TEXT_CHARACTERS_MAX || !value.isWellFormed())
  )
    return 'bad-value'
  if (!Number.isInteger(atMs) || atMs < AT_MS_MIN || atMs > AT_MS_MAX) return 'bad-time'
  return undefined
}
