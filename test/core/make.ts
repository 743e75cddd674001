/** Makes what the tests of the core need. Blocks carry no true signature: the engine takes them as checked. */
import { encodeBlock } from '../../src/core/codec/block.ts'
import { encodeData } from '../../src/core/codec/data.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../../src/core/crypto/block-id.ts'
import { networkKeyOf } from '../../src/core/crypto/hash.ts'
import type { Block, BlockKind, CheckedBlock } from '../../src/core/model/block.ts'
import type { Genesis } from '../../src/core/model/genesis.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { DEFAULT_PARAMS } from '../../src/core/model/params.ts'

/** RFC 8032 §7.1, test 1: a public key everybody can look up. */
export const ALICE = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a' as PublicKey

/** RFC 8032 §7.1, test 2. */
export const BOB = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c' as PublicKey

export const CREATED_AT_MS = 1_700_000_000_000

/** A network whose blocks cost no work. */
export const GENESIS: Genesis = {
  ...DEFAULT_PARAMS,
  name: 'test',
  createdAtMs: CREATED_AT_MS,
  powBase: 1,
  powPerKiB: 0,
  committee: [{ key: ALICE, weight: 1 }],
  outputs: [{ owner: ALICE, amount: 1_000_000 }],
}

export const NETWORK = networkOf(GENESIS)
export const NETWORK_KEY = networkKeyOf(NETWORK.id)

export interface BlockParts {
  readonly kind?: BlockKind
  readonly issuer?: PublicKey
  /** In any order. The genesis where it is left out. */
  readonly parents?: readonly BlockId[]
  readonly issuedAtMs: number
  readonly payload?: Uint8Array
  readonly nonce?: number
  readonly signature?: Uint8Array
}

/** A well-formed block with the id it truly has. */
export function makeBlock(parts: BlockParts): CheckedBlock {
  const payload = parts.payload ?? encodeData({ topic: 'test', body: new Uint8Array() })
  const block: Block = {
    kind: parts.kind ?? 'data',
    issuedAtMs: parts.issuedAtMs,
    issuer: parts.issuer ?? ALICE,
    parents: [...(parts.parents ?? [NETWORK.id])].sort(),
    payloadHash: payloadHashOf(NETWORK_KEY, payload),
    payloadBytes: payload.length,
    nonce: parts.nonce ?? 0,
    signature: parts.signature ?? new Uint8Array(64),
    payload,
  }
  const id = blockIdFrom(NETWORK_KEY, digestOf(NETWORK_KEY, block), block.nonce)
  return { id, block, bytes: encodeBlock(block) }
}

/** Blocks that each name the one before, one millisecond apart, from `firstAtMs` on. */
export function makeChain(length: number, firstAtMs = CREATED_AT_MS + 1): CheckedBlock[] {
  const chain: CheckedBlock[] = []
  for (let i = 0; i < length; i++)
    chain.push(makeBlock({ parents: [chain.at(-1)?.id ?? NETWORK.id], issuedAtMs: firstAtMs + i }))
  return chain
}

/** A made-up id that sorts like the number it is made from. */
export function idOf(number: number): BlockId {
  return number.toString(16).padStart(64, '0') as BlockId
}

/** A made-up id whose first bytes are as scattered as those of a hash (Knuth's multiplicative hashing). */
export function scatteredIdOf(number: number): BlockId {
  const first = Math.imul(number, 0x9e37_79b1) >>> 0
  return (first.toString(16).padStart(8, '0') + number.toString(16).padStart(56, '0')) as BlockId
}

/** The element at `index`, which the test knows to be there. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index)
  if (found === undefined) throw new RangeError(`no element ${index} of ${list.length}`)
  return found
}
