/**
 * Whether many signatures of Ed25519 hold, all at once, in AssemblyScript (https://www.assemblyscript.org). `.wasm.mjs`
 * compiles this file with those beside it.
 *
 * What is checked of them together is 8·(Σ z_i·R_i + Σ z_i·h_i·A_i - (Σ z_i·S_i)·B) = 0 with h_i = SHA-512(R_i ‖ A_i ‖ M_i)
 * and a random z_i of 128 bits for each: D. J. Bernstein et al., "High-speed high-security signatures" (2011), §5, by the
 * cofactored equation of ZIP-215, the only one for which one by one and all together come to the same: K. Chalkias,
 * F. Garillot, V. Nikolaenko, "Taming the many EdDSAs" (2020). Terms of one key are added up before they are multiplied.
 * All are multiplied in one pass, digit by digit from the top, so that they share the doublings (Straus 1964).
 *
 * Nothing here is secret but the z_i, and those only until the signatures have been given: time tells nothing.
 */
import { fromBytes, toBytes } from './bytes.as'
import { decode } from './decode.as'
import { carry, multiply, square } from './field.as'
import { add, double, fillTable, isOfSmallOrder, POINT, setNeutral, subtract, toAddend } from './point.as'
import { addScalars, isReduced, montgomery, negate, R2, R3, SCALAR, writeDigits } from './scalar.as'
import { sha512 } from './sha512.as'

/** Signatures at once. */
export const CLAIMS_MAX: u32 = 128

/** Keys kept decoded: more than a device hears issuers of (a few hundred), and 1.4 MB. */
export const KEYS_MAX: u32 = 1024

/** Of R, A and a message: what is signed in this protocol has 33 bytes. */
export const INPUT_BYTES_MAX: u32 = 1024

/** Where the caller writes R ‖ A ‖ M, or A alone; after it there is room for SHA-512's padding. */
export const INPUT: usize = memory.data(1024 + 144, 16)

/** Where the caller writes a signature's S, and the 16 random bytes of its z. */
export const S: usize = memory.data(32, 16)
export const Z: usize = memory.data(32, 16)

/** Where the caller finds, after `decodeClaims`, a byte for each claim: 1 where it may hold, 0 where it cannot. */
export const POSSIBLE: usize = memory.data(128, 16)

/** Widths of the digits of z (128 bits, used once) and of keys' scalars (253 bits, tables kept), by what is least work. */
const Z_WIDTH: u32 = 4
const KEY_WIDTH: u32 = 5
const Z_TABLE: u32 = 1 << (Z_WIDTH - 2)
const KEY_TABLE: u32 = 1 << (KEY_WIDTH - 2)
const Z_BITS: u32 = 128
const SCALAR_BITS: u32 = 253

/** Of each claim: the 32 bytes of R, z, z·S/R modulo L, z·h modulo L, the slot of its key; and the odd multiples of R. */
const RS: usize = memory.data(128 * 32, 16)
const ZS: usize = memory.data(128 * 32, 16)
const ZSS: usize = memory.data(128 * 32, 16)
const ZHS: usize = memory.data(128 * 32, 16)
const SLOTS: usize = memory.data(128 * 4, 16)
const R_TABLES: usize = memory.data(128 * 4 * 160, 16)

/** Of each key, and of the base point after them: its odd multiples; which term of a sum it is in, from 1; 0 if none. */
const KEY_TABLES: usize = memory.data(1025 * 8 * 160, 16)
const TERMS: usize = memory.data(1025 * 4, 16)
const BASE_SLOT: u32 = 1024

/** Of each term of a sum that belongs to a key: its slot and its scalar. The base point's comes first. */
const TERM_SLOTS: usize = memory.data(129 * 4, 16)
const TERM_SCALARS: usize = memory.data(129 * 32, 16)

/** Digits by bit, 254 rows: in each those of the claims, then those of the keys. A multiple of eight, to be read by eight. */
const ROW: usize = 128 + 136
const DIGITS: usize = memory.data(254 * 264, 16)

const DIGEST: usize = memory.data(64, 16)
const SCRATCH: usize = memory.data(32, 16)
const FIRST: usize = memory.data(160, 16)
const SECOND: usize = memory.data(160, 16)
const SUM: usize = memory.data(160, 16)

/** The base point (RFC 8032 §5.1), encoded: y = 4/5. */
const BASE: usize = memory.data<u8>([
  0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
  0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
])

// for the tests
export { add, carry, decode, double, fromBytes, montgomery, multiply, sha512, square, toAddend, toBytes }

/** To be called once, before all else. */
export function begin(): void {
  decode(FIRST, SECOND, BASE, BASE)
  fillTable(keyTable(BASE_SLOT), KEY_TABLE, FIRST)
}

/** Decodes the key where A is in `INPUT` into a slot below `KEYS_MAX`. False where it is no point: the slot is as it was. */
export function setKey(slot: usize): bool {
  if (decode(FIRST, SECOND, INPUT + 32, INPUT + 32) === 0) return false
  fillTable(keyTable(slot), KEY_TABLE, FIRST)
  return true
}

/** Takes claim `index`: R ‖ A ‖ M at `INPUT`, `length` bytes of them, S and z at theirs, and the slot that A is in. */
export function setClaim(index: usize, slot: usize, length: usize): void {
  const at = index * SCALAR
  // odd, so never zero modulo L: a signature alone then holds exactly if its z-fold does. 127 bits of it are random
  store<u8>(Z, load<u8>(Z) | 1)
  memory.copy(RS + at, INPUT, 32)
  memory.copy(ZS + at, Z, 16)
  store<u32>(SLOTS + 4 * index, <u32>slot)
  store<u8>(POSSIBLE + index, isReduced(S) ? 1 : 0)
  // S below L is what `montgomery` needs; where it is not, this is not looked at again
  montgomery(ZSS + at, Z, S)
  sha512(DIGEST, INPUT, length)
  // h = low + R·high, so h·R = low·R²/R + high·R³/R
  montgomery(ZHS + at, DIGEST, R2)
  montgomery(SCRATCH, DIGEST + SCALAR, R3)
  addScalars(ZHS + at, ZHS + at, SCRATCH)
  montgomery(ZHS + at, Z, ZHS + at)
}

/** Decodes the R of the claims below `count`, two by two, and fills `POSSIBLE`. */
export function decodeClaims(count: usize): void {
  for (let first: usize = 0; first < count; first += 2) {
    const second = min(first + 1, count - 1)
    const found = decode(FIRST, SECOND, RS + first * SCALAR, RS + second * SCALAR)
    take(first, FIRST, (found & 1) !== 0)
    if (second !== first) take(second, SECOND, (found & 2) !== 0)
  }
}

function take(index: usize, point: usize, isPoint: bool): void {
  if (isPoint) fillTable(rTable(index), Z_TABLE, point)
  else store<u8>(POSSIBLE + index, 0)
}

/** Whether all claims from `from` to before `to` hold together, but for those that cannot. */
export function hold(from: usize, to: usize): bool {
  memory.fill(DIGITS, 0, 254 * ROW)
  const terms = addUp(from, to)
  for (let term: usize = 0; term < terms; term++)
    writeDigits(DIGITS + CLAIMS_MAX + term, ROW, TERM_SCALARS + term * SCALAR, SCALAR_BITS, KEY_WIDTH)
  setNeutral(SUM)
  for (let bit = <i32>SCALAR_BITS; bit >= 0; bit--) {
    double(SUM, SUM)
    const row = DIGITS + <usize>bit * ROW
    if (<u32>bit <= Z_BITS) addClaims(row, from, to)
    for (let term: usize = 0; term < terms; term++)
      addDigit(load<i8>(row + CLAIMS_MAX + term), keyTable(load<u32>(TERM_SLOTS + 4 * term)))
  }
  return isOfSmallOrder(SUM)
}

/** The scalars of the keys and the digits of the claims; how many terms of keys there are. */
function addUp(from: usize, to: usize): usize {
  let terms: usize = 1
  store<u32>(TERM_SLOTS, BASE_SLOT)
  memory.fill(TERM_SCALARS, 0, SCALAR)
  for (let index = from; index < to; index++) {
    if (load<u8>(POSSIBLE + index) === 0) continue
    writeDigits(DIGITS + index, ROW, ZS + index * SCALAR, Z_BITS, Z_WIDTH)
    addScalars(TERM_SCALARS, TERM_SCALARS, ZSS + index * SCALAR)
    const slot: usize = load<u32>(SLOTS + 4 * index)
    let term: usize = load<u32>(TERMS + 4 * slot)
    if (term === 0) {
      term = terms++
      store<u32>(TERMS + 4 * slot, <u32>term)
      store<u32>(TERM_SLOTS + 4 * term, <u32>slot)
      memory.fill(TERM_SCALARS + term * SCALAR, 0, SCALAR)
    }
    addScalars(TERM_SCALARS + term * SCALAR, TERM_SCALARS + term * SCALAR, ZHS + index * SCALAR)
  }
  montgomery(TERM_SCALARS, TERM_SCALARS, R2)
  negate(TERM_SCALARS, TERM_SCALARS)
  for (let term: usize = 1; term < terms; term++) store<u32>(TERMS + 4 * load<u32>(TERM_SLOTS + 4 * term), 0)
  return terms
}

function addClaims(row: usize, from: usize, to: usize): void {
  for (let index = from & ~7; index < to; index += 8) {
    if (load<u64>(row + index) === 0) continue
    for (let each = index; each < index + 8; each++) addDigit(load<i8>(row + each), rTable(each))
  }
}

// @ts-ignore: decorator
@inline
function addDigit(digit: i32, table: usize): void {
  if (digit > 0) add(SUM, table + <usize>(digit >> 1) * POINT)
  else if (digit < 0) subtract(SUM, table + <usize>(-digit >> 1) * POINT)
}

// @ts-ignore: decorator
@inline
function rTable(index: usize): usize {
  return R_TABLES + index * Z_TABLE * POINT
}

// @ts-ignore: decorator
@inline
function keyTable(slot: usize): usize {
  return KEY_TABLES + slot * KEY_TABLE * POINT
}
