import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { equalBytes } from '@noble/ciphers/utils.js'
import { hash } from '../core/crypto/hash.ts'
import type { PublicKey } from '../core/model/id.ts'
import { associatedData, type EncryptedRecord, type OpenRecord } from './record.ts'

/** What both sides of the cipher need to know besides the record. */
export interface CipherContext {
  /** The 32 bytes of the network id. */
  readonly networkKey: Uint8Array
  /** Who issues, or issued, the block. */
  readonly issuer: PublicKey
  /** 32 bytes, of the record's stream and epoch. Protocol §10. */
  readonly epochKey: Uint8Array
}

/** `wrong-key`: the key is not the one the record names. `damaged`: the key is right, the bytes are not. */
export type Unsealed = OpenRecord | { readonly type: 'wrong-key' } | { readonly type: 'damaged' }

/**
 * Encrypts a record by XChaCha20-Poly1305, bound to its issuer and place. Protocol §10.
 *
 * @param nonce 24 random bytes, fresh for every record: a restored device cannot know counters it used
 */
export function sealRecord(context: CipherContext, record: OpenRecord, nonce: Uint8Array): EncryptedRecord {
  const { streamId, epoch, index } = record
  const commitment = keyCommitment(context.networkKey, context.epochKey)
  const place = { streamId, epoch, index, commitment }
  const cipher = xchacha20poly1305(context.epochKey, nonce, associatedData(context.issuer, place))
  return { type: 'encrypted', ...place, nonce, ciphertext: cipher.encrypt(record.pack) }
}

/** Decrypts what `sealRecord` made. The commitment is compared first, so that a wrong key is told from damage. */
export function unsealRecord(context: CipherContext, record: EncryptedRecord): Unsealed {
  const { streamId, epoch, index, commitment, nonce, ciphertext } = record
  if (!equalBytes(commitment, keyCommitment(context.networkKey, context.epochKey)))
    return { type: 'wrong-key' }
  const cipher = xchacha20poly1305(context.epochKey, nonce, associatedData(context.issuer, record))
  try {
    return { type: 'open', streamId, epoch, index, pack: cipher.decrypt(ciphertext) }
  } catch {
    // The library's only way to say that the tag does not match.
    return { type: 'damaged' }
  }
}

/** H(epoch key ‖ 'K'), 32 bytes: lets whoever is given a key check it before using it. Protocol §3, §10. */
function keyCommitment(networkKey: Uint8Array, epochKey: Uint8Array): Uint8Array {
  return hash(networkKey, 'epochKey', epochKey)
}
