import { describe, expect, it } from 'vitest'
import { EMPTY_FORM, readHex32, readSendForm, type SendForm } from '../../src/app/send-form.ts'
import { ANN } from './views.ts'

const NOW = new Date('2026-03-01T08:00').getTime()
const SPENDABLE = 100_000_000

function read(change: Partial<SendForm>) {
  return readSendForm({ ...EMPTY_FORM, to: ANN, amount: '5', ...change }, SPENDABLE, NOW)
}

/** What is wrong with a form, by field. */
function faults(change: Partial<SendForm>) {
  const answer = read(change)
  return 'faults' in answer ? answer.faults : {}
}

describe('a payment as it is filled in', () => {
  it('needs a payee and an amount, and nothing else', () => {
    expect(read({})).toEqual({ to: ANN, amount: 5_000_000 })
    expect(read({ to: ` ${ANN}\n`, amount: '100', memo: ' Eggs ' })).toEqual({
      to: ANN,
      amount: SPENDABLE,
      memo: 'Eggs',
    })
  })

  it('may have conditions, its times being local', () => {
    const hashlock = 'AB'.repeat(32)
    expect(read({ notBefore: '2026-03-02T08:00', refundAt: '2026-03-03T08:00', hashlock })).toEqual({
      to: ANN,
      amount: 5_000_000,
      notBeforeMs: new Date('2026-03-02T08:00').getTime(),
      refundAtMs: new Date('2026-03-03T08:00').getTime(),
      hashlock: 'ab'.repeat(32),
    })
  })

  it('says every fault at once, each at its field', () => {
    expect(Object.keys(faults({ to: '', amount: '', hashlock: 'x' }))).toEqual(['to', 'amount', 'hashlock'])
  })

  it('is refused where there is not that much to spend', () => {
    expect(faults({ amount: '100.000001' }).amount).toBe('There is 100\u00a0W to spend.')
  })

  it('is left to the peer where it takes the place of another, whose money counts too', () => {
    const form = { ...EMPTY_FORM, to: ANN, amount: '100.000001' }
    expect(readSendForm(form, undefined, NOW)).toEqual({ to: ANN, amount: 100_000_001 })
  })

  it('is refused where it would come back too early', () => {
    expect(faults({ refundAt: '2026-03-01T08:00' }).refundAt).toBe('This time is over.')
    expect(faults({ notBefore: '2026-03-02T08:00', refundAt: '2026-03-02T08:00' }).refundAt).toMatch(
      /before it could be spent/,
    )
  })

  it('has a note of 256 bytes at most, whatever it is written in', () => {
    expect(faults({ memo: '🐄'.repeat(64) })).toEqual({})
    expect(faults({ memo: '🐄'.repeat(65) }).memo).toMatch(/too long/)
  })
})

describe('32 bytes as a person types them', () => {
  it('are 64 hex digits in either case', () => {
    expect(readHex32(` ${'Ab'.repeat(32)} `)).toBe('ab'.repeat(32))
    for (const wrong of ['', 'ab', 'g'.repeat(64), 'a'.repeat(65), `0x${'a'.repeat(62)}`])
      expect(readHex32(wrong)).toBeUndefined()
  })
})
