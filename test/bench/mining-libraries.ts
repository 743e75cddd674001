/** The nonce search with what libraries have: a hash at a time, each called from JavaScript. Runs in Node and in Chromium. */
import { blake3 } from '@noble/hashes/blake3.js'
import { createBLAKE3 } from 'hash-wasm'

/**
 * Tries the nonces from 0 on, under a key and a digest of zeros. Returns the first of them whose id ends in a word of at
 * most `last`, or `count`.
 */
export type LibrarySearch = (count: number, last: number) => number

/** JavaScript. */
export function nobleSearch(): LibrarySearch {
  const key = new Uint8Array(32)
  return searchBy((input) => blake3(input, { key }))
}

/** WebAssembly, of which one hasher is opened and used for all nonces. */
export async function hashWasmSearch(): Promise<LibrarySearch> {
  const hasher = await createBLAKE3(256, new Uint8Array(32))
  return searchBy((input) => hasher.init().update(input).digest('binary'))
}

/** What is hashed is what makes an id: digest, nonce and the letter I. Protocol §4. */
function searchBy(hash: (input: Uint8Array) => Uint8Array): LibrarySearch {
  const input = new Uint8Array(41)
  input[40] = 'I'.charCodeAt(0)
  const view = new DataView(input.buffer)
  return (count, last) => {
    for (let nonce = 0; nonce < count; nonce++) {
      view.setUint32(32, nonce, true)
      const id = hash(input)
      if (new DataView(id.buffer, id.byteOffset).getUint32(28, true) <= last) return nonce
    }
    return count
  }
}
