import type * as v from 'valibot'
import { fileHead, fileRows, fileTail, MEDIA_TYPES } from '../reading/history-file.ts'
import type { Reading } from '../reading/reading.ts'
import type { History } from '../reading/series.ts'
import { thingDescription, type Described } from '../reading/thing-description.ts'
import { thinnedBy } from '../stream/shaping.ts'
import { ApiError, type CallOptions, type ImportReport, type StreamKey } from './api.ts'
import type { HistoryFollower } from './history-follower.ts'
import { cancelled, readHistory, readingsOf, type HistoryStores } from './history.ts'
import { importFile } from './history-import.ts'
import type { INPUTS } from './inputs.ts'
import type { LiveStreams } from './live-streams.ts'
import type { Sealer } from './sealer.ts'
import type { ThingDesk } from './thing-desk.ts'

type Input<Name extends keyof typeof INPUTS> = v.InferOutput<(typeof INPUTS)[Name]>

/** Where newest readings are first looked for: what a thing of 1 Hz has in ten minutes fills a table. */
const NEWEST_MS = 600_000

/** Text gathered before it becomes a part of a file: few parts, and nothing is held twice for long. */
const PART_CHARACTERS = 1 << 20

interface HistorianPlace extends HistoryStores {
  readonly follower: Pick<HistoryFollower, 'follow'>
  readonly live: Pick<LiveStreams, 'own'>
}

interface HistorianParts {
  readonly desk: Pick<ThingDesk, 'own'>
  readonly sealer: Pick<Sealer, 'sealBatch'>
  /** What can be read here of a thing of ours or of somebody else's. */
  known(key: StreamKey): Omit<Described, 'key'> | undefined
  /** The network the device is in now. */
  place(): HistorianPlace
  onChanged(): void
}

/** Reads what things have measured, hands it out and takes it in as files. */
export class Historian {
  readonly #parts: HistorianParts
  /** Readings of files are compared with what is here and stored one part after the other. */
  #storing: Promise<unknown> = Promise.resolve()

  constructor(parts: HistorianParts) {
    this.#parts = parts
  }

  /** @throws ApiError `cancelled`; StoreError */
  async read(query: Input<'readHistory'>, options: CallOptions): Promise<History> {
    const place = await this.#place()
    // others do not say how theirs is measured: a gap too few tells less untruth than gaps all over
    const settings = place.live.own(query.thing)?.settings
    return readHistory(place, query, options, settings ? thinnedBy(settings.shaping) : () => true)
  }

  /** The newest `count` readings of a span, oldest first. Throws `StoreError`. */
  async newest({ thing, fromMs, toMs, count }: Input<'readReadings'>): Promise<readonly Reading[]> {
    const place = await this.#place()
    const { firstMs = fromMs, lastMs = fromMs } = place.index.summary(thing) ?? {}
    const earliestMs = Math.max(fromMs, firstMs)
    const endMs = Math.min(toMs, lastMs + 1)
    for (let spanMs = NEWEST_MS; ; spanMs *= 8) {
      const isAll = endMs - spanMs <= earliestMs
      const startMs = isAll ? fromMs : endMs - spanMs
      let found: readonly Reading[] = []
      for await (const batch of readingsOf(place, thing, startMs, endMs))
        found = [...found, ...batch].sort((a, b) => a.atMs - b.atMs).slice(-count)
      if (found.length === count || isAll) return found
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
      onProgress?.(written < total ? written / total : 1)
      if (text.length < PART_CHARACTERS) continue
      // parts as blobs: a browser may keep those on disk
      parts.push(new Blob([text]))
      text = ''
    }
    return new Blob([...parts, text, fileTail(format)], { type: MEDIA_TYPES[format] })
  }

  /** Into the network the device is in now. @throws ApiError `unknown-thing`; StoreError, `closed` once that is left */
  import({ thing, format, file }: Input<'importHistory'>, options: CallOptions): Promise<ImportReport> {
    const own = this.#parts.desk.own(thing)
    const { sealer } = this.#parts
    const begun = this.#parts.place()
    const place = async () => {
      await begun.follower.follow()
      return begun
    }
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const turn = this.#storing.then(work)
      this.#storing = turn.catch(() => undefined)
      return turn
    }
    const into = { thing: own, key: thing, sealer, place, inTurn }
    return importFile(file, format, into, options)
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
