import { hexToBytes } from '@noble/hashes/utils.js'
import { ID_BYTES, type BlockId, type Hash, type PublicKey } from '../model/id.ts'
import type { TransactionId } from '../model/transaction.ts'

/** Any branded hex string to its bytes. */
export function bytesOf(id: BlockId | PublicKey | Hash | TransactionId): Uint8Array {
  return hexToBytes(id)
}

/** 32 bytes to a block id. The caller vouches for what the bytes are. */
export function blockIdOf(bytes: Uint8Array): BlockId {
  return hexOf(bytes) as BlockId
}

/** 32 bytes to a public key. The caller vouches for what the bytes are. */
export function publicKeyOf(bytes: Uint8Array): PublicKey {
  return hexOf(bytes) as PublicKey
}

/** 32 bytes to a hash. The caller vouches for what the bytes are. */
export function hashOf(bytes: Uint8Array): Hash {
  return hexOf(bytes) as Hash
}

/** 32 bytes to a transaction id. The caller vouches for what the bytes are. */
export function transactionIdFrom(bytes: Uint8Array): TransactionId {
  return hexOf(bytes) as TransactionId
}

/** An engine may have it built in (ECMA-262, Uint8Array.prototype.toHex): some ten times as fast. */
interface WithHex {
  toHex?(): string
}

const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

/** The digits of the id at hand: an array for each would cost more than all else here. */
const CODES = Array.from({ length: 2 * ID_BYTES }, () => 0)

/**
 * At most 32 bytes; a reader that ran out gives fewer. Made at once: a string joined digit by digit keeps all its pieces,
 * seven times the memory, for as long as it lives.
 */
function hexOf(bytes: Uint8Array & WithHex): string {
  if (bytes.toHex) return bytes.toHex()
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    CODES[2 * i] = DIGITS[byte >> 4] ?? 0
    CODES[2 * i + 1] = DIGITS[byte & 15] ?? 0
  }
  return String.fromCharCode(...(bytes.length === ID_BYTES ? CODES : CODES.slice(0, 2 * bytes.length)))
}
