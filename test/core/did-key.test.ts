import { base58 } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { decodeDidKey, encodeDidKey } from '../../src/core/codec/did-key.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { ALICE } from './make.ts'

/** did:key §"Test Vectors", Ed25519: the method's own example. */
const EXAMPLE = 'did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp'
const EXAMPLE_KEY = '3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29' as PublicKey

const encoded = (...bytes: number[]) => `did:key:z${base58.encode(Uint8Array.from(bytes))}`
const keyBytes = [...Buffer.from(ALICE, 'hex')]

describe('did:key', () => {
  it('is the published form', () => {
    expect(encodeDidKey(EXAMPLE_KEY)).toBe(EXAMPLE)
    expect(decodeDidKey(EXAMPLE)).toBe(EXAMPLE_KEY)
  })

  it('starts with z6Mk for every Ed25519 key', () => {
    for (const key of ['00'.repeat(32), 'ff'.repeat(32), ALICE] as PublicKey[]) {
      expect(encodeDidKey(key)).toMatch(/^did:key:z6Mk/)
      expect(decodeDidKey(encodeDidKey(key))).toBe(key)
    }
  })

  it.each([
    ['nothing', ''],
    ['another method', EXAMPLE.replace('did:key:', 'did:web:')],
    ['another multibase', EXAMPLE.replace(':z', ':u')],
    ['capitals in the prefix', EXAMPLE.replace('did', 'DID')],
    ['a character base58 has not', EXAMPLE.replace('W', '0')],
    ['a character that is not ASCII', EXAMPLE.replace('W', 'é')],
    ['a space at the end', `${EXAMPLE} `],
    ['a fragment', `${EXAMPLE}#key`],
    ['a leading 1', EXAMPLE.replace(':z', ':z1')],
    ['another curve', encoded(0xe7, 0x01, ...keyBytes)],
    ['a key one byte short', encoded(0xed, 0x01, ...keyBytes.slice(1))],
    ['a key one byte long', encoded(0xed, 0x01, ...keyBytes, 0)],
    ['far too long a text', `did:key:z${'6'.repeat(100_000)}`],
  ])('%s is none', (_, text) => {
    expect(decodeDidKey(text)).toBeUndefined()
  })
})
