import type { BlockId } from '../core/model/id.ts'
import { LEVELS, PAGE_BUCKETS, widthOf } from './bucket-page.ts'
import { bucketKeys, epochKeys, epochPageKey, PAGE_MAX, pageNumberOf, recordKeys } from './history-keys.ts'
import type { IndexPages } from './index-pages.ts'
import type { StreamEntry } from './stream-entry.ts'

/** Does something while nobody else changes the pages. */
type InTurn = <T>(task: () => Promise<T>) => Promise<T>

/**
 * Forgets what a stream says of the time before `beforeMs`, a step at a time, each written before the next: first the sums,
 * then the rows. Readings that share a bucket or a record with later ones stay.
 *
 * @returns the blocks whose rows are gone, in batches. Throws `StoreError`
 */
export async function* forget(
  pages: IndexPages,
  stream: StreamEntry,
  beforeMs: number,
  inTurn: InTurn,
): AsyncGenerator<readonly BlockId[]> {
  await forgetSums(pages, stream, beforeMs, inTurn)
  const { from, before } = epochKeys(stream.number)
  for await (const [key, page] of pages.epochs.scan(from, before)) {
    const early = [...page.entries(pageNumberOf(key))].filter(([, { firstMs }]) => firstMs < beforeMs)
    for (const [epoch] of early) yield* forgetEpoch(pages, stream, epoch, beforeMs, inTurn)
  }
  await inTurn(() => settle(pages, stream, beforeMs))
}

async function forgetSums(
  pages: IndexPages,
  stream: StreamEntry,
  beforeMs: number,
  inTurn: InTurn,
): Promise<void> {
  for (const series of stream.series.keys())
    for (const level of LEVELS.keys()) await forgetBuckets(pages, { stream, series, level }, beforeMs, inTurn)
}

async function forgetBuckets(
  pages: IndexPages,
  {
    stream,
    series,
    level,
  }: { readonly stream: StreamEntry; readonly series: number; readonly level: number },
  beforeMs: number,
  inTurn: InTurn,
): Promise<void> {
  const { buckets } = pages.summing
  const kept = Math.floor(beforeMs / widthOf(level))
  const lastPage = Math.min(PAGE_MAX, Math.floor(kept / PAGE_BUCKETS))
  const { from, before } = bucketKeys(stream.number, series, level, 0, lastPage)
  for (let start: string | undefined = from; start !== undefined;) {
    const step: string = start
    start = await inTurn(async () => {
      if (!isThere(pages, stream)) return undefined
      const found = await buckets.pagesFrom(step, before)
      for (const [key, page] of found.pages) {
        page.dropFirst(kept - pageNumberOf(key) * PAGE_BUCKETS)
        buckets.change(key, page)
      }
      await pages.write()
      return found.next
    })
  }
}

async function* forgetEpoch(
  pages: IndexPages,
  stream: StreamEntry,
  epoch: number,
  beforeMs: number,
  inTurn: InTurn,
): AsyncGenerator<readonly BlockId[]> {
  const { from } = recordKeys(stream.number, epoch)
  for (let start: string | undefined = from; start !== undefined;) {
    const step: string = start
    const { gone, next } = await inTurn(() => forgetRows(pages, stream, epoch, step, beforeMs))
    if (gone.length > 0) yield gone
    start = next
  }
}

/** Some pages of rows; with the last of them the epoch goes too, if nothing of it is later. */
async function forgetRows(
  pages: IndexPages,
  stream: StreamEntry,
  epoch: number,
  from: string,
  beforeMs: number,
): Promise<{ readonly gone: readonly BlockId[]; readonly next: string | undefined }> {
  if (!isThere(pages, stream)) return { gone: [], next: undefined }
  const found = await pages.records.pagesFrom(from, recordKeys(stream.number, epoch).before)
  const gone: BlockId[] = []
  let readings = 0
  for (const [key, page] of found.pages) {
    for (const row of page.dropBefore(beforeMs, epoch)) {
      gone.push(row.id)
      readings += row.readings
    }
    pages.records.change(key, page)
  }
  const records = await forgetInSummary(pages, stream, epoch, gone.length, found.next === undefined, beforeMs)
  const { summary } = stream
  stream.summary = {
    ...summary,
    records: Math.max(0, summary.records - records),
    readings: Math.max(0, summary.readings - readings),
  }
  pages.changeStream(stream)
  await pages.write()
  return { gone, next: found.next }
}

/** @returns how many records the stream has less */
async function forgetInSummary(
  pages: IndexPages,
  stream: StreamEntry,
  epoch: number,
  gone: number,
  isLast: boolean,
  beforeMs: number,
): Promise<number> {
  const key = epochPageKey(stream.number, epoch)
  const page = await pages.epochs.loadOne(key)
  const known = page.get(epoch)
  if (known === undefined) return gone
  const isOver = isLast && known.lastMs < beforeMs
  // Its indexes stay: what was forgotten is not missing.
  if (isOver) page.delete(epoch)
  else page.set(epoch, { ...known, listed: Math.max(0, known.listed - gone) })
  pages.epochs.change(key, page)
  return isOver ? known.listed + known.unlisted : gone
}

/** What is left tells from when on the stream is known; where nothing is, the stream goes. */
async function settle(pages: IndexPages, stream: StreamEntry, beforeMs: number): Promise<void> {
  if (!isThere(pages, stream)) return
  const { from, before } = epochKeys(stream.number)
  let firstMs = Infinity
  for await (const [, page] of pages.epochs.scan(from, before))
    for (const [, epoch] of page.entries(0)) firstMs = Math.min(firstMs, epoch.firstMs)
  if (firstMs === Infinity) {
    // a bucket that the time lies in has readings of none now
    await forgetSums(pages, stream, Infinity, (task) => task())
    pages.deleteStream(stream)
  } else {
    const { summary } = stream
    stream.summary = { ...summary, firstMs: Math.min(summary.lastMs, Math.max(firstMs, beforeMs)) }
    pages.changeStream(stream)
  }
  await pages.write()
}

/** Another call may have forgotten all of it in the meantime, and the stream may be there anew. */
function isThere({ streams }: IndexPages, stream: StreamEntry): boolean {
  return streams.get(stream.summary.key) === stream
}
