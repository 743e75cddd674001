import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hash } from '../../src/core/model/id.ts'
import { StoreError, type PageStore } from '../../src/ports.ts'
import type { Series } from '../../src/reading/series.ts'
import { memoryPageStore } from '../../src/store/memory.ts'
import { LEVELS } from '../../src/stream/bucket-page.ts'
import { HistoryIndex, type IndexedRecord } from '../../src/stream/history-index.ts'
import { Shaper, thinnedBy } from '../../src/stream/shaping.ts'
import { countMissing, orderRecords, sampleReadings, SERIES_MAX } from '../../src/stream/series.ts'
import {
  digits,
  follow,
  HOUR_MS,
  KEY,
  OWN,
  pagesIn,
  record,
  rowsOf,
  secondsOf,
  START_MS,
  STRANGER,
  STREAM,
  temperature,
} from './make-index.ts'

const RANGE_MS = 4 * LEVELS[3]

const reading = fc
  .tuple(fc.constantFrom('temperature', 'power', 'opening', 'barcode'), fc.nat(RANGE_MS - 1), fc.nat(100))
  .map(([quantity, intoMs, value]) => {
    const atMs = START_MS + intoMs
    if (quantity === 'opening') return { quantity, value: value > 50, atMs }
    if (quantity === 'barcode') return { quantity, value: `${value}`, atMs }
    return { quantity, unit: 'x', value, atMs }
  })

/** Records of a few epochs in any order; some sealed, some at an index used before, some issued again. */
const history = fc
  .array(
    fc.record({
      epoch: fc.nat(3),
      index: fc.nat(80),
      again: fc.option(fc.nat(60), { freq: 4 }),
      issuedMs: fc.nat(RANGE_MS),
      readings: fc.option(fc.array(reading, { minLength: 1, maxLength: 6 }), { freq: 8 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((drawn) => {
    const records: IndexedRecord[] = []
    for (const [block, { epoch, index, again, issuedMs, readings }] of drawn.entries()) {
      const first = again === null ? undefined : records[again]
      const issuedAtMs = START_MS + issuedMs
      const id = digits(block + 1) as IndexedRecord['id']
      if (first !== undefined) records.push({ ...first, id, issuedAtMs })
      else records.push(record({ epoch, index, block: block + 1 }, readings ?? undefined, issuedAtMs))
    }
    return records
  })

/** The same without repeats, the first met of each. */
function firstsOf(records: readonly IndexedRecord[]): IndexedRecord[] {
  return [...new Map(records.toReversed().map((known) => [known.payloadHash, known])).values()].reverse()
}

/** By name, without gaps: where readings come at any distance, what is usual is a guess. */
function columnsOf(series: readonly Series[]) {
  const named = series.map(({ quantity, atMs, min, mean, max }) => {
    const columns = [atMs, min, mean, max].map((column) =>
      [...column].filter((_, i) => !Number.isNaN(min[i])),
    )
    return [quantity, columns] as const
  })
  return named.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Takes records in, with flushes and crashes wherever the dice say so. */
async function followBadly(pages: PageStore, records: readonly IndexedRecord[], dice: readonly number[]) {
  let index = await HistoryIndex.open(pages, OWN)
  const known = new Set<Hash>()
  let crashes = 0
  for (let at = 0, furthest = 0; at < records.length; at++) {
    const added = records[at]!
    const isNew = await index.add(STREAM, added)
    if (at >= furthest) expect(isNew).toBe(!known.has(added.payloadHash))
    known.add(added.payloadHash)
    furthest = Math.max(furthest, at + 1)
    const die = dice[at % dice.length] ?? 0
    if (die < 3) await index.flush(at + 1)
    if (die !== 3 || crashes++ > 5) continue
    index = await HistoryIndex.open(pages, OWN)
    at = index.place - 1
  }
  return index
}

describe('the history index', () => {
  it('knows the same as its records say, in whatever order they came and however often it crashed', async () => {
    const dice = fc.array(fc.nat(9), { minLength: 1, maxLength: 40 })
    const query = fc.record({ level: fc.nat(3), times: fc.integer({ min: 1, max: 11 }), skip: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(history, dice, query, async (records, dice, { level, times, skip }) => {
        const index = await followBadly(memoryPageStore(), records, dice)
        const firsts = firstsOf(records)
        const { records: ordered, missing } = orderRecords(firsts)
        const all = firsts.flatMap(({ readings = [] }) => readings)
        expect((await rowsOf(index)).map(({ id }) => id)).toEqual(ordered.map(({ id }) => id))
        const summary = index.summary(KEY)
        expect([summary?.records, summary?.readings]).toEqual([firsts.length, all.length])
        expect(summary?.newest.issuedAtMs).toBe(Math.max(...firsts.map(({ issuedAtMs }) => issuedAtMs)))
        const ever = await index.series(KEY, { fromMs: 0, toMs: 2 * START_MS, buckets: 1 })
        expect([ever.readings, ever.missing]).toEqual([all.length, countMissing(missing)])

        const widthMs = LEVELS[level]! * times
        const fromMs = START_MS + skip * LEVELS[level]!
        const buckets = Math.ceil(RANGE_MS / widthMs)
        const range = { fromMs, toMs: fromMs + buckets * widthMs, buckets }
        const summed = await index.series(KEY, range)
        expect(columnsOf(summed.series)).toEqual(columnsOf(sampleReadings(all, range)))
        expect(summed.readings).toBe(all.filter(({ atMs }) => atMs >= fromMs && atMs < range.toMs).length)
      }),
      { seed: 20_260_402, numRuns: 150 },
    )
  })

  it('shows the gaps that the readings themselves would show', async () => {
    const records = secondsOf(0, 7200, (second) => second < 1000 || (second > 1100 && second !== 3000))
    const index = await follow(memoryPageStore(), records)
    const readings = records.flatMap(({ readings = [] }) => readings)
    for (const buckets of [720, 360, 60, 6, 1]) {
      const range = { fromMs: START_MS, toMs: START_MS + 2 * HOUR_MS, buckets }
      const { series, exact } = await index.series(KEY, range)
      expect(exact).toBe(true)
      expect(series).toEqual(sampleReadings(readings, range))
    }
  })

  it('shows no gap where a steady value was left out, and one where a thinned quantity was away', async () => {
    const shaper = new Shaper()
    const shaping = { temperature: { deadband: 0.5 } }
    shaper.set(shaping)
    const seconds = Array.from({ length: 3600 }, (_, second) => second)
    const measured = seconds
      .filter((second) => second < 2000 || second > 2100)
      .map((second) => temperature(START_MS + second * 1000, Math.min(second, 600)))
    const kept = shaper.thin(measured)
    const index = await follow(memoryPageStore(), [record({ index: 0, block: 1 }, kept)])
    for (const buckets of [360, 60]) {
      const range = { fromMs: START_MS, toMs: START_MS + HOUR_MS, buckets }
      const gaps = ({ mean }: Pick<Series, 'mean'>) => mean.filter(Number.isNaN).length
      const { series } = await index.series(KEY, range, thinnedBy(shaping))
      expect(series).toEqual(sampleReadings(kept, range, thinnedBy(shaping)))
      expect(series.map(gaps)).toEqual([1])
    }
  })

  it('knows when each quantity was measured last, up to a time that may lie in the middle of a bucket', async () => {
    const hours = [0, 1, 2, 3].map((hour) => temperature(START_MS + hour * HOUR_MS, 20))
    const late = [1000, 1004].map((intoMs) => temperature(START_MS + 9 * HOUR_MS + intoMs, 20))
    const power = { quantity: 'power', unit: 'W', value: 5, atMs: START_MS + 60_000 }
    const index = await follow(memoryPageStore(), [
      record({ index: 0, block: 1 }, [...hours, ...late, power]),
    ])
    const newest = (quantity: string, toMs: number) => index.newestMs(KEY, quantity, START_MS + toMs)
    expect(await newest('temperature', 10 * HOUR_MS)).toBe(START_MS + 9 * HOUR_MS + 1004)
    expect(await newest('temperature', 9 * HOUR_MS + 1002)).toBe(START_MS + 9 * HOUR_MS + 1000)
    expect(await newest('temperature', 9 * HOUR_MS)).toBe(START_MS + 3 * HOUR_MS)
    expect(await newest('temperature', 2.5 * HOUR_MS)).toBe(START_MS + 2 * HOUR_MS)
    expect(await newest('temperature', -1)).toBeUndefined()
    expect(await newest('power', HOUR_MS)).toBe(START_MS + 60_000)
    expect(await newest('humidity', HOUR_MS)).toBeUndefined()
    expect(await index.newestMs('other', 'power', START_MS)).toBeUndefined()
  })

  it('puts what lies across the edge of a bucket where its middle is', async () => {
    const quick = [1000, 3000, 14_000, 18_000, 21_000].map((intoMs, i) => temperature(START_MS + intoMs, i))
    const index = await follow(memoryPageStore(), [record({ index: 0, block: 1 }, quick)])
    const range = { fromMs: START_MS + 5000, toMs: START_MS + 25_000, buckets: 2 }
    const { series, readings } = await index.series(KEY, range)
    expect(series.map(({ atMs, mean }) => [...atMs, ...mean])).toEqual([[START_MS + 15_000, 3]])
    expect(readings).toBe(3)
  })

  it('puts readings that are further apart than buckets where they are', async () => {
    const slow = [0, 1, 2, 3, 4, 5].map((i) => temperature(START_MS + i * 700_000 + 1, i))
    const index = await follow(memoryPageStore(), [record({ index: 0, block: 1 }, slow)])
    const range = { fromMs: START_MS + 1, toMs: START_MS + 4_200_001, buckets: 6 }
    expect((await index.series(KEY, range)).series).toEqual(sampleReadings(slow, range))
  })

  it('says so where only the blocks know better', async () => {
    const index = await follow(memoryPageStore(), secondsOf(0, 600))
    const range = { fromMs: START_MS, toMs: START_MS + 600_000, buckets: 600 }
    const { series, exact, readings } = await index.series(KEY, range)
    expect([exact, readings, series[0]?.atMs.length]).toEqual([false, 600, 60])
    await expect(index.series(KEY, { ...range, toMs: START_MS })).rejects.toThrow(RangeError)
    const unknown = { series: [], readings: 0, missing: 0, exact: true }
    expect(await index.series(`${STRANGER}:${STREAM.streamId}`, range)).toEqual(unknown)
  })

  it('names the records of a time: what cannot be read by when it was issued', async () => {
    const sealed = record({ epoch: 9, index: 0, block: 99_999 }, undefined, START_MS + HOUR_MS + 7000)
    const index = await follow(memoryPageStore(), [...secondsOf(0, 3 * 3600), sealed])
    const rows = await rowsOf(index, START_MS + HOUR_MS, START_MS + HOUR_MS + 10_000)
    expect(rows.map(({ epoch, index, readings }) => [epoch, index, readings])).toEqual([
      [1, 0, 5],
      [1, 1, 5],
      [9, 0, 0],
    ])
    expect(rows[2]).toMatchObject({ readable: false, encrypted: true })
    expect(await index.nextIndex(KEY, 1)).toBe(720)
    expect(await index.nextIndex(KEY, 5)).toBe(0)
    const range = { fromMs: START_MS, toMs: START_MS + HOUR_MS, buckets: 60 }
    expect((await index.series(KEY, range)).missing).toBe(0)
  })

  it('keeps what a full disk refused, and writes it later', async () => {
    const pages = memoryPageStore()
    let isFull = true
    const full: PageStore = {
      ...pages,
      put: (entries) =>
        isFull ? Promise.reject(new StoreError('quota-exceeded', 'full')) : pages.put(entries),
    }
    const index = await HistoryIndex.open(full, OWN)
    for (const added of secondsOf(0, 60)) await index.add(STREAM, added)
    await expect(index.flush(12)).rejects.toThrow(StoreError)
    expect([index.place, await pagesIn(pages)]).toEqual([0, {}])
    isFull = false
    await index.flush(12)
    const again = await HistoryIndex.open(pages, OWN)
    expect([again.place, again.summary(KEY)]).toEqual([12, index.summary(KEY)])
  })

  it('is begun again where it cannot be read', async () => {
    for (const key of ['m', 's/00000000']) {
      const pages = memoryPageStore()
      await follow(pages, secondsOf(0, 60))
      const [page] = await pages.get([key])
      await pages.put([[key, page?.map((byte, i) => (i === 0 ? 99 : byte))]])
      const index = await HistoryIndex.open(pages, OWN)
      expect([index.place, index.summary(KEY), await pagesIn(pages)]).toEqual([0, undefined, {}])
    }
  })
})

describe('forgetting', () => {
  it('takes what is wholly before a time, and says which blocks that were', async () => {
    const pages = memoryPageStore()
    const records = secondsOf(0, 3 * 3600)
    const index = await follow(pages, records)
    const beforeMs = START_MS + 1.5 * HOUR_MS
    const gone: string[] = []
    for await (const ids of index.remove(KEY, beforeMs)) gone.push(...ids)
    const [early, late] = [records.slice(0, 1080), records.slice(1080)]
    expect(gone.sort()).toEqual(early.map(({ id }) => id).sort())
    for (const known of [index, await HistoryIndex.open(pages, OWN)]) {
      expect((await rowsOf(known)).map(({ id }) => id)).toEqual(late.map(({ id }) => id))
      expect(known.summary(KEY)).toMatchObject({ records: 1080, readings: 5400, firstMs: beforeMs })
      const range = { fromMs: START_MS, toMs: START_MS + 3 * HOUR_MS, buckets: 360 }
      const { series, missing } = await known.series(KEY, range)
      expect(series).toEqual(
        sampleReadings(
          late.flatMap(({ readings = [] }) => readings),
          range,
        ),
      )
      expect(missing).toBe(0)
    }
  })

  it.each([
    ['its own end', Infinity],
    ['the middle of a bucket', START_MS + HOUR_MS + 1],
  ])('leaves nothing of a whole stream up to %s, and others alone', async (_, beforeMs) => {
    const pages = memoryPageStore()
    const index = await follow(pages, secondsOf(0, 3600))
    const other = { issuer: STRANGER, streamId: STREAM.streamId }
    await index.add(other, record({ index: 0, block: 1 }, [temperature(START_MS, 1)]))
    let blocks = 0
    for await (const ids of index.remove(KEY, beforeMs)) blocks += ids.length
    expect([blocks, index.summary(KEY)]).toEqual([720, undefined])
    expect(await pagesIn(pages)).toEqual({ m: 1, s: 1, e: 1, r: 1, b: LEVELS.length })
    const [added] = secondsOf(0, 5)
    expect(await index.add(STREAM, added!)).toBe(true)
    expect(index.summary(KEY)).toMatchObject({ records: 1, readings: 5 })
  })
})

describe('beginning again', () => {
  async function otherFirst(index: HistoryIndex): Promise<void> {
    await index.clear()
    const stranger = { issuer: STRANGER, streamId: STREAM.streamId }
    for (const added of secondsOf(0, 3 * 3600)) await index.add(stranger, added)
  }

  it('is said to whoever reads, who else would get a part, or what is another’s', async () => {
    const index = await follow(memoryPageStore(), secondsOf(0, 3 * 3600))
    const reading = index.records(KEY, 0, Infinity)
    await reading.next()
    await otherFirst(index)
    const reads = async () => {
      for await (const rows of reading) expect(rows.length).toBeGreaterThan(0)
    }
    await expect(reads()).rejects.toThrow(StoreError)
  })

  it('leaves nothing to whoever was forgetting, and nothing of theirs in it', async () => {
    const pages = memoryPageStore()
    const index = await follow(pages, secondsOf(0, 3 * 3600))
    const removing = index.remove(KEY)
    await removing.next()
    await otherFirst(index)
    const gone: string[] = []
    for await (const ids of removing) gone.push(...ids)
    expect(gone).toEqual([])
    expect(await pages.get(['m'])).toEqual([undefined])
    await index.flush(5)
    const again = await HistoryIndex.open(pages, OWN)
    expect([again.place, [...again.summaries()].map(({ records }) => records)]).toEqual([5, [2160]])
  })
})

describe('a stranger’s stream', () => {
  it('costs a bounded number of pages for each record, and leaves the rest usable', async () => {
    const pages = memoryPageStore()
    const index = await HistoryIndex.open(pages, OWN)
    const stranger = { issuer: STRANGER, streamId: STREAM.streamId }
    const yearsMs = Date.UTC(9999, 0, 1) - Date.UTC(1980, 0, 1)
    for (let block = 0; block < 8; block++) {
      const readings = Array.from({ length: 1000 }, (_, i) => ({
        quantity: i % 2 === 0 ? 'q' : `q${block * 1000 + i}`,
        value: i,
        atMs: Math.floor(Date.UTC(1980, 0, 1) + ((i * 7919 + block) % 8000) * (yearsMs / 8000)),
      }))
      const place = { epoch: (block * 1_234_567_891) % 2 ** 32, index: 2 ** 32 - 1 - block, block: block + 1 }
      expect(await index.add(stranger, record(place, readings))).toBe(true)
    }
    // More than may wait is written before anybody asks for it.
    expect((await pagesIn(pages))['b']).toBeGreaterThan(0)
    expect(index.place).toBe(0)
    await index.flush(8)
    const { e = 0, r = 0, b = 0 } = await pagesIn(pages)
    expect([e, r]).toEqual([8, 8])
    expect(b).toBeLessThanOrEqual(8 * 128 * LEVELS.length)
    const range = { fromMs: Date.UTC(1980, 0, 1), toMs: Date.UTC(10_000, 0, 1), buckets: 800 }
    const { series } = await index.series(`${STRANGER}:${STREAM.streamId}`, range)
    expect(series.length).toBeLessThanOrEqual(SERIES_MAX)
    expect(series.every(({ atMs }) => atMs.length <= 2 * 800)).toBe(true)
  })

  it('that uses one index without end fills one page, and is counted', async () => {
    const pages = memoryPageStore()
    const index = await HistoryIndex.open(pages, OWN)
    for (let block = 1; block <= 300; block++)
      await index.add(STREAM, record({ index: 3, block }, [temperature(START_MS, 1)]))
    expect(index.summary(KEY)?.records).toBe(300)
    expect((await rowsOf(index)).length).toBe(128)
    await index.flush(300)
    expect((await pagesIn(pages))['r']).toBe(1)
    expect(await index.nextIndex(KEY, 0)).toBe(4)
  })

  it('is refused where there are too many, and ours never', async () => {
    const index = await HistoryIndex.open(memoryPageStore(), OWN)
    const added = record({ index: 0, block: 1 }, undefined)
    const streams = Array.from({ length: 1024 }, (_, i) => digits(i) as Hash)
    for (const streamId of streams) expect(await index.add({ issuer: STRANGER, streamId }, added)).toBe(true)
    const one = digits(9999) as Hash
    expect(await index.add({ issuer: STRANGER, streamId: one }, added)).toBe(false)
    expect(await index.add({ issuer: OWN, streamId: one }, added)).toBe(true)
    expect([...index.summaries()].length).toBe(1025)
  })
})
