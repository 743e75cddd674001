import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { passesGuard } from '../../src/core/crypto/signature-guard.ts'

const SECRET = new Uint8Array(32).fill(7)
const KEY = ed25519.getPublicKey(SECRET)
const SIGNATURE = ed25519.sign(Uint8Array.of(1, 2, 3), SECRET)
const P = ed25519.Point.Fp.ORDER
const L = ed25519.Point.Fn.ORDER

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

/** The encoding of `y` with the sign bit given, canonical or not. */
function encoded(y: bigint, sign: 0 | 1): Uint8Array {
  return littleEndian(y | (BigInt(sign) << 255n))
}

const withR = (r: Uint8Array) => Uint8Array.of(...r, ...SIGNATURE.subarray(32))
const withS = (s: bigint) => Uint8Array.of(...SIGNATURE.subarray(0, 32), ...littleEndian(s))

/** Every y of a point of small order, from noble's list of the torsion points. */
const SMALL_ORDER_Y = new Set(ED25519_TORSION_SUBGROUP.map((hex) => ed25519.Point.fromHex(hex).toAffine().y))

describe('the byte guard', () => {
  it('lets a true signature pass', () => {
    expect(passesGuard(SIGNATURE, KEY)).toBe(true)
  })

  it.each([
    ['L', L, false],
    ['L + 1', L + 1n, false],
    ['2^256 − 1', 2n ** 256n - 1n, false],
    ['L − 1', L - 1n, true],
    ['0', 0n, true],
  ])('S = %s: passes is %s', (_, s, passes) => {
    expect(passesGuard(withS(s), KEY)).toBe(passes)
  })

  it('stops S + L, the other S of the same equation', () => {
    const s = BigInt(`0x${bytesToHex(SIGNATURE.slice(32).reverse())}`)
    expect(passesGuard(withS(s), KEY)).toBe(true)
    expect(passesGuard(withS(s + L), KEY)).toBe(false)
  })

  it('stops every one of the eight points of small order, as A and as R', () => {
    expect(new Set(ED25519_TORSION_SUBGROUP).size).toBe(8)
    for (const hex of ED25519_TORSION_SUBGROUP) {
      expect(passesGuard(SIGNATURE, hexToBytes(hex)), `A ${hex}`).toBe(false)
      expect(passesGuard(withR(hexToBytes(hex)), KEY), `R ${hex}`).toBe(false)
    }
  })

  it('stops every other encoding of them: either sign, and y + p where it fits', () => {
    expect(SMALL_ORDER_Y.size).toBe(5)
    for (const y of SMALL_ORDER_Y)
      for (const sign of [0, 1] as const)
        for (const value of [y, y + P].filter((candidate) => candidate < 2n ** 255n)) {
          expect(passesGuard(SIGNATURE, encoded(value, sign))).toBe(false)
          expect(passesGuard(withR(encoded(value, sign)), KEY)).toBe(false)
        }
  })

  it('stops every y from p to 2^255 − 1, with either sign', () => {
    for (let y = P; y < 2n ** 255n; y++)
      for (const sign of [0, 1] as const) {
        expect(passesGuard(SIGNATURE, encoded(y, sign))).toBe(false)
        expect(passesGuard(withR(encoded(y, sign)), KEY)).toBe(false)
      }
    expect(passesGuard(SIGNATURE, encoded(P - 2n, 0))).toBe(true)
  })

  it('stops what has not its length', () => {
    expect(passesGuard(SIGNATURE.subarray(1), KEY)).toBe(false)
    expect(passesGuard(SIGNATURE, KEY.subarray(1))).toBe(false)
    expect(passesGuard(Uint8Array.of(...SIGNATURE, 0), KEY)).toBe(false)
    expect(passesGuard(new Uint8Array(), new Uint8Array())).toBe(false)
  })
})
