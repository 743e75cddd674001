import { scryptAsync } from '@noble/hashes/scrypt.js'
import type { OnProgress } from '../ports.ts'

/** What scrypt takes: N = 2^log2N rounds over blocks of 128 r bytes, p times. RFC 7914 §2. */
export interface ScryptCost {
  readonly log2N: number
  readonly r: number
  readonly p: number
}

/**
 * What a guess costs whoever guesses: 128 MiB and, on a phone, some seconds. OWASP Password Storage Cheat Sheet, "scrypt":
 * at least N = 2^17, r = 8, p = 1.
 */
export const COST: ScryptCost = { log2N: 17, r: 8, p: 1 }

/** A fresh salt for every key. NIST SP 800-132 §5.1: at least 128 bits. */
export const SALT_BYTES = 16

/** Memory that is given to what somebody else chose: twice what we ask for, and no phone runs out of it. */
const MEMORY_BYTES_MAX = 2 ** 28

/** Passes over that memory: more than four take a phone a minute. */
const PASSES_MAX = 4

/** Whether this device does so much work for a file or a note that asks for it. */
export function isBearable({ log2N, r, p }: ScryptCost): boolean {
  if (![log2N, r, p].every((part) => Number.isInteger(part) && part >= 1)) return false
  return log2N <= 30 && 128 * r * 2 ** log2N <= MEMORY_BYTES_MAX && p <= PASSES_MAX
}

/**
 * 32 bytes from a passphrase, by scrypt. The same characters give the same bytes, however a keyboard composes them
 * (Unicode NFKC).
 *
 * @param cost bearable
 */
export function passphraseKey(
  passphrase: string,
  salt: Uint8Array,
  { log2N, r, p }: ScryptCost,
  onProgress?: OnProgress,
): Promise<Uint8Array> {
  const options = { N: 2 ** log2N, r, p, dkLen: 32, ...(onProgress && { onProgress }) }
  return scryptAsync(passphrase.normalize('NFKC'), salt, options)
}
