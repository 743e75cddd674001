import { describe, expect, it } from 'vitest'
import { APPLIED_MAX, AppliedTransactions } from '../../src/core/ledger/applied.ts'
import { settleRejection, unsettledIds } from '../../src/core/ledger/settle.ts'
import {
  outputIdOf,
  type Executed,
  type Rejection,
  type TransactionId,
} from '../../src/core/model/transaction.ts'
import { idOf } from './make.ts'

const txOf = (n: number) => idOf(n) as string as TransactionId
const THIS = txOf(1)
const [OLD, STRANGE] = [outputIdOf(txOf(2), 3), outputIdOf(txOf(4), 0)]
const unknown = [OLD, STRANGE]

function executed(verdict: Executed['verdict']): Executed {
  return { block: idOf(9), transaction: THIS, memo: new Uint8Array(), verdict }
}
const rejected = (rejection: Rejection) => executed({ type: 'rejected', ...rejection })
const missing = rejected({ reason: 'missing-input', input: OLD, unknown })
const spent = rejected({ reason: 'spent-input', input: OLD })
const storeOf = (...applied: [TransactionId, number][]) => {
  const map = new Map(applied)
  return (id: TransactionId) => map.get(id)
}

describe('settling a rejection with what a store knows', () => {
  it('asks for the transaction and for whatever would have made its unknown inputs, each once', () => {
    expect(unsettledIds(missing)).toEqual([THIS, txOf(2), txOf(4)])
    const twoOfOne = [OLD, outputIdOf(txOf(2), 4)]
    expect(unsettledIds(rejected({ reason: 'missing-input', input: OLD, unknown: twoOfOne }))).toHaveLength(2)
    expect(unsettledIds(spent)).toEqual([THIS])
  })

  it('asks for nothing, and changes nothing, where memory plays no part', () => {
    const applied = executed({ type: 'applied', spent: [], created: [] })
    const dust = rejected({ reason: 'dust', index: 0, amount: 1, limit: 2 })
    for (const one of [applied, dust, rejected({ reason: 'duplicate' })]) {
      expect(unsettledIds(one)).toEqual([])
      expect(settleRejection(one, storeOf([THIS, 1]))).toBe(one)
    }
  })

  it('an old transaction attached again is a duplicate', () => {
    for (const one of [missing, spent])
      expect(settleRejection(one, storeOf([THIS, 1]))).toEqual(rejected({ reason: 'duplicate' }))
  })

  it('inputs are spent if each of them once was', () => {
    expect(settleRejection(missing, storeOf([txOf(2), 4], [txOf(4), 1]))).toEqual(
      rejected({ reason: 'spent-input', input: OLD }),
    )
  })

  it('one that never was is missing, and so is an index beyond the outputs', () => {
    expect(settleRejection(missing, storeOf([txOf(2), 4]))).toEqual(
      rejected({ reason: 'missing-input', input: STRANGE, unknown: [STRANGE] }),
    )
    expect(settleRejection(missing, storeOf([txOf(2), 3], [txOf(4), 1]))).toEqual(
      rejected({ reason: 'missing-input', input: OLD, unknown: [OLD] }),
    )
    expect(settleRejection(missing, storeOf())).toEqual(missing)
  })

  it('keeps a spent input that is one', () => {
    expect(settleRejection(spent, storeOf())).toBe(spent)
  })
})

describe('the memory of applied transactions', () => {
  it('is bounded: the oldest is forgotten first', () => {
    const applied = new AppliedTransactions()
    for (let n = 0; n <= APPLIED_MAX; n++) applied.add(txOf(n), 2)
    expect(applied.outputsOf(txOf(0))).toBeUndefined()
    expect(applied.outputsOf(txOf(1))).toBe(2)
    expect(applied.outputsOf(txOf(APPLIED_MAX))).toBe(2)
  })
})
