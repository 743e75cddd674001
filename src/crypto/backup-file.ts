import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import type { BackupSeal, OnProgress, Random } from '../ports.ts'
import { COST, isBearable, passphraseKey, SALT_BYTES, type ScryptCost } from './passphrase-key.ts'

/** How such a file begins. */
const MAGIC = Uint8Array.from('weft backup', (character) => character.charCodeAt(0))

const VERSION = 1

/** Random, and no two alike: 192 bits. draft-irtf-cfrg-xchacha-03 §2. */
const NONCE_BYTES = 24

const SALT_AT = MAGIC.length + 4
const NONCE_AT = SALT_AT + SALT_BYTES

/** Magic, version, log2N, r, p, salt, nonce. All of it is authenticated along with the content. */
const HEAD_BYTES = NONCE_AT + NONCE_BYTES

/** Poly1305's. */
const TAG_BYTES = 16

/**
 * Backup files: scrypt makes a key of the passphrase, XChaCha20-Poly1305 seals the content with it.
 *
 * @param cost of files that are written; those that are read say theirs
 */
export function backupSeal(random: Random, cost: ScryptCost = COST): BackupSeal {
  return {
    async seal(content, passphrase, onProgress) {
      const head = new Uint8Array([
        ...MAGIC,
        VERSION,
        cost.log2N,
        cost.r,
        cost.p,
        ...random.bytes(SALT_BYTES),
        ...random.bytes(NONCE_BYTES),
      ])
      const cipher = await cipherOf(head, cost, passphrase, onProgress)
      return new Uint8Array([...head, ...cipher.encrypt(content)])
    },
    async open(file, passphrase, onProgress) {
      if (MAGIC.some((byte, i) => file[i] !== byte)) return 'not-a-backup'
      if (file[MAGIC.length] !== VERSION) return 'other-version'
      if (file.length < HEAD_BYTES + TAG_BYTES) return 'does-not-open'
      const [log2N = 0, r = 0, p = 0] = file.subarray(MAGIC.length + 1, SALT_AT)
      if (!isBearable({ log2N, r, p })) return 'too-costly'
      const cipher = await cipherOf(file.subarray(0, HEAD_BYTES), { log2N, r, p }, passphrase, onProgress)
      try {
        return cipher.decrypt(file.subarray(HEAD_BYTES))
      } catch {
        return 'does-not-open'
      }
    },
  }
}

async function cipherOf(
  head: Uint8Array,
  cost: ScryptCost,
  passphrase: string,
  onProgress: OnProgress | undefined,
): Promise<ReturnType<typeof xchacha20poly1305>> {
  const key = await passphraseKey(passphrase, head.subarray(SALT_AT, NONCE_AT), cost, onProgress)
  return xchacha20poly1305(key, head.subarray(NONCE_AT), head)
}
