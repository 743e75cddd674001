import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../../src/core/codec/writer.ts'
import {
  decodeTransaction,
  encodeOutput,
  encodeTransaction,
  encodeTransactionEssence,
} from '../../src/core/codec/transaction.ts'
import { transactionIdOf, unlockMessage } from '../../src/core/crypto/transaction-id.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Hash, PublicKey } from '../../src/core/model/id.ts'
import {
  outputIdOf,
  type Output,
  type OutputId,
  type Transaction,
  type TransactionId,
} from '../../src/core/model/transaction.ts'
import { ALICE, BOB, NETWORK_KEY, idOf } from './make.ts'

const SAFE = Number.MAX_SAFE_INTEGER
const inputOf = (n: number, index = 0) => outputIdOf(idOf(n) as string as TransactionId, index)
const inputs = (count: number) => Array.from({ length: count }, (_, i) => inputOf(i + 1))
const outputs = (count: number): Output[] =>
  Array.from({ length: count }, () => ({ amount: 1, owner: ALICE }))
const keyOf = (n: number) => idOf(n) as string as PublicKey
const unlocks = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ key: keyOf(i + 1), signature: new Uint8Array(64).fill(i) }))
const preimages = (count: number) =>
  Array.from({ length: count }, (_, i) => new Uint8Array(32).fill(0).with(0, i))

const PLAIN: Transaction = {
  inputs: inputs(1),
  outputs: outputs(1),
  memo: new Uint8Array(),
  unlocks: unlocks(1),
  preimages: [],
}

/** The bytes of `PLAIN` with other fields: nothing stops them from being no transaction. */
function lay(parts: Partial<Transaction>): Uint8Array {
  const tx = { ...PLAIN, ...parts }
  const length = 2 + 96 * tx.unlocks.length + 32 * tx.preimages.length
  const rest = new Writer(length).u8(tx.unlocks.length)
  for (const { key, signature } of tx.unlocks) rest.bytes(hexToBytes(key)).bytes(signature)
  rest.u8(tx.preimages.length)
  for (const preimage of tx.preimages) rest.bytes(preimage)
  return Uint8Array.of(...encodeTransactionEssence(tx), ...rest.finish())
}

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex)
const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 1, SAFE))
const output: fc.Arbitrary<Output> = fc.record(
  {
    amount: number,
    owner: hex as fc.Arbitrary<PublicKey>,
    notBeforeMs: number,
    hashlock: hex as fc.Arbitrary<Hash>,
    expiry: fc.record({ atMs: number, refundTo: hex as fc.Arbitrary<PublicKey> }, { noNullPrototype: true }),
  },
  { requiredKeys: ['amount', 'owner'], noNullPrototype: true },
)
const input: fc.Arbitrary<OutputId> = fc
  .tuple(hex, fc.nat({ max: 0xffff }))
  .map(([id, index]) => outputIdOf(id as TransactionId, index))
const ascending = <T extends string>(item: fc.Arbitrary<T>, minLength: number) =>
  fc.uniqueArray(item, { minLength, maxLength: 64 }).map((items) => items.sort())
const transaction: fc.Arbitrary<Transaction> = fc.record(
  {
    inputs: ascending(input, 1),
    outputs: fc.array(output, { minLength: 1, maxLength: 64 }),
    memo: fc.uint8Array({ maxLength: 256 }),
    unlocks: ascending(hex, 0).map((keys) =>
      keys.map((key, i) => ({ key: key as PublicKey, signature: new Uint8Array(64).fill(i) })),
    ),
    preimages: fc
      .uniqueArray(hex, { maxLength: 1 })
      .map((items) => items.sort().map((item) => hexToBytes(item))),
  },
  { noNullPrototype: true },
)

describe('the payload of a transaction block', () => {
  it('is laid out as the protocol says', () => {
    const example: Transaction = {
      inputs: [inputOf(0xab, 0x0102)],
      outputs: [
        { amount: 0x0102, owner: ALICE },
        {
          amount: SAFE,
          owner: BOB,
          notBeforeMs: 5,
          hashlock: '77'.repeat(32) as Hash,
          expiry: { atMs: 6, refundTo: ALICE },
        },
      ],
      memo: Uint8Array.of(0xaa, 0xbb),
      unlocks: [{ key: ALICE, signature: new Uint8Array(64).fill(0x99) }],
      preimages: [new Uint8Array(32).fill(0x55)],
    }
    const essence =
      '01' + // one input
      `${'00'.repeat(31)}ab` +
      '0201' + // index, little-endian
      '02' + // two outputs
      '0201000000000000' +
      ALICE +
      '00' + // no conditions
      'ffffffffffff1f00' +
      BOB +
      '07' + // all conditions
      '0500000000000000' +
      '77'.repeat(32) +
      '0600000000000000' +
      ALICE +
      '0200' + // memo
      'aabb'
    const rest = `01${ALICE}${'99'.repeat(64)}01${'55'.repeat(32)}`
    expect(bytesToHex(encodeTransactionEssence(example))).toBe(essence)
    expect(bytesToHex(encodeTransaction(example))).toBe(essence + rest)
    expect(decodeTransaction(hexToBytes(essence + rest))).toEqual(example)
    expect(transactionIdOf(NETWORK_KEY, example)).toBe(
      bytesToHex(hash(NETWORK_KEY, 'transaction', hexToBytes(essence))),
    )
  })

  it('comes back as it was', () => {
    fc.assert(
      fc.property(transaction, (tx) => {
        expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('is one or no transaction, and never an exception, when bytes are lost or changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }))
    fc.assert(
      fc.property(transaction, fc.nat(), fc.array(change, { maxLength: 4 }), (tx, cut, changes) => {
        const bytes = encodeTransaction(tx)
        expect(decodeTransaction(bytes.subarray(0, cut % bytes.length))).toHaveProperty('reason')
        for (const [place, value] of changes) bytes[place % bytes.length] = value
        const decoded = decodeTransaction(bytes)
        // what decodes has one encoding only
        if (!('reason' in decoded)) expect(encodeTransaction(decoded)).toEqual(bytes)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  it('is truncated at every length but its own', () => {
    const bytes = encodeTransaction({ ...PLAIN, memo: Uint8Array.of(1), preimages: preimages(1) })
    for (let length = 0; length < bytes.length; length++)
      expect(decodeTransaction(bytes.subarray(0, length))).toEqual({ reason: 'truncated' })
  })

  it('has no bytes left over', () => {
    const bytes = encodeTransaction(PLAIN)
    const { length } = bytes
    expect(decodeTransaction(Uint8Array.of(...bytes, 0))).toEqual({
      reason: 'trailing-bytes',
      length: length + 1,
      expected: length,
    })
  })
})

describe('how many there may be', () => {
  it.each([1, 64])('%i of inputs, outputs, unlocks', (count) => {
    const tx = { ...PLAIN, inputs: inputs(count), outputs: outputs(count), unlocks: unlocks(count) }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })

  it('64 preimages', () => {
    const tx = { ...PLAIN, preimages: preimages(64) }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })

  it('no unlocks, no preimages and no memo, which only the ledger minds', () => {
    const tx = { ...PLAIN, unlocks: [] }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })

  it.each([0, 65])('not %i inputs or outputs', (count) => {
    expect(decodeTransaction(lay({ inputs: inputs(count) }))).toEqual({
      reason: 'input-count',
      count,
      limit: 64,
    })
    expect(decodeTransaction(lay({ outputs: outputs(count) }))).toEqual({
      reason: 'output-count',
      count,
      limit: 64,
    })
  })

  it('not 65 unlocks or preimages', () => {
    expect(decodeTransaction(lay({ unlocks: unlocks(65) }))).toEqual({
      reason: 'unlock-count',
      count: 65,
      limit: 64,
    })
    expect(decodeTransaction(lay({ preimages: preimages(65) }))).toEqual({
      reason: 'preimage-count',
      count: 65,
      limit: 64,
    })
  })

  it('256 bytes of memo, and not 257', () => {
    const tx = { ...PLAIN, memo: new Uint8Array(256).fill(7) }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
    expect(decodeTransaction(lay({ memo: new Uint8Array(257) }))).toEqual({
      reason: 'memo-length',
      length: 257,
      limit: 256,
    })
  })

  it('a block carries the largest of all with one preimage, and not with two', () => {
    const largest: Transaction = {
      inputs: inputs(64),
      outputs: Array.from({ length: 64 }, () => ({
        amount: SAFE,
        owner: ALICE,
        notBeforeMs: 1,
        hashlock: '77'.repeat(32) as Hash,
        expiry: { atMs: 2, refundTo: BOB },
      })),
      memo: new Uint8Array(256),
      unlocks: unlocks(64),
      preimages: [],
    }
    expect(encodeTransaction(largest).length).toBe(16_326)
    expect(encodeTransaction({ ...largest, preimages: preimages(1) }).length).toBe(16_358)
    expect(() => encodeTransaction({ ...largest, preimages: preimages(2) })).toThrow('16390 bytes')
  })
})

describe('what is ordered', () => {
  it('inputs, by transaction and then by index as a number', () => {
    const tx = { ...PLAIN, inputs: [inputOf(1, 2), inputOf(1, 256), inputOf(2, 0)] }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
    expect(decodeTransaction(lay({ inputs: [inputOf(1, 256), inputOf(1, 2)] }))).toEqual({
      reason: 'inputs-not-ascending',
      index: 1,
    })
  })

  it('and nothing is named twice', () => {
    const [unlock, preimage] = [unlocks(1), preimages(1)]
    expect(decodeTransaction(lay({ inputs: [inputOf(1), inputOf(2), inputOf(2)] }))).toEqual({
      reason: 'inputs-not-ascending',
      index: 2,
    })
    expect(decodeTransaction(lay({ unlocks: [...unlock, ...unlock] }))).toEqual({
      reason: 'unlocks-not-ascending',
      index: 1,
    })
    expect(decodeTransaction(lay({ preimages: [...preimage, ...preimage] }))).toEqual({
      reason: 'preimages-not-ascending',
      index: 1,
    })
  })

  it('unlocks by key, and preimages', () => {
    expect(decodeTransaction(lay({ unlocks: unlocks(3).reverse() }))).toEqual({
      reason: 'unlocks-not-ascending',
      index: 1,
    })
    expect(decodeTransaction(lay({ preimages: preimages(3).reverse() }))).toEqual({
      reason: 'preimages-not-ascending',
      index: 1,
    })
  })

  it('but two outputs may be alike', () => {
    const tx = { ...PLAIN, outputs: outputs(2) }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })
})

describe('an output', () => {
  it.each([0, 1, SAFE])('may hold %i as far as its bytes go', (amount) => {
    const tx = { ...PLAIN, outputs: [{ amount, owner: ALICE }] }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })

  it('may be one of several that hold more than 2^53 − 1 together', () => {
    const tx = { ...PLAIN, outputs: Array.from({ length: 64 }, () => ({ amount: SAFE, owner: ALICE })) }
    expect(decodeTransaction(encodeTransaction(tx))).toEqual(tx)
  })

  it('holds no amount above 2^53 − 1', () => {
    const bytes = encodeTransaction({ ...PLAIN, outputs: [{ amount: SAFE, owner: ALICE }] })
    const amountAt = 1 + 34 + 1
    for (const above of ['0000000000002000', 'ffffffffffffffff']) {
      bytes.set(hexToBytes(above), amountAt)
      expect(decodeTransaction(bytes)).toEqual({ reason: 'number-too-large' })
    }
  })

  it('has no time above 2^53 − 1', () => {
    const owner = ALICE
    for (const timed of [{ notBeforeMs: SAFE }, { expiry: { atMs: SAFE, refundTo: BOB } }]) {
      const bytes = encodeTransaction({ ...PLAIN, outputs: [{ amount: 1, owner, ...timed }] })
      const timeAt = 1 + 34 + 1 + 41
      bytes.set(hexToBytes('0000000000002000'), timeAt)
      expect(decodeTransaction(bytes)).toEqual({ reason: 'number-too-large' })
    }
  })

  it('has no condition that is not known yet', () => {
    const bytes = encodeTransaction({ ...PLAIN, outputs: outputs(2) })
    const conditionsAt = 1 + 34 + 1 + 41 + 40
    for (const value of [8, 9, 128, 255]) {
      bytes[conditionsAt] = value
      expect(decodeTransaction(bytes)).toEqual({ reason: 'unknown-conditions', index: 1, value })
    }
  })

  it('says in one byte which conditions follow', () => {
    const base = { amount: 1, owner: ALICE }
    const lengthAndBits = (output: Output) => [encodeOutput(output).length, encodeOutput(output)[40]]
    expect(lengthAndBits(base)).toEqual([41, 0])
    expect(lengthAndBits({ ...base, notBeforeMs: 0 })).toEqual([49, 1])
    expect(lengthAndBits({ ...base, hashlock: '77'.repeat(32) as Hash })).toEqual([73, 2])
    expect(lengthAndBits({ ...base, expiry: { atMs: 0, refundTo: BOB } })).toEqual([81, 4])
  })
})

describe('a transaction of our own', () => {
  it('is not encoded if it would not decode', () => {
    expect(() => encodeTransaction({ ...PLAIN, inputs: [] })).toThrow('input-count')
    expect(() => encodeTransaction({ ...PLAIN, unlocks: unlocks(2).reverse() })).toThrow('not-ascending')
    expect(() => encodeTransaction({ ...PLAIN, outputs: [{ amount: SAFE + 1, owner: ALICE }] })).toThrow(
      'u64',
    )
    expect(() => encodeTransaction({ ...PLAIN, outputs: [{ amount: -1, owner: ALICE }] })).toThrow('u64')
  })

  it('has an id that unlocks and preimages do not change, and everything else does', () => {
    const id = transactionIdOf(NETWORK_KEY, PLAIN)
    const unlockedOtherwise: Transaction = { ...PLAIN, unlocks: [], preimages: preimages(1) }
    expect(transactionIdOf(NETWORK_KEY, unlockedOtherwise)).toBe(id)
    expect(transactionIdOf(NETWORK_KEY, { ...PLAIN, memo: Uint8Array.of(0) })).not.toBe(id)
    expect(transactionIdOf(NETWORK_KEY, { ...PLAIN, inputs: inputs(2) })).not.toBe(id)
    expect(transactionIdOf(NETWORK_KEY, { ...PLAIN, outputs: outputs(2) })).not.toBe(id)
    expect(transactionIdOf(new Uint8Array(32), PLAIN)).not.toBe(id)
  })

  it('is unlocked by a signature of the tag and the id', () => {
    const id = transactionIdOf(NETWORK_KEY, PLAIN)
    expect(bytesToHex(unlockMessage(id))).toBe(`54${id}`)
  })

  it('keeps its memo when the bytes it came in change', () => {
    const bytes = encodeTransaction({ ...PLAIN, memo: Uint8Array.of(1, 2) })
    const decoded = decodeTransaction(bytes)
    bytes.fill(0)
    expect(decoded).toHaveProperty('memo', Uint8Array.of(1, 2))
  })
})
