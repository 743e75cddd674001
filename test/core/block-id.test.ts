import { blake3 } from '@noble/hashes/blake3.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { encodeEssence } from '../../src/core/codec/block.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../../src/core/crypto/block-id.ts'
import { TAGS, hash, tagged } from '../../src/core/crypto/hash.ts'
import { signedMessage } from '../../src/core/check/isolation.ts'
import type { Essence } from '../../src/core/model/block.ts'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'

/** Known answers, made from bytes laid out by hand and keyed BLAKE3 alone. */
const NETWORK_KEY = Uint8Array.from({ length: 32 }, (_, i) => i)
const PAYLOAD = Uint8Array.from(Buffer.from('hello'))
const PAYLOAD_HASH = '5d5a290530f9f9fda2d235ad926291b4c8a8bb40daf87bb949d7cc04ef6c9133'
const ESSENCE =
  '01010200' + // version, kind, two parents, reserved
  '05000000' + // payload length
  '7b68e5cf8b010000' + // issuedAt 1 700 000 000 123
  '22'.repeat(32) + // issuer
  PAYLOAD_HASH +
  '0a'.repeat(32) +
  '0b'.repeat(32)
const DIGEST = '1f0fd94326b7ebfae3adc91ef6c9db413ed397e97e7a6612d52838eb48cf6762'
const NONCE = 0x1f02_0304_0506
const ID = 'eabfefc407b70c0d0ba401a510220e04dacc6047c56c479ae76cd55d4c8f19ba'

const essence: Essence = {
  kind: 'data',
  issuedAtMs: 1_700_000_000_123,
  issuer: '22'.repeat(32) as PublicKey,
  parents: ['0a'.repeat(32) as BlockId, '0b'.repeat(32) as BlockId],
  payloadHash: payloadHashOf(NETWORK_KEY, PAYLOAD),
  payloadBytes: PAYLOAD.length,
}

/** H of protocol §3 over one hex string, written out once more. */
function keyed(hex: string, tag: string): string {
  return bytesToHex(blake3(Uint8Array.of(...hexToBytes(hex), tag.charCodeAt(0)), { key: NETWORK_KEY }))
}

describe('keyed BLAKE3', () => {
  it('is the published one', () => {
    // BLAKE3 test_vectors.json: input_len 0, first 32 bytes of keyed_hash
    const key = Uint8Array.from(Buffer.from('whats the Elvish word for friend'))
    expect(bytesToHex(blake3(new Uint8Array(), { key }))).toBe(
      '92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26',
    )
  })
})

describe('from payload to id', () => {
  it('hashes the payload with tag P', () => {
    expect(payloadHashOf(NETWORK_KEY, PAYLOAD)).toBe(PAYLOAD_HASH)
    expect(keyed(bytesToHex(PAYLOAD), 'P')).toBe(PAYLOAD_HASH)
  })

  it('hashes the essence with tag B', () => {
    expect(bytesToHex(encodeEssence(essence))).toBe(ESSENCE)
    expect(bytesToHex(digestOf(NETWORK_KEY, essence))).toBe(DIGEST)
    expect(keyed(ESSENCE, 'B')).toBe(DIGEST)
  })

  it('hashes digest and nonce with tag I: 41 bytes', () => {
    expect(blockIdFrom(NETWORK_KEY, hexToBytes(DIGEST), NONCE)).toBe(ID)
    expect(keyed(`${DIGEST}06050403021f0000`, 'I')).toBe(ID)
  })

  it('signs the tag and the id', () => {
    expect(bytesToHex(signedMessage(ID as BlockId))).toBe(`49${ID}`)
  })

  it('means nothing under the key of another network', () => {
    const other = NETWORK_KEY.map((byte) => byte ^ 1)
    expect(bytesToHex(digestOf(other, essence))).not.toBe(DIGEST)
    expect(blockIdFrom(other, hexToBytes(DIGEST), NONCE)).not.toBe(ID)
  })
})

describe('tags', () => {
  it('are the nine letters of protocol §3, all different', () => {
    expect(Object.values(TAGS).sort()).toEqual([...'BCIKLOPST'])
  })

  it('end a hashed input and start a signed one', () => {
    expect(bytesToHex(hash(NETWORK_KEY, 'transaction', Uint8Array.of(1), Uint8Array.of(2)))).toBe(
      keyed('0102', 'T'),
    )
    expect([...tagged('transaction', Uint8Array.of(1, 2))]).toEqual([0x54, 1, 2])
  })
})
