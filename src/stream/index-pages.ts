import type { PageStore } from '../ports.ts'
import { EpochPage } from './epoch-page.ts'
import { META_KEY, STREAM_KEYS, streamNumberOf, streamPageKey } from './history-keys.ts'
import { HotPages, PAGES_PER_READ } from './hot-pages.ts'
import { RecordPage } from './record-page.ts'
import {
  decodeMeta,
  decodeStream,
  encodeMeta,
  encodeStream,
  type IndexMeta,
  type StreamEntry,
} from './stream-entry.ts'
import { Summing } from './summing.ts'

/** All pages of a history index, and the writing of them: what changed together is written together. */
export class IndexPages {
  readonly epochs: HotPages<EpochPage>
  readonly records: HotPages<RecordPage>
  readonly summing: Summing
  /** By the streams' keys. */
  readonly streams: Map<string, StreamEntry>
  readonly #store: PageStore
  readonly #changedStreams = new Set<StreamEntry>()
  #meta: IndexMeta

  private constructor(store: PageStore, meta: IndexMeta, streams: readonly StreamEntry[]) {
    this.#store = store
    this.#meta = meta
    this.streams = new Map(streams.map((stream) => [stream.summary.key, stream]))
    this.epochs = new HotPages(store, { make: () => new EpochPage(), decode: EpochPage.decode })
    this.records = new HotPages(store, { make: () => new RecordPage(), decode: RecordPage.decode })
    this.summing = new Summing(store)
  }

  /** What the store has; where that cannot be read, all of it is cleared and begun again. Throws `StoreError`. */
  static async open(store: PageStore): Promise<IndexPages> {
    const [bytes] = await store.get([META_KEY])
    const meta = bytes && decodeMeta(bytes)
    const streams = meta && (await readStreams(store))
    if (meta !== undefined && streams !== undefined) return new IndexPages(store, meta, streams)
    await store.clear()
    return new IndexPages(store, { place: 0, nextStream: 0 }, [])
  }

  /** Forgets everything, and gives the pages to go on with. Streams are in these no more. Throws `StoreError`, and nothing changed. */
  async beginAgain(): Promise<IndexPages> {
    await this.#store.clear()
    this.streams.clear()
    // whoever is still busy with these must not meet another stream under a number
    return new IndexPages(this.#store, { place: 0, nextStream: this.nextStream }, [])
  }

  get place(): number {
    return this.#meta.place
  }

  /** The number for a stream that is not there yet. */
  get nextStream(): number {
    return this.#meta.nextStream
  }

  /** Pages that wait in memory to be written. */
  get changed(): number {
    return (
      this.epochs.changed + this.records.changed + this.summing.buckets.changed + this.#changedStreams.size
    )
  }

  /** Keeps a stream, new or changed. */
  changeStream(stream: StreamEntry): void {
    this.streams.set(stream.summary.key, stream)
    this.#changedStreams.add(stream)
    if (stream.number >= this.#meta.nextStream) this.#meta = { ...this.#meta, nextStream: stream.number + 1 }
  }

  /** Forgets a stream that has no other pages left. */
  deleteStream(stream: StreamEntry): void {
    this.streams.delete(stream.summary.key)
    this.#changedStreams.add(stream)
  }

  /** Writes all that changed, and the place; all of it or none. What could not be written waits on. Throws `StoreError`. */
  async write(place = this.place): Promise<void> {
    const meta = { ...this.#meta, place }
    const streams = Array.from(this.#changedStreams, (stream) => {
      const isKept = this.streams.get(stream.summary.key) === stream
      return [streamPageKey(stream.number), isKept ? encodeStream(stream) : undefined] as const
    })
    const pages = [...this.epochs.entries(), ...this.records.entries(), ...this.summing.buckets.entries()]
    await this.#store.put([[META_KEY, encodeMeta(meta)], ...streams, ...pages])
    this.#meta = meta
    this.#changedStreams.clear()
    this.epochs.written()
    this.records.written()
    this.summing.written()
  }
}

/** All of them, or `undefined` where one cannot be read: its number might be given again, with its pages still there. */
async function readStreams(store: PageStore): Promise<StreamEntry[] | undefined> {
  const streams: StreamEntry[] = []
  for (let { from, before } = STREAM_KEYS; ;) {
    const found = await store.range(from, before, PAGES_PER_READ)
    for (const [key, bytes] of found) {
      const stream = decodeStream(bytes, streamNumberOf(key))
      if (stream === undefined) return undefined
      streams.push(stream)
    }
    const last = found.at(-1)
    if (last === undefined || found.length < PAGES_PER_READ) return streams
    from = `${last[0]}!`
  }
}
