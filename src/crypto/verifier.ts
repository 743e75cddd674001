import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesOf } from '../core/codec/hex.ts'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { Verifier } from '../ports.ts'
import { judgesWell, type Engine } from './self-test.ts'

/** Imported keys kept: a device hears a few hundred issuers, and importing costs as much as half a verification. */
const KEYS_MAX = 1024

/**
 * The signature rule of protocol §3 behind the byte guard: what WebCrypto accepts is accepted; what it refuses, or
 * cannot judge, is decided by ZIP-215 in noble. So is everything where there is no WebCrypto that knows Ed25519 and
 * judges well, which is found out with the first signature.
 */
export function webCryptoVerifier(subtle: SubtleCrypto | undefined): Verifier {
  const keys = new Map<PublicKey, Promise<CryptoKey | undefined>>()
  let isTrusted: Promise<boolean> | undefined

  const keyOf = (subtle: SubtleCrypto, key: PublicKey): Promise<CryptoKey | undefined> => {
    const known = keys.get(key)
    if (known) return known
    const imported = importKey(subtle, bytesOf(key))
    keys.set(key, imported)
    forgetOldest(keys, KEYS_MAX)
    return imported
  }

  return {
    async verify(signature, message, key) {
      if (subtle && (await (isTrusted ??= judgesWell(engineOf(subtle))))) {
        if (await accepts(subtle, await keyOf(subtle, key), signature, message)) return true
      }
      return isValidZip215(signature, message, bytesOf(key))
    },
  }
}

/** WebCrypto alone, for the self test. */
function engineOf(subtle: SubtleCrypto): Engine {
  return async (signature, message, key) => accepts(subtle, await importKey(subtle, key), signature, message)
}

/** `undefined` where WebCrypto will not import it: a key that is no point, or no Ed25519 at all. */
function importKey(subtle: SubtleCrypto, key: Uint8Array): Promise<CryptoKey | undefined> {
  return subtle.importKey('raw', own(key), 'Ed25519', false, ['verify']).catch(() => undefined)
}

/** Whether WebCrypto says yes. That it cannot say is no yes. */
async function accepts(
  subtle: SubtleCrypto,
  key: CryptoKey | undefined,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (key === undefined) return false
  try {
    return await subtle.verify('Ed25519', key, own(signature), own(message))
  } catch {
    return false
  }
}

function isValidZip215(signature: Uint8Array, message: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: true })
  } catch {
    return false // noble throws where a point does not decode
  }
}

/** WebCrypto takes no bytes of shared memory. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return hasOwnBuffer(bytes) ? bytes : Uint8Array.from(bytes)
}

function hasOwnBuffer(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
}
