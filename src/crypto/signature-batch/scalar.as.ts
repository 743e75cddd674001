/**
 * Scalars: numbers modulo the order of the base point, L = 2^252 + 27742317777372353535851937790883648493 (RFC 8032 §5.1),
 * as eight words of 32 bits, little-endian. Products go by Montgomery's reduction: P. L. Montgomery, "Modular
 * multiplication without trial division" (1985); here R = 2^256.
 */

/** Bytes of a scalar. */
export const SCALAR: usize = 32

const WORDS: usize = 8

const ORDER: usize = memory.data<u32>([
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0, 0, 0, 0x10000000,
], 16)

/** -1/L modulo 2^32. */
const NEGATIVE_INVERSE: u32 = 0x12547e1b

/** R² and R³ modulo L. */
export const R2: usize = memory.data<u32>([
  0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7, 0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b,
], 16)
export const R3: usize = memory.data<u32>([
  0x7b83a2db, 0x2a9e4968, 0xaef7f3ec, 0x278324e6, 0x04ec5b65, 0x8065dc6c, 0x3599cec7, 0x0e530b77,
], 16)

/** A product on its way. */
const WIDE: usize = memory.data(32, 16)

/**
 * a·b/R modulo L, below L. Needs a < 2^256 and b < L: a sum below 2·L stays so in each turn, (2·L + 2·(2^32 - 1)·L)/2^32 = 2·L,
 * so eight words hold it. A product of two words and two more words is at most 2^64 - 1.
 * `out` may be `a` or `b`.
 */
export function montgomery(out: usize, a: usize, b: usize): void {
  memory.fill(WIDE, 0, SCALAR)
  for (let i: usize = 0; i < WORDS; i++) {
    const word = <u64>load<u32>(a + 4 * i)
    const low = <u64>load<u32>(WIDE) + word * <u64>load<u32>(b)
    const factor = <u64>(<u32>low * NEGATIVE_INVERSE)
    let carryA = low >> 32
    let carryL = ((low & 0xffffffff) + factor * <u64>load<u32>(ORDER)) >> 32
    for (let j: usize = 1; j < WORDS; j++) {
      const x = <u64>load<u32>(WIDE + 4 * j) + word * <u64>load<u32>(b + 4 * j) + carryA
      carryA = x >> 32
      const y = (x & 0xffffffff) + factor * <u64>load<u32>(ORDER + 4 * j) + carryL
      carryL = y >> 32
      store<u32>(WIDE + 4 * j - 4, <u32>y)
    }
    store<u32>(WIDE, <u32>(carryA + carryL), 28)
  }
  reduceOnce(out, WIDE)
}

/** a + b modulo L, of two below L. */
export function addScalars(out: usize, a: usize, b: usize): void {
  let carry: u64 = 0
  for (let at: usize = 0; at < SCALAR; at += 4) {
    carry += <u64>load<u32>(a + at) + <u64>load<u32>(b + at)
    store<u32>(out + at, <u32>carry)
    carry >>= 32
  }
  reduceOnce(out, out)
}

/** L - a, of one up to L. */
export function negate(out: usize, a: usize): void {
  takeOff(out, ORDER, a)
}

/** Whether the scalar is below L. */
export function isReduced(a: usize): bool {
  return takeOff(REST, a, ORDER)
}

const REST: usize = memory.data(32, 16)

/** a - b, modulo 2^256; whether it is negative. */
function takeOff(out: usize, a: usize, b: usize): bool {
  let borrow: i64 = 0
  for (let at: usize = 0; at < SCALAR; at += 4) {
    borrow += <i64>load<u32>(a + at) - <i64>load<u32>(b + at)
    store<u32>(out + at, <u32>borrow)
    borrow >>= 32
  }
  return borrow < 0
}

/** a modulo L, of one below 2·L. */
function reduceOnce(out: usize, a: usize): void {
  memory.copy(out, takeOff(REST, a, ORDER) ? a : REST, SCALAR)
}

/**
 * Writes a scalar below 2^255 in non-adjacent form: Σ digit_i·2^i with digits that are 0 or odd and below 2^(width - 1) in
 * either sign, of any `width` neighbours at most one not 0. A digit is an i8, the next `stride` bytes on; only those that
 * are not 0 are written.
 */
export function writeDigits(digits: usize, stride: usize, scalar: usize, bits: u32, width: u32): void {
  memory.copy(REST, scalar, SCALAR)
  const whole: u32 = 1 << width
  let carry: u32 = 0
  for (let at: u32 = 0; at <= bits; ) {
    const word = at >> 5
    // the 64 bits from this word on; none beyond the scalar
    const low = <u64>load<u32>(REST + 4 * word)
    const high = word < 7 ? <u64>load<u32>(REST + 4 * word, 4) : 0
    const window = <u32>((low | (high << 32)) >> (at & 31)) & (whole - 1)
    const value = window + carry
    if ((value & 1) === 0) {
      at++
      continue
    }
    carry = value > whole >> 1 ? 1 : 0
    store<i8>(digits + <usize>at * stride, <i8>(value - (carry << width)))
    at += width
  }
}
