import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { entropyToMnemonic, mnemonicToSeedWebcrypto } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/** Entropy behind twelve words. BIP-39: 128 bits. */
export const ENTROPY_BYTES = 16

/**
 * Where the device key lies: m/2003134068'/0'. The first number is "weft" in ASCII, a purpose (BIP-43) that no
 * registered scheme uses; the second counts devices. SLIP-0010 has only hardened steps for Ed25519.
 */
export const DEVICE_PATH: readonly number[] = [0x77656674, 0]

/** Entropy (16 bytes) → twelve words → 64-byte seed, without a passphrase. BIP-39. */
export async function seedOf(entropy: Uint8Array): Promise<Uint8Array> {
  return mnemonicToSeedWebcrypto(entropyToMnemonic(entropy, wordlist))
}

/**
 * The Ed25519 secret at a hardened path. SLIP-0010, "Master key generation" and "Private parent key → private child
 * key".
 *
 * @param seed 16–64 bytes
 * @param path indices below 2^31, each taken as hardened
 * @returns 32 bytes, the secret of RFC 8032
 */
export function derivePrivateKey(seed: Uint8Array, path: readonly number[]): Uint8Array {
  let node = hmac(sha512, ascii('ed25519 seed'), seed)
  for (const index of path) {
    const data = new Uint8Array(37)
    data.set(node.subarray(0, 32), 1)
    new DataView(data.buffer).setUint32(33, index + 2 ** 31)
    node = hmac(sha512, node.subarray(32), data)
  }
  return node.slice(0, 32)
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}
