import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBlock, encodeBlock } from '../../src/core/codec/block.ts'
import { decodeData, encodeData } from '../../src/core/codec/data.ts'
import { decodeDidKey, encodeDidKey } from '../../src/core/codec/did-key.ts'
import { decodeGenesis, encodeGenesis } from '../../src/core/codec/genesis.ts'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import { parentsMax, type Block, type BlockKind } from '../../src/core/model/block.ts'
import type { Genesis } from '../../src/core/model/genesis.ts'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import { POW_TOTAL_MAX, WEIGHT_MAX } from '../../src/core/model/params.ts'
import { mutate, mutation } from './mutate.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const hex32 = bytes32.map((bytes) => Buffer.from(bytes).toString('hex'))
const key = hex32 as fc.Arbitrary<PublicKey>
const u53 = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER))
const count = (least: number) => fc.integer({ min: least, max: Number.MAX_SAFE_INTEGER })

const block: fc.Arbitrary<Block> = fc
  .constantFrom<BlockKind>('data', 'transaction', 'proposal')
  .chain((kind) =>
    fc
      .record({
        issuedAtMs: u53,
        issuer: key,
        parents: fc.uniqueArray(hex32, { minLength: 1, maxLength: Math.min(20, parentsMax(kind)) }),
        payloadHash: hex32 as fc.Arbitrary<Hash>,
        nonce: u53,
        signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
        payload: fc.uint8Array({ maxLength: 300 }),
      })
      .map((parts) => ({
        ...parts,
        kind,
        parents: parts.parents.sort() as BlockId[],
        payloadBytes: parts.payload.length,
      })),
  )

const topicCharacter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789./-')

const data = fc.record({
  topic: fc.string({ unit: topicCharacter, minLength: 1, maxLength: 64 }),
  body: fc.uint8Array({ maxLength: 100 }),
})

const genesis: fc.Arbitrary<Genesis> = fc.record({
  name: fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }),
  createdAtMs: u53,
  powBase: fc.integer({ min: 1, max: POW_TOTAL_MAX / 2 }),
  powPerKiB: fc.integer({ min: 0, max: POW_TOTAL_MAX / 32 }),
  dust: count(1),
  minRoundMs: count(1),
  dataRoundMs: count(1),
  leaderTimeoutMs: count(1),
  committee: fc.uniqueArray(fc.record({ key, weight: fc.integer({ min: 1, max: WEIGHT_MAX }) }), {
    minLength: 1,
    maxLength: 6,
    selector: (member) => member.key,
  }),
  outputs: fc.array(fc.record({ owner: key, amount: fc.integer({ min: 1, max: 2 ** 50 }) }), {
    maxLength: 5,
  }),
})

describe('what is encoded decodes to the same', () => {
  it('blocks', () => {
    fc.assert(
      fc.property(block, (made) => {
        const bytes = encodeBlock(made)
        expect(decodeBlock(bytes)).toEqual(made)
      }),
      { seed: 10, numRuns: 1500 },
    )
  })

  it('data', () => {
    fc.assert(
      fc.property(data, (made) => {
        expect(decodeData(encodeData(made))).toEqual(made)
      }),
      { seed: 11, numRuns: 2000 },
    )
  })

  it('geneses', () => {
    fc.assert(
      fc.property(genesis, (made) => {
        expect(decodeGenesis(encodeGenesis(made))).toEqual(made)
      }),
      { seed: 12, numRuns: 500 },
    )
  })

  it('keys', () => {
    fc.assert(
      fc.property(bytes32, (bytes) => {
        const made = publicKeyOf(bytes)
        expect(decodeDidKey(encodeDidKey(made))).toBe(made)
      }),
      { seed: 13, numRuns: 2000 },
    )
  })
})

/** A few dozen valid encodings to spoil: drawing a fresh one for each case would cost most of the time. */
function samplesOf<T>(arbitrary: fc.Arbitrary<T>, encode: (made: T) => Uint8Array): readonly Uint8Array[] {
  return fc.sample(arbitrary, { seed: 14, numRuns: 40 }).map(encode)
}

/** Calls `check` with spoilt bytes, one case in five with bytes that never were valid. */
function spoil(samples: readonly Uint8Array[], numRuns: number, check: (bytes: Uint8Array) => void): void {
  const spoilt = fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([bytes, mutations]) => mutations.reduce(mutate, bytes))
  const random = fc.uint8Array({ maxLength: 120 })
  const either = fc.oneof({ weight: 4, arbitrary: spoilt }, { weight: 1, arbitrary: random })
  fc.assert(fc.property(either, check), { seed: 15, numRuns })
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

describe('no decoder throws, and what one takes is the one encoding: 100 000 cases', () => {
  it('blocks, 40 000', () => {
    spoil(samplesOf(block, encodeBlock), 40_000, (bytes) => {
      const found = decodeBlock(bytes)
      if ('type' in found) return
      if (!sameBytes(encodeBlock(found), bytes)) throw new Error('two encodings of one block')
    })
  }, 20_000)

  it('data, 25 000', () => {
    spoil(samplesOf(data, encodeData), 25_000, (bytes) => {
      const found = decodeData(bytes)
      if ('reason' in found) return
      if (!sameBytes(encodeData(found), bytes)) throw new Error('two encodings of one payload')
    })
  }, 20_000)

  it('geneses, 15 000', () => {
    spoil(samplesOf(genesis, encodeGenesis), 15_000, (bytes) => {
      const found = decodeGenesis(bytes)
      if ('type' in found) return
      if (!sameBytes(encodeGenesis(found), bytes)) throw new Error('two encodings of one genesis')
    })
  }, 20_000)

  it('keys, 20 000', () => {
    const encode = (made: PublicKey) => Uint8Array.from(Buffer.from(encodeDidKey(made)))
    spoil(samplesOf(key, encode), 20_000, (bytes) => {
      const text = Buffer.from(bytes).toString('latin1')
      const found = decodeDidKey(text)
      if (found !== undefined && encodeDidKey(found) !== text) throw new Error('two texts of one key')
    })
  }, 20_000)
})
