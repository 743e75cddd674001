import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { BlockId, Hash, PublicKey } from '../model/id.ts'
import type { TransactionId } from '../model/transaction.ts'

/** Any branded hex string to its bytes. */
export function bytesOf(id: BlockId | PublicKey | Hash | TransactionId): Uint8Array {
  return hexToBytes(id)
}

/** 32 bytes to a block id. The caller vouches for what the bytes are. */
export function blockIdOf(bytes: Uint8Array): BlockId {
  return bytesToHex(bytes) as BlockId
}

/** 32 bytes to a public key. The caller vouches for what the bytes are. */
export function publicKeyOf(bytes: Uint8Array): PublicKey {
  return bytesToHex(bytes) as PublicKey
}

/** 32 bytes to a hash. The caller vouches for what the bytes are. */
export function hashOf(bytes: Uint8Array): Hash {
  return bytesToHex(bytes) as Hash
}
