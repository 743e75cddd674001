import { describe, expect, test } from 'vitest'
import { compare, parseFigures, type Compared } from './baseline.ts'
import { summaryOf, type Figure } from './figure.ts'

const figure = (rounds: readonly number[], more: Partial<Figure> = {}): Figure => ({
  name: 'encode, to JSON',
  unit: 'times',
  better: 'more',
  rounds,
  ...more,
})

const figures = (...all: readonly Figure[]) => ({ 'node/codec': all.map(summaryOf) })

/** What is said of one figure. */
function judged(before: Figure, now: Figure): Compared | undefined {
  return compare(figures(before), figures(now)).compared[0]
}

describe('a run beside an earlier one', () => {
  test('is worse where the middle halves do not touch and a tenth is lost', () => {
    expect(judged(figure([10, 10.1, 10.2]), figure([8.1, 8.2, 8.3]))).toMatchObject({
      verdict: 'worse',
      before: 10.1,
      now: 8.2,
    })
  })

  test('is the same where the rounds scatter as much as the medians differ', () => {
    expect(judged(figure([6, 10, 14]), figure([5, 8, 11]))?.verdict).toBe('same')
  })

  test('is the same where the rounds agree among themselves and less than a tenth is lost', () => {
    expect(judged(figure([10, 10, 10]), figure([9.1, 9.1, 9.1]))?.verdict).toBe('same')
  })

  test('is better upwards or downwards, as the figure has it', () => {
    const [low, high] = [
      [1, 1, 1],
      [2, 2, 2],
    ]
    expect(judged(figure(low), figure(high))?.verdict).toBe('better')
    expect(judged(figure(high), figure(low))?.verdict).toBe('worse')
    const less = { better: 'less' } as const
    expect(judged(figure(low, less), figure(high, less))?.verdict).toBe('worse')
    expect(judged(figure(high, less), figure(low, less))?.verdict).toBe('better')
  })

  test('is given more room where there was one round only', () => {
    expect(judged(figure([10]), figure([8]))?.verdict).toBe('same')
    expect(judged(figure([10]), figure([7]))?.verdict).toBe('worse')
  })

  test('is held to a few hundredths where there is no chance in a figure', () => {
    const exact = { isExact: true, unit: 'share', better: 'less' } as const
    expect(judged(figure([1], exact), figure([1.03], exact))?.verdict).toBe('worse')
    expect(judged(figure([1], exact), figure([1.01], exact))?.verdict).toBe('same')
  })

  test('says nothing of seconds and bytes, which another machine has others of', () => {
    const ms = { unit: 'ms', better: 'less' } as const
    expect(judged(figure([1, 1, 1], ms), figure([9, 9, 9], ms))).toBeUndefined()
  })

  test('says what is not measured any more, but not of benches that were not asked for', () => {
    const before = { ...figures(figure([1])), 'browser/store': [summaryOf(figure([1]))] }
    const now = figures(figure([1], { name: 'a new one' }))
    expect(compare(before, now)).toEqual({ compared: [], gone: ['node/codec: encode, to JSON'] })
  })
})

describe('a file of an earlier run', () => {
  test('gives its figures back, whatever else is in it', () => {
    const kept = { takenAt: 'then', benches: { 'node/codec': { title: 'x', rows: [], ...wrapped() } } }
    expect(parseFigures(JSON.stringify(kept))).toEqual(figures(figure([1, 2, 3])))
  })

  test.each(['', 'no JSON', '[]', '{}', '{"benches":{"a":{"figures":[{"name":"x"}]}}}'])(
    'is refused where it is another thing: %j',
    (text) => {
      expect(parseFigures(text)).toBeUndefined()
    },
  )

  const wrapped = () => ({ figures: [summaryOf(figure([1, 2, 3]))] })
})
