import type { BlockStore } from '../ports.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import type { HistoryIndex } from '../stream/history-index.ts'
import { sampleReadings } from '../stream/series.ts'
import type { IsThinned } from '../stream/shaping.ts'
import { ApiError, type CallOptions, type HistoryQuery, type StreamKey } from './api.ts'
import type { RecordReader } from './record-reader.ts'

/** Readings one chart is made from: a day and a half of 1 Hz with four quantities. Beyond it the newest are left out. */
const READINGS_MAX = 500_000

/** What a stream's history is read from. */
export interface HistoryStores {
  readonly index: HistoryIndex
  readonly blocks: Pick<BlockStore, 'read'>
  readonly records: RecordReader
}

/**
 * A stream's readings between two times, summed up for a chart: by the index, or where that is too coarse from the
 * readings themselves.
 *
 * @throws ApiError `cancelled`; StoreError
 */
export async function readHistory(
  stores: HistoryStores,
  { thing, ...range }: HistoryQuery,
  { signal }: CallOptions = {},
  isThinned?: IsThinned,
): Promise<History> {
  if (signal?.aborted) throw cancelled()
  const { series, readings, missing, exact } = await stores.index.series(thing, range, isThinned)
  if (exact) return { series, readings, missing }
  const found: Reading[] = []
  for await (const batch of readingsOf(stores, thing, range.fromMs, range.toMs)) {
    if (signal?.aborted) throw cancelled()
    for (const reading of batch) found.push(reading) // more than a call takes arguments
    if (found.length >= READINGS_MAX) break
  }
  return { series: sampleReadings(found, range, isThinned), readings: found.length, missing }
}

/**
 * The readings of a stream between two times, `toMs` not included, in batches, in its reader's order. Throws `StoreError`.
 */
export async function* readingsOf(
  { index, blocks, records }: HistoryStores,
  thing: StreamKey,
  fromMs: number,
  toMs: number,
): AsyncGenerator<readonly Reading[]> {
  for await (const rows of index.records(thing, fromMs, toMs)) {
    const found = await blocks.read(rows.flatMap(({ id, readable }) => (readable ? [id] : [])))
    const readings: Reading[] = []
    for (const bytes of found) {
      const content = await records.readStored(bytes)
      if (content?.type !== 'readings') continue
      for (const reading of content.readings)
        if (reading.atMs >= fromMs && reading.atMs < toMs) readings.push(reading)
    }
    yield readings
  }
}

/** What a call rejects with that was called off before it changed anything. */
export function cancelled(): ApiError {
  return new ApiError('cancelled', 'Cancelled. Nothing was changed.')
}
