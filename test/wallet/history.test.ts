import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hash, PublicKey } from '../../src/core/model/id.ts'
import type { HistoryEntry } from '../../src/core/model/ledger.ts'
import { outputIdOf, type NamedOutput, type Output } from '../../src/core/model/transaction.ts'
import { rowsOf, type HistoryRow } from '../../src/wallet/history.ts'
import { ALICE, BOB, CREATED_AT_MS, idOf } from '../core/make.ts'
import { transactionId } from './make.ts'

const CAROL = idOf(3) as string as PublicKey
const AT_MS = CREATED_AT_MS + 5000

const named = (outputs: readonly Output[], from: number): NamedOutput[] =>
  outputs.map((output, i) => [outputIdOf(transactionId(from), i), output])
const to = (owner: PublicKey, amount: number, other: Partial<Output> = {}) => ({ amount, owner, ...other })
const until = (atMs: number, refundTo: PublicKey) => ({
  hashlock: idOf(9) as string as Hash,
  expiry: { atMs, refundTo },
})

const entry = (spent: readonly Output[], created: readonly Output[], memo = ''): HistoryEntry => ({
  commit: 4,
  place: 0,
  atMs: AT_MS,
  block: idOf(8),
  transaction: transactionId(2),
  memo: Uint8Array.from(Buffer.from(memo, 'latin1')),
  spent: named(spent, 1),
  created: named(created, 2),
})

/** Direction, amount and counterparties of each row. */
const told = (rows: readonly HistoryRow[]) =>
  rows.map(({ direction, amount, counterparties }) => [direction, amount, counterparties])

describe('A row of the history', () => {
  it('says what was paid, to whom and when', () => {
    const paid = entry([to(ALICE, 9000)], [to(BOB, 5000), to(ALICE, 4000)], 'apples')
    expect(rowsOf(paid, ALICE)).toEqual([
      {
        direction: 'sent',
        amount: 5000,
        counterparties: [BOB],
        memo: { type: 'text', text: 'apples' },
        commit: 4,
        atMs: AT_MS,
        block: idOf(8),
        transaction: transactionId(2),
      },
    ])
    expect(told(rowsOf(paid, BOB))).toEqual([['received', 5000, [ALICE]]])
    expect(rowsOf(paid, CAROL)).toEqual([])
  })

  it('shows a memo that is no text as its bytes', () => {
    expect(rowsOf(entry([to(ALICE, 1000)], [to(BOB, 1000)], '\xff'), BOB)[0]?.memo).toEqual({
      type: 'bytes',
      hex: 'ff',
    })
  })

  it('names each counterparty once', () => {
    const paid = entry([to(ALICE, 6000), to(ALICE, 3000)], [to(BOB, 2000), to(CAROL, 3000), to(BOB, 4000)])
    expect(told(rowsOf(paid, ALICE))).toEqual([['sent', 9000, [BOB, CAROL]]])
    expect(told(rowsOf(paid, BOB))).toEqual([['received', 6000, [ALICE]]])
  })

  it('from one’s own outputs to one’s own is nobody else’s', () => {
    expect(told(rowsOf(entry([to(ALICE, 1000), to(ALICE, 2000)], [to(ALICE, 3000)]), ALICE))).toEqual([
      ['self', 3000, []],
    ])
  })

  it('tells both sides that a payment nobody claimed went back', () => {
    const back = entry([to(BOB, 5000, until(AT_MS, ALICE))], [to(ALICE, 5000)])
    expect(told(rowsOf(back, ALICE))).toEqual([['came-back', 5000, [BOB]]])
    expect(told(rowsOf(back, BOB))).toEqual([['went-back', 5000, [ALICE]]])
  })

  it('tells a refund that is spent at once apart from what it pays', () => {
    const spent = [to(BOB, 5000, until(AT_MS, ALICE)), to(ALICE, 2000)]
    const paid = entry(spent, [to(CAROL, 6000), to(ALICE, 1000)])
    expect(told(rowsOf(paid, ALICE))).toEqual([
      ['came-back', 5000, [BOB]],
      ['sent', 6000, [CAROL]],
    ])
  })

  it('tells who sent it that a payment was claimed in time', () => {
    const claim = entry([to(BOB, 5000, until(AT_MS + 1, ALICE))], [to(BOB, 5000)])
    expect(told(rowsOf(claim, ALICE))).toEqual([['claimed', 5000, [BOB]]])
    expect(told(rowsOf(claim, BOB))).toEqual([['self', 5000, []]])
  })

  it('is left out where a key is only named as one it could fall back to', () => {
    const named = entry([to(BOB, 5000)], [to(CAROL, 5000, until(AT_MS + 1, ALICE))])
    expect(rowsOf(named, ALICE)).toEqual([])
  })
})

describe('All rows together', () => {
  it('are what a key’s outputs hold', () => {
    const somebody = fc.constantFrom(ALICE, BOB, CAROL)
    const output = fc.record({
      amount: fc.integer({ min: 1, max: 9000 }),
      owner: somebody,
      other: fc.oneof(
        fc.constant({}),
        fc
          .tuple(fc.constantFrom(AT_MS, AT_MS + 1), somebody)
          .map(([atMs, refundTo]) => until(atMs, refundTo)),
      ),
    })
    const outputs = fc
      .array(output, { minLength: 1, maxLength: 5 })
      .map((all) => all.map(({ amount, owner, other }) => to(owner, amount, other)))
    const signs = { received: 1, 'came-back': 1, sent: -1, 'went-back': -1, self: 0, claimed: 0 }
    const held = (all: readonly Output[], key: PublicKey) =>
      all.reduce((sum, { owner, amount }) => sum + (owner === key ? amount : 0), 0)
    fc.assert(
      fc.property(outputs, outputs, somebody, (spent, created, key) => {
        const rows = rowsOf(entry(spent, created), key)
        const sum = rows.reduce((total, { direction, amount }) => total + signs[direction] * amount, 0)
        expect(sum).toBe(held(created, key) - held(spent, key))
        for (const row of rows) expect(row.amount).toBeGreaterThan(0)
        for (const row of rows) expect(row.counterparties).not.toContain(key)
      }),
      { seed: 71, numRuns: 2000 },
    )
  })
})
