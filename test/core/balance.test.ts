import { describe, expect, it } from 'vitest'
import { balanceOf, standingOf } from '../../src/core/ledger/balance.ts'
import { historyEntryOf } from '../../src/core/ledger/history.ts'
import { Ledger } from '../../src/core/ledger/ledger.ts'
import type { Output } from '../../src/core/model/transaction.ts'
import { ALICE, BOB, NETWORK, at } from './make.ts'
import { CAROL, GENESIS_OUTPUT, HASHLOCK, outputIn, payment } from './make-ledger.ts'

const PLAIN: Output = { amount: 1, owner: BOB }
const expiry = { atMs: 1000, refundTo: ALICE }

describe('what a key may do with an output', () => {
  it.each<[string, Output, number, string, string]>([
    ['plain', PLAIN, 0, 'spendable', 'none'],
    ['not before 1000, at 999', { ...PLAIN, notBeforeMs: 1000 }, 999, 'time-locked', 'none'],
    ['not before 1000, at 1000', { ...PLAIN, notBeforeMs: 1000 }, 1000, 'spendable', 'none'],
    ['hash-locked', { ...PLAIN, hashlock: HASHLOCK }, 0, 'hash-locked', 'none'],
    ['under both locks', { ...PLAIN, hashlock: HASHLOCK, notBeforeMs: 1 }, 0, 'time-locked', 'none'],
    ['before its expiry', { ...PLAIN, expiry }, 999, 'spendable', 'refundable'],
    ['at its expiry', { ...PLAIN, expiry }, 1000, 'none', 'spendable'],
    [
      'hash-locked, before its expiry',
      { ...PLAIN, hashlock: HASHLOCK, expiry },
      999,
      'hash-locked',
      'refundable',
    ],
    ['hash-locked, at its expiry', { ...PLAIN, hashlock: HASHLOCK, expiry }, 1000, 'none', 'spendable'],
    ['expired, but not before 2000', { ...PLAIN, notBeforeMs: 2000, expiry }, 1999, 'none', 'time-locked'],
    ['never its owner’s', { ...PLAIN, notBeforeMs: 1000, expiry }, 0, 'none', 'refundable'],
    ['its owner’s for a moment', { ...PLAIN, notBeforeMs: 999, expiry }, 0, 'time-locked', 'refundable'],
  ])('%s', (_, output, atMs, owner, refundTo) => {
    expect(standingOf(output, BOB, atMs)).toBe(owner)
    expect(standingOf(output, ALICE, atMs)).toBe(refundTo)
    expect(standingOf(output, CAROL, atMs)).toBe('none')
  })

  it('is what the ledger allows: who may spend, may', () => {
    const outputs: Output[] = [
      { amount: 100_000, owner: BOB, expiry },
      { amount: 100_000, owner: BOB, notBeforeMs: 1000 },
      { amount: 100_000, owner: BOB, notBeforeMs: 1000, expiry },
      { amount: 100_000, owner: BOB, hashlock: HASHLOCK, expiry },
      { amount: 600_000, owner: BOB, hashlock: HASHLOCK },
    ]
    const made = payment({ inputs: [GENESIS_OUTPUT], outputs })
    for (const atMs of [0, 999, 1000])
      for (const key of [ALICE, BOB])
        for (const [i, output] of outputs.entries()) {
          const spend = payment({
            inputs: [outputIn(made, i)],
            outputs: [{ amount: output.amount, owner: CAROL }],
            signers: [key],
          })
          const { verdict } = at(new Ledger(NETWORK).execute([made, spend], atMs), 1)
          expect(verdict.type === 'applied').toBe(standingOf(output, key, atMs) === 'spendable')
        }
  })
})

describe('the balance of a key', () => {
  it('counts every output once, under what it is', () => {
    const made = payment({
      inputs: [GENESIS_OUTPUT],
      outputs: [
        { amount: 100_000, owner: BOB },
        { amount: 200_000, owner: BOB, notBeforeMs: 1000 },
        { amount: 300_000, owner: BOB, hashlock: HASHLOCK, expiry: { atMs: 1000, refundTo: BOB } },
        { amount: 400_000, owner: ALICE, expiry: { atMs: 1000, refundTo: BOB } },
      ],
    })
    const ledger = new Ledger(NETWORK)
    ledger.execute([made], 0)
    const balanceAt = (atMs: number) => balanceOf(ledger.unspentOf(BOB), BOB, atMs)
    expect(balanceAt(999)).toEqual({
      spendable: 100_000,
      timeLocked: 200_000,
      hashLocked: 300_000,
      refundable: 400_000,
    })
    expect(balanceAt(1000)).toEqual({ spendable: 1_000_000, timeLocked: 0, hashLocked: 0, refundable: 0 })
    expect(balanceOf(ledger.unspentOf(CAROL), CAROL, 0)).toEqual({
      spendable: 0,
      timeLocked: 0,
      hashLocked: 0,
      refundable: 0,
    })
  })
})

describe('the history of a key', () => {
  const commit = { index: 7, atMs: 1234 }
  const tx = payment({
    inputs: [GENESIS_OUTPUT],
    outputs: [
      { amount: 400_000, owner: BOB, expiry: { atMs: 2000, refundTo: CAROL } },
      { amount: 600_000, owner: BOB },
    ],
    memo: Uint8Array.of(1, 2),
  })
  const [applied, duplicate] = new Ledger(NETWORK).execute([tx, tx], 1234)
  if (applied?.verdict.type !== 'applied' || duplicate === undefined) throw new Error('not applied')

  it('has what the key spent, what it was paid and what may come back to it', () => {
    for (const key of [ALICE, BOB, CAROL])
      expect(historyEntryOf(key, commit, 3, applied)).toEqual({
        commit: 7,
        place: 3,
        atMs: 1234,
        block: tx.block,
        transaction: tx.id,
        memo: Uint8Array.of(1, 2),
        spent: [[GENESIS_OUTPUT, { owner: ALICE, amount: 1_000_000 }]],
        created: tx.transaction.outputs.map((output, i) => [outputIn(tx, i), output]),
      })
  })

  it('has nothing of others, and nothing that was rejected', () => {
    const stranger = at(NETWORK.genesis.committee, 0).key.replace(/^./, '0') as typeof ALICE
    expect(historyEntryOf(stranger, commit, 3, applied)).toBeUndefined()
    expect(historyEntryOf(ALICE, commit, 4, duplicate)).toBeUndefined()
  })
})
