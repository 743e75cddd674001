/**
 * The history index: which records each stream has, and what they say summed up, so that neither a chart of a month nor a
 * start needs the blocks. All of it follows from the blocks and can be made again from them.
 *
 * ```
 * m                                   the place in the block store it has read up to
 * s/<stream>                          a stream: its summary, and the names of its quantities       stream-entry.ts
 * e/<stream>/<epoch / 256>            what is known of 256 epochs without their rows               epoch-page.ts
 * r/<stream>/<epoch>/<index / 64>     a row for each record                                        record-page.ts
 * b/<stream>/<series>/<level>/<page>  256 buckets of 10 s, 2 min, 30 min or 6 h                    bucket-page.ts
 * ```
 * Numbers in keys are hex of fixed width. A stream goes by a number that is never given twice, a series by its place among
 * those of its stream. What changed waits in memory and is written at once, with the place: after a crash all is as it was
 * at one moment, and records of blocks that are read again are known by their rows.
 */
import type { BlockId, Hash, PublicKey } from '../core/model/id.ts'
import { StoreError, type PageStore } from '../ports.ts'
import type { History, Series } from '../reading/series.ts'
import { missingIn, type EpochSummary } from './epoch-page.ts'
import { forget } from './forgetting.ts'
import { epochKeys, epochPageKey, pageNumberOf, recordKeys, recordPageKey } from './history-keys.ts'
import { IndexPages } from './index-pages.ts'
import type { RecordRow } from './record-page.ts'
import { assertRange, type SampleRange } from './series.ts'
import type { IsThinned } from './shaping.ts'
import { streamKey, type NewestRecord, type StreamEntry, type StreamSummary } from './stream-entry.ts'
import { summaryWith, timeOf, type IndexedRecord } from './indexed-record.ts'
import { bucketsIn, levelFor, mergeBuckets, newestIn } from './summed-series.ts'

export type { IndexedRecord, NewestRecord, RecordRow, StreamSummary }

/** Streams followed. A stranger pays a block's work for each, so this is a matter of memory, not of trust. */
const STREAMS_MAX = 1024

/** Records of an epoch that get a row: a day of more than one a second. A stranger may put all he has into one. */
const LISTED_PER_EPOCH_MAX = 131_072

/** Pages that wait to be written, some 10 MB: with more, they are written though the place is not known. */
const CHANGED_PAGES_MAX = 1024

/** Records handed out at a time: their blocks are some hundred kB. */
const RECORDS_PER_BATCH = 256

/** What a chart shows of a stream. */
export interface SummedHistory extends History {
  /** False where even the finest buckets kept are wider than those asked for: only the blocks know better. */
  readonly exact: boolean
}

/** Which records streams have, and their readings summed up, in pages of a store. */
export class HistoryIndex {
  #pages: IndexPages
  readonly #own: PublicKey
  /** Changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(pages: IndexPages, own: PublicKey) {
    this.#pages = pages
    this.#own = own
  }

  /**
   * Opens the index in `store`. One that cannot be read, or is of another version, is cleared: its place is 0.
   *
   * @param own whose streams are always followed. Throws `StoreError`
   */
  static async open(store: PageStore, own: PublicKey): Promise<HistoryIndex> {
    return new HistoryIndex(await IndexPages.open(store), own)
  }

  /** Of `BlockStore.since`: what was stored up to here is in the index. */
  get place(): number {
    return this.#pages.place
  }

  /**
   * Takes a record in, or nothing of it where this throws `StoreError`. False for a repeat of a payload, of which the first
   * met is kept (protocol §10), and for one of a stream too many. Beyond the limits of an epoch records are counted only.
   */
  add(
    stream: { readonly issuer: PublicKey; readonly streamId: Hash },
    record: IndexedRecord,
  ): Promise<boolean> {
    return this.#inTurn(() => this.#add(stream, record))
  }

  /** Writes what changed, for good: the blocks up to `place` have been added. Throws `StoreError`. */
  flush(place: number): Promise<void> {
    return this.#inTurn(() => this.#pages.write(place))
  }

  /** Forgets everything, so that it is made again from the blocks: some that it has are not there any more. Throws `StoreError`. */
  clear(): Promise<void> {
    return this.#inTurn(async () => {
      this.#pages = await this.#pages.beginAgain()
    })
  }

  summary(key: string): StreamSummary | undefined {
    return this.#pages.streams.get(key)?.summary
  }

  *summaries(): Generator<StreamSummary> {
    for (const { summary } of this.#pages.streams.values()) yield summary
  }

  /** The index after the highest of an epoch: the blocks themselves are the only counter. Protocol §10. Throws `StoreError`. */
  async nextIndex(key: string, epoch: number): Promise<number> {
    const pages = this.#pages
    const stream = pages.streams.get(key)
    if (stream === undefined) return 0
    const page = await pages.epochs.read(epochPageKey(stream.number, epoch))
    this.#assertCurrent(pages)
    const known = page?.get(epoch)
    return known === undefined ? 0 : known.highest + 1
  }

  /**
   * A stream between two times, from the widest buckets kept that are not wider than those asked for. Of a kept bucket that
   * lies across the edge of one asked for, the middle of its readings decides. Texts are counted, and no series.
   * Throws `StoreError`, and RangeError for an empty range.
   */
  async series(key: string, range: SampleRange, isThinned: IsThinned = () => false): Promise<SummedHistory> {
    assertRange(range)
    const pages = this.#pages
    const stream = pages.streams.get(key)
    if (stream === undefined) return { series: [], readings: 0, missing: 0, exact: true }
    const { level, exact } = levelFor(range)
    const series: Series[] = []
    let readings = 0
    for (const [i, { quantity, unit, isText }] of stream.series.entries()) {
      const place = { stream: stream.number, series: i, level }
      const buckets = await bucketsIn(pages.summing.buckets, place, range)
      for (const { count } of buckets) readings += count
      if (!isText && buckets.length > 0)
        series.push({ quantity, unit, ...mergeBuckets(buckets, range, isThinned(quantity)) })
    }
    let missing = 0
    for await (const [, epoch] of epochsIn(pages, stream, range.fromMs, range.toMs))
      missing += missingIn(epoch)
    this.#assertCurrent(pages)
    return { series, readings, missing, exact }
  }

  /** When the newest reading of a quantity was measured, of those up to `toMs`. Throws `StoreError`. */
  async newestMs(key: string, quantity: string, toMs: number): Promise<number | undefined> {
    const pages = this.#pages
    const stream = pages.streams.get(key)
    let newest: number | undefined
    for (const [series, known] of stream?.series.entries() ?? []) {
      if (stream === undefined || known.quantity !== quantity) continue
      const atMs = await newestIn(pages.summing.buckets, { stream: stream.number, series }, toMs)
      newest = Math.max(newest ?? -Infinity, atMs ?? -Infinity)
    }
    this.#assertCurrent(pages)
    return newest === -Infinity ? undefined : newest
  }

  /**
   * The records that tell of times from `fromMs` up to `toMs`, not included, as readers order them: by (epoch, index,
   * issuedAt). Protocol §10. In batches that are not empty. Throws `StoreError`.
   */
  async *records(key: string, fromMs: number, toMs: number): AsyncGenerator<readonly RecordRow[]> {
    const pages = this.#pages
    const stream = pages.streams.get(key)
    if (stream === undefined) return
    let batch: RecordRow[] = []
    for await (const [epoch] of epochsIn(pages, stream, fromMs, toMs)) {
      const { from, before } = recordKeys(stream.number, epoch)
      for await (const [, page] of pages.records.scan(from, before)) {
        batch.push(...page.rows(epoch, fromMs, toMs))
        if (batch.length < RECORDS_PER_BATCH) continue
        yield batch
        batch = []
      }
    }
    this.#assertCurrent(pages)
    if (batch.length > 0) yield batch
  }

  /**
   * Forgets a stream: its records that are wholly before `beforeMs` and what they said, or all of it. Each batch of blocks is
   * forgotten for good before it is handed out; the others while the batches are taken. What was added before has to be
   * flushed: records that are read again would come back. Throws `StoreError`.
   */
  async *remove(key: string, beforeMs = Infinity): AsyncGenerator<readonly BlockId[]> {
    const stream = this.#pages.streams.get(key)
    if (stream === undefined) return
    yield* forget(this.#pages, stream, beforeMs, (task) => this.#inTurn(task))
  }

  async #add(
    { issuer, streamId }: { readonly issuer: PublicKey; readonly streamId: Hash },
    record: IndexedRecord,
  ): Promise<boolean> {
    const pages = this.#pages
    const key = streamKey(issuer, streamId)
    const known = pages.streams.get(key)
    if (known === undefined && pages.streams.size >= STREAMS_MAX && issuer !== this.#own) return false
    if (pages.changed >= CHANGED_PAGES_MAX) await pages.write()
    const { readings = [], epoch, index } = record
    const time = timeOf(record, readings)
    const stream: StreamEntry = known ?? {
      number: pages.nextStream,
      series: [],
      summary: { key, issuer, streamId, records: 0, newest: record, ...time, readings: 0 },
    }
    const recordKey = recordPageKey(stream.number, epoch, index)
    const rows = pages.records.peek(recordKey) ?? (await pages.records.loadOne(recordKey))
    if (rows.has(record)) return false
    const epochKey = epochPageKey(stream.number, epoch)
    const epochs = pages.epochs.peek(epochKey) ?? (await pages.epochs.loadOne(epochKey))
    const before = epochs.get(epoch) ?? { listed: 0, indexes: 0, unlisted: 0, highest: index, ...time }
    const isListed = !rows.isFull && before.listed < LISTED_PER_EPOCH_MAX
    if (isListed) {
      const prepared = pages.summing.prepare(stream, readings)
      const plan = prepared instanceof Uint8Array ? prepared : await prepared
      pages.summing.add(stream, readings, plan)
    }
    const isNewIndex = isListed && !rows.hasIndex(index)
    epochs.set(epoch, {
      listed: before.listed + Number(isListed),
      indexes: before.indexes + Number(isNewIndex),
      unlisted: before.unlisted + Number(!isListed),
      highest: Math.max(before.highest, index),
      firstMs: Math.min(before.firstMs, time.firstMs),
      lastMs: Math.max(before.lastMs, time.lastMs),
    })
    pages.epochs.change(epochKey, epochs)
    if (isListed) {
      rows.add(record, time)
      pages.records.change(recordKey, rows)
    }
    stream.summary = summaryWith(stream.summary, record, time)
    pages.changeStream(stream)
    return true
  }

  /** What was read while all was forgotten is not all there is. */
  #assertCurrent(pages: IndexPages): void {
    if (pages !== this.#pages) throw new StoreError('failed', 'The history index is being made again.')
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(task)
    this.#turn = done.catch(() => undefined) // whoever asked is told
    return done
  }
}

/** The epochs of a stream that tell of these times, ascending. */
async function* epochsIn(
  { epochs }: IndexPages,
  { number }: StreamEntry,
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly [epoch: number, EpochSummary]> {
  const { from, before } = epochKeys(number)
  for await (const [key, page] of epochs.scan(from, before)) {
    // The page may change while whoever asks takes its time.
    for (const entry of [...page.entries(pageNumberOf(key))])
      if (entry[1].firstMs < toMs && entry[1].lastMs >= fromMs) yield entry
  }
}
