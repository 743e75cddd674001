import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { standingOf } from '../../src/core/ledger/balance.ts'
import type { NamedOutput, Output, OutputId } from '../../src/core/model/transaction.ts'
import { outputIdOf } from '../../src/core/model/transaction.ts'
import { sumOf } from '../../src/wallet/coins.ts'
import { balanceOf, changeOf, holdingsOf } from '../../src/wallet/holdings.ts'
import { advance, newPayment, type Payment } from '../../src/wallet/payment-state.ts'
import { ALICE, BOB, CREATED_AT_MS, idOf } from '../core/make.ts'
import { coinOf, transactionId } from './make.ts'

const NOW_MS = CREATED_AT_MS + 1000

/** Everything an output of Alice's can be under. */
const conditions: fc.Arbitrary<Partial<Output>> = fc.constantFrom<Partial<Output>[]>(
  {},
  {},
  {},
  { notBeforeMs: NOW_MS + 1 },
  { hashlock: idOf(1) as string as NonNullable<Output['hashlock']> },
  { expiry: { atMs: NOW_MS + 30_000, refundTo: BOB } },
  { expiry: { atMs: NOW_MS - 1, refundTo: BOB } },
  { owner: BOB, expiry: { atMs: NOW_MS + 1, refundTo: ALICE } },
  { owner: BOB, expiry: { atMs: NOW_MS - 1, refundTo: ALICE } },
)

const outputs = fc
  .array(fc.tuple(fc.integer({ min: 1000, max: 9000 }), conditions), { minLength: 1, maxLength: 12 })
  .map((drawn) => drawn.map(([amount, other], i) => coinOf(i + 1, amount, other).output))

/** A payment to Bob of some of what these inputs hold; the rest is change. `attached`: whether a block carries it. */
function pay(number: number, inputs: readonly NamedOutput[], part: number, attached: boolean): Payment {
  const total = inputs.reduce((sum, [, { amount }]) => sum + amount, 0)
  const amount = Math.max(1, Math.floor(total * part))
  const id = transactionId(number)
  const made = [
    { amount, owner: BOB },
    { amount: total - amount, owner: ALICE },
  ].filter((output) => output.amount > 0)
  const transaction = {
    inputs: inputs.map(([input]) => input),
    outputs: made,
    memo: new Uint8Array(),
    unlocks: [],
    preimages: [],
  }
  const payment = newPayment({ id, transaction }, { to: BOB, amount }, NOW_MS)
  return attached ? advance(payment, { type: 'attached', transaction: id, block: idOf(number) }) : payment
}

const changeId = (payment: Payment): OutputId => outputIdOf(payment.id, 1)

describe('What is behind a balance', () => {
  it('adds up to it, and holds every output once, whatever is under way', () => {
    const plan = fc.array(
      fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.boolean(), fc.boolean()),
      {
        maxLength: 4,
      },
    )
    fc.assert(
      fc.property(outputs, plan, (unspent, planned) => {
        const payments: Payment[] = []
        for (const [i, [part, attached, onChange]] of planned.entries()) {
          const last = payments.at(-1)
          const change = last?.transaction.outputs[1]
          const input: NamedOutput | undefined =
            onChange && last && change ? [changeId(last), change] : unspent[i % unspent.length]
          if (input) payments.push(pay(100 + i, [input], part, attached))
        }
        const holdings = holdingsOf(unspent, payments, ALICE, NOW_MS)
        const balance = balanceOf(holdings)
        const committed = [
          ...holdings.spendable.flatMap(({ output, pendingIn }) => (pendingIn === undefined ? [output] : [])),
          ...holdings.leaving,
          ...holdings.locked,
          ...holdings.refundable,
        ]
        const hers = unspent.filter(([, output]) => standingOf(output, ALICE, NOW_MS) !== 'none')
        expect(committed.map(([id]) => id).sort()).toEqual(hers.map(([id]) => id).sort())
        const sum = (named: readonly NamedOutput[]) => named.reduce((all, [, { amount }]) => all + amount, 0)
        expect(balance.spendable).toBe(sumOf(holdings.spendable))
        expect(balance.leaving + changeOf(holdings)).toBe(sum(holdings.leaving))
        expect(Object.values(balance).every((units) => units >= 0)).toBe(true)
        const total = balance.spendable + balance.leaving + balance.locked + balance.refundable
        // what cannot be hers any more may have been spent by a payment whose change she counts on
        if (payments.every(({ transaction }) => transaction.inputs.every((id) => isHers(id, hers, payments))))
          expect(total).toBe(sum(hers))
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  it('counts a claim under way as money to spend, and no longer as locked', () => {
    const hashlock = idOf(1) as string as NonNullable<Output['hashlock']>
    const { output: locked } = coinOf(1, 5000, { hashlock })
    const id = transactionId(7)
    const transaction = {
      inputs: [locked[0]],
      outputs: [{ amount: 5000, owner: ALICE }],
      memo: new Uint8Array(),
      unlocks: [],
      preimages: [],
    }
    const claim = newPayment({ id, transaction }, { to: ALICE, amount: 5000 }, NOW_MS)
    const attached = advance(claim, { type: 'attached', transaction: id, block: idOf(7) })
    expect(balanceOf(holdingsOf([locked], [attached], ALICE, NOW_MS))).toEqual({
      spendable: 5000,
      leaving: 0,
      locked: 0,
      refundable: 0,
    })
  })
})

function isHers(id: OutputId, hers: readonly NamedOutput[], payments: readonly Payment[]): boolean {
  return hers.some(([each]) => each === id) || payments.some((payment) => changeId(payment) === id)
}
