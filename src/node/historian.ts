import type * as v from 'valibot'
import type { PublicKey } from '../core/model/id.ts'
import type { BlockStore } from '../ports.ts'
import { fileHead, fileRows, fileTail, MEDIA_TYPES } from '../reading/history-file.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import { thingDescription, type Described } from '../reading/thing-description.ts'
import { ApiError, type CallOptions, type ImportReport, type StreamKey } from './api.ts'
import type { HistoryFollower } from './history-follower.ts'
import { cancelled, readHistory, readingsOf, type HistoryStores } from './history.ts'
import { importFile } from './history-import.ts'
import type { INPUTS } from './inputs.ts'
import type { Sealer } from './sealer.ts'
import { stored } from './storage-errors.ts'
import { streamKeyOf } from './streams.ts'
import type { ThingDesk } from './thing-desk.ts'
import type { Thing } from './things.ts'

type Input<Name extends keyof typeof INPUTS> = v.InferOutput<(typeof INPUTS)[Name]>

/** Where newest readings are first looked for: what a thing of 1 Hz has in ten minutes fills a table. */
const NEWEST_MS = 600_000

/** How often what things no longer keep is deleted: a day's worth is a page of the index, and nobody counts minutes. */
const PRUNE_EVERY_MS = 3_600_000

/** Text gathered before it becomes a part of a file: few parts, and nothing is held twice for long. */
const PART_CHARACTERS = 1 << 20

interface HistorianPlace extends HistoryStores {
  readonly blocks: BlockStore
  readonly follower: Pick<HistoryFollower, 'follow' | 'flush'>
}

interface HistorianParts {
  readonly device: PublicKey
  readonly desk: Pick<ThingDesk, 'own'>
  readonly sealer: Pick<Sealer, 'sealBatch'>
  /** What can be read here of a thing of ours or of somebody else's. */
  known(key: StreamKey): Omit<Described, 'key'> | undefined
  /** The network the device is in now. */
  place(): HistorianPlace
  onChanged(): void
}

/** Reads what things have measured, hands it out and takes it in as files, and deletes it. */
export class Historian {
  readonly #parts: HistorianParts
  #pruneDueMs = 0

  constructor(parts: HistorianParts) {
    this.#parts = parts
  }

  /** @throws ApiError `cancelled`; StoreError */
  async read(query: Input<'readHistory'>, options: CallOptions): Promise<History> {
    return readHistory(await this.#place(), query, options)
  }

  /** The newest `count` readings of a span, oldest first. Throws `StoreError`. */
  async newest({ thing, fromMs, toMs, count }: Input<'readReadings'>): Promise<readonly Reading[]> {
    const place = await this.#place()
    const { lastMs = fromMs } = place.index.summary(thing) ?? {}
    const endMs = Math.min(toMs, lastMs + 1)
    for (let spanMs = NEWEST_MS; ; spanMs *= 8) {
      const startMs = Math.max(fromMs, endMs - spanMs)
      const found: Reading[] = []
      for await (const batch of readingsOf(place, thing, startMs, endMs)) {
        found.push(...batch)
        found.splice(0, found.length - count)
      }
      if (found.length === count || startMs === fromMs) return found.sort((a, b) => a.atMs - b.atMs)
    }
  }

  /** @throws ApiError `cancelled`; StoreError */
  async export(
    { thing, fromMs, toMs, format }: Input<'exportHistory'>,
    { signal, onProgress }: CallOptions,
  ): Promise<Blob> {
    if (signal?.aborted) throw cancelled()
    const place = await this.#place()
    const total = place.index.summary(thing)?.readings ?? 0
    const parts: Blob[] = []
    let text = fileHead(format)
    let written = 0
    for await (const batch of readingsOf(place, thing, fromMs, toMs)) {
      if (signal?.aborted) throw cancelled()
      text += fileRows(format, batch, written === 0)
      written += batch.length
      onProgress?.(Math.min(1, written / total))
      if (text.length < PART_CHARACTERS) continue
      // parts as blobs: a browser may keep those on disk
      parts.push(new Blob([text]))
      text = ''
    }
    return new Blob([...parts, text, fileTail(format)], { type: MEDIA_TYPES[format] })
  }

  /** @throws ApiError `unknown-thing`; StoreError */
  import({ thing, format, file }: Input<'importHistory'>, options: CallOptions): Promise<ImportReport> {
    const own = this.#parts.desk.own(thing)
    const { sealer } = this.#parts
    const into = { thing: own, key: thing, sealer, place: () => this.#place() }
    return importFile(file, format, into, options)
  }

  /**
   * Deletes records whose readings are all before a time: their payloads here, and what is known of them.
   *
   * @throws ApiError `unknown-thing`, `cancelled`; StoreError
   */
  async delete(
    { thing: key, beforeMs }: Input<'deleteHistory'>,
    { signal }: CallOptions,
  ): Promise<{ readonly blocks: number }> {
    this.#parts.desk.own(key)
    const { index, blocks, follower } = await this.#place()
    let count = 0
    // erased first: what is left after a crash is found by its row, and deleted the next time
    for await (const rows of index.records(key, -Infinity, beforeMs)) {
      if (signal?.aborted) throw cancelled()
      const ids = rows.filter(({ lastMs }) => lastMs < beforeMs).map(({ id }) => id)
      await stored(blocks.erase(ids))
      count += ids.length
    }
    await stored(follower.flush())
    for await (const ids of index.remove(key, beforeMs))
      if (ids.length > 0 && signal?.aborted) throw cancelled()
    this.#parts.onChanged()
    return { blocks: count }
  }

  /** Lets time pass: what things are to keep only for a while goes. */
  tick(nowMs: number, things: readonly Thing[]): void {
    if (nowMs < this.#pruneDueMs) return
    this.#pruneDueMs = nowMs + PRUNE_EVERY_MS
    for (const { streamId, settings } of things) {
      if (settings.keepMs === undefined) continue
      const thing = streamKeyOf(this.#parts.device, streamId)
      this.delete({ thing, beforeMs: nowMs - settings.keepMs }, {}).catch(() => undefined) // tried again
    }
  }

  /** @throws ApiError `unknown-thing` */
  describe({ thing: key }: Input<'thing'>): string {
    const described = this.#parts.known(key)
    if (described === undefined)
      throw new ApiError('unknown-thing', 'Nothing of this thing can be read here. Nothing was changed.')
    return JSON.stringify(thingDescription({ key, ...described }), undefined, 2)
  }

  /** The network's stores, with everything that is stored in the index. */
  async #place(): Promise<HistorianPlace> {
    const place = this.#parts.place()
    await place.follower.follow()
    return place
  }
}
