import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FileReader,
  fileHead,
  fileRows,
  fileTail,
  type FileFormat,
  type FileRow,
} from '../../src/reading/history-file.ts'
import { measured } from '../../src/reading/measured.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { anyReading } from './arbitrary.ts'

const FORMATS = ['csv', 'json', 'senml'] as const
const AT_MS = 1_700_000_000_123

function fileOf(format: FileFormat, ...parts: readonly (readonly Reading[])[]): string {
  let written = 0
  const rows = parts.map((readings) => {
    const text = fileRows(format, readings, written === 0)
    written += readings.length
    return text
  })
  return fileHead(format) + rows.join('') + fileTail(format)
}

/** Reads a file in pieces of `size` characters. */
function read(format: FileFormat, file: string, size = file.length): FileRow[] {
  const reader = new FileReader(format)
  const rows: FileRow[] = []
  for (let at = 0; at < file.length; at += size) rows.push(...reader.push(file.slice(at, at + size)))
  return [...rows, ...reader.end()]
}

function readingsIn(rows: readonly FileRow[]): Reading[] {
  return rows.flatMap((row) => ('reading' in row ? [row.reading] : []))
}

describe('A table', () => {
  it('names its bad rows by their lines, as an editor counts them', () => {
    const time = '2026-01-01T00:00:00Z'
    const lines = [
      'time,quantity,unit,value',
      `${time},temperature,Cel,1`,
      '',
      `${time},temperature,Cel,oops`,
      `${time},label,,"one`,
      'reading of',
      'three lines"',
      `${time},temperature,Cel,`,
      `${time},label,,"${'x'.repeat(5000)}`,
      `${time},temperature,Cel,?`,
    ]
    for (const end of ['\n', '\r\n'])
      for (const size of [1, 7, 10_000]) {
        const rows = read('csv', lines.join(end), size)
        expect(readingsIn(rows).map(({ value }) => value)).toEqual([
          1,
          `one${end}reading of${end}three lines`,
        ])
        expect(rows.flatMap((row) => ('row' in row ? [row.row] : []))).toEqual([4, 8, 9, 10])
      }
  })
})

describe.each(FORMATS)('A history as %s', (format) => {
  it('comes back as it was, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyReading, { maxLength: 20 }),
        fc.array(anyReading, { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (some, more, size) => {
          const rows = read(format, fileOf(format, some, [], more), size)
          expect(rows).toEqual([...some, ...more].map((reading) => ({ reading })))
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })

  it('never throws, whatever is in it', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('{', '}', '"', '\n', ',', '\\', '[{"n":"a","v":1}'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const row of read(format, pieces.join(''), 7)) expect('reading' in row || row.row > 0).toBe(true)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('keeps the good rows among bad ones, and says which those are', () => {
    const good = [measured('heart-rate', 60, AT_MS), measured('heart-rate', 61, AT_MS + 1000)]
    const bad = { csv: 'x,heart-rate,,oops\r\n', json: '{"time":1},\n', senml: '{"n":"a"},\n' }[format]
    const [head, first = '', second = ''] = [
      fileHead(format),
      ...good.map((one) => fileRows(format, [one], true)),
    ]
    const separator = format === 'csv' ? '' : ',\n'
    const rows = read(format, `${head}${first}${separator}${bad}${second}${fileTail(format)}`)
    expect(readingsIn(rows)).toEqual(good)
    // A table's rows are counted with its head.
    expect(rows[1]).toEqual({ row: format === 'csv' ? 3 : 2, reason: 'not-understood' })
  })

  it('lets go of a row without end, and reads the next', () => {
    const good = measured('heart-rate', 60, AT_MS)
    const long = {
      csv: `"${'x'.repeat(9000)}\n`,
      json: `{"a":"${'x'.repeat(9000)}"},`,
      senml: `{"n":"${'x'.repeat(9000)}"},`,
    }
    const rows = read(
      format,
      `${fileHead(format)}${long[format]}${fileRows(format, [good], true)}${fileTail(format)}`,
      100,
    )
    expect(rows[0]).toEqual({ row: format === 'csv' ? 2 : 1, reason: 'too-long' })
    expect(readingsIn(rows)).toEqual([good])
  })
})

describe.each(['json', 'senml'] as const)('A broken object in %s', (format) => {
  const good = Array.from({ length: 1000 }, (_, i) => measured('heart-rate', i, AT_MS + i))
  const one = (reading: Reading) => fileRows(format, [reading], true)
  const lines = (at: number, count: number) =>
    good
      .slice(at, at + count)
      .map((reading) => `${one(reading)},\n`)
      .join('')

  it.each([
    ['a text that is not closed', '{"n":"x,"time":1},\n'],
    ['a text that is closed twice', '{"n":"x"","time":1},\n'],
    ['an end in the middle of a text, as of a pen that ran dry', '{"n":"x\\\r\n'],
  ])('by %s is one bad row, and those around it are good', (_, broken) => {
    for (const size of [7, 1e6]) {
      const rows = read(format, `[\n${lines(0, 3)}${broken}${lines(3, 3)}]`, size)
      expect(rows[3]).toEqual({ row: 4, reason: 'not-json' })
      expect(readingsIn(rows)).toEqual(good.slice(0, 6))
    }
  })

  it.each([
    ['no end', `{"a":1,\n`],
    ['a text without end, all in one line', '{"n":"x,"time":1},'],
  ])('that has %s takes little of what follows with it', (_, broken) => {
    const rest = lines(10, 990)
    const rows = read(
      format,
      `[\n${lines(0, 10)}${broken}${broken.endsWith('\n') ? rest : rest.replaceAll('\n', '')}]`,
      64,
    )
    const bad = rows.flatMap((row) => ('row' in row ? [row] : []))
    expect(bad[0]).toEqual({ row: 11, reason: 'too-long' })
    expect(bad.length).toBeLessThan(3)
    const found = readingsIn(rows)
    expect(found.slice(0, 10)).toEqual(good.slice(0, 10))
    expect(found.length).toBeGreaterThan(900)
    expect(found.slice(10)).toEqual(good.slice(10 - found.length))
  })
})

describe('A table from elsewhere', () => {
  it('may have its columns in another order, more of them, quotes around names and a mark of its encoding', () => {
    const rows = read(
      'csv',
      '\uFEFF"Quantity",Note,value,TIME\nheart-rate,"a, b",72,2023-11-14T22:13:20.123Z',
    )
    expect(rows).toEqual([{ reading: { quantity: 'heart-rate', value: 72, atMs: AT_MS } }])
  })

  it('may have empty fields, the first of a row too, and an empty value is none', () => {
    const time = '2023-11-14T22:13:20.123Z'
    const rows = read(
      'csv',
      `unit,time,quantity,value\n,${time},steps,5\n,${time},steps,\n,${time},steps, \n`,
    )
    expect(rows).toEqual([
      { reading: { quantity: 'steps', value: 5, atMs: AT_MS } },
      { row: 3, reason: 'not-understood' },
      { row: 4, reason: 'not-understood' },
    ])
  })

  it('has times as they are written everywhere: what only looks like one is none', () => {
    const times = ['1', '01/02/2024', '2024', '2023-11-14T22:13:20.123Z']
    const rows = read('csv', `time,quantity,value\n${times.map((time) => `${time},steps,5\n`).join('')}`)
    expect(readingsIn(rows).map(({ atMs }) => atMs)).toEqual([AT_MS])
    expect(rows.slice(0, 3)).toEqual([2, 3, 4].map((row) => ({ row, reason: 'bad-time' })))
  })

  it('loses little to a quote that is never closed, however much of it comes at once', () => {
    const good = Array.from({ length: 1000 }, (_, i) => measured('heart-rate', i, AT_MS + i))
    const rows = read('csv', `time,quantity,unit,value\n"x,y\n${fileRows('csv', good, true)}`)
    expect(rows[0]).toEqual({ row: 2, reason: 'too-long' })
    expect(readingsIn(rows).length).toBeGreaterThan(900)
    expect(readingsIn(rows)).toEqual(good.slice(-readingsIn(rows).length))
  })

  it('without the columns that are needed has no good row', () => {
    expect(read('csv', 'a,b\n1,2\n3,4\n')).toEqual([
      { row: 2, reason: 'no-such-columns' },
      { row: 3, reason: 'no-such-columns' },
    ])
  })
})

describe('SenML from elsewhere', () => {
  it('says where a label has to be understood and is not, and passes others over: RFC 8428 §4.4', () => {
    expect(read('senml', '[{"bt":1e9,"n":"a","v":1},{"n":"b","v":1,"far_":2},{"bt":1e9,"x_":0}]')).toEqual([
      { reading: { quantity: 'a', value: 1, atMs: 1e12 } },
      { row: 2, reason: 'must-understand' },
      { row: 3, reason: 'must-understand' },
    ])
    expect(read('senml', '[{"n":"c","v":3,"t":1e9,"_far":0}]')).toMatchObject([{ reading: { value: 3 } }])
    expect(read('senml', '[{"bver":11,"n":"c","v":3,"t":1e9}]')).toEqual([
      { row: 1, reason: 'must-understand' },
    ])
    expect(read('senml', '[{"bver":10,"n":"c","v":3,"t":1e9}]')).toMatchObject([{ reading: { value: 3 } }])
  })

  it('has its base values resolved: the example of RFC 8428 §5.1.2, with a base time', () => {
    const file = `[
      {"bn":"urn:dev:ow:10e2073a01080063:","bt":1.320067464e+09, "bu":"%RH","v":20},
      {"n":"humidity","v":20},
      {"n":"lon","u":"lon","v":24.30621},
      {"n":"humidity","t":60,"v":20.3}]`
    expect(readingsIn(read('senml', file))).toEqual([
      { quantity: 'humidity', unit: '%RH', value: 20, atMs: 1_320_067_464_000 },
      { quantity: 'lon', unit: 'lon', value: 24.30621, atMs: 1_320_067_464_000 },
      { quantity: 'humidity', unit: '%RH', value: 20.3, atMs: 1_320_067_524_000 },
    ])
  })
})
