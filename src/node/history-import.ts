import { FileReader, type FileRow } from '../reading/history-file.ts'
import type { Reading } from '../reading/reading.ts'
import { Batcher, FILE_BATCH, type Batch } from '../stream/batch.ts'
import type { CallOptions, HistoryFormat, ImportReport, StreamKey } from './api.ts'
import { readingsOf, type HistoryStores } from './history.ts'
import type { Sealer } from './sealer.ts'
import type { Thing } from './things.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Readings of a file compared with what is here, and stored, at a time. */
const READINGS_AT_ONCE = 4096

/** Bad rows that are named; all are counted. */
const BAD_ROWS_MAX = 20

/** Where a file's readings go. */
interface Into {
  readonly thing: Thing
  readonly key: StreamKey
  readonly sealer: Pick<Sealer, 'sealBatch'>
  /** The stores, with everything that is stored in the index. */
  readonly place: () => Promise<HistoryStores>
  /** Runs `work` after what other files have under way: two of one file have the same readings. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Takes those readings of a file that are not here yet into blocks, and passes over what is none. Reports progress by bytes.
 * A cancel ends it with what was taken until then. Of SenML that says more than is understood here nothing is taken.
 *
 * @throws StoreError, and what a block that cannot be made rejects with; what was taken before stays
 */
export async function importFile(
  file: Blob,
  format: HistoryFormat,
  into: Into,
  { signal, onProgress }: CallOptions,
): Promise<ImportReport> {
  const tally = new Tally()
  // it may be the last row that says so, when the others have been stored
  const refused = format === 'senml' ? await notUnderstood(file, signal) : undefined
  if (refused !== undefined) {
    tally.sort([refused])
    return tally.report()
  }
  // what was given to a private thing is not for others, though it be opened meanwhile
  const wasOpen = into.thing.open
  const storeWhile = async (isEnough: () => boolean): Promise<void> => {
    while (isEnough())
      // a block that waits for the disk goes on by itself; only the caller stops waiting
      await unlessAborted(
        into.inTurn(() => store(tally, into, wasOpen, signal)),
        signal,
      )
  }
  try {
    for await (const { rows, bytes } of rowsOf(file, format)) {
      if (signal?.aborted) return tally.report()
      tally.sort(rows)
      await storeWhile(() => tally.readings.length >= READINGS_AT_ONCE)
      onProgress?.(bytes / Math.max(1, file.size))
    }
    await storeWhile(() => tally.readings.length > 0)
  } catch (error) {
    if (!signal?.aborted) throw error
  }
  return tally.report()
}

/** What became of rows, and the readings that wait to be stored. */
class Tally {
  readonly readings: Reading[] = []
  taken = 0
  known = 0
  #bad = 0
  readonly #badRows: { readonly row: number; readonly reason: string }[] = []

  sort(rows: readonly FileRow[]): void {
    for (const row of rows) {
      if ('reading' in row) this.readings.push(row.reading)
      else if (++this.#bad <= BAD_ROWS_MAX) this.#badRows.push(row)
    }
  }

  report(): ImportReport {
    return { taken: this.taken, known: this.known, bad: this.#bad, badRows: this.#badRows }
  }
}

/** Stores those of the readings that waited longest that are not here yet. */
async function store(
  tally: Tally,
  { thing, key, sealer, place }: Into,
  wasOpen: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const readings = tally.readings.splice(0, READINGS_AT_ONCE).sort((a, b) => a.atMs - b.atMs)
  const first = readings[0]
  const last = readings.at(-1)
  if (first === undefined || last === undefined) return
  // one that is in the file twice is taken once
  const fresh = new Map(readings.map((reading) => [nameOf(reading), reading]))
  for await (const batch of readingsOf(await place(), key, first.atMs, last.atMs + 1))
    for (const reading of batch) fresh.delete(nameOf(reading))
  tally.known += readings.length - fresh.size
  for (const batch of batchesOf([...fresh.values()])) {
    signal?.throwIfAborted()
    const open = wasOpen && thing.open
    await sealer.sealBatch(thing, { ...batch, open }, signal ? { signal } : {})
    tally.taken += batch.readings.length
  }
}

function* batchesOf(readings: readonly Reading[]): Generator<Batch> {
  const batcher = new Batcher(false, FILE_BATCH)
  batcher.add(readings, 0)
  batcher.end()
  for (let batch = batcher.take(0); batch !== undefined; batch = batcher.take(0)) yield batch
}

/** Tells a reading from another of the same thing. */
function nameOf({ quantity, unit = '', atMs, value }: Reading): string {
  return `${quantity} ${unit} ${atMs} ${typeof value} ${value}`
}

/** The row that forbids to take any of the file, if there is one. */
async function notUnderstood(file: Blob, signal: AbortSignal | undefined): Promise<FileRow | undefined> {
  for await (const { rows } of rowsOf(file, 'senml')) {
    if (signal?.aborted) return undefined
    const found = rows.find((row) => 'row' in row && row.reason === 'must-understand')
    if (found !== undefined) return found
  }
  return undefined
}

/** Rows as they come, and how many bytes of the file have been read. */
async function* rowsOf(
  file: Blob,
  format: HistoryFormat,
): AsyncGenerator<{ readonly rows: readonly FileRow[]; readonly bytes: number }> {
  const reader = new FileReader(format)
  const decoder = new TextDecoder()
  let bytes = 0
  for await (const chunk of chunksOf(file)) {
    bytes += chunk.length
    yield { rows: reader.push(decoder.decode(chunk, { stream: true })), bytes }
  }
  yield { rows: [...reader.push(decoder.decode()), ...reader.end()], bytes }
}

async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
