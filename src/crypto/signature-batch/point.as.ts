/**
 * Points of the curve of Ed25519, -x² + y² = 1 + d·x²·y² (RFC 8032 §5.1), in extended coordinates: x = X/Z, y = Y/Z,
 * T = X·Y/Z. Formulas: H. Hisil, K. Wong, G. Carter, E. Dawson, "Twisted Edwards curves revisited" (ASIACRYPT 2008), §3.1
 * and §3.3 with a = -1: complete for all points, those of small order too. Their eight multiplications, or four and four
 * squarings, go two by two in the lanes of a pair.
 *
 * Nothing is secret: all this takes as long as its inputs make it take.
 */
import { isZero, toBytes } from './bytes.as'
import { carry, LIMB, multiply, PAIR, square } from './field.as'

/** A point: the pairs (X, Y) and (T, Z), tight. What is to be added: (Y - X, 2d·T) and (Y + X, 2·Z), tight. */
export const POINT: usize = 2 * PAIR

/** (1, 2d), limbs of each lane in turn, balanced: |limb| ≤ 2^50. d = -121665/121666. */
const ONE_2D: usize = memory.data<f64>([
  1, -391889346694823, 0, 932731440258427, 0, 1072319116312658, 0, -435901477914249, 0, 633789495995904,
], 16)

const M: usize = memory.data(80, 16)
const N: usize = memory.data(80, 16)
const EG: usize = memory.data(80, 16)
const HF: usize = memory.data(80, 16)
const FH: usize = memory.data(80, 16)
const NEGATED: usize = memory.data(160, 16)
const TWICE: usize = memory.data(160, 16)
const TWICE_ADDEND: usize = memory.data(160, 16)
const MULTIPLE: usize = memory.data(160, 16)
const BYTES: usize = memory.data(64, 16)

// @ts-ignore: decorator
@inline
function swapped(a: v128): v128 {
  return v128.shuffle<f64>(a, a, 1, 0)
}

/** The sign bit of the first lane, or of the second: what flips the sign there. */
// @ts-ignore: decorator
@inline
function firstSign(): v128 {
  return i64x2(0x8000000000000000, 0)
}

// @ts-ignore: decorator
@inline
function secondSign(): v128 {
  return i64x2(0, 0x8000000000000000)
}

/** The neutral element: (0, 1) and (0, 1). */
export function setNeutral(point: usize): void {
  memory.fill(point, 0, POINT)
  store<f64>(point, 1, 8)
  store<f64>(point, 1, PAIR + 8)
}

/** (E·F, G·H) and (E·H, G·F): X, Y and T, Z. EG is tight, HF at most three tight. */
// @ts-ignore: decorator
@inline
function complete(point: usize): void {
  for (let at: usize = 0; at < PAIR; at += LIMB) v128.store(FH + at, swapped(v128.load(HF + at)))
  multiply(point, EG, FH)
  multiply(point + PAIR, EG, HF)
}

/** M = (Y - X, T) and N = (Y + X, Z): two tight and tight. */
// @ts-ignore: decorator
@inline
function spread(point: usize): void {
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const xy = v128.load(point + at)
    const tz = v128.load(point + PAIR + at)
    const x = v128.and(xy, i64x2(-1, 0))
    v128.store(M + at, f64x2.sub(v128.shuffle<f64>(xy, tz, 1, 2), x))
    v128.store(N + at, f64x2.add(v128.shuffle<f64>(xy, tz, 1, 3), x))
  }
}

/** point += addend: A = (Y₁ - X₁)(Y₂ - X₂), B = (Y₁ + X₁)(Y₂ + X₂), C = T₁·2d·T₂, D = Z₁·2·Z₂. */
export function add(point: usize, addend: usize): void {
  spread(point)
  multiply(M, M, addend) // (A, C)
  multiply(N, N, addend + PAIR) // (B, D)
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const m = v128.load(M + at)
    const n = v128.load(N + at)
    v128.store(EG + at, f64x2.add(n, v128.xor(m, firstSign()))) // (B - A, D + C), two tight
    v128.store(HF + at, f64x2.add(n, v128.xor(m, secondSign()))) // (B + A, D - C), two tight
  }
  carry(EG, EG)
  complete(point)
}

/** point -= addend: -(x, y) is (-x, y), which changes places of Y - X and Y + X. */
export function subtract(point: usize, addend: usize): void {
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const minus = v128.load(addend + at)
    const plus = v128.load(addend + PAIR + at)
    v128.store(NEGATED + at, v128.xor(v128.shuffle<f64>(plus, minus, 0, 3), secondSign()))
    v128.store(NEGATED + PAIR + at, v128.shuffle<f64>(minus, plus, 0, 3))
  }
  add(point, NEGATED)
}

/** out = 2·point: A = X², B = Y², E = (X + Y)² - A - B, G = B - A, H = -A - B, F = G - 2·Z². */
export function double(out: usize, point: usize): void {
  square(M, point) // (A, B)
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const xy = v128.load(point + at)
    v128.store(N + at, v128.shuffle<f64>(f64x2.add(xy, swapped(xy)), v128.load(point + PAIR + at), 0, 3))
  }
  carry(N, N) // (X + Y, Z)
  square(N, N)
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const ab = v128.load(M + at)
    const n = v128.load(N + at)
    const h = f64x2.add(ab, swapped(ab))
    // (E, G): three tight
    v128.store(EG + at, f64x2.sub(v128.shuffle<f64>(n, ab, 0, 3), v128.shuffle<f64>(h, ab, 0, 2)))
    // (-H, 2·Z²): two tight
    v128.store(HF + at, v128.shuffle<f64>(h, f64x2.add(n, n), 0, 3))
  }
  carry(EG, EG)
  for (let at: usize = 0; at < PAIR; at += LIMB) {
    const g = v128.and(v128.load(EG + at), i64x2(0, -1))
    v128.store(HF + at, f64x2.sub(g, v128.load(HF + at))) // (H, F): two tight, three tight
  }
  complete(out)
}

/** What is to be added where `point` is. */
export function toAddend(out: usize, point: usize): void {
  spread(point)
  multiply(out, M, ONE_2D)
  for (let at: usize = 0; at < PAIR; at += LIMB)
    v128.store(N + at, f64x2.mul(v128.load(N + at), f64x2(1, 2)))
  carry(out + PAIR, N)
}

/** The odd multiples of `point`, 1, 3, 5 … 2·count - 1 times it, as addends at `table`. */
export function fillTable(table: usize, count: u32, point: usize): void {
  double(TWICE, point)
  toAddend(TWICE_ADDEND, TWICE)
  memory.copy(MULTIPLE, point, POINT)
  toAddend(table, MULTIPLE)
  for (let i: u32 = 1; i < count; i++) {
    table += POINT
    add(MULTIPLE, TWICE_ADDEND)
    toAddend(table, MULTIPLE)
  }
}

/** Whether 8·point is the neutral element: X = 0 and Y = Z. `point` is overwritten. */
export function isOfSmallOrder(point: usize): bool {
  for (let i = 0; i < 3; i++) double(point, point)
  // Z is 0 for no point; it is looked at because all is 0 where the arithmetic is broken
  toBytes(BYTES, 0, point)
  if (!isZero(BYTES)) return false
  toBytes(BYTES, 1, point)
  toBytes(BYTES + 32, 1, point + PAIR)
  return !isZero(BYTES) && memory.compare(BYTES, BYTES + 32, 32) === 0
}
