import { ID_BYTES } from '../model/id.ts'

/**
 * Writes the first `length` bytes of an id or a key into bytes that are there already. An array of its own for each id,
 * as a general decoder makes, costs more than whatever is then done with it.
 *
 * @param hex lowercase hex digits, at least two for each byte
 */
export function writeIdBytes(hex: string, target: Uint8Array, at: number, length = ID_BYTES): void {
  for (let i = 0; i < length; i++) target[at + i] = (digitAt(hex, 2 * i) << 4) | digitAt(hex, 2 * i + 1)
}

/** Four bytes of an id as one big-endian number, by their place among the eight fours. */
export function idWord(hex: string, index: number): number {
  let word = 0
  for (let i = 8 * index; i < 8 * (index + 1); i++) word = (word << 4) | digitAt(hex, i)
  return word >>> 0
}

/** The value of a lowercase hex digit: '0' is 48, 'a' is 97. Digits are as good as random, so nothing here branches on them. */
function digitAt(hex: string, index: number): number {
  const code = hex.charCodeAt(index)
  return (code & 15) + 9 * (code >> 6)
}
