import { describe, expect, it } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import { outputIdOf, type NamedOutput, type Output, type OutputId } from '../../src/core/model/transaction.ts'
import { advance, newPayment, type Payment } from '../../src/wallet/payment-state.ts'
import { coinsOf } from '../../src/wallet/purse.ts'
import { ALICE, BOB, CREATED_AT_MS, idOf } from '../core/make.ts'
import { coinOf, transactionId } from './make.ts'

const NOW_MS = CREATED_AT_MS + 1000
const MINUTE_MS = 60_000
const MINE: NamedOutput = coinOf(1, 9000).output

/** A payment of Alice's in `block`, if any: 1000 for Bob, and `change` for herself. */
function payment(number: number, inputs: readonly OutputId[], change: number, block?: BlockId): Payment {
  const id = transactionId(number)
  const outputs = [
    { amount: 1000, owner: BOB },
    { amount: change, owner: ALICE },
  ]
  const transaction = { inputs, outputs, memo: new Uint8Array(), unlocks: [], preimages: [] }
  const made = newPayment({ id, transaction }, { to: BOB, amount: 1000 }, NOW_MS)
  return block === undefined ? made : advance(made, { type: 'attached', transaction: id, block })
}

const changeOf = (number: number) => outputIdOf(transactionId(number), 1)
const coins = (unspent: readonly NamedOutput[], payments: readonly Payment[] = []) =>
  coinsOf(unspent, payments, ALICE, NOW_MS)
const idsOf = (unspent: readonly NamedOutput[], payments: readonly Payment[]) =>
  coins(unspent, payments).map(({ output: [id] }) => id)

describe('The coins of a purse', () => {
  it('are the unspent outputs a signature is enough for', () => {
    expect(coins([MINE])).toEqual([{ output: MINE }])
  })

  it.each<[string, Partial<Output>]>([
    ["another's", { owner: BOB }],
    ['not due yet', { notBeforeMs: NOW_MS + 1 }],
    ['hash-locked', { hashlock: idOf(1) as string as NonNullable<Output['hashlock']> }],
    ['fallen back to somebody else', { expiry: { atMs: NOW_MS, refundTo: BOB } }],
    ['about to', { expiry: { atMs: NOW_MS + MINUTE_MS, refundTo: BOB } }],
    ["still another's", { owner: BOB, expiry: { atMs: NOW_MS + 1, refundTo: ALICE } }],
  ])('are none that are %s', (_, other) => {
    expect(coins([coinOf(2, 5000, other).output])).toEqual([])
  })

  it('are what has fallen back to the key, and what will not for a while', () => {
    const back = coinOf(2, 5000, { owner: BOB, expiry: { atMs: NOW_MS, refundTo: ALICE } }).output
    const late = coinOf(3, 5000, { expiry: { atMs: NOW_MS + MINUTE_MS + 1, refundTo: BOB } }).output
    expect(coins([back, late])).toEqual([{ output: back }, { output: late }])
  })

  it('are none that a payment under way spends', () => {
    expect(coins([MINE], [payment(20, [MINE[0]], 8000)])).toEqual([])
  })

  it('are free again once that payment has failed', () => {
    const { output: other } = coinOf(2, 5000)
    const doomed = payment(20, [MINE[0], other[0]].sort(), 13_000)
    const failed = advance(doomed, {
      type: 'executed',
      executed: {
        block: idOf(1),
        transaction: transactionId(30),
        memo: new Uint8Array(),
        verdict: { type: 'applied', spent: [other], created: [] },
      },
      commit: 1,
      atMs: NOW_MS,
    })
    expect(coins([MINE], [failed])).toEqual([{ output: MINE }])
  })

  it('are the change of payments in a block, with that block', () => {
    const paid = payment(20, [MINE[0]], 8000, idOf(5))
    expect(coins([MINE], [paid])).toEqual([
      { output: [changeOf(20), { amount: 8000, owner: ALICE }], pendingIn: idOf(5) },
    ])
    expect(idsOf([MINE], [paid, payment(21, [changeOf(20)], 7000, idOf(6))])).toEqual([changeOf(21)])
  })

  it('are no change that may never be: of two payments that spend the same, or of one built on them', () => {
    const first = payment(20, [MINE[0]], 8000, idOf(5))
    const built = payment(21, [changeOf(20)], 7000, idOf(6))
    const instead = payment(22, [MINE[0]], 6000, idOf(7))
    expect(idsOf([MINE], [built, instead, first])).toEqual([])
  })

  it('are at most seven pending ones, the largest, so that a block can be above them all', () => {
    const payments = Array.from({ length: 9 }, (_, i) =>
      payment(20 + i, [coinOf(40 + i, 1).output[0]], 1000 * (i + 1), idOf(i)),
    )
    expect(coins([], payments).map(({ output: [, { amount }] }) => amount)).toEqual([
      9000, 8000, 7000, 6000, 5000, 4000, 3000,
    ])
  })
})
