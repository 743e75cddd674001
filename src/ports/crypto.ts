/** Keys, signatures and chance. */
import type { PublicKey } from '../core/model/id.ts'

/** Cryptographic randomness, handed in so that a seed can replace it. */
export interface Random {
  bytes(length: number): Uint8Array
}

/** Checks signatures by the rule of protocol §3. The byte guard has been applied by the caller (core/crypto). */
export interface Verifier {
  /**
   * How many signatures it wants at once to be kept busy, where that is more than one thread needs. What is asked in one
   * turn of the event loop may be checked together; each answer is for its own signature.
   */
  readonly atOnce?: number
  /** Never rejects: what cannot be judged does not hold. */
  verify(signature: Uint8Array, message: Uint8Array, key: PublicKey): Promise<boolean>
}

/** Signs with one key that it never shows. */
export interface Signer {
  readonly publicKey: PublicKey
  sign(message: Uint8Array): Promise<Uint8Array>
}

/** Holds this device's secrets. Signatures and epoch keys leave it, nothing else (protocol §3, §10). */
export interface KeyStore extends Signer {
  /** Whether the identity was made on this device. One that was typed in may be at work elsewhere too. */
  readonly madeHere: boolean
  /** The 32-byte key of one epoch of one of this owner's streams. Protocol §10. */
  epochKey(streamId: Uint8Array, epoch: number): Promise<Uint8Array>
}
