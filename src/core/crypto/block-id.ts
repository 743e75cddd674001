import { encodeEssence } from '../codec/block.ts'
import { blockIdOf, hashOf } from '../codec/hex.ts'
import { Writer } from '../codec/writer.ts'
import { NONCE_BYTES, type Essence } from '../model/block.ts'
import type { BlockId, Hash } from '../model/id.ts'
import { hash } from './hash.ts'

/** The digest a nonce is searched for: H(essence ‖ 'B'), 32 bytes. Protocol §4. */
export function digestOf(networkKey: Uint8Array, essence: Essence): Uint8Array {
  return hash(networkKey, 'essence', encodeEssence(essence))
}

/** id = H(digest ‖ nonce ‖ 'I'). Protocol §4. */
export function blockIdFrom(networkKey: Uint8Array, digest: Uint8Array, nonce: number): BlockId {
  return blockIdOf(hash(networkKey, 'blockId', digest, new Writer(NONCE_BYTES).u64(nonce).finish()))
}

/** H(payload ‖ 'P'). Protocol §4. */
export function payloadHashOf(networkKey: Uint8Array, payload: Uint8Array): Hash {
  return hashOf(hash(networkKey, 'payload', payload))
}
