import type { PublicKey } from '../core/model/id.ts'
import type { ThingKind } from '../reading/kinds.ts'
import type { StreamKey } from './api.ts'
import type { HistoryStores } from './history.ts'
import { LiveValues } from './live-values.ts'
import type { RecordContent } from './record-reader.ts'
import type { Stream } from './streams.ts'
import type { Thing, Things } from './things.ts'

/** How far back a stream's newest readings are looked for at start: to fill a sparkline at 1 Hz, and of slow things the last. */
const NEWEST_MS = 90_000

/** Somebody else's stream as far as it can be read. */
interface ForeignLive {
  readonly kind: ThingKind | 'unknown'
  readonly live: LiveValues
}

interface LiveParts extends HistoryStores {
  readonly device: PublicKey
  readonly things: Pick<Things, 'get'>
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

  take(key: StreamKey, content: RecordContent): void {
    if (content.type !== 'readings') return
    const own = this.#own(key)
    own?.alerts.take(content.readings)
    const live = own?.live ?? this.#foreignOf(key, content.kind)
    live.add(content.readings)
  }

  /** Reads the newest records of each stream. Throws `StoreError`. */
  async readNewest(streams: Iterable<Stream>): Promise<void> {
    const { index, blocks, records } = this.#parts
    for (const { key } of streams) {
      const { lastMs } = index.summary(key) ?? {}
      if (lastMs === undefined) continue
      for await (const rows of index.records(key, lastMs - NEWEST_MS, lastMs + 1))
        for (const bytes of await blocks.read(rows.map(({ id }) => id))) {
          const content = await records.readStored(bytes)
          if (content) this.take(key, content)
        }
    }
  }

  #own(key: StreamKey): Thing | undefined {
    const [issuer, streamId = ''] = key.split(':')
    return issuer === this.#parts.device ? this.#parts.things.get(streamId) : undefined
  }

  #foreignOf(key: StreamKey, kind: ThingKind | 'unknown'): LiveValues {
    const found = this.#foreign.get(key) ?? { kind, live: new LiveValues(kind) }
    this.#foreign.set(key, found)
    return found.live
  }
}
