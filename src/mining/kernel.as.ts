/**
 * The nonce search, in AssemblyScript (https://www.assemblyscript.org). `.wasm.mjs` compiles this file twice: with
 * SIMD a `Lanes` is a v128 of four u32, one nonce in each lane; without, it is a u32 and one nonce is tried at a time.
 *
 * A block's id is BLAKE3, keyed with the network id, of digest(32) ‖ nonce(8, LE) ‖ 'I' (protocol §4). Those 41 bytes
 * are one block of one chunk, so an id costs one compression, and only the id's last word decides.
 * Names and numbers are those of the BLAKE3 specification, §2: https://github.com/BLAKE3-team/BLAKE3-specs
 */

/** Where the caller writes the network id and the digest, 32 bytes each. */
export const KEY: usize = memory.data(32, 16)
export const DIGEST: usize = memory.data(32, 16)

const INPUT_BYTES: u32 = 41
const TAG_BLOCK_ID: u32 = 0x49 // 'I'
/** CHUNK_START | CHUNK_END | ROOT | KEYED_HASH */
const FLAGS: u32 = 1 | 2 | 8 | 16

const WORDS: u32 = 16
const ROUNDS: u32 = 7
/** Word i of a round's message is word PERMUTATION[i] of the round before. */
const PERMUTATION: usize = memory.data<u8>([2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8])
/**
 * The message words of all rounds in the order of their use, as Lanes. Written out once a search, they spare every
 * compression the permuting; only the nonce's low word changes from one nonce to the next.
 */
const SCHEDULE: usize = memory.data(ROUNDS * WORDS * 16, 16)

/**
 * Tries the nonces high·2^32 + low + i for i in [0, count). low + count is at most 2^32 and count at most 2^31: the
 * caller splits a range where the high word changes.
 *
 * @param last the greatest last word of an id that still wins, which is target − 1: a target can be 2^32
 * @returns the smallest i that wins, or count where none does
 */
export function search(high: u32, low: u32, count: u32, last: u32): u32 {
  if (ASC_FEATURE_SIMD) return find<v128>(high, low, count, last)
  else return find<u32>(high, low, count, last)
}

function find<Lanes>(high: u32, low: u32, count: u32, last: u32): u32 {
  const k0 = keyWord<Lanes>(0), k1 = keyWord<Lanes>(1), k2 = keyWord<Lanes>(2), k3 = keyWord<Lanes>(3)
  const k4 = keyWord<Lanes>(4), k5 = keyWord<Lanes>(5), k6 = keyWord<Lanes>(6), k7 = keyWord<Lanes>(7)
  const step = fill<Lanes>(lanes<Lanes>())
  const limit = fill<Lanes>(last)
  let nonceLow = add(fill<Lanes>(low), laneNumbers<Lanes>())
  writeSchedule<Lanes>(high)

  for (let i: u32 = 0; i < count; i += lanes<Lanes>()) {
    scheduleNonceLow(nonceLow)

    let v0 = k0, v1 = k1, v2 = k2, v3 = k3, v4 = k4, v5 = k5, v6 = k6, v7 = k7
    let v8 = fill<Lanes>(0x6a09e667), v9 = fill<Lanes>(0xbb67ae85), v10 = fill<Lanes>(0x3c6ef372), v11 = fill<Lanes>(0xa54ff53a)
    let v12 = fill<Lanes>(0), v13 = fill<Lanes>(0), v14 = fill<Lanes>(INPUT_BYTES), v15 = fill<Lanes>(FLAGS)

    // Sixteen locals, not an array: only locals can live in registers. No function of AssemblyScript returns several
    // values, so the eight mixings of a round stand here, each on two lines.
    for (let m = SCHEDULE; m < SCHEDULE + roundBytes<Lanes>() * ROUNDS; m += roundBytes<Lanes>()) {
      v0 = add3(v0, v4, word<Lanes>(m, 0)); v12 = xorRotate(v12, v0, 16); v8 = add(v8, v12); v4 = xorRotate(v4, v8, 12)
      v0 = add3(v0, v4, word<Lanes>(m, 1)); v12 = xorRotate(v12, v0, 8); v8 = add(v8, v12); v4 = xorRotate(v4, v8, 7)
      v1 = add3(v1, v5, word<Lanes>(m, 2)); v13 = xorRotate(v13, v1, 16); v9 = add(v9, v13); v5 = xorRotate(v5, v9, 12)
      v1 = add3(v1, v5, word<Lanes>(m, 3)); v13 = xorRotate(v13, v1, 8); v9 = add(v9, v13); v5 = xorRotate(v5, v9, 7)
      v2 = add3(v2, v6, word<Lanes>(m, 4)); v14 = xorRotate(v14, v2, 16); v10 = add(v10, v14); v6 = xorRotate(v6, v10, 12)
      v2 = add3(v2, v6, word<Lanes>(m, 5)); v14 = xorRotate(v14, v2, 8); v10 = add(v10, v14); v6 = xorRotate(v6, v10, 7)
      v3 = add3(v3, v7, word<Lanes>(m, 6)); v15 = xorRotate(v15, v3, 16); v11 = add(v11, v15); v7 = xorRotate(v7, v11, 12)
      v3 = add3(v3, v7, word<Lanes>(m, 7)); v15 = xorRotate(v15, v3, 8); v11 = add(v11, v15); v7 = xorRotate(v7, v11, 7)

      v0 = add3(v0, v5, word<Lanes>(m, 8)); v15 = xorRotate(v15, v0, 16); v10 = add(v10, v15); v5 = xorRotate(v5, v10, 12)
      v0 = add3(v0, v5, word<Lanes>(m, 9)); v15 = xorRotate(v15, v0, 8); v10 = add(v10, v15); v5 = xorRotate(v5, v10, 7)
      v1 = add3(v1, v6, word<Lanes>(m, 10)); v12 = xorRotate(v12, v1, 16); v11 = add(v11, v12); v6 = xorRotate(v6, v11, 12)
      v1 = add3(v1, v6, word<Lanes>(m, 11)); v12 = xorRotate(v12, v1, 8); v11 = add(v11, v12); v6 = xorRotate(v6, v11, 7)
      v2 = add3(v2, v7, word<Lanes>(m, 12)); v13 = xorRotate(v13, v2, 16); v8 = add(v8, v13); v7 = xorRotate(v7, v8, 12)
      v2 = add3(v2, v7, word<Lanes>(m, 13)); v13 = xorRotate(v13, v2, 8); v8 = add(v8, v13); v7 = xorRotate(v7, v8, 7)
      v3 = add3(v3, v4, word<Lanes>(m, 14)); v14 = xorRotate(v14, v3, 16); v9 = add(v9, v14); v4 = xorRotate(v4, v9, 12)
      v3 = add3(v3, v4, word<Lanes>(m, 15)); v14 = xorRotate(v14, v3, 8); v9 = add(v9, v14); v4 = xorRotate(v4, v9, 7)
    }

    const lane = firstLaneAtMost(xor(v7, v15), limit)
    // Lanes at or beyond `count` hash nonces nobody asked for.
    if (lane < lanes<Lanes>()) return min(i + lane, count)
    nonceLow = add(nonceLow, step)
  }
  return count
}

/** Lays out every message word but the nonce's low one. */
function writeSchedule<Lanes>(high: u32): void {
  for (let i: u32 = 0; i < 8; i++) setWord<Lanes>(i, fill<Lanes>(load<u32>(DIGEST + i * 4)))
  setWord<Lanes>(9, fill<Lanes>(high))
  setWord<Lanes>(10, fill<Lanes>(TAG_BLOCK_ID))
  for (let i: u32 = 11; i < WORDS; i++) setWord<Lanes>(i, fill<Lanes>(0))
  for (let i: u32 = WORDS; i < ROUNDS * WORDS; i++) {
    const roundBefore = SCHEDULE + <usize>(i / WORDS - 1) * roundBytes<Lanes>()
    setWord<Lanes>(i, word<Lanes>(roundBefore, load<u8>(PERMUTATION + (i % WORDS))))
  }
}

/** Message word 8, at each of the places the permutation moves it to. */
@inline
function scheduleNonceLow<Lanes>(nonceLow: Lanes): void {
  setWord<Lanes>(8, nonceLow)
  setWord<Lanes>(1 * WORDS + 15, nonceLow)
  setWord<Lanes>(2 * WORDS + 14, nonceLow)
  setWord<Lanes>(3 * WORDS + 13, nonceLow)
  setWord<Lanes>(4 * WORDS + 7, nonceLow)
  setWord<Lanes>(5 * WORDS + 4, nonceLow)
  setWord<Lanes>(6 * WORDS + 6, nonceLow)
}

@inline
function setWord<Lanes>(index: u32, value: Lanes): void {
  store<Lanes>(SCHEDULE + index * sizeof<Lanes>(), value)
}

@inline
function word<Lanes>(round: usize, index: u32): Lanes {
  return load<Lanes>(round + index * sizeof<Lanes>())
}

@inline
function roundBytes<Lanes>(): usize {
  return WORDS * sizeof<Lanes>()
}

@inline
function keyWord<Lanes>(index: u32): Lanes {
  return fill<Lanes>(load<u32>(KEY + index * 4))
}

// From here on: what differs between one lane and four.

@inline
function lanes<Lanes>(): u32 {
  return isVector<Lanes>() ? 4 : 1
}

@inline
function fill<Lanes>(value: u32): Lanes {
  if (isVector<Lanes>()) return i32x4.splat(value)
  else return value
}

@inline
function laneNumbers<Lanes>(): Lanes {
  if (isVector<Lanes>()) return i32x4(0, 1, 2, 3)
  else return 0
}

@inline
function add<Lanes>(a: Lanes, b: Lanes): Lanes {
  if (isVector<Lanes>()) return i32x4.add(a, b)
  else return a + b
}

@inline
function add3<Lanes>(a: Lanes, b: Lanes, c: Lanes): Lanes {
  return add(add(a, b), c)
}

@inline
function xor<Lanes>(a: Lanes, b: Lanes): Lanes {
  if (isVector<Lanes>()) return v128.xor(a, b)
  else return a ^ b
}

/** Shifts even where a shuffle of bytes would do: as fast in V8 on x86-64, and one description for all four turns. */
@inline
function xorRotate<Lanes>(a: Lanes, b: Lanes, bits: i32): Lanes {
  const x = xor(a, b)
  if (isVector<Lanes>()) return v128.or(i32x4.shr_u(x, bits), i32x4.shl(x, 32 - bits))
  else return rotr(x, bits)
}

/** The first lane whose value is at most `limit`'s, or a number beyond every lane. */
@inline
function firstLaneAtMost<Lanes>(value: Lanes, limit: Lanes): u32 {
  if (isVector<Lanes>()) return ctz(i32x4.bitmask(i32x4.le_u(value, limit)))
  else return value <= limit ? 0 : 1
}
