import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outputIdOf, type Executed, type OutputId, type Rejection } from '../../src/core/model/transaction.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import {
  advance,
  eventOf,
  isOver,
  newPayment,
  restorePayment,
  storePayment,
  todoOf,
  type Inputs,
  type Payment,
  type PaymentEvent,
} from '../../src/wallet/payment-state.ts'
import { ALICE, BOB, CREATED_AT_MS, idOf } from '../core/make.ts'
import { transactionId } from './make.ts'

const AT_MS = CREATED_AT_MS + 5000
const OWN = transactionId(1)
const OTHER = transactionId(2)
const PARENT = transactionId(3)
const FROM_LEDGER = outputIdOf(transactionId(4), 0)
const FROM_PARENT = outputIdOf(PARENT, 1)
const [FIRST, SECOND] = [idOf(11), idOf(12)]

const PAYMENT: Payment = newPayment(
  {
    id: OWN,
    transaction: {
      inputs: [FROM_LEDGER, FROM_PARENT].sort(),
      outputs: [{ amount: 5000, owner: BOB }],
      memo: Uint8Array.of(1, 2),
      unlocks: [{ key: ALICE, signature: new Uint8Array(64).fill(3) }],
      preimages: [],
    },
  },
  { to: BOB, amount: 5000 },
  CREATED_AT_MS,
)

const attached = (block: BlockId, transaction = OWN): PaymentEvent => ({
  type: 'attached',
  transaction,
  block,
})
const executed = (block: BlockId, verdict: Executed['verdict'], transaction = OWN): PaymentEvent => ({
  type: 'executed',
  executed: { block, transaction, memo: new Uint8Array(), verdict },
  commit: 9,
  atMs: AT_MS,
})
const applied = (block: BlockId) => executed(block, { type: 'applied', spent: [], created: [] })
const rejected = (block: BlockId, rejection: Rejection) => executed(block, { type: 'rejected', ...rejection })
const spentBy = (transaction: typeof OWN, input: OutputId) =>
  executed(
    idOf(99),
    { type: 'applied', spent: [[input, { amount: 1, owner: ALICE }]], created: [] },
    transaction,
  )

const MISSING: Rejection = { reason: 'missing-input', input: FROM_PARENT, unknown: [FROM_PARENT] }

/** The state after these events, one after the other. */
const after = (...events: readonly PaymentEvent[]) => events.reduce(advance, PAYMENT)

describe('A payment', () => {
  it('works at first, is pending in a block, and final once it is applied', () => {
    expect(PAYMENT.state).toEqual({ type: 'working' })
    expect(after(attached(FIRST))).toMatchObject({ state: { type: 'pending' }, blocks: [FIRST] })
    expect(after(attached(FIRST), applied(FIRST))).toMatchObject({
      state: { type: 'final', block: FIRST, commit: 9, atMs: AT_MS },
      blocks: [],
    })
  })

  it('is final even where its block was never heard of', () => {
    expect(after(applied(SECOND)).state).toHaveProperty('type', 'final')
  })

  it('does not care for the blocks and verdicts of others', () => {
    expect(
      after(attached(FIRST, OTHER), executed(FIRST, { type: 'applied', spent: [], created: [] }, OTHER)),
    ).toBe(PAYMENT)
    expect(after(executed(FIRST, { type: 'rejected', ...MISSING }, OTHER))).toBe(PAYMENT)
  })

  it('is rejected with the reason once the last of its blocks is', () => {
    const once = after(attached(FIRST), attached(SECOND), rejected(FIRST, MISSING))
    expect(once).toMatchObject({ state: { type: 'pending' }, blocks: [SECOND] })
    expect(advance(once, rejected(SECOND, MISSING)).state).toEqual({
      type: 'rejected',
      block: SECOND,
      ...MISSING,
    })
  })

  it('is pending again in another block, and can still become final', () => {
    const again = after(attached(FIRST), rejected(FIRST, MISSING), attached(SECOND))
    expect(again).toMatchObject({ state: { type: 'pending' }, blocks: [SECOND] })
    expect(advance(again, applied(SECOND)).state).toHaveProperty('type', 'final')
  })

  it('has failed once another transaction has spent an input, and names it', () => {
    expect(after(attached(FIRST), spentBy(OTHER, FROM_LEDGER)).state).toEqual({
      type: 'failed',
      reason: 'already-spent',
      input: FROM_LEDGER,
      by: OTHER,
    })
    expect(after(spentBy(OTHER, outputIdOf(OTHER, 0)))).toBe(PAYMENT)
  })

  it('has failed where it is rejected for that, though the other was not seen', () => {
    expect(
      after(attached(FIRST), rejected(FIRST, { reason: 'spent-input', input: FROM_LEDGER })).state,
    ).toEqual({
      type: 'failed',
      reason: 'already-spent',
      input: FROM_LEDGER,
    })
  })

  it('has failed with the payment it was built on', () => {
    expect(after(attached(FIRST), { type: 'failed', transaction: PARENT }).state).toEqual({
      type: 'failed',
      reason: 'built-on-failed',
      input: FROM_PARENT,
    })
    expect(after({ type: 'failed', transaction: OTHER })).toBe(PAYMENT)
  })

  it('is not final for being called a duplicate: that came before, and told when', () => {
    expect(after(attached(FIRST), rejected(FIRST, { reason: 'duplicate' })).state).toEqual({
      type: 'pending',
    })
  })

  it('learns from the history what it missed', () => {
    const entry = { commit: 3, place: 0, atMs: AT_MS, block: FIRST, memo: new Uint8Array(), created: [] }
    const own = eventOf({ ...entry, transaction: OWN, spent: [] })
    expect(after(own).state).toEqual({ type: 'final', block: FIRST, commit: 3, atMs: AT_MS })
    const other = eventOf({
      ...entry,
      transaction: OTHER,
      spent: [[FROM_LEDGER, { amount: 1, owner: ALICE }]],
    })
    expect(after(other).state).toMatchObject({ type: 'failed', by: OTHER })
  })

  it('works again after a start without its only block', () => {
    expect(after(attached(FIRST), { type: 'lost', block: FIRST }).state).toEqual({ type: 'working' })
    expect(after(attached(FIRST), { type: 'lost', block: SECOND }).state).toEqual({ type: 'pending' })
    const two = after(attached(FIRST), attached(SECOND), { type: 'lost', block: FIRST })
    expect(two).toMatchObject({ state: { type: 'pending' }, blocks: [SECOND] })
  })

  it('remembers the newest sixteen of many blocks', () => {
    const blocks = Array.from({ length: 20 }, (_, i) => idOf(i))
    expect(after(...blocks.map((block) => attached(block))).blocks).toEqual(blocks.slice(4))
  })

  it('never leaves final or failed, whatever comes', () => {
    const anEvent = fc.constantFrom(
      attached(FIRST),
      attached(SECOND),
      applied(FIRST),
      rejected(FIRST, MISSING),
      rejected(SECOND, { reason: 'duplicate' }),
      rejected(SECOND, { reason: 'spent-input', input: FROM_LEDGER }),
      spentBy(OTHER, FROM_PARENT),
      { type: 'lost', block: FIRST } as const,
      { type: 'failed', transaction: PARENT } as const,
    )
    fc.assert(
      fc.property(fc.array(anEvent, { maxLength: 12 }), (events) => {
        let payment = PAYMENT
        for (const event of events) {
          const next = advance(payment, event)
          if (isOver(payment)) expect(next).toBe(payment)
          else if (!isOver(next) && next.state.type !== 'pending') expect(next.blocks).toEqual([])
          payment = next
        }
      }),
      { seed: 61, numRuns: 1000 },
    )
  })
})

describe('What is to be done about a payment', () => {
  const inputs = (there: readonly OutputId[], pending?: BlockId, expiresAtMs?: number): Inputs => ({
    get: (id) =>
      there.includes(id)
        ? {
            amount: 5000,
            owner: ALICE,
            ...(expiresAtMs !== undefined && { expiry: { atMs: expiresAtMs, refundTo: BOB } }),
          }
        : undefined,
    pendingIn: (id) => (id === PARENT ? pending : undefined),
  })
  const BOTH = [FROM_LEDGER, FROM_PARENT]
  const attach = (...above: readonly BlockId[]) => ({ type: 'attach', above })
  const NOTHING = { type: 'nothing' }

  it('is to attach it, above the block that makes its input', () => {
    expect(todoOf(PAYMENT, inputs(BOTH), AT_MS)).toEqual(attach())
    expect(todoOf(PAYMENT, inputs([FROM_LEDGER], FIRST), AT_MS)).toEqual(attach(FIRST))
  })

  it('is nothing while an input is nowhere', () => {
    expect(todoOf(PAYMENT, inputs([FROM_LEDGER]), AT_MS)).toEqual(NOTHING)
  })

  it('is nothing while it is in a block, and once it is over', () => {
    const pending = after(attached(FIRST))
    for (const payment of [
      pending,
      advance(pending, applied(FIRST)),
      advance(pending, spentBy(OTHER, FROM_LEDGER)),
    ])
      expect(todoOf(payment, inputs(BOTH), AT_MS)).toEqual(NOTHING)
  })

  const rejectedFor = (rejection: Rejection) => after(attached(FIRST), rejected(FIRST, rejection))

  it('is to attach it again where an input was missing and is there now', () => {
    expect(todoOf(rejectedFor(MISSING), inputs([FROM_LEDGER]), AT_MS)).toEqual(NOTHING)
    expect(todoOf(rejectedFor(MISSING), inputs(BOTH), AT_MS)).toEqual(attach())
    expect(todoOf(rejectedFor(MISSING), inputs([FROM_LEDGER], SECOND), AT_MS)).toEqual(attach(SECOND))
  })

  it('is to attach it again once a time has come', () => {
    const early = rejectedFor({ reason: 'time-locked', input: FROM_LEDGER, notBeforeMs: AT_MS })
    expect(todoOf(early, inputs(BOTH), AT_MS - 1)).toEqual(NOTHING)
    expect(todoOf(early, inputs(BOTH), AT_MS)).toEqual(attach())
  })

  it('is to attach a refund again once the output has expired', () => {
    const early = rejectedFor({ reason: 'not-unlocked', input: FROM_LEDGER, lacks: 'owner' })
    expect(todoOf(early, inputs(BOTH, undefined, AT_MS), AT_MS - 1)).toEqual(NOTHING)
    expect(todoOf(early, inputs(BOTH, undefined, AT_MS), AT_MS)).toEqual(attach())
    expect(todoOf(early, inputs(BOTH), AT_MS)).toEqual(NOTHING)
  })

  it.each<Rejection>([
    { reason: 'not-unlocked', input: FROM_LEDGER, lacks: 'refund' },
    { reason: 'unbalanced', inputs: 1, outputs: 2 },
    { reason: 'dust', index: 0, amount: 1, limit: 1000 },
  ])('is nothing where it could never apply: $reason', (rejection) => {
    expect(todoOf(rejectedFor(rejection), inputs(BOTH, undefined, AT_MS), AT_MS)).toEqual(NOTHING)
  })
})

describe('A payment that is kept', () => {
  it('comes back as it was, with the same bytes for its next block', () => {
    const payment = after(attached(FIRST), rejected(FIRST, MISSING), attached(SECOND))
    const stored = structuredClone(storePayment(payment))
    expect(restorePayment(stored)).toEqual(payment)
  })

  it('does not where its bytes are damaged', () => {
    const { bytes, ...rest } = storePayment(PAYMENT)
    expect(restorePayment({ ...rest, bytes: bytes.subarray(1) })).toBeUndefined()
  })
})
