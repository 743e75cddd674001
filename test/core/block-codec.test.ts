import { describe, expect, it } from 'vitest'
import {
  decodeBlock,
  decodeBlockOrHeader,
  encodeBlock,
  encodeEssence,
  essenceBytes,
} from '../../src/core/codec/block.ts'
import {
  BLOCK_BYTES_MAX,
  PAYLOAD_BYTES_MAX,
  isErased,
  type Block,
  type BlockKind,
} from '../../src/core/model/block.ts'
import type { Malformed } from '../../src/core/model/verdict.ts'
import { ALICE, CREATED_AT_MS, idOf, makeBlock } from './make.ts'

const PARENTS = [idOf(1), idOf(2)]
const NONCE_AT = essenceBytes(PARENTS.length)
const SIGNATURE_AT = NONCE_AT + 8
const PAYLOAD_AT = SIGNATURE_AT + 64

/** A valid block of two parents and a payload of 10 bytes. */
function valid(): Uint8Array<ArrayBuffer> {
  const payload = Uint8Array.of(4, ...Buffer.from('test'), 1, 2, 3, 4, 5)
  const parts = { parents: PARENTS, issuedAtMs: CREATED_AT_MS + 1, nonce: 77, payload }
  return Uint8Array.from(makeBlock({ ...parts, signature: new Uint8Array(64).fill(9) }).bytes)
}

/** What decoding says of the valid block after `change`. */
function decodeChanged(change: (bytes: Uint8Array, view: DataView) => void): Block | Malformed {
  const bytes = valid()
  change(bytes, new DataView(bytes.buffer))
  return decodeBlock(bytes)
}

describe('the layout of a block', () => {
  it('puts every field where protocol §4 has it', () => {
    const bytes = valid()
    const view = new DataView(bytes.buffer)
    const hex = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('hex')
    expect([...bytes.subarray(0, 4)]).toEqual([1, 1, 2, 0])
    expect(view.getUint32(4, true)).toBe(10)
    expect(view.getBigUint64(8, true)).toBe(BigInt(CREATED_AT_MS + 1))
    expect(hex(16, 48)).toBe(ALICE)
    expect(hex(80, 144)).toBe(PARENTS.join(''))
    expect(view.getBigUint64(NONCE_AT, true)).toBe(77n)
    expect(hex(SIGNATURE_AT, PAYLOAD_AT)).toBe('09'.repeat(64))
    expect(hex(PAYLOAD_AT, bytes.length)).toBe('04746573740102030405')
  })

  it('makes a header of 216 bytes with two parents', () => {
    expect(PAYLOAD_AT).toBe(216)
  })

  it('has the essence before the nonce', () => {
    const bytes = valid()
    const block = decodeBlock(bytes) as Block
    expect(encodeEssence(block)).toEqual(bytes.slice(0, NONCE_AT))
    expect(encodeBlock(block)).toEqual(bytes)
  })

  it.each<[BlockKind, number]>([
    ['data', 1],
    ['transaction', 2],
    ['proposal', 3],
  ])('writes %s as kind %i and reads it back', (kind, byte) => {
    const { bytes } = makeBlock({ kind, issuedAtMs: CREATED_AT_MS + 1 })
    expect(bytes[1]).toBe(byte)
    expect(decodeBlock(bytes)).toMatchObject({ kind })
  })

  it('holds the largest data block and the largest proposal', () => {
    const payload = new Uint8Array(PAYLOAD_BYTES_MAX)
    const ids = Array.from({ length: 255 }, (_, i) => idOf(i))
    const issuedAtMs = Number.MAX_SAFE_INTEGER
    const data = makeBlock({ parents: ids.slice(0, 8), issuedAtMs, payload, nonce: issuedAtMs })
    const proposal = makeBlock({ kind: 'proposal', parents: ids, issuedAtMs, payload })
    expect(decodeBlock(data.bytes)).toEqual(data.block)
    expect(decodeBlock(proposal.bytes)).toEqual(proposal.block)
    expect(proposal.bytes.length).toBe(BLOCK_BYTES_MAX)
  })

  it('reads a block that lies inside a larger buffer', () => {
    const bytes = valid()
    const larger = new Uint8Array(bytes.length + 20)
    larger.set(bytes, 7)
    expect(decodeBlock(larger.subarray(7, 7 + bytes.length))).toEqual(decodeBlock(bytes))
  })
})

describe('a header in place of a block', () => {
  it('is read as its block without the payload, and written back, where that may be', () => {
    const header = valid().slice(0, PAYLOAD_AT)
    const found = decodeBlockOrHeader(header) as Block
    expect(found).toEqual({ ...(decodeBlock(valid()) as Block), payload: new Uint8Array() })
    expect(isErased(found)).toBe(true)
    expect(encodeBlock(found)).toEqual(header)
    expect(decodeBlock(header)).toMatchObject({ reason: 'truncated', expected: PAYLOAD_AT + 10 })
  })

  it('is not in the way of the whole block', () => {
    expect(decodeBlockOrHeader(valid())).toEqual(decodeBlock(valid()))
    expect(isErased(decodeBlockOrHeader(valid()) as Block)).toBe(false)
  })

  it('has the length of a header exactly', () => {
    for (const length of [PAYLOAD_AT - 1, PAYLOAD_AT + 1])
      expect(decodeBlockOrHeader(valid().subarray(0, length))).toMatchObject({ reason: 'truncated', length })
    expect(decodeBlockOrHeader(Uint8Array.of(...valid(), 0))).toMatchObject({ reason: 'trailing-bytes' })
  })

  it.each(['transaction', 'proposal'] as const)('is not of a %s', (kind) => {
    const { bytes } = makeBlock({ kind, issuedAtMs: CREATED_AT_MS + 1, payload: new Uint8Array(10) })
    expect(decodeBlockOrHeader(bytes.subarray(0, -10))).toMatchObject({ reason: 'truncated' })
  })

  it('of a block that has no payload is that block', () => {
    const { bytes } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1, payload: new Uint8Array() })
    expect(isErased(decodeBlockOrHeader(bytes) as Block)).toBe(false)
  })
})

describe('bytes that are no block', () => {
  it.each([0, 1, 79])('%i bytes are truncated: the head alone takes 80', (length) => {
    const verdict = { type: 'malformed', reason: 'truncated', length, expected: 80 }
    expect(decodeBlock(valid().subarray(0, length))).toEqual(verdict)
  })

  it('one byte too few is truncated', () => {
    const bytes = valid()
    expect(decodeBlock(bytes.subarray(0, -1))).toEqual({
      type: 'malformed',
      reason: 'truncated',
      length: bytes.length - 1,
      expected: bytes.length,
    })
  })

  it('one byte too many is trailing', () => {
    const bytes = valid()
    expect(decodeBlock(Uint8Array.of(...bytes, 0))).toEqual({
      type: 'malformed',
      reason: 'trailing-bytes',
      length: bytes.length + 1,
      expected: bytes.length,
    })
  })

  it('more bytes than any block has are too large, whatever they say', () => {
    const length = BLOCK_BYTES_MAX + 1
    const verdict = { type: 'malformed', reason: 'too-large', length, limit: BLOCK_BYTES_MAX }
    expect(decodeBlock(new Uint8Array(length))).toEqual(verdict)
  })

  it.each([0, 2, 255])('version %i is bad', (value) => {
    const verdict = { type: 'malformed', reason: 'bad-version', value }
    expect(decodeChanged((bytes) => bytes.fill(value, 0, 1))).toEqual(verdict)
  })

  it.each([0, 4, 255])('kind %i is bad', (value) => {
    const verdict = { type: 'malformed', reason: 'bad-kind', value }
    expect(decodeChanged((bytes) => bytes.fill(value, 1, 2))).toEqual(verdict)
  })

  it('the reserved byte is zero', () => {
    const verdict = { type: 'malformed', reason: 'reserved-byte', value: 1 }
    expect(decodeChanged((bytes) => bytes.fill(1, 3, 4))).toEqual(verdict)
  })

  it('a block without parents is none', () => {
    const verdict = { type: 'malformed', reason: 'no-parents' }
    expect(decodeChanged((bytes) => bytes.fill(0, 2, 3))).toEqual(verdict)
  })

  it.each([1, 2])('kind %i names at most eight parents', (kind) => {
    const changed = decodeChanged((bytes) => bytes.set([kind, 9], 1))
    expect(changed).toEqual({ type: 'malformed', reason: 'too-many-parents', count: 9, limit: 8 })
  })

  it('equal parents are not ascending', () => {
    const changed = decodeChanged((bytes) => bytes.copyWithin(112, 80, 112))
    expect(changed).toEqual({ type: 'malformed', reason: 'parents-not-ascending', index: 1 })
  })

  it('descending parents are not ascending', () => {
    const changed = decodeChanged((bytes) => bytes.fill(0xff, 80, 81))
    expect(changed).toEqual({ type: 'malformed', reason: 'parents-not-ascending', index: 1 })
  })

  it('a payload is at most 16 KiB', () => {
    const length = PAYLOAD_BYTES_MAX + 1
    const verdict = { type: 'malformed', reason: 'payload-too-large', length, limit: PAYLOAD_BYTES_MAX }
    expect(decodeChanged((_, view) => view.setUint32(4, length, true))).toEqual(verdict)
  })

  it.each([
    ['issuedAt', 8],
    ['the nonce', NONCE_AT],
  ])('%s above 2^53 − 1 is too large', (_, offset) => {
    const verdict = { type: 'malformed', reason: 'number-too-large' }
    const set = (value: bigint) => decodeChanged((_, view) => view.setBigUint64(offset, value, true))
    expect(set(2n ** 53n)).toEqual(verdict)
    expect(set(2n ** 64n - 1n)).toEqual(verdict)
    expect(set(2n ** 53n - 1n)).not.toHaveProperty('reason')
  })
})

describe('two faults at once', () => {
  it('a number too large is named before parents out of order', () => {
    const changed = decodeChanged((bytes, view) => {
      view.setBigUint64(NONCE_AT, 2n ** 53n, true)
      bytes.fill(0xff, 80, 81)
    })
    expect(changed).toEqual({ type: 'malformed', reason: 'number-too-large' })
  })

  it('a bad version is named before a bad kind', () => {
    const changed = decodeChanged((bytes) => bytes.set([9, 9]))
    expect(changed).toEqual({ type: 'malformed', reason: 'bad-version', value: 9 })
  })
})
