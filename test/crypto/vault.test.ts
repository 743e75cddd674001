import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScryptCost } from '../../src/crypto/passphrase-key.ts'
import { KeyStoreError, openVault } from '../../src/crypto/vault.ts'
import { StoreError, type NoteStore, type Secret, type Vault } from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { seededRandom } from '../node/make-peer.ts'

const { subtle } = crypto

/** A guess in these tests takes no time. */
const CHEAP: ScryptCost = { log2N: 4, r: 8, p: 1 }

const ENTROPY = Uint8Array.from({ length: 16 }, (_, i) => i * 11)
const PASSKEY = { credentialId: Uint8Array.of(1, 2, 3), salt: new Uint8Array(32).fill(4) }
const PRF = new Uint8Array(32).fill(5)

const passphrase = (text: string): Secret => ({ type: 'passphrase', passphrase: text })
const passkey = (prf: Uint8Array): Secret => ({ type: 'passkey', prf })

const random = seededRandom(1)

const open = (notes: NoteStore) => openVault({ notes, random, subtle, entropyBytes: 16, cost: CHEAP })

/** A vault over `ENTROPY`, as a later start finds it. */
async function made(lock: (vault: Vault) => Promise<void> = async () => undefined) {
  const notes = createMemoryNoteStore()
  const first = await open(notes)
  await first.replace(ENTROPY, false)
  await lock(first)
  return { notes, vault: await open(notes) }
}

const withPassphrase = (vault: Vault) => vault.setPassphrase(ENTROPY, 'correct horse')
const withPasskey = async (vault: Vault) => {
  await withPassphrase(vault)
  await vault.setPasskey(ENTROPY, PASSKEY, PRF)
}

describe('A vault', () => {
  it('without a lock is opened by the device alone', async () => {
    const { vault } = await made()
    expect(vault.locks).toEqual({ type: 'none' })
    expect(await vault.open()).toEqual(ENTROPY)
  })

  it('keeps the form of a device without a lock, so that an older app reads it', async () => {
    const { notes } = await made()
    expect(await notes.get('identity')).toMatchObject({ version: 1 })
  })

  it('with a passphrase takes that one, and the device alone does not open it', async () => {
    const { vault } = await made(withPassphrase)
    expect(vault.locks).toEqual({ type: 'passphrase' })
    expect(await vault.open(passphrase('correct horse'))).toEqual(ENTROPY)
    expect(await vault.open(passphrase('Correct horse'))).toBe('wrong-secret')
    expect(await vault.open(passphrase(''))).toBe('wrong-secret')
    expect(await vault.open()).toBe('wrong-secret')
    expect(await vault.open(passkey(PRF))).toBe('wrong-secret')
  })

  it('is the same for a passphrase however a keyboard composes it', async () => {
    const { vault } = await made((made) => made.setPassphrase(ENTROPY, 'Gr\u00fc\u00dfe'))
    expect(await vault.open(passphrase('Gru\u0308\u00dfe'))).toEqual(ENTROPY)
  })

  it('is not opened by the passphrase where the key of the device is another', async () => {
    const { notes } = await made(withPassphrase)
    const other = await made(withPassphrase)
    const { wrappingKey } = (await other.notes.get('identity')) as { wrappingKey: CryptoKey }
    await notes.put([['identity', { ...((await notes.get('identity')) as object), wrappingKey }]])
    const copied = await open(notes)
    await expect(copied.open(passphrase('correct horse'))).rejects.toThrow(KeyStoreError)
  })

  it('with a passkey too takes either, and no other', async () => {
    const { vault } = await made(withPasskey)
    expect(vault.locks).toEqual({ type: 'passphrase', passkey: PASSKEY })
    expect(await vault.open(passkey(PRF))).toEqual(ENTROPY)
    expect(await vault.open(passphrase('correct horse'))).toEqual(ENTROPY)
    expect(await vault.open(passkey(new Uint8Array(32).fill(6)))).toBe('wrong-secret')
    expect(await vault.open()).toBe('wrong-secret')
  })

  it('opens by the new passphrase only once that is another, and by the passkey still', async () => {
    const { vault } = await made(async (made) => {
      await withPasskey(made)
      await made.setPassphrase(ENTROPY, 'battery staple')
    })
    expect(await vault.open(passphrase('correct horse'))).toBe('wrong-secret')
    expect(await vault.open(passphrase('battery staple'))).toEqual(ENTROPY)
    expect(await vault.open(passkey(PRF))).toEqual(ENTROPY)
  })

  it('no longer opens by a passkey that was taken away', async () => {
    const { vault } = await made(async (made) => {
      await withPasskey(made)
      await made.removePasskey()
    })
    expect(vault.locks).toEqual({ type: 'passphrase' })
    expect(await vault.open(passkey(PRF))).toBe('wrong-secret')
    expect(await vault.open(passphrase('correct horse'))).toEqual(ENTROPY)
  })

  it('opens by itself once its locks are gone', async () => {
    const { vault } = await made(async (made) => {
      await withPasskey(made)
      await made.removeLocks(ENTROPY)
    })
    expect(vault.locks).toEqual({ type: 'none' })
    expect(await vault.open()).toEqual(ENTROPY)
  })

  it('remembers under every lock that its words were typed in', async () => {
    const { vault } = await made(async (made) => {
      await made.replace(ENTROPY, true)
      await withPasskey(made)
      await made.removePasskey()
    })
    expect(vault.restored).toBe(true)
  })

  it('stores neither entropy nor passphrase nor what a passkey gave', async () => {
    const { notes } = await made(withPasskey)
    const stored = (await notes.list('')).flatMap(([, value]) => bytesIn(value))
    expect(stored.length).toBeGreaterThan(5)
    const hidden = [ENTROPY, PRF, new TextEncoder().encode('correct horse')].map(bytesToHex)
    for (const secret of hidden) for (const bytes of stored) expect(bytes).not.toContain(secret)
  })

  it('is as it was where the disk refuses', async () => {
    const { notes } = await made(withPassphrase)
    const full: NoteStore = { ...notes, put: () => Promise.reject(new StoreError('quota-exceeded', 'full')) }
    const vault = await open(full)
    await expect(vault.setPassphrase(ENTROPY, 'battery staple')).rejects.toThrow(StoreError)
    await expect(vault.removeLocks(ENTROPY)).rejects.toThrow(StoreError)
    expect(await vault.open(passphrase('correct horse'))).toEqual(ENTROPY)
    expect(await (await open(notes)).open(passphrase('correct horse'))).toEqual(ENTROPY)
  })
})

describe('A note that is spoilt', () => {
  it.each([
    ['is of a later version', { version: 3 }],
    ['asks for more memory than a phone has', { passphrase: { cost: { log2N: 30, r: 8, p: 1 } } }],
    ['asks for no work', { passphrase: { cost: { log2N: 0, r: 8, p: 1 } } }],
    ['has no salt', { passphrase: { salt: undefined } }],
  ])('because it %s is refused and left', async (_, spoilt) => {
    const { notes } = await made(withPassphrase)
    const note = (await notes.get('identity')) as { passphrase: object }
    const bad = {
      ...note,
      ...spoilt,
      passphrase: { ...note.passphrase, ...('passphrase' in spoilt && spoilt.passphrase) },
    }
    await notes.put([['identity', bad]])
    await expect(open(notes)).rejects.toThrow(KeyStoreError)
    expect(await notes.get('identity')).toEqual(bad)
  })

  it('in a bit of what is sealed opens for nobody', async () => {
    const { notes } = await made(withPassphrase)
    const note = (await notes.get('identity')) as { passphrase: { wrapped: Uint8Array } }
    const wrapped = note.passphrase.wrapped.map((byte, i) => (i === 20 ? byte ^ 1 : byte))
    await notes.put([['identity', { ...note, passphrase: { ...note.passphrase, wrapped } }]])
    await expect((await open(notes)).open(passphrase('correct horse'))).rejects.toThrow(KeyStoreError)
  })
})

describe('Whatever is sealed', () => {
  it('is opened by its own secret and by nothing else', async () => {
    const entropy = fc.uint8Array({ minLength: 16, maxLength: 16 })
    const text = fc.string({ minLength: 1, maxLength: 20 })
    const check = async (content: Uint8Array, right: string, wrong: string) => {
      const notes = createMemoryNoteStore()
      const vault = await open(notes)
      await vault.replace(content, false)
      await vault.setPassphrase(content, right)
      expect(await vault.open(passphrase(right))).toEqual(content)
      const other = await vault.open(passphrase(wrong))
      if (right.normalize('NFKC') === wrong.normalize('NFKC')) expect(other).toEqual(content)
      else expect(other).toBe('wrong-secret')
    }
    await fc.assert(fc.asyncProperty(entropy, text, text, check), { seed: 7, numRuns: 60 })
  })
})

/** Every byte string in a value, however deep, as hex. */
function bytesIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [bytesToHex(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(bytesIn)
}
