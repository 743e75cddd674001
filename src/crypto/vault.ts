import * as v from 'valibot'
import type {
  Locks,
  NoteEntries,
  NoteStore,
  OnProgress,
  PasskeyLock,
  Random,
  Secret,
  Vault,
} from '../ports.ts'
import { COST, isBearable, passphraseKey, SALT_BYTES, type ScryptCost } from './passphrase-key.ts'

/** The stored identity is there and cannot be read. It is never overwritten. */
export class KeyStoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyStoreError'
  }
}

const NOTE = 'identity'

/** AES-GCM's. NIST SP 800-38D §8.2.2: 96 random bits will do for the few messages a key here ever sees. */
const IV_BYTES = 12

const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array)

const SEALED = { iv: Bytes, wrapped: Bytes }

const COMMON = {
  wrappingKey: v.instance(CryptoKey),
  /** Set where the words were typed in. */
  restored: v.exactOptional(v.boolean()),
}

/** By this device alone: the entropy under the wrapping key. */
const Unlocked = v.object({ version: v.literal(1), ...COMMON, ...SEALED })

const Cost = v.pipe(
  v.object({ log2N: v.number(), r: v.number(), p: v.number() }),
  v.check(isBearable, 'asks for too much'),
)

/** By a passphrase, and maybe a passkey: the entropy under a key of theirs, and that under the wrapping key. */
const Locked = v.object({
  version: v.literal(2),
  ...COMMON,
  passphrase: v.object({ ...SEALED, salt: Bytes, cost: Cost }),
  passkey: v.exactOptional(v.object({ ...SEALED, salt: Bytes, credentialId: Bytes })),
})

const Note = v.variant('version', [Unlocked, Locked])

type Note = v.InferOutput<typeof Note>

interface VaultParts {
  readonly notes: NoteStore
  readonly random: Random
  readonly subtle: SubtleCrypto
  /** Of the entropy that is drawn on a first run. */
  readonly entropyBytes: number
  /** What a new passphrase is made to cost. */
  readonly cost?: ScryptCost
}

/**
 * Opens this device's vault, making one on first run: entropy that exists on disk only under a non-extractable WebCrypto
 * key, so that bytes copied out of the database alone open nothing.
 *
 * @throws KeyStoreError where what is stored has an unknown form; StoreError where it cannot be kept
 */
export async function openVault(parts: VaultParts): Promise<Vault> {
  const stored = await parts.notes.get(NOTE)
  if (stored !== undefined) {
    const parsed = v.safeParse(Note, stored)
    if (!parsed.success) throw new KeyStoreError('The identity stored on this device has an unknown form.')
    return new NoteVault(parts, parsed.output)
  }
  const entropy = parts.random.bytes(parts.entropyBytes)
  const note = await unlockedNote(parts, entropy, {})
  entropy.fill(0)
  await parts.notes.put([[NOTE, note]])
  return new NoteVault(parts, note)
}

class NoteVault implements Vault {
  readonly #parts: VaultParts
  #note: Note

  constructor(parts: VaultParts, note: Note) {
    this.#parts = parts
    this.#note = note
  }

  get locks(): Locks {
    const note = this.#note
    if (note.version === 1) return { type: 'none' }
    if (note.passkey === undefined) return { type: 'passphrase' }
    const { credentialId, salt } = note.passkey
    return { type: 'passphrase', passkey: { credentialId, salt } }
  }

  get restored(): boolean {
    return this.#note.restored === true
  }

  async open(secret?: Secret, onProgress?: OnProgress): Promise<Uint8Array | 'wrong-secret'> {
    const note = this.#note
    const { subtle } = this.#parts
    if (note.version === 1) return byDevice(subtle, note.wrappingKey, note)
    const kept = secret?.type === 'passkey' ? note.passkey : note.passphrase
    if (secret === undefined || kept === undefined) return 'wrong-secret'
    const inner = await byDevice(subtle, note.wrappingKey, kept)
    const key = await keyOf(subtle, secret, note, onProgress)
    return decrypt(subtle, key, inner.subarray(0, IV_BYTES), inner.subarray(IV_BYTES)).catch(
      () => 'wrong-secret' as const,
    )
  }

  async setPassphrase(
    entropy: Uint8Array,
    passphrase: string,
    { onProgress, also = [] }: { onProgress?: OnProgress; also?: NoteEntries } = {},
  ): Promise<void> {
    const { random, subtle, cost = COST } = this.#parts
    const salt = random.bytes(SALT_BYTES)
    const key = await importKey(subtle, await passphraseKey(passphrase, salt, cost, onProgress))
    const note = this.#note
    await this.#keep(
      {
        version: 2,
        wrappingKey: note.wrappingKey,
        ...restoredOf(note),
        passphrase: { ...(await this.#seal(entropy, key)), salt, cost },
        ...(note.version === 2 && note.passkey && { passkey: note.passkey }),
      },
      also,
    )
  }

  async setPasskey(entropy: Uint8Array, { credentialId, salt }: PasskeyLock, prf: Uint8Array): Promise<void> {
    const note = this.#note
    if (note.version === 1) throw new Error('a passkey is a second way to open what has a passphrase')
    const sealed = await this.#seal(entropy, await passkeyKey(this.#parts.subtle, prf))
    await this.#keep({ ...note, passkey: { ...sealed, credentialId, salt } })
  }

  async removePasskey(): Promise<void> {
    if (this.#note.version === 1) return
    const { version, wrappingKey, passphrase } = this.#note
    await this.#keep({ version, wrappingKey, ...restoredOf(this.#note), passphrase })
  }

  async removeLocks(entropy: Uint8Array): Promise<void> {
    await this.#keep(await unlockedNote(this.#parts, entropy, restoredOf(this.#note)))
  }

  async replace(entropy: Uint8Array, restored: boolean, also: NoteEntries = []): Promise<void> {
    await this.#keep(await unlockedNote(this.#parts, entropy, restored ? { restored } : {}), also)
  }

  async #seal(entropy: Uint8Array, key: CryptoKey): Promise<{ iv: Uint8Array; wrapped: Uint8Array }> {
    const { random, subtle } = this.#parts
    const iv = random.bytes(IV_BYTES)
    const inner = new Uint8Array([...iv, ...(await encrypt(subtle, key, iv, entropy))])
    return sealed(this.#parts, this.#note.wrappingKey, inner)
  }

  async #keep(note: Note, also: NoteEntries = []): Promise<void> {
    await this.#parts.notes.put([[NOTE, note], ...also])
    this.#note = note
  }
}

async function unlockedNote(
  parts: VaultParts,
  entropy: Uint8Array,
  restored: { readonly restored?: boolean },
): Promise<v.InferOutput<typeof Unlocked>> {
  const algorithm = { name: 'AES-GCM', length: 256 }
  const wrappingKey = await parts.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt'])
  return { version: 1, wrappingKey, ...restored, ...(await sealed(parts, wrappingKey, entropy)) }
}

async function sealed({ random, subtle }: VaultParts, key: CryptoKey, content: Uint8Array) {
  const iv = random.bytes(IV_BYTES)
  return { iv, wrapped: await encrypt(subtle, key, iv, content) }
}

function restoredOf({ restored }: Note): { restored?: boolean } {
  return restored === undefined ? {} : { restored }
}

/** What this device's own key opens. Where it does not, no secret of a person's will. */
async function byDevice(
  subtle: SubtleCrypto,
  key: CryptoKey,
  { iv, wrapped }: { readonly iv: Uint8Array; readonly wrapped: Uint8Array },
): Promise<Uint8Array> {
  try {
    return await decrypt(subtle, key, iv, wrapped)
  } catch (cause) {
    throw new KeyStoreError('The identity stored on this device does not open.', { cause })
  }
}

async function keyOf(
  subtle: SubtleCrypto,
  secret: Secret,
  { passphrase: { salt, cost } }: v.InferOutput<typeof Locked>,
  onProgress: OnProgress | undefined,
): Promise<CryptoKey> {
  if (secret.type === 'passkey') return passkeyKey(subtle, secret.prf)
  return importKey(subtle, await passphraseKey(secret.passphrase, salt, cost, onProgress))
}

/** HKDF-SHA256 of what an authenticator gave: it may give the same to others of this origin. RFC 5869. */
async function passkeyKey(subtle: SubtleCrypto, prf: Uint8Array): Promise<CryptoKey> {
  const root = await subtle.importKey('raw', Uint8Array.from(prf), 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode('weft vault passkey')
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  return subtle.deriveKey(hkdf, root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

async function importKey(subtle: SubtleCrypto, bytes: Uint8Array): Promise<CryptoKey> {
  const key = await subtle.importKey('raw', Uint8Array.from(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
  bytes.fill(0)
  return key
}

async function encrypt(subtle: SubtleCrypto, key: CryptoKey, iv: Uint8Array, content: Uint8Array) {
  const algorithm = { name: 'AES-GCM', iv: Uint8Array.from(iv) }
  return new Uint8Array(await subtle.encrypt(algorithm, key, Uint8Array.from(content)))
}

async function decrypt(subtle: SubtleCrypto, key: CryptoKey, iv: Uint8Array, content: Uint8Array) {
  const algorithm = { name: 'AES-GCM', iv: Uint8Array.from(iv) }
  return new Uint8Array(await subtle.decrypt(algorithm, key, Uint8Array.from(content)))
}
