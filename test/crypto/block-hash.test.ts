import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPayloadHash, identify } from '../../src/core/check/isolation.ts'
import { nobleHasher, type BlockHasher } from '../../src/core/crypto/block-hasher.ts'
import { BLOCK_BYTES_MAX, PAYLOAD_BYTES_MAX } from '../../src/core/model/block.ts'
import { agrees, loadBlockHasher, wasmHasher } from '../../src/crypto/block-hash.ts'
import { CREATED_AT_MS, idOf, makeBlock, NETWORK_KEY } from '../core/make.ts'

const read = async () =>
  Uint8Array.from(await readFile(new URL('../../src/crypto/block-hash.wasm', import.meta.url)))
const unheard = (error: unknown) => expect.unreachable(String(error))
const wasm = wasmHasher(await WebAssembly.compile(await read()))

/** Around the ends of blocks and chunks, and of what a block can have. */
const LENGTHS = [
  [0, 1, 2, 31, 32, 33, 40, 41, 62, 63, 64, 65, 127, 128, 129],
  [1022, 1023, 1024, 1025, 1087, 1088, 2047, 2048, 2049, 3071, 3072, 3073, 4095, 4096, 4097],
  [5120, 7168, 8191, 8192, 8193, 8240, 12_288, 15_360, PAYLOAD_BYTES_MAX - 1, PAYLOAD_BYTES_MAX],
  [17_408, 20_480, 24_576, BLOCK_BYTES_MAX - 8],
].flat()

const bytesOfLength = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) % 253)

function expectSame(key: Uint8Array, bytes: Uint8Array, essenceBytes: number): void {
  const payload = bytes.subarray(0, essenceBytes)
  expect([...wasm.payloadHashOf(key, payload)]).toEqual([...nobleHasher.payloadHashOf(key, payload)])
  expect([...wasm.idOf(key, bytes, essenceBytes)]).toEqual([...nobleHasher.idOf(key, bytes, essenceBytes)])
}

describe('the hash in WebAssembly', () => {
  it('is that of noble at the ends of blocks and chunks', () => {
    for (const length of LENGTHS) expectSame(NETWORK_KEY, bytesOfLength(length + 8), length)
  })

  it('is that of noble at any length, under any key, whatever was hashed before', () => {
    const input = fc.record({
      key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      length: fc.integer({ min: 0, max: BLOCK_BYTES_MAX - 8 }),
      seed: fc.integer(),
    })
    fc.assert(
      fc.property(input, ({ key, length, seed }) => {
        const bytes = Uint8Array.from({ length: length + 8 }, (_, i) => Math.imul(i + 1, seed) >> 11)
        expectSame(key, bytes, length)
      }),
      { seed: 11, numRuns: 150 },
    )
  })

  it('hashes views of larger buffers and leaves them as they are', () => {
    const whole = bytesOfLength(600)
    const before = whole.slice()
    const view = whole.subarray(100, 500)
    expect([...wasm.payloadHashOf(NETWORK_KEY, view)]).toEqual([
      ...nobleHasher.payloadHashOf(NETWORK_KEY, view.slice()),
    ])
    expect(whole).toEqual(before)
  })

  it('refuses more than a block has', () => {
    expect(() => wasm.payloadHashOf(NETWORK_KEY, new Uint8Array(BLOCK_BYTES_MAX))).not.toThrow()
    expect(() => wasm.payloadHashOf(NETWORK_KEY, new Uint8Array(2 * BLOCK_BYTES_MAX))).toThrow(RangeError)
  })

  it('identifies blocks of every shape as noble does', () => {
    for (const [kind, parents, payloadBytes] of [
      ['data', 1, 10],
      ['data', 8, PAYLOAD_BYTES_MAX],
      ['transaction', 2, 1024],
      ['proposal', 1, 48],
      ['proposal', 255, 48],
      ['proposal', 255, PAYLOAD_BYTES_MAX],
    ] as const) {
      const made = makeBlock({
        kind,
        issuedAtMs: CREATED_AT_MS + 1,
        nonce: 2 ** 53 - 1,
        parents: Array.from({ length: parents }, (_, i) => idOf(i + 1)),
        payload: bytesOfLength(payloadBytes),
      })
      const found = identify(made.bytes, NETWORK_KEY, wasm)
      expect(found).toEqual(made)
      expect(checkPayloadHash(made, NETWORK_KEY, wasm)).toBeUndefined()
      const bytes = made.bytes.slice()
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
      const tampered = identify(bytes, NETWORK_KEY, wasm)
      if ('type' in tampered) return expect.unreachable(tampered.reason)
      expect(tampered.id).toBe(made.id)
      expect(checkPayloadHash(tampered, NETWORK_KEY, wasm)).toEqual({
        type: 'malformed',
        reason: 'payload-mismatch',
      })
    }
  })
})

describe('loadBlockHasher', () => {
  it('gives the hash in WebAssembly where it is right', async () => {
    expect(await loadBlockHasher(read, unheard)).not.toBe(nobleHasher)
  })

  it.each([
    ['cannot be had', () => Promise.reject(new Error('offline'))],
    ['is no module', async () => new Uint8Array(8)],
    // a module without functions: magic number and version
    ['is another module', async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
  ])('gives noble, and says why, where the module %s', async (_, bad) => {
    const faults: unknown[] = []
    expect(await loadBlockHasher(bad, (error) => faults.push(error))).toBe(nobleHasher)
    expect(faults).toHaveLength(1)
  })

  it('gives noble where the module hashes otherwise', async () => {
    const bytes = await read()
    // the first constant of BLAKE3, 0x6a09e667, as the module has it: signed LEB128
    const at = bytes.findIndex((_, i) =>
      [0xe7, 0xcc, 0xa7, 0xd0, 0x06].every((byte, j) => bytes[i + j] === byte),
    )
    expect(at).toBeGreaterThan(0)
    bytes[at] = 0xe6
    const faults: unknown[] = []
    expect(
      await loadBlockHasher(
        async () => bytes,
        (error) => faults.push(error),
      ),
    ).toBe(nobleHasher)
    expect(String(faults[0])).toContain('not BLAKE3')
  })

  it.each<[string, Partial<BlockHasher>]>([
    ['ids', { idOf: () => new Uint8Array(32) }],
    ['payloads', { payloadHashOf: () => new Uint8Array(32) }],
  ])('is told by its self test of wrong %s', (_, wrong) => {
    expect(agrees(wasm)).toBe(true)
    expect(agrees({ ...wasm, ...wrong })).toBe(false)
  })
})
