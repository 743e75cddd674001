import { sha256 } from '@noble/hashes/sha2.js'
import { hashOf } from '../core/codec/hex.ts'
import type { Hash } from '../core/model/id.ts'

/** The hashlock that a secret of 32 bytes opens: SHA-256, so that other systems can share a swap. Protocol §5. */
export function hashlockOf(secret: Uint8Array): Hash {
  return hashOf(sha256(secret))
}
