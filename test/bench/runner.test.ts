import { describe, expect, test } from 'vitest'
import { meetsGoal, ratios, summaryOf } from './figure.ts'
import { parseOptions } from './options.ts'
import { chosen, comparison, figuresOf, runAll, type Bench } from './runner.ts'
import { formatRows, shown } from './table.ts'

const bench = (name: string, where: Bench['where'], run: Bench['run'] = async () => ({})): Bench => ({
  name,
  where,
  title: `about ${name}`,
  run,
})

const BENCHES = [
  bench('codec', 'node'),
  bench('intake', 'node'),
  bench('intake', 'browser'),
  bench('store', 'browser'),
]

describe('the command line', () => {
  const read = (...argv: readonly string[]) => parseOptions(argv, BENCHES)
  const run = (...argv: readonly string[]) => {
    const options = read(...argv)
    if ('type' in options) throw new Error(options.message)
    return chosen(BENCHES, options).map(({ name, where }) => `${where}/${name}`)
  }

  test('asks for Node alone, or for Chromium too, and for some by name', () => {
    expect(run()).toEqual(['node/codec', 'node/intake'])
    expect(run('--browser')).toEqual(['node/codec', 'node/intake', 'browser/intake', 'browser/store'])
    expect(run('--only', 'intake')).toEqual(['node/intake'])
    expect(run('--only', 'intake, store', '--browser')).toEqual([
      'node/intake',
      'browser/intake',
      'browser/store',
    ])
  })

  test('takes files and a number of blocks', () => {
    expect(read('--json', 'a.json', '--baseline', 'b.json', '--blocks', '500')).toMatchObject({
      json: 'a.json',
      baseline: 'b.json',
      blocks: 500,
    })
  })

  test.each([
    [['--only', 'codex'], /There is no bench "codex". There are: codec, intake, store\./],
    [['--only', 'store'], /add --browser/],
    [['--blocks', 'many'], /--blocks takes a whole number/],
    [['--blocks', '0'], /--blocks takes a whole number/],
    [['--json', ''], /--json takes the path of a file/],
    [['--brwoser'], /--brwoser/],
    [['codec'], /codec/],
  ])('says what is wrong with %j', (argv, message) => {
    const options = read(...argv)
    expect(options).toMatchObject({ type: 'bad' })
    expect('message' in options && options.message).toMatch(message)
  })
})

describe('a run', () => {
  test('goes on after a bench that fails, and says so', async () => {
    const said: string[] = []
    const broken = bench('broken', 'node', async () => {
      throw new Error('no disk')
    })
    const good = bench('codec', 'node', async () => ({
      rows: [{ name: 'encode', rate: 1234.5678 }],
      figures: [{ name: 'encode, to JSON', unit: 'times', better: 'more', rounds: [1, 3, 2], goal: 2.5 }],
    }))
    const result = await runAll([broken, good], { say: (text) => said.push(text), load: () => 1.5 })
    expect(result.failed).toEqual(['node/broken'])
    expect(figuresOf(result)['node/codec']?.[0]).toMatchObject({ median: 2, low: 1.5, high: 2.5, rounds: 3 })
    const text = said.join('\n')
    expect(text).toContain('about codec (load 1.5)')
    expect(text).toContain('failed: Error: no disk')
    expect(text).toContain('1 235')
    expect(text).toContain('MISSED')
  })

  test('is told beside an earlier one in a sentence and a table of what changed', () => {
    const of = (...rounds: readonly number[]) => ({
      'node/codec': [summaryOf({ name: 'decode', unit: 'times', better: 'more', rounds })],
    })
    expect(comparison(of(2, 2, 2), of(2, 2, 2))).toBe('Of 1 ratios, 0 got worse beyond noise, 0 better.')
    expect(comparison(of(2, 2, 2), of(1, 1, 1))).toMatch(
      /1 got worse[^]*WORSE +node\/codec +decode +2 +1 +50 %/,
    )
    expect(comparison(of(2), { 'node/codec': [] })).toContain('Not measured any more: node/codec: decode.')
  })
})

describe('a figure', () => {
  test('is the median of its rounds, between its quartiles', () => {
    expect(summaryOf({ name: 'x', unit: 'ms', better: 'less', rounds: [4, 1, 3, 2, 100] })).toMatchObject({
      median: 3,
      low: 2,
      high: 4,
    })
  })

  test('meets a goal from either side', () => {
    const is = (value: number, better: 'more' | 'less', goal?: number) =>
      meetsGoal(
        summaryOf({ name: 'x', unit: 'ms', better, rounds: [value], ...(goal !== undefined && { goal }) }),
      )
    expect([is(5, 'more', 5), is(4, 'more', 5), is(5, 'less', 5), is(6, 'less', 5), is(6, 'less')]).toEqual([
      true,
      false,
      true,
      false,
      undefined,
    ])
  })

  test('is divided round by round', () => {
    expect(ratios([10, 40], [5, 10])).toEqual([2, 4])
    expect(() => ratios([1], [1, 2])).toThrow(RangeError)
  })
})

describe('a table', () => {
  test('has columns of one width, numbers to the right', () => {
    expect(
      formatRows([
        { name: 'a', rate: 7 },
        { name: 'long', rate: 12345 },
      ]).split('\n'),
    ).toEqual(['  name    rate', '  ────  ──────', '  a          7', '  long  12 345'])
  })

  test('names the lines of a record, and is nothing without any', () => {
    expect(formatRows({ first: { x: 1 } })).toContain('first')
    expect(formatRows([])).toBe('')
  })

  test.each([
    [0, '0'],
    [0.123456, '0.123'],
    [12.3456, '12.35'],
    [1234567.8, '1 234 568'],
    [-12345, '-12 345'],
    [Number.NaN, '–'],
    [undefined, ''],
    ['text', 'text'],
    [false, 'false'],
  ])('shows %j as %j', (value, text) => {
    expect(shown(value)).toBe(text)
  })
})
