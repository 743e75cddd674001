import type { BlockStore } from '../ports.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import { countMissing, orderRecords, sampleReadings } from '../stream/series.ts'
import { ApiError, type CallOptions, type HistoryQuery } from './api.ts'
import type { RecordReader } from './record-reader.ts'
import type { RecordRef, Stream } from './streams.ts'

/** Blocks read at a time: some hundred kB, and a cancel is heard in between. */
const BLOCKS_PER_READ = 256

/** How long readings may have waited for their block: an hour of a full disk, or a sensor's clock a little off. */
const DELAY_MS_MAX = 3_600_000

/** Readings one chart is made from: a day and a half of 1 Hz with four quantities. Beyond it the oldest are left out. */
const READINGS_MAX = 500_000

/**
 * Reads a stream's records between two times and sums them up for a chart. Reports progress by blocks read.
 *
 * @throws ApiError `cancelled`; StoreError
 */
export async function readHistory(
  stream: Stream,
  { fromMs, toMs, buckets }: HistoryQuery,
  blocks: BlockStore,
  records: RecordReader,
  { signal, onProgress }: CallOptions = {},
): Promise<History> {
  const inside = inRange(stream.records, fromMs, toMs)
  const { records: ordered } = orderRecords(inside)
  const readings: Reading[] = []
  for (let end = ordered.length; end > 0 && readings.length < READINGS_MAX; end -= BLOCKS_PER_READ) {
    if (signal?.aborted) throw new ApiError('cancelled', 'Cancelled. Nothing was changed.')
    const refs = ordered.slice(Math.max(0, end - BLOCKS_PER_READ), end)
    const found = await blocks.read(refs.map(({ id }) => id))
    for (const [i, { id }] of refs.entries()) {
      const content = await records.readStored(id, found[i])
      if (content?.type !== 'readings') continue
      readings.push(...content.readings.filter(({ atMs }) => atMs >= fromMs && atMs < toMs))
    }
    onProgress?.(1 - Math.max(0, end - BLOCKS_PER_READ) / ordered.length)
  }
  return {
    series: sampleReadings(readings, { fromMs, toMs, buckets }),
    readings: readings.length,
    missing: missingAmong(inside, stream.records),
  }
}

/** Indexes start over with each epoch, so what an epoch lacks shows only among all its records. */
function missingAmong(inside: readonly RecordRef[], records: readonly RecordRef[]): number {
  const epochs = new Set(inside.map(({ epoch }) => epoch))
  return countMissing(orderRecords(records.filter(({ epoch }) => epochs.has(epoch))).missing)
}

function inRange(records: readonly RecordRef[], fromMs: number, toMs: number): RecordRef[] {
  return records.filter(({ issuedAtMs }) => issuedAtMs >= fromMs && issuedAtMs <= toMs + DELAY_MS_MAX)
}
