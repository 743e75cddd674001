import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRequest, writeRequest } from '../../src/app/payment-link.ts'
import { ANN } from './views.ts'

const APP = 'https://weft.example/app/'
const NETWORK = 'ab'.repeat(32)

describe('A link that asks for a payment', () => {
  it('says whom, how much, what for and in which network, and is read again', () => {
    const request = { to: ANN, amount: 12_500_000, memo: 'Eggs & milk ☕ = 5?', network: NETWORK }
    const link = writeRequest(APP, request)
    expect(link).toBe(
      `${APP}#pay=${ANN}?amount=12.5&memo=Eggs+%26+milk+%E2%98%95+%3D+5%3F&network=${NETWORK}`,
    )
    expect(readRequest(link)).toEqual(request)
    expect(readRequest(` ${ANN}\n`)).toEqual({ to: ANN })
    expect(writeRequest(APP, { to: ANN })).toBe(`${APP}#pay=${ANN}`)
  })

  it('keeps every amount exactly, and every note', () => {
    const amount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
    const memo = fc
      .string({ unit: 'grapheme-ascii', maxLength: 60 })
      .map((text) => text.replace(/\s+/g, ' ').trim())
    fc.assert(
      fc.property(amount, memo, (units, text) => {
        const asked = { to: ANN, amount: units, ...(text !== '' && { memo: text }) }
        expect(readRequest(writeRequest(APP, asked))).toEqual(asked)
      }),
      { seed: 3 },
    )
  })

  it.each([
    ['an amount that is none', 'amount=12,5'],
    ['an amount with a sign', 'amount=-5'],
    ['an amount beyond all money', 'amount=9999999999'],
    ['nothing', 'amount=0'],
    ['a power of ten', 'amount=1e9'],
    ['a note that is too long', `memo=${'W'.repeat(1200)}&amount=`],
    ['another network in other words', 'network=mine'],
    ['what it does not know', 'fee=1&pay=now'],
  ])('with %s asks for the payee alone', (_, query) => {
    const { memo, ...rest } = readRequest(`${APP}#pay=${ANN}?${query}`) ?? {}
    expect(rest).toEqual({ to: ANN })
    expect((memo ?? '').length).toBeLessThanOrEqual(140)
  })

  it('has a note on one line, that turns no writing around, and is no markup', () => {
    const memo = encodeURIComponent('<img src=x>\n\u202egnp')
    expect(readRequest(`#pay=${ANN}?memo=${memo}`)?.memo).toBe('<img src=x> gnp')
  })

  it('is none without a payee, and whatever is longer than any', () => {
    for (const text of ['', 'hello', '#join=abc', `${APP}#pay=did:key:z6Mk`, `did:web:${ANN}`])
      expect(readRequest(text)).toBeUndefined()
    expect(readRequest(`${ANN}?memo=${'a'.repeat(3000)}`)).toBeUndefined()
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const request = readRequest(`#pay=${ANN}?${text}`)
        expect(request === undefined || request.to === ANN).toBe(true)
      }),
      { seed: 5 },
    )
  })
})
