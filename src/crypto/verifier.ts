import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesOf } from '../core/codec/hex.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { Verifier } from '../ports.ts'

/** Imported keys kept: a device hears a few hundred issuers, and importing costs as much as half a verification. */
const KEYS_MAX = 1024

/**
 * The signature rule of protocol §3 behind the byte guard: what WebCrypto accepts is accepted; what it refuses, or
 * cannot judge because it has no Ed25519, is decided by ZIP-215 in noble.
 */
export function webCryptoVerifier(subtle: SubtleCrypto | undefined): Verifier {
  const keys = new Map<PublicKey, Promise<CryptoKey | undefined>>()

  const keyOf = (key: PublicKey): Promise<CryptoKey | undefined> => {
    const known = keys.get(key)
    if (known) return known
    // a key WebCrypto will not import is still noble's to judge
    const imported =
      subtle?.importKey('raw', own(bytesOf(key)), 'Ed25519', false, ['verify']).catch(() => undefined) ??
      Promise.resolve(undefined)
    keys.set(key, imported)
    if (keys.size > KEYS_MAX) for (const oldest of keys.keys()) if (keys.delete(oldest)) break
    return imported
  }

  return {
    async verify(signature, message, key) {
      const imported = await keyOf(key)
      if (subtle && imported && (await subtle.verify('Ed25519', imported, own(signature), own(message))))
        return true
      return isValidZip215(signature, message, bytesOf(key))
    },
  }
}

function isValidZip215(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: true })
  } catch {
    return false // noble throws where a point does not decode
  }
}

/** WebCrypto's types ask for bytes that are not shared memory. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes)
}
