/** The order of the base point, L = 2^252 + 27742317777372353535851937790883648493, little-endian. RFC 8032 §5.1. */
const ORDER = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n)

/** The field's prime. RFC 8032 §5.1. */
const P = 2n ** 255n - 19n
const PRIME = littleEndian(P)

/** In an encoding's last byte, the sign of x above the bits of y. RFC 8032 §5.1.2. */
const SIGN_BIT = 0x80

/** One of the two y of the points of order 8; the other is its negative. */
const Y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n

/** The y of the eight points of small order, each with either sign: orders 1, 2, 4 and 8. */
const SMALL_ORDER_Y = [1n, P - 1n, 0n, Y8, P - Y8].map(littleEndian)

/**
 * The byte guard of the signature rule: S below the order; A and R canonical and not of small order. What passes
 * is then decided by the cofactored equation of ZIP-215, on which all engines agree. Protocol §3.
 *
 * @param signature 64 bytes, R ‖ S
 * @param key 32 bytes, A
 */
export function passesGuard(signature: Uint8Array, key: Uint8Array): boolean {
  return (
    signature.length === 64 &&
    key.length === 32 &&
    isBelow(signature.subarray(32), ORDER) &&
    isGoodPoint(signature.subarray(0, 32)) &&
    isGoodPoint(key)
  )
}

function isGoodPoint(encoded: Uint8Array): boolean {
  return isBelow(encoded, PRIME, SIGN_BIT) && !SMALL_ORDER_Y.some((small) => hasY(encoded, small))
}

function hasY(encoded: Uint8Array, y: Uint8Array): boolean {
  for (let i = 0; i < 31; i++) if (encoded[i] !== y[i]) return false
  return ((encoded[31] ?? 0) & ~SIGN_BIT) === y[31]
}

/**
 * Compares little-endian numbers of 32 bytes, without the bits of the first's last byte that are to be left out. Not in
 * constant time: everything here is public.
 */
function isBelow(value: Uint8Array, bound: Uint8Array, without = 0): boolean {
  for (let i = 31; i >= 0; i--) {
    const a = (value[i] ?? 0) & (i === 31 ? ~without : 0xff)
    const b = bound[i] ?? 0
    if (a !== b) return a < b
  }
  return false
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}
