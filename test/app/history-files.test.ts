import { describe, expect, it } from 'vitest'
import { fileName, formatOf } from '../../src/app/files.ts'
import { deletedWords, heldElsewhereWords, importWords, rowFaultWords } from '../../src/app/history-words.ts'
import { NoticesState } from '../../src/app/state/notices.svelte.ts'
import { WorkState } from '../../src/app/state/work.svelte.ts'
import { ApiError, type CallOptions } from '../../src/node/api.ts'
import { fileHead, FileReader, fileRows, fileTail, type FileFormat } from '../../src/reading/history-file.ts'

const DAY = Date.UTC(2026, 4, 3)

describe('files of a history', () => {
  it('are named after their thing and day, in characters every system takes', () => {
    expect(fileName('Barn, north/west', DAY, 'csv')).toBe('barn-north-west-2026-05-03.csv')
    expect(fileName('Kühlraum 2', DAY, 'json')).toBe('kühlraum-2-2026-05-03.json')
    expect(fileName('../..', DAY, 'csv')).toBe('thing-2026-05-03.csv')
  })

  it('are told apart by what they say, whatever they are called', () => {
    const readings = [{ quantity: 'temperature', unit: 'Cel', value: 20, atMs: DAY }]
    for (const format of ['csv', 'json', 'senml'] satisfies FileFormat[]) {
      const text = fileHead(format) + fileRows(format, readings, true) + fileTail(format)
      expect(formatOf('download', text)).toBe(format)
      expect(formatOf('history.JSON', format === 'csv' ? '[' : text)).toBe(format === 'csv' ? 'json' : format)
    }
    expect(formatOf('a.csv', '[')).toBe('csv')
    expect(formatOf('a.txt', '\uFEFFtime,quantity')).toBe('csv')
  })
})

describe('what the app says of a history', () => {
  it('names every fault of a row in words', () => {
    const faulty =
      'time,quantity,value\nx,temperature,1\n2026-05-03T00:00:00Z,,1\n2026-05-03T00:00:00Z,t,warm\n'
    const rows = new FileReader('csv').push(faulty)
    const words = rows.map((row) => ('reading' in row ? '' : rowFaultWords(row)))
    expect(words).toHaveLength(3)
    for (const [i, sentence] of words.entries()) {
      expect(sentence).toMatch(new RegExp(`^Row ${i + 2}: .+[a-z]\\.$`))
      expect(sentence).not.toMatch(/bad-|not-/)
    }
  })

  it('counts what was taken, known and bad', () => {
    expect(importWords({ taken: 1200, known: 1, bad: 2, badRows: [] })).toBe(
      '1,200 readings taken in, 1 reading was here already, 2 rows passed over.',
    )
    expect(importWords({ taken: 0, known: 0, bad: 0, badRows: [] })).toBe('There is no reading in this file.')
  })

  it('says what a deletion does not reach', () => {
    expect(heldElsewhereWords({ total: 4, hereOnly: 4 })).toMatch(/^Nobody else/)
    expect(heldElsewhereWords({ total: 4, hereOnly: 1 })).toMatch(
      /^3 blocks of it are with others too.*twelve words/,
    )
    expect(deletedWords(1, 0)).toBe('What was in 1 block is gone from this device.')
    expect(deletedWords(0, 2)).toBe('2 blocks that are not final yet go by themselves once they are.')
  })
})

describe('long work', () => {
  const clock = { nowMs: 0 }
  const work = (notices = new NoticesState()) => new WorkState(notices, () => clock.nowMs)

  it('is seen to go on, with an estimate', async () => {
    const one = work()
    const gate = Promise.withResolvers<string>()
    let options: CallOptions = {}
    const running = one.run((given) => {
      options = given
      return gate.promise
    })
    expect([one.busy, one.done, one.leftMs]).toEqual([true, undefined, undefined])
    clock.nowMs += 1000
    options.onProgress?.(0.25)
    expect([one.done, one.leftMs]).toEqual([0.25, 3000])
    gate.resolve('file')
    expect(await running).toBe('file')
    expect(one.busy).toBe(false)
  })

  it('can be cancelled, which is no error', async () => {
    const notices = new NoticesState()
    const one = work(notices)
    const running = one.run(
      ({ signal }) =>
        new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(new ApiError('cancelled', 'Cancelled.')))
        }),
    )
    one.cancel()
    expect(await running).toBeUndefined()
    expect([one.busy, one.wasCancelled, notices.list.length]).toEqual([false, true, 0])
  })

  it('says what went wrong', async () => {
    const notices = new NoticesState()
    const one = work(notices)
    await one.run(() => Promise.reject(new ApiError('storage-full', 'Storage is full.')))
    expect([one.wasCancelled, notices.list[0]?.text]).toEqual([false, 'Storage is full.'])
  })
})
