import type { PublicKey } from '../core/model/id.ts'
import { AHEAD_MS_MAX } from '../core/model/limits.ts'
import type { ThingKind } from '../reading/kinds.ts'
import type { RecordRow } from '../stream/history-index.ts'
import type { Hash } from '../core/model/id.ts'
import type { Clock } from '../ports.ts'
import type { StreamKey } from './api.ts'
import type { HistoryStores } from './history.ts'
import { LiveValues } from './live-values.ts'
import type { RecordContent } from './record-reader.ts'
import type { Stream } from './streams.ts'
import type { Thing, Things } from './things.ts'

/** How far back a stream's newest readings are looked for at start: to fill a sparkline at 1 Hz, and of slow things the last. */
const NEWEST_MS = 90_000

/** Records read of one stream at start: twice what a thing of ours has in that time. A stranger may have any number. */
const NEWEST_RECORDS_MAX = 64

/** Somebody else's stream as far as it can be read. */
interface ForeignLive {
  readonly kind: ThingKind | 'unknown'
  readonly live: LiveValues
}

interface LiveParts extends HistoryStores {
  readonly device: PublicKey
  readonly clock: Clock
  readonly things: Pick<Things, 'get' | 'adopt'>
}

/** The newest values of every stream that can be read. */
export class LiveStreams {
  readonly #parts: LiveParts
  readonly #foreign = new Map<StreamKey, ForeignLive>()

  constructor(parts: LiveParts) {
    this.#parts = parts
  }

  /** What can be read of a stream that is not ours. */
  foreign(key: StreamKey): ForeignLive | undefined {
    return this.#foreign.get(key)
  }

  /** A thing of ours. */
  own(key: StreamKey): Thing | undefined {
    const streamId = this.#ownStream(key)
    return streamId && this.#parts.things.get(streamId)
  }

  take(key: StreamKey, content: RecordContent): void {
    if (content.type !== 'readings') return
    const { things, clock } = this.#parts
    const streamId = this.#ownStream(key)
    if (streamId !== undefined)
      things.adopt(streamId, content.kind === 'unknown' ? 'custom' : content.kind, clock.nowMs())
    const own = this.own(key)
    const live = own?.live ?? this.#foreignOf(key, content.kind)
    // what was measured before a clock was set back is not what holds now; but it is more than nothing
    const latestMs = clock.nowMs() + AHEAD_MS_MAX
    const present = content.readings.filter(({ atMs }) => atMs <= latestMs)
    const readings = present.length > 0 || live.latest.length > 0 ? present : content.readings
    own?.alerts.take(readings)
    live.add(readings)
  }

  /** Reads the newest records of each stream, and what alerts wait for. Throws `StoreError`. */
  async readNewest(streams: Iterable<Stream>): Promise<void> {
    const { index, clock } = this.#parts
    const latestMs = clock.nowMs() + AHEAD_MS_MAX
    for (const { key } of streams) {
      const summary = index.summary(key)
      if (summary === undefined) continue
      const { firstMs, lastMs } = summary
      const isRead = lastMs > latestMs && (await this.#readBefore(key, firstMs, latestMs))
      if (!isRead) await this.#read(key, lastMs - NEWEST_MS, lastMs + 1)
      for (const quantity of this.own(key)?.alerts.unseen ?? []) {
        const atMs = await index.newestMs(key, quantity, latestMs)
        if (atMs !== undefined) await this.#read(key, atMs, atMs + 1)
      }
    }
  }

  /** Takes the newest records up to a time, however long before it they are; false where there are none. */
  async #readBefore(key: StreamKey, firstMs: number, toMs: number): Promise<boolean> {
    for (let spanMs = NEWEST_MS; ; spanMs *= 8) {
      if (await this.#read(key, toMs - spanMs, toMs + 1)) return true
      if (toMs - spanMs <= firstMs) return false
    }
  }

  /** Takes the newest records of a time; false where there are none. */
  async #read(key: StreamKey, fromMs: number, toMs: number): Promise<boolean> {
    const { index, blocks, records } = this.#parts
    let newest: readonly RecordRow[] = []
    for await (const rows of index.records(key, fromMs, toMs))
      newest = [...newest, ...rows.filter(({ readable }) => readable)].slice(-NEWEST_RECORDS_MAX)
    for (const bytes of await blocks.read(newest.map(({ id }) => id))) {
      const content = await records.readStored(bytes)
      if (content) this.take(key, content)
    }
    return newest.length > 0
  }

  #ownStream(key: StreamKey): Hash | undefined {
    const [issuer, streamId] = key.split(':')
    return issuer === this.#parts.device ? (streamId as Hash) : undefined
  }

  #foreignOf(key: StreamKey, kind: ThingKind | 'unknown'): LiveValues {
    const found = this.#foreign.get(key) ?? { kind, live: new LiveValues(kind) }
    this.#foreign.set(key, found)
    return found.live
  }
}
