import { ed25519 } from '@noble/curves/ed25519.js'
import { publicKeyOf } from '../core/codec/hex.ts'
import type { KeyStore } from '../ports.ts'

/** How the entropy becomes this device's keys. Handed in, so that this file knows keys and nothing of wallets. */
export interface Derivation {
  seedOf(entropy: Uint8Array): Promise<Uint8Array>
  /** 32 bytes. */
  privateKeyOf(seed: Uint8Array): Uint8Array
}

/**
 * The keys that follow from the entropy of a vault, which is overwritten. Signatures and epoch keys leave, nothing else.
 *
 * @param madeHere as in `KeyStore`
 */
export async function keyStoreOf(
  entropy: Uint8Array,
  madeHere: boolean,
  subtle: SubtleCrypto,
  derivation: Derivation,
): Promise<KeyStore> {
  const seed = await derivation.seedOf(entropy)
  const secret = derivation.privateKeyOf(seed)
  const publicKey = publicKeyOf(ed25519.getPublicKey(secret))
  const sign = await signerOf(secret, subtle)
  const seedKey = await hkdfKey(subtle, seed)
  for (const bytes of [entropy, seed]) bytes.fill(0)

  return {
    publicKey,
    madeHere,
    sign,
    async epochKey(streamId, epoch) {
      const secretOfStream = await hkdf(subtle, seedKey, streamId, ascii('weft stream secret'))
      const info = new Uint8Array([...ascii('weft stream epoch'), 0, 0, 0, 0])
      new DataView(info.buffer).setUint32(info.length - 4, epoch, true)
      return hkdf(subtle, await hkdfKey(subtle, secretOfStream), streamId, info)
    },
  }
}

/** PKCS #8 around a 32-byte Ed25519 secret. RFC 8410 §7. */
const PKCS8_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

async function signerOf(secret: Uint8Array, subtle: SubtleCrypto): Promise<KeyStore['sign']> {
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...secret])
  // an engine without Ed25519 leaves the secret to noble, which needs its bytes
  const key = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']).catch(() => undefined)
  pkcs8.fill(0)
  if (key === undefined) return async (message) => ed25519.sign(message, secret)
  secret.fill(0)
  return async (message) => new Uint8Array(await subtle.sign('Ed25519', key, Uint8Array.from(message)))
}

function hkdfKey(subtle: SubtleCrypto, bytes: Uint8Array): Promise<CryptoKey> {
  return subtle.importKey('raw', Uint8Array.from(bytes), 'HKDF', false, ['deriveBits'])
}

/** HKDF-SHA256, 32 bytes. RFC 5869, protocol §10. */
async function hkdf(
  subtle: SubtleCrypto,
  key: CryptoKey,
  salt: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array> {
  const algorithm = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: Uint8Array.from(salt),
    info: Uint8Array.from(info),
  }
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 256))
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}
