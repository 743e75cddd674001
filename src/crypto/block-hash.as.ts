/**
 * What a block's bytes hash to, in AssemblyScript (https://www.assemblyscript.org): BLAKE3 keyed with the network id,
 * of inputs that end in a tag byte (protocol §3, §4). `.wasm.mjs` compiles this file.
 * Names and numbers are those of the BLAKE3 specification, §2: https://github.com/BLAKE3-team/BLAKE3-specs
 */

const HASH_BYTES: u32 = 32
const NONCE_BYTES: u32 = 8
const BLOCK_BYTES: u32 = 64
const CHUNK_BYTES: u32 = 1024

const CHUNK_START: u32 = 1
const CHUNK_END: u32 = 2
const PARENT: u32 = 4
const ROOT: u32 = 8
const KEYED_HASH: u32 = 16

const TAG_BLOCK_ID: u8 = 0x49 // 'I'
const TAG_ESSENCE: u8 = 0x42 // 'B'
const TAG_PAYLOAD: u8 = 0x50 // 'P'

/** Bytes the caller may write at `INPUT`: more than an essence with its nonce, or a payload, can have. */
export const INPUT_BYTES_MAX: u32 = 28 * 1024

/** Where the caller writes the network id, and what is to be hashed. */
export const KEY: usize = memory.data(32, 16)
export const INPUT: usize = memory.data(28672, 16)

/** Where the caller finds the hash. */
export const OUTPUT: usize = memory.data(32, 16)

/** A digest and the nonce after it. */
const DIGEST: usize = memory.data(40, 16)

/** The last block of an input, as far as it goes; zeros after it. */
const LAST_BLOCK: usize = memory.data(64, 16)

/** Chaining values of the subtrees that are done, left to right: two neighbours are the block of their parent. */
const STACK: usize = memory.data(8 * 32, 16)

/** H(payload ‖ 'P') of the first `length` bytes at `INPUT`. Protocol §4. */
export function hashPayload(length: u32): void {
  hash(INPUT, length, TAG_PAYLOAD, OUTPUT)
}

/** H(H(essence ‖ 'B') ‖ nonce ‖ 'I') of the essence of `length` bytes at `INPUT` and the nonce after it. Protocol §4. */
export function hashBlock(length: u32): void {
  hash(INPUT, length, TAG_ESSENCE, DIGEST)
  memory.copy(DIGEST + HASH_BYTES, INPUT + length, NONCE_BYTES)
  hash(DIGEST, HASH_BYTES + NONCE_BYTES, TAG_BLOCK_ID, OUTPUT)
}

/** Hashes `length` bytes at `input` and the tag byte after them. */
function hash(input: usize, length: u32, tag: u8, out: usize): void {
  // With its tag an input has length + 1 bytes, so this many whole chunks come before its last byte.
  const wholeChunks = length / CHUNK_BYTES
  let top = STACK
  for (let chunk: u32 = 0; chunk < wholeChunks; chunk++) {
    hashChunk(input, CHUNK_BYTES / BLOCK_BYTES, chunk, top)
    input += CHUNK_BYTES
    // Two subtrees of one size make one of twice the size. None of these is the root: another chunk follows.
    for (let done = chunk + 1; (done & 1) === 0; done >>= 1) {
      top -= HASH_BYTES
      compress(KEY, top, 0, BLOCK_BYTES, PARENT, top)
    }
    top += HASH_BYTES
  }
  hashLastChunk(input, length % CHUNK_BYTES, tag, wholeChunks, top)
  for (; top > STACK; top -= HASH_BYTES) {
    const left = top - HASH_BYTES
    compress(KEY, left, 0, BLOCK_BYTES, PARENT | (left === STACK ? ROOT : 0), left)
  }
  memory.copy(out, STACK, HASH_BYTES)
}

/** The chaining value of `blocks` whole blocks of one chunk, which ends with them if it has 16. */
function hashChunk(input: usize, blocks: u32, chunk: u32, out: usize): void {
  memory.copy(out, KEY, HASH_BYTES)
  for (let block: u32 = 0; block < blocks; block++) {
    const flags = (block === 0 ? CHUNK_START : 0) | (block === 15 ? CHUNK_END : 0)
    compress(out, input, chunk, BLOCK_BYTES, flags, out)
    input += BLOCK_BYTES
  }
}

/** The chaining value of the chunk that the tag ends, which has `length` bytes before it; the hash where it is the only. */
function hashLastChunk(input: usize, length: u32, tag: u8, chunk: u32, out: usize): void {
  const wholeBlocks = length / BLOCK_BYTES
  const rest = length % BLOCK_BYTES
  hashChunk(input, wholeBlocks, chunk, out)
  memory.fill(LAST_BLOCK, 0, BLOCK_BYTES)
  memory.copy(LAST_BLOCK, input + length - rest, rest)
  store<u8>(LAST_BLOCK + rest, tag)
  const flags = CHUNK_END | (wholeBlocks === 0 ? CHUNK_START : 0) | (chunk === 0 ? ROOT : 0)
  compress(out, LAST_BLOCK, chunk, rest + 1, flags, out)
}

/** The compression function: 32 bytes at `chaining` and a block of 64 at `block` to 32 at `out`, which may be either. */
function compress(chaining: usize, block: usize, chunk: u32, length: u32, flags: u32, out: usize): void {
  let v0 = load<u32>(chaining), v1 = load<u32>(chaining, 4), v2 = load<u32>(chaining, 8), v3 = load<u32>(chaining, 12)
  let v4 = load<u32>(chaining, 16), v5 = load<u32>(chaining, 20), v6 = load<u32>(chaining, 24), v7 = load<u32>(chaining, 28)
  let v8: u32 = 0x6a09e667, v9: u32 = 0xbb67ae85, v10: u32 = 0x3c6ef372, v11: u32 = 0xa54ff53a
  let v12 = chunk, v13: u32 = 0, v14 = length, v15 = flags | KEYED_HASH
  let m0 = load<u32>(block), m1 = load<u32>(block, 4), m2 = load<u32>(block, 8), m3 = load<u32>(block, 12)
  let m4 = load<u32>(block, 16), m5 = load<u32>(block, 20), m6 = load<u32>(block, 24), m7 = load<u32>(block, 28)
  let m8 = load<u32>(block, 32), m9 = load<u32>(block, 36), m10 = load<u32>(block, 40), m11 = load<u32>(block, 44)
  let m12 = load<u32>(block, 48), m13 = load<u32>(block, 52), m14 = load<u32>(block, 56), m15 = load<u32>(block, 60)

  // Locals, not arrays: only locals can live in registers. No function of AssemblyScript returns several values, so the
  // eight mixings of a round stand here, each on two lines.
  for (let round = 1; ; round++) {
    v0 = v0 + v4 + m0; v12 = rotr(v12 ^ v0, 16); v8 = v8 + v12; v4 = rotr(v4 ^ v8, 12)
    v0 = v0 + v4 + m1; v12 = rotr(v12 ^ v0, 8); v8 = v8 + v12; v4 = rotr(v4 ^ v8, 7)
    v1 = v1 + v5 + m2; v13 = rotr(v13 ^ v1, 16); v9 = v9 + v13; v5 = rotr(v5 ^ v9, 12)
    v1 = v1 + v5 + m3; v13 = rotr(v13 ^ v1, 8); v9 = v9 + v13; v5 = rotr(v5 ^ v9, 7)
    v2 = v2 + v6 + m4; v14 = rotr(v14 ^ v2, 16); v10 = v10 + v14; v6 = rotr(v6 ^ v10, 12)
    v2 = v2 + v6 + m5; v14 = rotr(v14 ^ v2, 8); v10 = v10 + v14; v6 = rotr(v6 ^ v10, 7)
    v3 = v3 + v7 + m6; v15 = rotr(v15 ^ v3, 16); v11 = v11 + v15; v7 = rotr(v7 ^ v11, 12)
    v3 = v3 + v7 + m7; v15 = rotr(v15 ^ v3, 8); v11 = v11 + v15; v7 = rotr(v7 ^ v11, 7)

    v0 = v0 + v5 + m8; v15 = rotr(v15 ^ v0, 16); v10 = v10 + v15; v5 = rotr(v5 ^ v10, 12)
    v0 = v0 + v5 + m9; v15 = rotr(v15 ^ v0, 8); v10 = v10 + v15; v5 = rotr(v5 ^ v10, 7)
    v1 = v1 + v6 + m10; v12 = rotr(v12 ^ v1, 16); v11 = v11 + v12; v6 = rotr(v6 ^ v11, 12)
    v1 = v1 + v6 + m11; v12 = rotr(v12 ^ v1, 8); v11 = v11 + v12; v6 = rotr(v6 ^ v11, 7)
    v2 = v2 + v7 + m12; v13 = rotr(v13 ^ v2, 16); v8 = v8 + v13; v7 = rotr(v7 ^ v8, 12)
    v2 = v2 + v7 + m13; v13 = rotr(v13 ^ v2, 8); v8 = v8 + v13; v7 = rotr(v7 ^ v8, 7)
    v3 = v3 + v4 + m14; v14 = rotr(v14 ^ v3, 16); v9 = v9 + v14; v4 = rotr(v4 ^ v9, 12)
    v3 = v3 + v4 + m15; v14 = rotr(v14 ^ v3, 8); v9 = v9 + v14; v4 = rotr(v4 ^ v9, 7)

    if (round === 7) break
    // The permutation of the message words is two cycles of eight.
    const w0 = m0, w1 = m1
    m0 = m2; m2 = m3; m3 = m10; m10 = m12; m12 = m9; m9 = m11; m11 = m5; m5 = w0
    m1 = m6; m6 = m4; m4 = m7; m7 = m13; m13 = m14; m14 = m15; m15 = m8; m8 = w1
  }

  store<u32>(out, v0 ^ v8); store<u32>(out, v1 ^ v9, 4); store<u32>(out, v2 ^ v10, 8); store<u32>(out, v3 ^ v11, 12)
  store<u32>(out, v4 ^ v12, 16); store<u32>(out, v5 ^ v13, 20); store<u32>(out, v6 ^ v14, 24); store<u32>(out, v7 ^ v15, 28)
}
