/** Decoding points, two at once: their square roots are a third of what checking a signature in a batch costs. */
import { fromBytes, isZero, toBytes } from './bytes.as'
import { carry, difference, LIMB, multiply, PAIR, square, squareTimes, sum } from './field.as'

// Limbs of constants, the one of each lane in turn, balanced: |limb| ≤ 2^50.

/** (1, 1) */
const ONE: usize = memory.data<f64>([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], 16)

/** (d, d), d = -121665/121666 */
const D: usize = memory.data<f64>([
  929955233495222, 929955233495222, 466365720129213, 466365720129213, -589740348686295, -589740348686295,
  -217950738957124, -217950738957124, -809005158844672, -809005158844672,
], 16)

/** (i, i), i = 2^((p - 1)/4), a square root of -1 */
const I: usize = memory.data<f64>([
  -533094393274192, -533094393274192, 234908883556510, 234908883556510, -18285341111200, -18285341111200,
  -134597186663265, -134597186663265, 765476049583134, 765476049583134,
], 16)

const BYTES: usize = memory.data(32, 16)
const Y: usize = memory.data(80, 16)
const U: usize = memory.data(80, 16)
const V: usize = memory.data(80, 16)
const X: usize = memory.data(80, 16)
const S: usize = memory.data(80, 16)
const W: usize = memory.data(80, 16)
const UV3: usize = memory.data(80, 16)
const P0: usize = memory.data(80, 16)
const P1: usize = memory.data(80, 16)
const P2: usize = memory.data(80, 16)
const ZERO: usize = memory.data(80, 16)

/** What `select` goes by: all ones or zero in each lane. */
const MASK: usize = memory.data(16, 16)

/**
 * Decodes two points at once, in the lanes: RFC 8032 §5.1.3, as ZIP-215 takes it (y may be p or more, and -0 is 0).
 *
 * @returns bit 0 where the first is a point, bit 1 where the second is
 */
export function decode(firstOut: usize, secondOut: usize, firstBytes: usize, secondBytes: usize): u32 {
  fromBytes(Y, 0, firstBytes)
  fromBytes(Y, 1, secondBytes)
  carry(Y, Y)
  square(S, Y)
  difference(U, S, ONE) // u = y² - 1
  carry(U, U)
  multiply(V, S, D)
  sum(V, V, ONE) // v = d·y² + 1
  carry(V, V)
  // x = u·v³·(u·v⁷)^((p - 5)/8)
  square(S, V)
  multiply(S, S, V)
  multiply(UV3, S, U)
  square(S, S)
  multiply(S, S, V)
  multiply(S, S, U)
  power(S, S)
  multiply(X, S, UV3)
  // v·x² is u, or -u and x is to be multiplied by i, or there is no such point
  square(S, X)
  multiply(S, S, V)
  difference(W, S, U)
  sum(S, S, U)
  multiply(U, X, I)
  let found: u32 = 0
  for (let lane: usize = 0; lane < 2; lane++) {
    toBytes(BYTES, lane, W)
    const isRoot = isZero(BYTES)
    toBytes(BYTES, lane, S)
    if (isRoot || isZero(BYTES)) found |= 1 << <u32>lane
    store<i64>(MASK + 8 * lane, isRoot ? -1 : 0)
  }
  select(X, X, U)
  for (let lane: usize = 0; lane < 2; lane++) {
    toBytes(BYTES, lane, X)
    const sign = load<u8>(lane === 0 ? firstBytes : secondBytes, 31) >> 7
    store<i64>(MASK + 8 * lane, (load<u8>(BYTES) & 1) === sign ? -1 : 0)
  }
  difference(U, ZERO, X)
  select(X, X, U)
  multiply(S, X, Y)
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const x = v128.load(X + at), y = v128.load(Y + at), t = v128.load(S + at), one = v128.load(ONE + at)
    v128.store(firstOut + at, v128.shuffle<f64>(x, y, 0, 2))
    v128.store(secondOut + at, v128.shuffle<f64>(x, y, 1, 3))
    v128.store(firstOut + PAIR + at, v128.shuffle<f64>(t, one, 0, 2))
    v128.store(secondOut + PAIR + at, v128.shuffle<f64>(t, one, 1, 3))
  }
  return found
}

/** In each lane `yes` where MASK is set, else `no`. */
function select(out: usize, yes: usize, no: usize): void {
  const mask = v128.load(MASK)
  for (let at: usize = 0; at < PAIR; at += LIMB)
    v128.store(out + at, v128.bitselect(v128.load(yes + at), v128.load(no + at), mask))
}

/** a^((p - 5)/8) = a^(2^252 - 3): the powers 2^n - 1 for n = 5, 10, 20, 40, 50, 100, 200, 250. */
function power(out: usize, a: usize): void {
  square(P0, a)
  squareTimes(P1, P0, 2)
  multiply(P1, P1, a) // 9
  multiply(P0, P0, P1) // 11
  square(P0, P0)
  multiply(P0, P0, P1) // 2^5 - 1
  squareTimes(P1, P0, 5)
  multiply(P0, P0, P1) // 10
  squareTimes(P1, P0, 10)
  multiply(P1, P1, P0) // 20
  squareTimes(P2, P1, 20)
  multiply(P1, P1, P2) // 40
  squareTimes(P1, P1, 10)
  multiply(P0, P0, P1) // 50
  squareTimes(P1, P0, 50)
  multiply(P1, P1, P0) // 100
  squareTimes(P2, P1, 100)
  multiply(P1, P1, P2) // 200
  squareTimes(P1, P1, 50)
  multiply(P0, P0, P1) // 250
  squareTimes(P0, P0, 2)
  multiply(out, P0, a)
}
