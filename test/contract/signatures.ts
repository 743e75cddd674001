/** Signatures crafted so that engines may differ on them. */
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'

const { Point } = ed25519
const L = Point.Fn.ORDER
const P = Point.Fp.ORDER
const TORSION = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex))

/** A signature to judge. Whether it is valid is known from how it was made, not asked of any engine. */
export interface Case {
  readonly name: string
  readonly valid: boolean
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly key: Uint8Array
}

/** A number as the 32 bytes of a scalar or a point's y. */
export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn))
}

const fromLittleEndian = (bytes: Uint8Array) => BigInt(`0x${bytesToHex(Uint8Array.from(bytes).reverse())}`)

const scalarOf = (...parts: readonly Uint8Array[]) => fromLittleEndian(sha512(concatBytes(...parts))) % L

/**
 * Signs with a torsion point added to A and another to R. The cofactored equation holds whatever they are; the
 * cofactorless one only where they cancel out.
 */
export function signWithTorsion(seed: number, torsionA: number, torsionR: number): Case {
  const message = Uint8Array.of(seed, torsionA, torsionR)
  const { scalar } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(seed))
  const nonce = scalarOf(message, Uint8Array.of(9))
  const key = Point.BASE.multiply(scalar)
    .add(TORSION[torsionA] ?? Point.ZERO)
    .toBytes()
  const r = Point.BASE.multiply(nonce)
    .add(TORSION[torsionR] ?? Point.ZERO)
    .toBytes()
  const s = (nonce + scalarOf(r, key, message) * scalar) % L
  return {
    name: `torsion ${torsionA} on A, ${torsionR} on R, seed ${seed}`,
    valid: true,
    signature: Uint8Array.of(...r, ...littleEndian(s)),
    message,
    key,
  }
}

/** Signed as anybody would. */
export function honest(seed: number): Case {
  const secret = new Uint8Array(32).fill(seed)
  const message = new Uint8Array(seed).fill(seed)
  return {
    name: `honest ${seed}`,
    valid: true,
    signature: ed25519.sign(message, secret),
    message,
    key: ed25519.getPublicKey(secret),
  }
}

/** `bytes` with one bit the other way. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

/** y + p where that fits in 255 bits, the sign kept: another encoding of the same point for an engine that reduces. */
function nonCanonical(encoded: Uint8Array): Uint8Array | undefined {
  const sign = fromLittleEndian(encoded) >> 255n
  const y = (fromLittleEndian(encoded) & (2n ** 255n - 1n)) + P
  return y < 2n ** 255n ? littleEndian(y | (sign << 255n)) : undefined
}

/** An honest case with something about it changed: no longer valid. */
function spoilt(good: Case, what: string, change: Partial<Case>): Case {
  return { ...good, name: `${good.name}, ${what}`, valid: false, ...change }
}

/** Several hundred cases, those that engines are known to differ on among them. Protocol §3. */
export function crafted(): Case[] {
  const cases: Case[] = []
  for (let seed = 1; seed <= 20; seed++) {
    const good = honest(seed)
    const { signature, message, key } = good
    const r = signature.subarray(0, 32)
    const s = fromLittleEndian(signature.subarray(32))
    cases.push(good)
    cases.push(spoilt(good, 'S + L', { signature: Uint8Array.of(...r, ...littleEndian(s + L)) }))
    cases.push(spoilt(good, 'wrong key', { key: honest(seed + 1).key }))
    cases.push(spoilt(good, 'other message', { message: Uint8Array.of(...message, 1) }))
    for (const bit of [0, 7, 100, 254, 255, 256, 300, 500, 511])
      cases.push(spoilt(good, `bit ${bit} of the signature`, { signature: flipped(signature, bit) }))
    for (const bit of [0, 77, 254, 255])
      cases.push(spoilt(good, `bit ${bit} of the key`, { key: flipped(key, bit) }))
  }
  const good = honest(5)
  const s = good.signature.subarray(32)
  for (const [index, point] of TORSION.entries()) {
    const small = point.toBytes()
    const encodings = [small, flipped(small, 255), nonCanonical(small)].filter((bytes) => bytes !== undefined)
    for (const key of encodings) {
      const signature = Uint8Array.of(...small, ...new Uint8Array(32))
      cases.push(spoilt(good, `A and R small ${index}, S = 0`, { key, signature }))
      cases.push(spoilt(good, `A small ${index}`, { key }))
      cases.push(spoilt(good, `R small ${index}`, { signature: Uint8Array.of(...key, ...s) }))
    }
  }
  for (let seed = 1; seed <= 3; seed++)
    for (let a = 0; a < 8; a++) for (let r = 0; r < 8; r++) cases.push(signWithTorsion(seed, a, r))
  for (let y = P; y < 2n ** 255n; y += 3n)
    cases.push(spoilt(good, `A is y = p + ${y - P}`, { key: littleEndian(y) }))
  return cases
}
