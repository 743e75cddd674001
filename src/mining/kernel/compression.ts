/**
 * What every kernel of the nonce search calculates, written down once; the printers beside this file turn it into
 * AssemblyScript and WGSL.
 *
 * A block's id is BLAKE3, keyed with the network id, of digest(32) ‖ nonce(8, LE) ‖ 'I' (protocol §4). Those 41 bytes
 * are one block of one chunk, so an id costs one compression, and of its eight words only the last decides.
 * Names and numbers are those of the BLAKE3 specification, §2: https://github.com/BLAKE3-team/BLAKE3-specs
 */
import { constant, input, ProgramWriter, type Program, type Value } from './program.ts'

/** The words of the network id and of the digest. */
export const KEY = Array.from({ length: 8 }, (_, i) => `key${i}`)
export const DIGEST = Array.from({ length: 8 }, (_, i) => `digest${i}`)

/** The nonce's words; in one search only `LOW` varies. */
export const HIGH = 'high'
export const LOW = 'low'

const IV = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a]
const COUNTER = [0, 0]
const INPUT_BYTES = 41
const TAG_BLOCK_ID = 0x49 // 'I'
const CHUNK_START = 1
const CHUNK_END = 2
const ROOT = 8
const KEYED_HASH = 16

const ROUNDS = 7
/** Word i of a round's message is word PERMUTATION[i] of the round before. */
const PERMUTATION = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

/** The words of the state that a round mixes, each four with two words of the message. */
const MIXES: readonly (readonly [a: number, b: number, c: number, d: number])[] = [
  // columns
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  // diagonals
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
]

/** The last word of an id, calculated from `KEY`, `DIGEST`, `HIGH` and `LOW`. */
export function lastWordOfId(): Program {
  const writer = new ProgramWriter()
  const state = [
    ...KEY.map((name) => input(name)),
    ...[...IV, ...COUNTER, INPUT_BYTES, CHUNK_START | CHUNK_END | ROOT | KEYED_HASH].map(constant),
  ]
  let message = [
    ...DIGEST.map((name) => input(name)),
    ...[input(LOW, true), input(HIGH), constant(TAG_BLOCK_ID)],
    ...Array.from({ length: 5 }, () => constant(0)),
  ]
  for (let round = 0; round < ROUNDS; round++) {
    MIXES.forEach((places, i) => mix(writer, state, places, [at(message, 2 * i), at(message, 2 * i + 1)]))
    message = PERMUTATION.map((from) => at(message, from))
  }
  return writer.finish(writer.xor(at(state, 7), at(state, 15)))
}

/** The quarter round, on four words of `state` in place. */
function mix(
  writer: ProgramWriter,
  state: Value[],
  places: readonly [number, number, number, number],
  words: readonly [Value, Value],
): void {
  let [a, b, c, d] = places.map((place) => at(state, place)) as [Value, Value, Value, Value]
  const halves = [
    { word: words[0], turnD: 16, turnB: 12 },
    { word: words[1], turnD: 8, turnB: 7 },
  ]
  for (const { word, turnD, turnB } of halves) {
    // b comes last, because it is known last
    a = writer.sum([a, word, b])
    d = writer.rotate(writer.xor(d, a), turnD)
    c = writer.add(c, d)
    b = writer.rotate(writer.xor(b, c), turnB)
  }
  ;[a, b, c, d].forEach((value, i) => (state[places[i] ?? 0] = value))
}

function at(values: readonly Value[], index: number): Value {
  const value = values[index]
  if (value === undefined) throw new RangeError(`no word ${index}`)
  return value
}
