import { inspect } from 'node:util'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { keyStoreOf, type Derivation } from '../../src/crypto/key-store.ts'
import { KeyStoreError, openVault } from '../../src/crypto/vault.ts'
import { StoreError, type NoteStore, type Random } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { DEVICE_PATH, ENTROPY_BYTES, derivePrivateKey, seedOf } from '../../src/wallet/keys.ts'

const { subtle } = crypto

const DERIVATION: Derivation = {
  seedOf,
  privateKeyOf: (seed) => derivePrivateKey(seed, DEVICE_PATH),
}

/** Entropy of one repeated byte, so that a test knows every secret made from it. */
const constant = (value: number): Random => ({ bytes: (length) => new Uint8Array(length).fill(value) })

async function open(notes: NoteStore, random = constant(7), engine = subtle) {
  const vault = await openVault({ notes, random, subtle: engine, entropyBytes: ENTROPY_BYTES })
  const entropy = await vault.open()
  if (entropy === 'wrong-secret') throw new Error('there is no lock')
  return keyStoreOf(entropy, !vault.restored, engine, DERIVATION)
}

async function secretsOf(value: number) {
  const entropy = new Uint8Array(ENTROPY_BYTES).fill(value)
  const seed = await seedOf(entropy)
  return { entropy, seed, secret: derivePrivateKey(seed, DEVICE_PATH) }
}

/** WebCrypto of an engine that has no Ed25519. */
const withoutEd25519 = new Proxy(subtle, {
  get(target, name) {
    const value: unknown = Reflect.get(target, name)
    if (typeof value !== 'function') return value
    return (...args: readonly unknown[]): unknown =>
      args.includes('Ed25519')
        ? Promise.reject(new DOMException('no Ed25519', 'NotSupportedError'))
        : Reflect.apply(value, target, args)
  },
})

/** Every byte string in a value, however deep, as hex. */
function bytesIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [bytesToHex(value)]
  if (typeof value === 'string') return [bytesToHex(Buffer.from(value))]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(bytesIn)
}

const message = Uint8Array.of(0x49, 1, 2, 3)

describe('the first run', () => {
  it('makes the device key from the entropy it drew', async () => {
    const keys = await open(createMemoryNoteStore())
    const { secret } = await secretsOf(7)
    expect(keys.publicKey).toBe(bytesToHex(ed25519.getPublicKey(secret)))
  })

  it('has kept it before anything is signed with it', async () => {
    const notes = createMemoryNoteStore()
    await open(notes)
    expect(await notes.get('identity')).toMatchObject({ version: 1 })
  })

  it('fails where it cannot keep it: a key that would be gone tomorrow is not handed out', async () => {
    const full: NoteStore = {
      ...createMemoryNoteStore(),
      put: () => Promise.reject(new StoreError('quota-exceeded', 'full')),
    }
    await expect(open(full)).rejects.toThrow(StoreError)
  })

  it('stores no secret in clear: not the entropy, not the seed, not the key', async () => {
    const notes = createMemoryNoteStore()
    await open(notes)
    const stored = await notes.list('')
    const found = stored.flatMap(([key, value]) => [bytesToHex(Buffer.from(key)), ...bytesIn(value)])
    expect(found.length).toBeGreaterThan(2)
    const { entropy, seed, secret } = await secretsOf(7)
    for (const hidden of [entropy, seed, secret])
      for (const bytes of found) expect(bytes).not.toContain(bytesToHex(hidden))
  })

  it('stores a wrapping key that cannot be exported', async () => {
    const notes = createMemoryNoteStore()
    await open(notes)
    const { wrappingKey } = (await notes.get('identity')) as { wrappingKey: CryptoKey }
    expect(wrappingKey.extractable).toBe(false)
    await expect(subtle.exportKey('raw', wrappingKey)).rejects.toThrow()
  })
})

describe('a later run', () => {
  it('opens the same key and draws nothing', async () => {
    const notes = createMemoryNoteStore()
    const first = await open(notes)
    const drawing: Random = {
      bytes() {
        throw new Error('nothing to draw')
      },
    }
    const second = await open(notes, drawing)
    expect(second.publicKey).toBe(first.publicKey)
    expect(await second.sign(message)).toEqual(await first.sign(message))
    const stream = new Uint8Array(32).fill(3)
    expect(await second.epochKey(stream, 5)).toEqual(await first.epochKey(stream, 5))
  })

  it('knows whether the key was made here: one whose words were typed in may be at work elsewhere', async () => {
    const notes = createMemoryNoteStore()
    expect((await open(notes)).madeHere).toBe(true)
    expect((await open(notes)).madeHere).toBe(true)
    await notes.put([['identity', { ...((await notes.get('identity')) as object), restored: true }]])
    expect((await open(notes)).madeHere).toBe(false)
  })

  describe('finds the note spoilt', () => {
    type Note = Record<'version' | 'wrappingKey' | 'iv' | 'wrapped', unknown>
    const flip = (bytes: unknown) => (bytes as Uint8Array).map((byte, i) => (i === 0 ? byte ^ 1 : byte))
    const spoils: readonly (readonly [string, (note: Note) => unknown])[] = [
      ['it is text', () => 'identity'],
      ['it is null', () => null],
      ['it is empty', () => ({})],
      ['it is of a later version', (note) => ({ ...note, version: 2 })],
      ['a field is missing', ({ version, wrappingKey, wrapped }) => ({ version, wrappingKey, wrapped })],
      ['a bit of the wrapped bytes is another', (note) => ({ ...note, wrapped: flip(note.wrapped) })],
      ['the wrapped bytes are cut', (note) => ({ ...note, wrapped: (note.wrapped as Uint8Array).slice(1) })],
      ['the wrapped bytes are none', (note) => ({ ...note, wrapped: new Uint8Array() })],
      ['a bit of the nonce is another', (note) => ({ ...note, iv: flip(note.iv) })],
    ]

    it.each(spoils)('%s: it says so and leaves it as it is', async (_, spoil) => {
      const notes = createMemoryNoteStore()
      await open(notes)
      const spoilt = spoil((await notes.get('identity')) as Note)
      await notes.put([['identity', spoilt]])
      await expect(open(notes, constant(9))).rejects.toThrow(KeyStoreError)
      expect(await notes.list('')).toEqual([['identity', spoilt]])
    })

    it('the wrapping key is another', async () => {
      const notes = createMemoryNoteStore()
      await open(notes)
      const note = (await notes.get('identity')) as Note
      const other = createMemoryNoteStore()
      await open(other)
      const { wrappingKey } = (await other.get('identity')) as Note
      await notes.put([['identity', { ...note, wrappingKey }]])
      await expect(open(notes)).rejects.toThrow(KeyStoreError)
    })
  })
})

describe('signatures', () => {
  it('are those of RFC 8032, by WebCrypto and without it', async () => {
    const { secret } = await secretsOf(7)
    for (const engine of [subtle, withoutEd25519]) {
      const keys = await open(createMemoryNoteStore(), constant(7), engine)
      for (const length of [0, 1, 33, 1000]) {
        const bytes = new Uint8Array(length).fill(length)
        expect(await keys.sign(bytes)).toEqual(ed25519.sign(bytes, secret))
      }
    }
  })
})

describe('epoch keys', () => {
  /** Made with HKDF of another library from the seed of all-zero entropy, stream id 00 01 … 1f. Protocol §10. */
  const PINNED = [
    [0, '67e63fd735a979a1ad355eab4948627dd1fa0b7dbf71e51de50682167483eb77'],
    [1, 'b8f2acffcba04fae0933fee595063284cd1bb87bf96657641016b832bcd5f006'],
    [0x0102_0304, 'd63bbcfa819fa92351d2832d49dab1cc96240e41b60fbbcafd83841e56a12f7b'],
  ] as const
  const STREAM = Uint8Array.from({ length: 32 }, (_, i) => i)

  it.each(PINNED)('epoch %i is known', async (epoch, key) => {
    const keys = await open(createMemoryNoteStore(), constant(0))
    expect(bytesToHex(await keys.epochKey(STREAM, epoch))).toBe(key)
  })

  it('differ for every epoch, stream and owner', async () => {
    const found = new Set<string>()
    for (const owner of [1, 2]) {
      const keys = await open(createMemoryNoteStore(), constant(owner))
      for (const stream of [STREAM, STREAM.map((byte) => byte ^ 1)])
        for (const epoch of [0, 1, 255, 256, 2 ** 32 - 1])
          found.add(bytesToHex(await keys.epochKey(stream, epoch)))
    }
    expect(found.size).toBe(2 * 2 * 5)
  })
})

describe('what leaves the key store', () => {
  it('is a public key, where it came from and two functions, and nothing secret however one looks', async () => {
    for (const engine of [subtle, withoutEd25519]) {
      const keys = await open(createMemoryNoteStore(), constant(7), engine)
      expect(Reflect.ownKeys(keys).sort()).toEqual(['epochKey', 'madeHere', 'publicKey', 'sign'])
      expect(JSON.parse(JSON.stringify(keys))).toEqual({ publicKey: keys.publicKey, madeHere: true })
      const { entropy, seed, secret } = await secretsOf(7)
      const seen = inspect(keys, { depth: Infinity, showHidden: true })
      for (const hidden of [entropy, seed, secret]) expect(seen).not.toContain(bytesToHex(hidden))
      expect(bytesToHex(hexToBytes(keys.publicKey))).not.toBe(bytesToHex(secret))
    }
  })
})
