import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { giveBack, NO_ALLOWANCE, spend, spentWithinDay, type SpentHour } from '../../src/wallet/allowance.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START_MS = 500_000 * HOUR_MS
const ALLOWANCE = { perPayment: 40, perDay: 100 }

/** Spends what is allowed of these, and returns what was. */
function run(payments: readonly { readonly atMs: number; readonly amount: number }[]) {
  let spent: readonly SpentHour[] = []
  const paid = payments.filter(({ atMs, amount }) => {
    const next = spend(ALLOWANCE, spent, amount, atMs)
    if ('type' in next) return false
    spent = next
    return true
  })
  return { paid, spent }
}

describe('What may be paid without asking', () => {
  it('is nothing where nobody has said so', () => {
    expect(spend(NO_ALLOWANCE, [], 1, START_MS)).toEqual({ type: 'over-payment-limit', limit: 0 })
  })

  it('is bounded for one payment, and for a day', () => {
    expect(spend(ALLOWANCE, [], 41, START_MS)).toEqual({ type: 'over-payment-limit', limit: 40 })
    const { spent } = run([0, 1].map((hour) => ({ atMs: START_MS + hour * HOUR_MS, amount: 40 })))
    expect(spend(ALLOWANCE, spent, 21, START_MS + 2 * HOUR_MS)).toEqual({
      type: 'over-day-limit',
      limit: 100,
      left: 20,
    })
    expect(spentWithinDay(spent, START_MS + 24 * HOUR_MS)).toBe(80) // any of that hour may be a day ago or less
    expect(spentWithinDay(spent, START_MS + 25 * HOUR_MS)).toBe(40)
    expect(spentWithinDay(spent, START_MS + 26 * HOUR_MS)).toBe(0)
  })

  it('is never more than the limit within any 24 hours, and takes a bounded note', () => {
    const steps = fc.array(
      fc.record({ stepMs: fc.nat(3 * HOUR_MS), amount: fc.integer({ min: 1, max: 60 }) }),
      {
        maxLength: 80,
      },
    )
    fc.assert(
      fc.property(steps, (drawn) => {
        let atMs = START_MS
        const { paid, spent } = run(drawn.map(({ stepMs, amount }) => ({ atMs: (atMs += stepMs), amount })))
        for (const { atMs: end } of paid) {
          const within = paid.filter((each) => each.atMs <= end && each.atMs > end - DAY_MS)
          expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(ALLOWANCE.perDay)
        }
        expect(spent.length).toBeLessThanOrEqual(25)
      }),
      { seed: 7 },
    )
  })

  it('counts what a clock that was ahead has noted, and for no longer than a day', () => {
    const { spent } = run([{ atMs: START_MS + 1000 * DAY_MS, amount: 40 }])
    expect(spentWithinDay(spent, START_MS)).toBe(40)
    const later = spend(ALLOWANCE, spent, 1, START_MS)
    if ('type' in later) throw new Error('it is allowed')
    expect(spentWithinDay(later, START_MS + 26 * HOUR_MS)).toBe(0)
  })

  it('is there again where a payment came to nothing', () => {
    const { spent } = run([{ atMs: START_MS + 5, amount: 40 }])
    expect(spentWithinDay(giveBack(spent, 40, START_MS + 5), START_MS + 6)).toBe(0)
  })
})
