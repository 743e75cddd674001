import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  areRight,
  completions,
  isUnknown,
  placesToAsk,
  wordsIn,
  WORDS_ASKED,
  WORDS_COUNT,
} from '../../src/app/word-check.ts'

const LIST = ['able', 'about', 'above', 'absent', 'zoo']
const WORDS = Array.from({ length: WORDS_COUNT }, (_, i) => LIST[i % LIST.length] ?? '')

describe('The places that are asked for', () => {
  it('are three, apart, in order, and any of the twelve', () => {
    const part = fc.nat(999).map((thousandths) => thousandths / 1000)
    const draws = fc.array(part, { minLength: 3, maxLength: 3 })
    const seen = new Set<number>()
    const check = (drawn: readonly number[]) => {
      const left = [...drawn]
      const places = placesToAsk(() => left.shift() ?? 0)
      expect(new Set(places).size).toBe(WORDS_ASKED)
      expect([...places].sort((a, b) => a - b)).toEqual(places)
      for (const place of places) {
        expect(place).toBeLessThan(WORDS_COUNT)
        seen.add(place)
      }
    }
    fc.assert(fc.property(draws, check), { seed: 3, numRuns: 300 })
    expect(seen.size).toBe(WORDS_COUNT)
  })

  it('take the words there, in any case, and no others', () => {
    expect(areRight(WORDS, [0, 4], [' Able ', 'ZOO'])).toBe(true)
    expect(areRight(WORDS, [0, 4], ['zoo', 'able'])).toBe(false)
    expect(areRight(WORDS, [0, 4], ['able'])).toBe(false)
  })
})

describe('What is typed', () => {
  it('is taken apart where words were pasted, numbered or not', () => {
    expect(wordsIn('1. Able 2. about\n3) above,absent')).toEqual(['able', 'about', 'above', 'absent'])
    expect(wordsIn('  ')).toEqual([])
  })

  it('is unknown where it is none of the list, and never before the list is there', () => {
    expect(isUnknown('Abel', LIST)).toBe(true)
    expect(isUnknown(' ABLE', LIST)).toBe(false)
    expect(isUnknown('', LIST)).toBe(false)
    expect(isUnknown('abel', [])).toBe(false)
  })

  it('is completed from two letters on', () => {
    expect(completions('a', LIST)).toEqual([])
    expect(completions('abo', LIST)).toEqual(['about', 'above'])
    expect(completions('zz', LIST)).toEqual([])
  })
})
