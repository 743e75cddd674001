import { ed25519 } from '@noble/curves/ed25519.js'
import * as v from 'valibot'
import { publicKeyOf } from '../core/codec/hex.ts'
import type { KeyStore, NoteStore, Random } from '../ports.ts'

/** How the entropy becomes this device's keys. Handed in, so that this file knows wrapping and nothing of wallets. */
export interface Derivation {
  readonly entropyBytes: number
  seedOf(entropy: Uint8Array): Promise<Uint8Array>
  /** 32 bytes. */
  privateKeyOf(seed: Uint8Array): Uint8Array
}

/** The stored identity is there and cannot be read. It is never overwritten. */
export class KeyStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyStoreError'
  }
}

const NOTE = 'identity'

const Identity = v.object({
  version: v.literal(1),
  wrappingKey: v.instance(CryptoKey),
  iv: v.instance(Uint8Array),
  wrapped: v.instance(Uint8Array),
  /** Set where the words were typed in. */
  restored: v.exactOptional(v.boolean()),
})

/**
 * Opens this device's identity, making one on first run: entropy that exists on disk only under a non-extractable
 * WebCrypto key, so that a copy of the database alone opens nothing. Signatures and epoch keys leave, nothing else.
 *
 * @throws KeyStoreError where an identity is stored and cannot be unwrapped; StoreError where it cannot be kept
 */
export async function openKeyStore(
  notes: NoteStore,
  random: Random,
  subtle: SubtleCrypto,
  derivation: Derivation,
): Promise<KeyStore> {
  const kept = await unwrap(notes, subtle)
  const entropy = kept?.entropy ?? (await create(notes, random, subtle, derivation.entropyBytes))
  const seed = await derivation.seedOf(entropy)
  const secret = derivation.privateKeyOf(seed)
  const publicKey = publicKeyOf(ed25519.getPublicKey(secret))
  const sign = await signerOf(secret, subtle)
  const seedKey = await hkdfKey(subtle, seed)
  for (const bytes of [entropy, seed]) bytes.fill(0)

  return {
    publicKey,
    madeHere: kept?.restored !== true,
    sign,
    async epochKey(streamId, epoch) {
      const secretOfStream = await hkdf(subtle, seedKey, streamId, ascii('weft stream secret'))
      const info = new Uint8Array([...ascii('weft stream epoch'), 0, 0, 0, 0])
      new DataView(info.buffer).setUint32(info.length - 4, epoch, true)
      return hkdf(subtle, await hkdfKey(subtle, secretOfStream), streamId, info)
    },
  }
}

interface KeptIdentity {
  readonly entropy: Uint8Array
  readonly restored: boolean
}

async function unwrap(notes: NoteStore, subtle: SubtleCrypto): Promise<KeptIdentity | undefined> {
  const note = await notes.get(NOTE)
  if (note === undefined) return undefined
  const parsed = v.safeParse(Identity, note)
  if (!parsed.success) throw new KeyStoreError('The identity stored on this device has an unknown form.')
  const { wrappingKey, iv, wrapped, restored = false } = parsed.output
  try {
    const algorithm = { name: 'AES-GCM', iv: Uint8Array.from(iv) }
    const entropy = await subtle.decrypt(algorithm, wrappingKey, Uint8Array.from(wrapped))
    return { entropy: new Uint8Array(entropy), restored }
  } catch (cause) {
    throw new KeyStoreError('The identity stored on this device does not open.', { cause })
  }
}

async function create(
  notes: NoteStore,
  random: Random,
  subtle: SubtleCrypto,
  entropyBytes: number,
): Promise<Uint8Array> {
  const entropy = random.bytes(entropyBytes)
  const wrappingKey = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  // one message under a key made for it: any 96-bit nonce will do (NIST SP 800-38D §8.2.2)
  const iv = Uint8Array.from(random.bytes(12))
  const wrapped = new Uint8Array(
    await subtle.encrypt({ name: 'AES-GCM', iv }, wrappingKey, Uint8Array.from(entropy)),
  )
  await notes.put([[NOTE, { version: 1, wrappingKey, iv, wrapped }]])
  return entropy
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
