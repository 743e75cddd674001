import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPair, generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { codeOf } from './errors.ts'

/** The file that holds the key: 128 hex digits, the seed and the public key it leads to (RFC 8032 §5.1.5). */
const KEY_FILE = 'relay.key'

const SEED_BYTES = 32

/**
 * The relay's key in `folder`, made at the first start. A file is never written over: where it is damaged this rejects
 * and says so, since another key would silently end every invitation. Rejects with a system error where the folder
 * cannot be read or written.
 */
export async function keptKey(folder: string): Promise<Ed25519PrivateKey> {
  const file = join(folder, KEY_FILE)
  const kept = await readKey(file)
  if (kept !== undefined) return kept
  const key = await generateKeyPair('Ed25519')
  await makeFolder(folder)
  if (await writeOnce(file, `${bytesToHex(key.raw)}\n`)) return key
  // Another process was first.
  return keptKey(folder)
}

/** The key in a file; `undefined` where there is no file. */
async function readKey(file: string): Promise<Ed25519PrivateKey | undefined> {
  let text
  try {
    text = await readFile(file, 'latin1')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  if (/^[0-9a-f]{128}\n?$/.test(text)) {
    const raw = hexToBytes(text.trimEnd())
    const key = await generateKeyPairFromSeed('Ed25519', raw.slice(0, SEED_BYTES))
    // The public half is the check of the seed.
    if (bytesToHex(key.raw) === text.trimEnd()) return key
  }
  throw new Error(
    `${file} is damaged, and is left as it is. Bring it back from a copy; or move it away, and the relay gets a new id.`,
  )
}

/** Makes a folder for this user only, where there is none. The folder it is in must be there. */
async function makeFolder(folder: string): Promise<void> {
  try {
    // Not with those above it: Node never returns where the system cannot make one, as in /proc.
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** Writes a file for this user only, whole or not at all; false where there is one already. */
async function writeOnce(file: string, text: string): Promise<boolean> {
  // In containers, two processes may have one number.
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    // Unlike renaming, linking never replaces what is there.
    await link(draft, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
}
