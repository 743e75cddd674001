import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { amountFaultWords, amountWords, numberWords, signedWords } from '../../src/app/amount-words.ts'
import { parseAmount, writeAmount } from '../../src/app/amount.ts'
import { speak } from '../../src/app/language.svelte.ts'

const units = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })

describe('an amount that is shown', () => {
  it('has thousands apart and only the decimals it needs', () => {
    expect(numberWords(0)).toBe('0')
    expect(numberWords(1)).toBe('0.000001')
    expect(numberWords(1_000_000)).toBe('1')
    expect(numberWords(1_234_500_000)).toBe('1\u202f234.5')
    expect(amountWords(10 ** 15)).toBe('1\u202f000\u202f000\u202f000\u00a0W')
    expect(amountWords(Number.MAX_SAFE_INTEGER)).toBe('9\u202f007\u202f199\u202f254.740991\u00a0W')
  })

  it('carries the sign of what it does', () => {
    expect([-1, 0, 1].map((sign) => signedWords(5_000_000, sign as -1 | 0 | 1))).toEqual([
      '−5\u00a0W',
      '5\u00a0W',
      '+5\u00a0W',
    ])
  })

  it('is read back as it was, for every amount there can be', () => {
    fc.assert(
      fc.property(units, (amount) => {
        expect(parseAmount(amountWords(amount))).toBe(amount)
        expect(parseAmount(numberWords(amount))).toBe(amount)
      }),
      { seed: 31 },
    )
  })
})

describe('an amount in another language', () => {
  afterEach(() => speak('en'))

  it('has its decimals behind the mark of that language, and is read back', async () => {
    for (const language of ['de', 'es'] as const) {
      await speak(language)
      expect(amountWords(1_234_500_000)).toBe('1\u202f234,5\u00a0W')
      expect(parseAmount(amountWords(1_234_500_000))).toBe(1_234_500_000)
    }
  })

  it('is read from the left among words that are read from the right', async () => {
    await speak('ar')
    expect(signedWords(1_234_500_000, -1)).toBe('\u2068−1\u202f234.5\u00a0W\u2069')
    expect(parseAmount(numberWords(1_234_500_000))).toBe(1_234_500_000)
  })

  it('is the same text for programs in every language', async () => {
    await speak('de')
    expect(writeAmount(1_234_500_000)).toBe('1234.5')
    expect(writeAmount(7_000_000)).toBe('7')
  })
})

describe('an amount that is typed', () => {
  it('may have a point or a comma before decimals, and spaces between thousands', () => {
    expect(parseAmount('12.5')).toBe(12_500_000)
    expect(parseAmount('12,5')).toBe(12_500_000)
    expect(parseAmount(' 1 234 567 ')).toBe(1_234_567_000_000)
    expect(parseAmount('.001')).toBe(1000)
    expect(parseAmount('7,')).toBe(7_000_000)
    expect(parseAmount('5 W')).toBe(5_000_000)
    expect(parseAmount('0003.0000000000')).toBe(3_000_000)
  })

  it('never takes a comma for thousands: a thousandth part is the smaller mistake', () => {
    expect(parseAmount('1,000')).toBe(1_000_000)
    expect(parseAmount('1,000.50')).toEqual({ type: 'not-a-number' })
    expect(parseAmount('1.000.000')).toEqual({ type: 'not-a-number' })
  })

  it('is refused with a reason where it is none', () => {
    for (const text of ['', '   ', 'W']) expect(parseAmount(text)).toEqual({ type: 'empty' })
    for (const text of ['.', 'x', '-5', '+5', '1e3', '0x1', '1 23', '١', 'NaN', 'Infinity', '1\u00002'])
      expect(parseAmount(text)).toEqual({ type: 'not-a-number' })
    expect(parseAmount('0.0000001')).toEqual({ type: 'too-many-decimals' })
    expect(parseAmount('9007199254.740991')).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseAmount('9007199254.740992')).toEqual({ type: 'too-large' })
    for (const text of ['0', '0.000000', '0 W']) expect(parseAmount(text)).toEqual({ type: 'zero' })
    expect(parseAmount('9'.repeat(1_000_000))).toEqual({ type: 'not-a-number' })
  })

  it('is an amount in the bounds or a reason in words, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9., W-]{0,30}$/)), (text) => {
        const amount = parseAmount(text)
        if (typeof amount === 'object') expect(amountFaultWords(amount)).not.toBe('')
        else expect(Number.isSafeInteger(amount) && amount > 0).toBe(true)
      }),
      { seed: 32, numRuns: 1000 },
    )
  })

  it('is exact to the last unit, as a decimal fraction is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9_007_199_253 }),
        fc.integer({ min: 0, max: 999_999 }),
        (whole, part) => {
          fc.pre(whole + part > 0)
          const text = `${whole}.${String(part).padStart(6, '0')}`
          expect(parseAmount(text)).toBe(Number(BigInt(whole) * 1_000_000n + BigInt(part)))
        },
      ),
      { seed: 33 },
    )
  })
})
