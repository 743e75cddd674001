import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import { BucketPage, LEVELS, PAGE_BUCKETS } from '../../src/stream/bucket-page.ts'
import { EpochPage, missingIn } from '../../src/stream/epoch-page.ts'
import { RecordPage } from '../../src/stream/record-page.ts'
import {
  decodeMeta,
  decodeStream,
  encodeMeta,
  encodeStream,
  SeriesEntry,
  streamKey,
  type StreamEntry,
} from '../../src/stream/stream-entry.ts'
import { mutate, mutation } from '../property/mutate.ts'

const SEED = { seed: 20_260_401, numRuns: 500 }
const START_MS = 1_767_225_600_000

function id(number: number): string {
  return number.toString(16).padStart(16, '0').repeat(4)
}

function record(index: number, issuedAtMs: number, payload: number) {
  const payloadHash = id(payload) as Hash
  return { id: id(payload + 1) as BlockId, epoch: 7, index, issuedAtMs, payloadHash, encrypted: true }
}

function bucketPage(): BucketPage {
  const page = new BucketPage()
  for (const [slot, value] of [0, 1, 40, 255].entries())
    page.addReading(LEVELS[0], START_MS + value * LEVELS[0] + 7, slot)
  return page
}

function recordPage(): RecordPage {
  const page = new RecordPage()
  for (const index of [5, 3, 63, 3]) {
    const issuedAtMs = START_MS + page.length
    page.add(record(index, issuedAtMs, page.length), { firstMs: issuedAtMs - 9, lastMs: issuedAtMs - 1 })
  }
  return page
}

function epochPage(): EpochPage {
  const page = new EpochPage()
  const times = { firstMs: START_MS, lastMs: START_MS + 5 }
  for (const epoch of [512, 767, 600])
    page.set(epoch, { listed: 2, indexes: 2, unlisted: 0, highest: 4, ...times })
  return page
}

function stream(): StreamEntry {
  const issuer = id(1) as PublicKey
  const streamId = id(2) as Hash
  const newest = { id: id(3) as BlockId, issuedAtMs: START_MS, encrypted: true }
  const totals = { records: 3, readings: 2 ** 40, firstMs: START_MS - 5, lastMs: START_MS }
  const summary = { key: streamKey(issuer, streamId), issuer, streamId, newest, ...totals }
  const series = [new SeriesEntry('temperature', 'Cel', false), new SeriesEntry('barcode', '', true)]
  return { number: 9, series, summary }
}

describe('a page of buckets', () => {
  it('sums readings up in any order, and says when they were', () => {
    const page = new BucketPage()
    for (const [intoMs, value] of [
      [20_900, 4],
      [20_100, -2],
      [5_000, 1],
      [20_400, 1],
    ] as const)
      page.addReading(LEVELS[0], intoMs, value)
    expect(page.length).toBe(2)
    expect(page.bucket(1, 0, 0)).toEqual({
      count: 3,
      min: -2,
      max: 4,
      sum: 3,
      firstMs: 20_100,
      lastMs: 20_900,
    })
    page.dropFirst(1)
    expect(page.length).toBe(1)
  })

  it('is full with a reading in each bucket, and no larger', () => {
    const page = new BucketPage()
    for (let slot = PAGE_BUCKETS - 1; slot >= 0; slot--) page.addReading(LEVELS[1], slot * LEVELS[1], slot)
    expect(page.encode().length).toBeLessThan(10_000)
    expect(BucketPage.decode(page.encode())?.bucket(200, 1, 0).sum).toBe(200)
  })
})

describe('a page of records', () => {
  it('has them as readers order them, and knows a payload again', () => {
    const page = recordPage()
    expect(page.rows(7, 0, Infinity).map(({ index, issuedAtMs }) => [index, issuedAtMs - START_MS])).toEqual([
      [3, 1],
      [3, 3],
      [5, 0],
      [63, 2],
    ])
    expect(page.has(record(3, 0, 3))).toBe(true)
    expect(page.has(record(5, 0, 3))).toBe(false)
    expect(page.hasIndex(63)).toBe(true)
    expect(page.hasIndex(4)).toBe(false)
    expect(page.dropBefore(START_MS + 1, 7).map(({ index }) => index)).toEqual([3, 5])
    expect(page.length).toBe(2)
  })
})

describe('a page of epochs', () => {
  it('counts what is missing, and forgets an epoch', () => {
    const page = epochPage()
    expect([...page.entries(2)].map(([epoch]) => epoch)).toEqual([512, 600, 767])
    const known = page.get(600)
    expect(known && missingIn(known)).toBe(3)
    page.delete(600)
    expect(page.get(600)).toBeUndefined()
    expect(page.length).toBe(2)
  })
})

describe('pages from a disk', () => {
  it('come back as they were', () => {
    expect(BucketPage.decode(bucketPage().encode())?.encode()).toEqual(bucketPage().encode())
    expect(RecordPage.decode(recordPage().encode())?.rows(7, 0, Infinity)).toEqual(
      recordPage().rows(7, 0, Infinity),
    )
    expect([...(EpochPage.decode(epochPage().encode())?.entries(2) ?? [])]).toEqual([
      ...epochPage().entries(2),
    ])
    expect(decodeStream(encodeStream(stream()), 9)).toEqual(stream())
    const meta = { place: 2 ** 50, nextStream: 12 }
    expect(decodeMeta(encodeMeta(meta))).toEqual(meta)
  })

  it('may be anything: they are read as pages that can be written again, or as none', () => {
    const pages = [bucketPage(), recordPage(), epochPage()].map((page) => page.encode())
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom(...pages, encodeStream(stream()), encodeMeta({ place: 5, nextStream: 1 })),
          mutation,
        )
        .map(([page, change]) => mutate(page, change)),
    )
    fc.assert(
      fc.property(bytes, (bytes) => {
        const decoded = [BucketPage.decode(bytes), RecordPage.decode(bytes), EpochPage.decode(bytes)]
        for (const page of decoded) if (page) expect(page.encode()).toEqual(bytes)
        const entry = decodeStream(bytes, 9)
        if (entry) expect(decodeStream(encodeStream(entry), 9)).toEqual(entry)
        const meta = decodeMeta(bytes)
        if (meta) expect(encodeMeta(meta)).toEqual(bytes)
      }),
      SEED,
    )
  })

  it('of another version are none', () => {
    for (const page of [bucketPage(), recordPage(), epochPage()]) {
      const bytes = page.encode()
      bytes[0] = 2
      expect([BucketPage.decode(bytes), RecordPage.decode(bytes), EpochPage.decode(bytes)]).toEqual([
        undefined,
        undefined,
        undefined,
      ])
    }
  })
})
