import type { BlockId } from '../core/model/id.ts'
import type { Reading } from '../reading/reading.ts'
import type { RecordRow } from './record-page.ts'
import type { RecordKey } from './series.ts'
import type { StreamSummary } from './stream-entry.ts'

/** A record as a block of the store has it. */
export interface IndexedRecord extends RecordKey {
  readonly id: BlockId
  readonly encrypted: boolean
  /** Each without a `readingFault`; absent where the record cannot be read. */
  readonly readings?: readonly Reading[]
}

/** The times a record tells of: of its readings, or without them when it was issued. */
export function timeOf(
  { issuedAtMs }: IndexedRecord,
  readings: readonly Reading[],
): Pick<RecordRow, 'firstMs' | 'lastMs'> {
  if (readings.length === 0) return { firstMs: issuedAtMs, lastMs: issuedAtMs }
  let firstMs = Infinity
  let lastMs = -Infinity
  for (const { atMs } of readings) {
    if (atMs < firstMs) firstMs = atMs
    if (atMs > lastMs) lastMs = atMs
  }
  return { firstMs, lastMs }
}

/** What is known of a stream with one record more, of this time. */
export function summaryWith(
  summary: StreamSummary,
  { id, issuedAtMs, encrypted, readings = [] }: IndexedRecord,
  { firstMs, lastMs }: Pick<RecordRow, 'firstMs' | 'lastMs'>,
): StreamSummary {
  const { key, issuer, streamId } = summary
  // Written out: this is made for each record, and a spread would take a third of the whole.
  return {
    key,
    issuer,
    streamId,
    records: summary.records + 1,
    newest: issuedAtMs >= summary.newest.issuedAtMs ? { id, issuedAtMs, encrypted } : summary.newest,
    firstMs: Math.min(summary.firstMs, firstMs),
    lastMs: Math.max(summary.lastMs, lastMs),
    readings: summary.readings + readings.length,
  }
}
