/** A device of its own for benches, in touch with nobody, with work that costs nothing and signatures that all hold. */
import { nobleHasher, type BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import { keyStoreOf } from '../../src/crypto/key-store.ts'
import { openVault } from '../../src/crypto/vault.ts'
import { MemoryHub } from '../../src/net/memory.ts'
import type { DeviceParts } from '../../src/node/device.ts'
import type {
  BlockStore,
  Clock,
  KeyStore,
  LedgerStore,
  NoteStore,
  PageStore,
  Random,
  Signer,
} from '../../src/ports.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { DEVICE_PATH, derivePrivateKey, ENTROPY_BYTES, seedOf } from '../../src/wallet/keys.ts'
import { webCryptoSigner } from './open-node.ts'

export const clock: Clock = { nowMs: () => Date.now() }
export const random: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** What a device keeps blocks, commits and its history index in. */
export interface DeviceStores {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly pages: PageStore
}

/** What a device is opened with over these stores. Signatures are not checked: those of a made history do not hold. */
export function devicePartsOf(
  notes: NoteStore,
  keys: KeyStore,
  { blocks, ledger, pages }: DeviceStores,
): DeviceParts & { readonly hasher: BlockHasher } {
  const hub = new MemoryHub({ clock, fault: (error) => console.error(error) })
  return {
    clock,
    random,
    notes,
    keys,
    verifier: { verify: async () => true },
    hasher: nobleHasher,
    miner: { mine: async () => 0, close: () => undefined },
    openBlocks: async () => blocks,
    openLedger: async () => ledger,
    openPages: async () => pages,
    after: () => undefined,
    createTransport: () => hub.transport('device'),
    publish: () => undefined,
  }
}

/** The identity in these notes, made where there is none. */
export async function keysIn(notes = createMemoryNoteStore()): Promise<KeyStore> {
  const { subtle } = crypto
  const vault = await openVault({ notes, random, subtle, entropyBytes: ENTROPY_BYTES })
  const entropy = await vault.open()
  if (entropy === 'wrong-secret') throw new Error('there is no lock')
  return keyStoreOf(entropy, !vault.restored, subtle, {
    seedOf,
    privateKeyOf: (seed) => derivePrivateKey(seed, DEVICE_PATH),
  })
}

/** The same keys, whose signatures are those of `signer`. */
export function signedBy(signer: Signer, keys: KeyStore): KeyStore {
  return { ...keys, sign: (message) => signer.sign(message) }
}

/** Signs once, and gives that signature ever after: signing a million blocks would take an hour. */
export async function onceSigner(): Promise<Signer> {
  const signer = await webCryptoSigner()
  const signature = await signer.sign(new Uint8Array(33))
  return { publicKey: signer.publicKey, sign: async () => signature }
}
