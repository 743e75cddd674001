import { describe, expect, it } from 'vitest'
import { reviewReason, summaryWords } from '../../src/app/pay-words.ts'
import { makeSecret } from '../../src/app/secret.ts'
import { EMPTY_FORM, secretOf, withRequest } from '../../src/app/send-form.ts'
import { hashlockOf } from '../../src/wallet/secret.ts'
import { ANN } from './views.ts'

const MARCH = new Date('2026-03-01T08:00').getTime()
const LATER = new Date('2026-03-02T08:00').getTime()
const HASHLOCK = 'ab'.repeat(32)

describe('A payment that is about to be made', () => {
  it('is put in whole sentences', () => {
    const words = summaryWords({ to: ANN, amount: 2_500_000, notBeforeMs: MARCH, refundAtMs: LATER }, 'Ana')
    expect(words).toEqual([
      'You pay 2.5\u00a0W to Ana.',
      'It can be spent from 1 March 2026 at 08:00.',
      'It comes back on 2 March 2026 at 08:00 unless it is spent before.',
    ])
    expect(summaryWords({ to: ANN, amount: 1, hashlock: HASHLOCK }, 'Ana')).toContain(
      'It never comes back: without the secret it stays locked for good.',
    )
  })

  it('is asked about once more for its conditions, or where it is most of what there is', () => {
    const plain = { to: ANN, amount: 50 }
    expect(reviewReason(plain, 100)).toBeUndefined()
    expect(reviewReason({ ...plain, amount: 51 }, 100)).toBe('large')
    expect(reviewReason(plain, undefined)).toBeUndefined()
    for (const condition of [{ notBeforeMs: 1 }, { refundAtMs: 1 }, { hashlock: HASHLOCK }])
      expect(reviewReason({ ...plain, ...condition }, 1000)).toBe('conditions')
  })
})

describe('A secret', () => {
  it('opens what its hash locks, and is shown only while the form has that hash', async () => {
    const secret = await makeSecret((bytes) => bytes.fill(7), crypto.subtle)
    expect(secret.secret).toBe('07'.repeat(32))
    expect(secret.hashlock).toBe(hashlockOf(new Uint8Array(32).fill(7)))
    const form = { ...EMPTY_FORM, hashlock: secret.hashlock.toUpperCase() }
    expect(secretOf(form, secret)).toBe(secret)
    expect(secretOf({ ...form, hashlock: HASHLOCK }, secret)).toBeUndefined()
  })
})

describe('A request', () => {
  it('fills in what it names and leaves the rest', () => {
    const form = { ...EMPTY_FORM, memo: 'Mine', amount: '7' }
    expect(withRequest(form, { to: ANN })).toEqual({ ...form, to: ANN })
    expect(withRequest(form, { to: ANN, amount: 2_500_000, memo: 'Eggs' })).toEqual({
      ...form,
      to: ANN,
      amount: '2.5',
      memo: 'Eggs',
    })
  })
})
