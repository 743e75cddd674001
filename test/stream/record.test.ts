import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash } from '../../src/core/crypto/hash.ts'
import type { PublicKey } from '../../src/core/model/id.ts'
import { decodePack, encodePack } from '../../src/reading/senml.ts'
import { sealRecord, unsealRecord, type CipherContext } from '../../src/stream/cipher.ts'
import {
  associatedData,
  BODY_BYTES_MAX,
  decodeRecord,
  encodeRecord,
  RECORD_PACK_BYTES_MAX,
  type EncryptedRecord,
  type OpenRecord,
} from '../../src/stream/record.ts'

const READINGS = [
  { quantity: 'heart-rate', unit: 'beat/min', value: 72, atMs: 1_700_000_000_000 },
  { quantity: 'skin-contact', value: true, atMs: 1_700_000_000_000 },
]

const OPEN: OpenRecord = {
  type: 'open',
  streamId: countingFrom(0x00, 32),
  epoch: 472_222,
  index: 7,
  pack: encodePack(READINGS, ''),
}

const CONTEXT: CipherContext = {
  networkKey: countingFrom(0x20, 32),
  issuer: bytesToHex(countingFrom(0x40, 32)) as PublicKey,
  epochKey: countingFrom(0x60, 32),
}

const NONCE = countingFrom(0x80, 24)

const STREAM_ID_HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
const EPOCH_AND_INDEX_HEX = '9e340700' + '07000000'
const PACK_HEX =
  '82a4006a68656172742d72617465021848221a6553f1002368626561742f6d696ea2006c736b696e2d636f6e7461637404f5'
const COMMITMENT_HEX = 'b25897af322d68e3f0f5e27966186beaf1d4e85715831c01ea449396d99087e9'
const CIPHERTEXT_HEX =
  'ecfec5a817d9f806e4789237dc05740cb784a8a2fbe6d04880b05f639be9265ace10db1d172fbe95a28061df249dc92aff67e9d26fb30b07737314250e3ba3d218f4'

function countingFrom(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => first + i)
}

function sealed(): EncryptedRecord {
  return sealRecord(CONTEXT, OPEN, NONCE)
}

describe('a stream record', () => {
  it('has these bytes when open, for ever', () => {
    const hex = STREAM_ID_HEX + EPOCH_AND_INDEX_HEX + '00' + PACK_HEX
    expect(bytesToHex(encodeRecord(OPEN))).toBe(hex)
    expect(decodeRecord(hexToBytes(hex))).toEqual(OPEN)
  })

  it('has these bytes when encrypted, for ever, and they open to the same readings', () => {
    const hex =
      STREAM_ID_HEX + EPOCH_AND_INDEX_HEX + '01' + COMMITMENT_HEX + bytesToHex(NONCE) + CIPHERTEXT_HEX
    expect(bytesToHex(encodeRecord(sealed()))).toBe(hex)

    const record = decodeRecord(hexToBytes(hex))
    if (record.type !== 'encrypted') throw new Error(record.type)
    const unsealed = unsealRecord(CONTEXT, record)
    if (unsealed.type !== 'open') throw new Error(unsealed.type)
    expect(unsealed).toEqual(OPEN)
    expect(decodePack(unsealed.pack)).toMatchObject({ readings: READINGS })
  })

  it('commits to its key, and is bound to issuer and place', () => {
    const { commitment } = sealed()
    expect(commitment).toEqual(hash(CONTEXT.networkKey, 'epochKey', CONTEXT.epochKey))
    expect(associatedData(CONTEXT.issuer, { ...OPEN, commitment })).toEqual(
      concatBytes(
        hexToBytes(CONTEXT.issuer),
        hexToBytes(STREAM_ID_HEX + EPOCH_AND_INDEX_HEX + '01'),
        commitment,
      ),
    )
  })

  it('tells a wrong key from bytes that were changed', () => {
    const record = sealed()
    const wrongKey = { ...CONTEXT, epochKey: countingFrom(0x61, 32) }
    const otherNetwork = { ...CONTEXT, networkKey: countingFrom(0x21, 32) }
    const otherIssuer = { ...CONTEXT, issuer: bytesToHex(countingFrom(0x41, 32)) as PublicKey }
    expect(unsealRecord(wrongKey, record).type).toBe('wrong-key')
    expect(unsealRecord(otherNetwork, record).type).toBe('wrong-key')
    expect(unsealRecord(otherIssuer, record).type).toBe('damaged')
    expect(unsealRecord(CONTEXT, { ...record, epoch: record.epoch + 1 }).type).toBe('damaged')
    expect(unsealRecord(CONTEXT, { ...record, index: record.index + 1 }).type).toBe('damaged')
  })

  it('opens only as it was sealed, whichever bit of the body is changed', () => {
    const body = encodeRecord(sealed())
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = body.slice()
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const record = decodeRecord(changed)
      // Without its flag an encrypted body reads as an open one, whose pack then is no pack.
      const outcome = record.type === 'encrypted' ? unsealRecord(CONTEXT, record).type : record.type
      if (outcome === 'open' && record.type === 'open') expect(decodePack(record.pack).type).toBe('malformed')
      else expect(['wrong-key', 'damaged', 'malformed']).toContain(outcome)
    }
  })

  it('comes back from its bytes whatever it holds', () => {
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    const place = { streamId: bytes(32), epoch: u32, index: u32 }
    const anyRecord = fc.oneof(
      fc.record({ type: fc.constant('open' as const), ...place, pack: fc.uint8Array({ minLength: 1 }) }),
      fc.record({
        type: fc.constant('encrypted' as const),
        ...place,
        commitment: bytes(32),
        nonce: bytes(24),
        ciphertext: fc.uint8Array({ minLength: 17 }),
      }),
    )
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(decodeRecord(encodeRecord(record))).toEqual(record)
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('is read without throwing from any bytes, and every body read has those bytes again', () => {
    const anyBody = fc.uint8Array({ maxLength: 160 }).map((bytes) => {
      // Half of them with a flag that is known, or hardly any would get past it.
      if (bytes.length > 40 && (bytes[0] ?? 0) < 128) bytes[40] = (bytes[40] ?? 0) & 1
      return bytes
    })
    fc.assert(
      fc.property(anyBody, (body) => {
        const record = decodeRecord(body)
        if (record.type !== 'malformed') expect(encodeRecord(record)).toEqual(body)
      }),
      { seed: 2, numRuns: 50_000 },
    )
  })

  it('is malformed when cut short, too long or of an unknown kind', () => {
    const open = encodeRecord(OPEN)
    const encrypted = encodeRecord(sealed())
    const flagged = open.slice()
    flagged[40] = 2
    expect(decodeRecord(new Uint8Array(0))).toEqual({ type: 'malformed', reason: 'too-short' })
    expect(decodeRecord(open.subarray(0, 41))).toEqual({ type: 'malformed', reason: 'too-short' })
    expect(decodeRecord(encrypted.subarray(0, 97 + 16))).toEqual({ type: 'malformed', reason: 'too-short' })
    expect(decodeRecord(new Uint8Array(BODY_BYTES_MAX + 1))).toEqual({
      type: 'malformed',
      reason: 'too-long',
    })
    expect(decodeRecord(flagged)).toEqual({ type: 'malformed', reason: 'unknown-flags' })
  })

  it('fills a block to its last byte and no further', () => {
    const longest = { ...OPEN, pack: new Uint8Array(RECORD_PACK_BYTES_MAX) }
    const longer = { ...OPEN, pack: new Uint8Array(RECORD_PACK_BYTES_MAX + 1) }
    expect(encodeRecord(sealRecord(CONTEXT, longest, NONCE)).length).toBe(BODY_BYTES_MAX)
    expect(() => encodeRecord(sealRecord(CONTEXT, longer, NONCE))).toThrow(RangeError)
  })

  it('is not made with parts of the wrong size', () => {
    const record = sealed()
    for (const change of [
      { streamId: new Uint8Array(31) },
      { commitment: new Uint8Array(33) },
      { nonce: new Uint8Array(12) },
      { ciphertext: new Uint8Array(16) },
      { epoch: -1 },
      { epoch: 1.5 },
      { index: 2 ** 32 },
    ]) {
      expect(() => encodeRecord({ ...record, ...change })).toThrow(RangeError)
    }
  })
})
