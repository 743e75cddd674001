import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/** Words of one identity. BIP-39: 128 bits of entropy and 4 of a checksum, 11 bits a word. */
const WORDS_COUNT = 12

/** All 2048 words there are, in order of the alphabet. BIP-39, English. */
export const WORD_LIST: readonly string[] = wordlist

/** Why words are not those of an identity. `place` counts from 0. */
export type WordsFault =
  | { readonly type: 'count'; readonly count: number }
  | { readonly type: 'unknown-word'; readonly place: number }
  | { readonly type: 'checksum' }

/** The twelve words of 16 bytes of entropy. */
export function wordsOf(entropy: Uint8Array): readonly string[] {
  return entropyToMnemonic(entropy, wordlist).split(' ')
}

/** The 16 bytes behind twelve words, whatever their case and the spaces around them. */
export function entropyOf(words: readonly string[]): Uint8Array | WordsFault {
  const plain = words.map((word) => word.trim().toLowerCase())
  if (plain.length !== WORDS_COUNT) return { type: 'count', count: plain.length }
  const place = plain.findIndex((word) => !wordlist.includes(word))
  if (place >= 0) return { type: 'unknown-word', place }
  try {
    return mnemonicToEntropy(plain.join(' '), wordlist)
  } catch {
    return { type: 'checksum' }
  }
}
