import { base58 } from '@scure/base'
import { ID_BYTES, type PublicKey } from '../model/id.ts'
import { bytesOf, publicKeyOf } from './hex.ts'

const PREFIX = 'did:key:z'

/** Multicodec `ed25519-pub`, 0xed as a varint. W3C did:key §3.1. */
const ED25519 = Uint8Array.of(0xed, 0x01)

/** Longer than any Ed25519 did:key; base58 costs the square of its input. */
const CHARACTERS_MAX = 64

/** The text form of a key, `did:key:z6Mk…`. Protocol §3. */
export function encodeDidKey(key: PublicKey): string {
  const bytes = new Uint8Array(ED25519.length + ID_BYTES)
  bytes.set(ED25519)
  bytes.set(bytesOf(key), ED25519.length)
  return PREFIX + base58.encode(bytes)
}

/** The key a did:key names, or `undefined` where the text is no Ed25519 did:key. */
export function decodeDidKey(text: string): PublicKey | undefined {
  if (!text.startsWith(PREFIX) || text.length > CHARACTERS_MAX) return undefined
  let bytes: Uint8Array
  try {
    bytes = base58.decode(text.slice(PREFIX.length))
  } catch {
    return undefined
  }
  if (bytes.length !== ED25519.length + ID_BYTES || !ED25519.every((byte, i) => bytes[i] === byte))
    return undefined
  return publicKeyOf(bytes.subarray(ED25519.length))
}
