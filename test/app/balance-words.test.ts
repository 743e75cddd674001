import { describe, expect, it } from 'vitest'
import { conditionWords, originWords, restWords, sinceWords } from '../../src/app/balance-words.ts'
import { readAllowance, spentWords, typedAllowance } from '../../src/app/allowance-form.ts'
import { ANN } from './views.ts'

const AT = new Date('2026-03-01T08:00').getTime()
const PART = { id: 'x', amount: 1, who: [], memo: '' }

describe('a part of a balance', () => {
  it('says where it comes from', () => {
    expect(originWords('spendable', { ...PART, first: true })).toBe('There when the network began')
    expect(originWords('spendable', { ...PART, who: [ANN] })).toBe('From')
    expect(originWords('spendable', { ...PART, pending: true })).toBe('Change of a payment under way')
    expect(originWords('spendable', { ...PART, atMs: 1 })).toBe('Change of a payment of yours')
    expect(originWords('spendable', PART)).toBe('From long ago')
    expect(originWords('refundable', { ...PART, who: [ANN] })).toBe('Sent to')
  })

  it('says since when it is there, and what it waits for', () => {
    expect(sinceWords(AT)).toBe('since 1 March 2026 at 08:00')
    expect(sinceWords(undefined)).toBeUndefined()
    const locked = { ...PART, hashlocked: true as const, notBeforeMs: AT, expiresAtMs: AT }
    expect(conditionWords('locked', locked, AT - 1)).toEqual([
      'Claim it with its secret.',
      'It can be spent from 1 March 2026 at 08:00.',
      'It goes back to who sent it on 1 March 2026 at 08:00.',
    ])
    expect(conditionWords('refundable', { ...PART, expiresAtMs: AT }, AT - 1)).toEqual([
      'It comes back on 1 March 2026 at 08:00.',
    ])
    expect(conditionWords('spendable', locked, AT)).toEqual([])
    expect(restWords({ count: 12, amount: 1 })).toBe('12 smaller parts together')
  })
})

describe('what Weft may pay by itself', () => {
  it('is typed as amounts, and nothing is nothing', () => {
    expect(readAllowance({ perPayment: '', perDay: '0' })).toEqual({ perPayment: 0, perDay: 0 })
    expect(readAllowance({ perPayment: '0.5', perDay: '2,5' })).toEqual({
      perPayment: 500_000,
      perDay: 2_500_000,
    })
    expect(readAllowance(typedAllowance({ perPayment: 1, perDay: 10 ** 12 }))).toEqual({
      perPayment: 1,
      perDay: 10 ** 12,
    })
    expect(spentWords({ spent: 0 })).toMatch(/nothing by itself/)
  })

  it('says what is wrong at its field', () => {
    expect(readAllowance({ perPayment: 'x', perDay: '1' })).toMatchObject({
      faults: { perPayment: expect.stringMatching(/no amount/) as string },
    })
    expect(readAllowance({ perPayment: '2', perDay: '1' })).toMatchObject({
      faults: { perDay: expect.stringMatching(/Raise it/) as string },
    })
  })
})
