import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bearableLosses,
  lossWords,
  orderWords,
  readDidKey,
  readValidators,
  validatorWords,
} from '../../src/app/committee.ts'
import { ANN, BEN, DEVICE } from './views.ts'

const equal = (count: number) => Array.from({ length: count }, () => 1)

describe('what losing a validator means', () => {
  it('is that payments stop, with one, two or three', () => {
    expect(lossWords(equal(1))).toBe('There is one validator. If it is lost, payments stop.')
    for (const count of [2, 3])
      expect(lossWords(equal(count))).toBe('If any one of them is lost, payments stop.')
  })

  it('is borne by four and more', () => {
    expect(lossWords(equal(4))).toBe(
      'Any 1 of 4 validators may be lost and payments go on. If 2 are, payments stop.',
    )
    expect(lossWords(equal(7))).toMatch(/^Any 2 of 7 .*If 3 are, payments stop/)
  })

  it('depends on who is lost where some are heavier', () => {
    expect(lossWords([5, 1, 1, 1])).toBe('If the heaviest of them is lost, payments stop.')
    expect(lossWords([2, 2, 1])).toBe('If any one of the 2 heaviest is lost, payments stop.')
    expect(lossWords([2, 2, 2, 1, 1])).toMatch(/^Any 1 of 5 .*If 2 are, payments may stop/)
  })

  it('counts any so many validators as bearable if the heaviest so many are', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 1, maxLength: 64 })
    fc.assert(
      fc.property(weights, (all) => {
        const lost = bearableLosses(all)
        const sum = (some: readonly number[]) => some.reduce((a, b) => a + BigInt(b), 0n)
        const left = (count: number) => sum([...all].sort((a, b) => b - a).slice(count))
        expect(3n * left(lost) > 2n * sum(all)).toBe(true)
        expect(3n * left(lost + 1) > 2n * sum(all)).toBe(false)
      }),
      { seed: 34 },
    )
  })
})

describe('the validators a person writes', () => {
  it('are one did:key a line, whatever stands around them', () => {
    expect(readValidators(`  ${ANN}\r\n\n${BEN}  \n`)).toEqual([ANN, BEN])
    expect(readDidKey(` ${DEVICE}\n`)).toBe(DEVICE)
  })

  it('are refused with the line that is none', () => {
    expect(readValidators('')).toMatch(/at least one/)
    expect(readValidators(`${ANN}\n\nz6MkAnn`)).toMatch(/^Line 2 /)
    expect(readValidators(`${ANN}\n${ANN}`)).toMatch(/twice/)
    expect(readValidators(Array.from({ length: 65 }, () => ANN).join('\n'))).toMatch(/at most 64/)
    for (const wrong of [
      ANN.slice(0, -1),
      `${ANN}1`,
      ANN.replace('A', '0'),
      `x${ANN}`,
      'did:web:ann.example',
    ])
      expect(readDidKey(wrong)).toBeUndefined()
  })
})

describe('this device as a validator', () => {
  it('says by how much its clock is off, and in which direction', () => {
    expect(validatorWords({ type: 'clock-off', offsetMs: 23_400 })).toBe(
      'This device’s clock is 23 s behind the others’. Set it right; until then it does not take part in agreeing.',
    )
    expect(validatorWords({ type: 'clock-off', offsetMs: -7_200_000 })).toMatch(/2 h ahead of the others’/)
  })

  it('warns of a second copy where only its person can know', () => {
    expect(validatorWords({ type: 'alone' })).toMatch(/Two running copies .* break the network/)
    expect(validatorWords({ type: 'proposing' })).not.toMatch(/copies/)
    expect(validatorWords({ type: 'diverged' })).toMatch(/has stopped taking part/)
  })

  it('tells the age of the newest commit once there is one', () => {
    expect(orderWords({ index: 0 }, '20 days ago')).toBe('none yet')
    expect(orderWords({ index: 1234 }, '12 s ago')).toBe('1,234 commits, the newest 12 s ago')
  })
})
