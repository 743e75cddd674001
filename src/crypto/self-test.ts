import { hexToBytes } from '@noble/curves/utils.js'
import { publicKeyOf } from '../core/codec/hex.ts'
import type { BatchEngine } from './signature-batch.ts'
import type { SignatureClaim } from './verify-messages.ts'

/** Checks one signature by an engine alone: 64 bytes, a message, and the 32 bytes of the key. */
export type Engine = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => Promise<boolean>

interface Vector {
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly key: Uint8Array
}

/** RFC 8032 §7.1, tests 2 and 3: these are valid. */
const HONEST = [
  vector(
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
  vector(
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ),
] as const

/**
 * Made with a point of order 8 added: to A, and to A and R. Only the cofactored equation holds, so engines differ on
 * these and may; on what is changed about them they may not.
 */
const TORSIONED = [
  vector(
    '9ea3f11f5bd34f0cd7147fd0a436c088f624c6100c1df6a53c0a29e05d60cea0',
    '72',
    '5915a4d853182940713e1ee2f51ff4a00759c3d7b3b6e54bba0c65462324cd50' +
      'e310c5b8c2e7b8f838132abba3d0bd7a6e0887248fe6318b9c72ac9f5247a304',
  ),
  vector(
    '9ea3f11f5bd34f0cd7147fd0a436c088f624c6100c1df6a53c0a29e05d60cea0',
    '72',
    'b625e690441803802aaf48c78a89bfca269ae41900275b735c5f3e8631a473f2' +
      '9815c203b09cb6d7e2d77b5078bce564b14ef7fca5e933ecd3d4f782a7e1140b',
  ),
] as const

/** y = 2 is on no point of the curve. */
const NO_POINT = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 2 : 0))

/** Bits of R and of S: the lowest, some in between, the sign of R, and the highest that leaves S below the order. */
const SIGNATURE_BITS = [0, 100, 255, 256, 300, 507]

/**
 * Whether what an engine accepts may be accepted without asking another: it takes the honest, and nothing whose
 * equation does not hold. What it refuses is asked of ZIP-215 anyway. All of these pass the byte guard. Protocol §3.
 */
export async function judgesWell(engine: Engine): Promise<boolean> {
  const judge = ({ signature, message, key }: Vector) => engine(signature, message, key)
  const accepted = await Promise.all(HONEST.map(judge))
  const refused = await Promise.all(falseVectors().map(judge))
  return accepted.every((holds) => holds) && !refused.some((holds) => holds)
}

/**
 * Whether what an engine says of many at once may be believed as well: it confirms the honest among false ones and no
 * others, and is not taken in by two false ones whose errors are each other's negatives, which only random factors tell.
 */
export function judgesTogether(engine: BatchEngine): boolean {
  const [first, second] = HONEST
  const mixed = falseVectors().flatMap((wrong, i) => [wrong, i % 2 === 0 ? first : second])
  const cancelling = [plusS(first, 1), plusS(second, -1)]
  return (
    engine([...HONEST].map(claimOf)).every((holds) => holds) &&
    engine(mixed.map(claimOf)).every((holds, i) => holds === (i % 2 === 1)) &&
    engine(cancelling.map(claimOf)).every((holds) => !holds)
  )
}

function claimOf({ key, ...vector }: Vector): SignatureClaim {
  return { ...vector, key: publicKeyOf(key) }
}

/** With a number added to S that carries nowhere. */
function plusS(vector: Vector, step: number): Vector {
  const signature = Uint8Array.from(vector.signature)
  signature[32] = (signature[32] ?? 0) + step
  return { ...vector, signature }
}

function falseVectors(): Vector[] {
  const [first, second] = HONEST
  const changed = [...HONEST, ...TORSIONED].flatMap((good) => [
    ...SIGNATURE_BITS.map((bit) => ({ ...good, signature: flipped(good.signature, bit) })),
    { ...good, message: flipped(good.message, 0) },
    { ...good, message: new Uint8Array() },
    { ...good, key: flipped(good.key, 255) },
    { ...good, key: NO_POINT },
  ])
  return [...changed, { ...first, key: second.key }, { ...first, signature: second.signature }]
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

function vector(key: string, message: string, signature: string): Vector {
  return { key: hexToBytes(key), message: hexToBytes(message), signature: hexToBytes(signature) }
}
