/**
 * Arithmetic modulo p = 2^255 - 19 in pairs: whatever is done here is done to two numbers at once, one in each lane of a
 * v128. WebAssembly has no product of 64 by 64 bits, but relaxed SIMD has the fused a·b + c of doubles, which says the
 * upper half of a product in one rounding and, asked again, the lower half exactly: two multiplications of 51 bits at
 * once. After N. Emmart, F. Zheng, C. Weems, "Faster modular exponentiation using double precision floating point
 * arithmetic on the GPU" (ARITH 2018); here products are rounded to nearest, so limbs go by sign and have 51 bits.
 *
 * A number is five limbs, Σ limb_i · 2^(51·i). Each limb is an integer, held as a double, and may be negative. A pair is
 * five v128 in memory, limb i of both in the i-th.
 *
 * Bounds. A pair is TIGHT where all |limb| ≤ 2^50 + 2^13: that is what `multiply`, `square` and `carry` leave. The sum or
 * difference of k tight ones has |limb| ≤ k·(2^50 + 2^13), and k is never above 3: sums of doubles below 2^53 are exact.
 * `multiply` needs |limb of a| · |limb of b| ≤ 2^102. A tight times three tight is well within (0.75·2^102); two tight times
 * two tight is not. `square` needs |limb| ≤ 2^50.5: tight.
 *
 * Where an engine rounds a·b before it adds, as it may (a processor without the fused form), all this is wrong: the self
 * test finds out. An implementation makes that choice once (WebAssembly 3.0, relaxed operations, parameter R_fmadd), so
 * what was right once stays right.
 */

/** Bytes of a pair. */
export const PAIR: usize = 80

/** Bytes of a v128: from one limb of a pair to the next. */
export const LIMB: usize = 16

/**
 * The bits of the double 1.5·2^103. Doubles from 2^103 to 2^104 lie 2^51 apart, so 1.5·2^103 + x, rounded, is
 * 1.5·2^103 + 2^51·h with h the integer nearest to x / 2^51, for all |x| ≤ 2^102; and its bits are these plus h.
 */
const HIGH: u64 = 0x4668000000000000

/** The bits of 1.5·2^52, around which doubles lie 1 apart: for an integer |x| ≤ 2^51, those of 1.5·2^52 + x are these plus x. */
const LOW: u64 = 0x4338000000000000

/** The bits of 1.5·2^103 + 1.5·2^52. */
const BOTH: u64 = HIGH + 3

const LIMB_BITS: u32 = 51
const LIMB_MASK: u64 = (1 << 51) - 1
const HALF_LIMB: u64 = 1 << 50

/** Added to a column so that it is never negative: more than any |column|, in units of a limb. */
const SPARE: u64 = 1 << 8

/** What each column starts with besides: 2^59 and half a limb. */
const START: u64 = (SPARE << LIMB_BITS) + HALF_LIMB

/**
 * Constants in memory, where they take one instruction. An engine makes a constant in the code with three, anew for each use:
 * that was a quarter of all time.
 *
 * The last ten are what the five columns of `multiply`, then those of `square`, start with: START (see `finish`), less LOW
 * and HIGH as often as lower and upper halves are added to the column, and 19 times as often as they are added to the one
 * five further on, which is folded into it. Modulo 2^64, as all sums of bits here.
 */
const CONSTANTS: usize = memory.data<u64>([
  HIGH,
  BOTH,
  LOW,
  LIMB_MASK,
  LOW - HALF_LIMB - SPARE,
  LOW - HALF_LIMB - 19 * SPARE,
  START - (1 + 19 * 4) * LOW - (0 + 19 * 5) * HIGH,
  START - (2 + 19 * 3) * LOW - (1 + 19 * 4) * HIGH,
  START - (3 + 19 * 2) * LOW - (2 + 19 * 3) * HIGH,
  START - (4 + 19 * 1) * LOW - (3 + 19 * 2) * HIGH,
  START - (5 + 19 * 0) * LOW - (4 + 19 * 1) * HIGH,
  START - (1 + 19 * 2) * LOW - (0 + 19 * 3) * HIGH,
  START - (1 + 19 * 2) * LOW - (1 + 19 * 2) * HIGH,
  START - (2 + 19 * 1) * LOW - (1 + 19 * 2) * HIGH,
  START - (2 + 19 * 1) * LOW - (2 + 19 * 1) * HIGH,
  START - (3 + 19 * 0) * LOW - (2 + 19 * 1) * HIGH,
], 16)

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load_splat<u64>(CONSTANTS + index * 8)
}

/** The upper half of a·b: the bits HIGH + h, where a·b = 2^51·h + l and |l| ≤ 2^50. |h| ≤ 2^51. */
// @ts-ignore: decorator
@inline
function upper(a: v128, b: v128, high: v128): v128 {
  return f64x2.relaxed_madd(a, b, high)
}

/**
 * The lower half of a·b: the bits LOW + l. The difference is 2^51·(3 - h), a multiple of 2^51 and at most
 * 2^51·(2^51 + 3), so exact; what the fused form rounds is 1.5·2^52 + l, so exact too.
 */
// @ts-ignore: decorator
@inline
function lower(a: v128, b: v128, both: v128, h: v128): v128 {
  return f64x2.relaxed_madd(a, b, f64x2.sub(both, h))
}

// @ts-ignore: decorator
@inline
function plus(a: v128, b: v128): v128 {
  return i64x2.add(a, b)
}

// @ts-ignore: decorator
@inline
function times19(a: v128): v128 {
  return i64x2.add(a, i64x2.add(i64x2.shl(a, 1), i64x2.shl(a, 4)))
}

/**
 * Carries once from each column into the next, from the last 19-fold into the first (2^255 = 19), and stores doubles.
 *
 * A column is at most five lower halves, 5·2^50, and five upper ones, 5·2^51: below 2^54; with 19 times another, below
 * 20·2^54 < 2^58.4 in either sign. With 2^59 + 2^50 added it is within 0 … 2^60, and its carry, once SPARE is taken off, within
 * ±(2^7.4 + 1). What stays is -2^50 … 2^50 - 1; with a carry, at most 19·(2^7.4 + 1) < 2^12: tight.
 */
// @ts-ignore: decorator
@inline
function finish(out: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128): void {
  const low = constant(2)
  const mask = constant(3)
  const rest = constant(4)
  const rest0 = constant(5)
  const carry4 = times19(i64x2.shr_u(c4, LIMB_BITS))
  v128.store(out, f64x2.sub(plus(plus(v128.and(c0, mask), rest0), carry4), low))
  v128.store(out, f64x2.sub(plus(plus(v128.and(c1, mask), rest), i64x2.shr_u(c0, LIMB_BITS)), low), 16)
  v128.store(out, f64x2.sub(plus(plus(v128.and(c2, mask), rest), i64x2.shr_u(c1, LIMB_BITS)), low), 32)
  v128.store(out, f64x2.sub(plus(plus(v128.and(c3, mask), rest), i64x2.shr_u(c2, LIMB_BITS)), low), 48)
  v128.store(out, f64x2.sub(plus(plus(v128.and(c4, mask), rest), i64x2.shr_u(c3, LIMB_BITS)), low), 64)
}

/** a · b. Needs |limb of a| · |limb of b| ≤ 2^102, leaves tight. `out` may be `a` or `b`. */
export function multiply(out: usize, a: usize, b: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48), a4 = v128.load(a, 64)
  const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48), b4 = v128.load(b, 64)
  const high = constant(0), both = constant(1)

  // Locals, not arrays: only locals can live in registers. Column i + j gets the lower half of a_i·b_j, the next the upper.
  let h = upper(a0, b4, high), c5 = h, c4 = lower(a0, b4, both, h)
  h = upper(a1, b3, high); c5 = plus(c5, h); c4 = plus(c4, lower(a1, b3, both, h))
  h = upper(a2, b2, high); c5 = plus(c5, h); c4 = plus(c4, lower(a2, b2, both, h))
  h = upper(a3, b1, high); c5 = plus(c5, h); c4 = plus(c4, lower(a3, b1, both, h))
  h = upper(a4, b0, high); c5 = plus(c5, h); c4 = plus(c4, lower(a4, b0, both, h))

  h = upper(a1, b4, high); let c6 = h; c5 = plus(c5, lower(a1, b4, both, h))
  h = upper(a2, b3, high); c6 = plus(c6, h); c5 = plus(c5, lower(a2, b3, both, h))
  h = upper(a3, b2, high); c6 = plus(c6, h); c5 = plus(c5, lower(a3, b2, both, h))
  h = upper(a4, b1, high); c6 = plus(c6, h); c5 = plus(c5, lower(a4, b1, both, h))
  let c0 = plus(times19(c5), constant(6))

  h = upper(a2, b4, high); let c7 = h; c6 = plus(c6, lower(a2, b4, both, h))
  h = upper(a3, b3, high); c7 = plus(c7, h); c6 = plus(c6, lower(a3, b3, both, h))
  h = upper(a4, b2, high); c7 = plus(c7, h); c6 = plus(c6, lower(a4, b2, both, h))
  let c1 = plus(times19(c6), constant(7))

  h = upper(a3, b4, high); let c8 = h; c7 = plus(c7, lower(a3, b4, both, h))
  h = upper(a4, b3, high); c8 = plus(c8, h); c7 = plus(c7, lower(a4, b3, both, h))
  let c2 = plus(times19(c7), constant(8))

  h = upper(a4, b4, high); c8 = plus(c8, lower(a4, b4, both, h))
  let c3 = plus(times19(c8), constant(9))
  c4 = plus(c4, plus(times19(h), constant(10)))

  h = upper(a0, b0, high); c1 = plus(c1, h); c0 = plus(c0, lower(a0, b0, both, h))

  h = upper(a0, b1, high); c2 = plus(c2, h); c1 = plus(c1, lower(a0, b1, both, h))
  h = upper(a1, b0, high); c2 = plus(c2, h); c1 = plus(c1, lower(a1, b0, both, h))

  h = upper(a0, b2, high); c3 = plus(c3, h); c2 = plus(c2, lower(a0, b2, both, h))
  h = upper(a1, b1, high); c3 = plus(c3, h); c2 = plus(c2, lower(a1, b1, both, h))
  h = upper(a2, b0, high); c3 = plus(c3, h); c2 = plus(c2, lower(a2, b0, both, h))

  h = upper(a0, b3, high); c4 = plus(c4, h); c3 = plus(c3, lower(a0, b3, both, h))
  h = upper(a1, b2, high); c4 = plus(c4, h); c3 = plus(c3, lower(a1, b2, both, h))
  h = upper(a2, b1, high); c4 = plus(c4, h); c3 = plus(c3, lower(a2, b1, both, h))
  h = upper(a3, b0, high); c4 = plus(c4, h); c3 = plus(c3, lower(a3, b0, both, h))
  finish(out, c0, c1, c2, c3, c4)
}

/**
 * a². Needs tight: a limb times twice another is then below 2^101.1, and columns are no larger than those of `multiply`.
 * Leaves tight. `out` may be `a`.
 */
export function square(out: usize, a: usize): void {
  const a0 = v128.load(a), a1 = v128.load(a, 16), a2 = v128.load(a, 32), a3 = v128.load(a, 48), a4 = v128.load(a, 64)
  const d0 = f64x2.add(a0, a0), d1 = f64x2.add(a1, a1), d2 = f64x2.add(a2, a2), d3 = f64x2.add(a3, a3)
  const high = constant(0), both = constant(1)

  let h = upper(d0, a4, high), c5 = h, c4 = lower(d0, a4, both, h)
  h = upper(d1, a3, high); c5 = plus(c5, h); c4 = plus(c4, lower(d1, a3, both, h))
  h = upper(a2, a2, high); c5 = plus(c5, h); c4 = plus(c4, lower(a2, a2, both, h))

  h = upper(d1, a4, high); let c6 = h; c5 = plus(c5, lower(d1, a4, both, h))
  h = upper(d2, a3, high); c6 = plus(c6, h); c5 = plus(c5, lower(d2, a3, both, h))
  let c0 = plus(times19(c5), constant(11))

  h = upper(d2, a4, high); let c7 = h; c6 = plus(c6, lower(d2, a4, both, h))
  h = upper(a3, a3, high); c7 = plus(c7, h); c6 = plus(c6, lower(a3, a3, both, h))
  let c1 = plus(times19(c6), constant(12))

  h = upper(d3, a4, high); let c8 = h; c7 = plus(c7, lower(d3, a4, both, h))
  let c2 = plus(times19(c7), constant(13))

  h = upper(a4, a4, high); c8 = plus(c8, lower(a4, a4, both, h))
  let c3 = plus(times19(c8), constant(14))
  c4 = plus(c4, plus(times19(h), constant(15)))

  h = upper(a0, a0, high); c1 = plus(c1, h); c0 = plus(c0, lower(a0, a0, both, h))
  h = upper(d0, a1, high); c2 = plus(c2, h); c1 = plus(c1, lower(d0, a1, both, h))
  h = upper(d0, a2, high); c3 = plus(c3, h); c2 = plus(c2, lower(d0, a2, both, h))
  h = upper(a1, a1, high); c3 = plus(c3, h); c2 = plus(c2, lower(a1, a1, both, h))
  h = upper(d0, a3, high); c4 = plus(c4, h); c3 = plus(c3, lower(d0, a3, both, h))
  h = upper(d1, a2, high); c4 = plus(c4, h); c3 = plus(c3, lower(d1, a2, both, h))
  finish(out, c0, c1, c2, c3, c4)
}

/** a^(2^times); `times` is at least 1. Tight to tight. */
export function squareTimes(out: usize, a: usize, times: u32): void {
  square(out, a)
  for (let done: u32 = 1; done < times; done++) square(out, out)
}

/**
 * The same number with tight limbs. Needs |limb| ≤ 2^53: what is added and taken away again rounds each to a multiple of
 * 2^51, at most 4 of them; so a limb keeps at most 2^50 and gets at most 19·4.
 */
export function carry(out: usize, a: usize): void {
  const high = i64x2.splat(HIGH)
  const unit = f64x2.splat(1.0 / 2251799813685248.0) // 2^-51
  const a4 = v128.load(a, 64)
  const r4 = f64x2.sub(f64x2.add(a4, high), high)
  let carried = f64x2.mul(f64x2.mul(r4, unit), f64x2.splat(19))
  for (let at: usize = 0; at < 4 * LIMB; at += LIMB) {
    const limb = v128.load(a + at)
    const rounded = f64x2.sub(f64x2.add(limb, high), high)
    v128.store(out + at, f64x2.add(f64x2.sub(limb, rounded), carried))
    carried = f64x2.mul(rounded, unit)
  }
  v128.store(out, f64x2.add(f64x2.sub(a4, r4), carried), 64)
}

/** a + b, limb by limb. */
export function sum(out: usize, a: usize, b: usize): void {
  for (let at: usize = 0; at < PAIR; at += LIMB) v128.store(out + at, f64x2.add(v128.load(a + at), v128.load(b + at)))
}

/** a - b, limb by limb. */
export function difference(out: usize, a: usize, b: usize): void {
  for (let at: usize = 0; at < PAIR; at += LIMB) v128.store(out + at, f64x2.sub(v128.load(a + at), v128.load(b + at)))
}
