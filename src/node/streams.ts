import { encodeData } from '../core/codec/data.ts'
import { hashOf } from '../core/codec/hex.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryIndex, NewestRecord, StreamSummary } from '../stream/history-index.ts'
import {
  decodeRecord,
  decodeRecordHead,
  STREAM_TOPIC,
  type RecordHead,
  type StreamRecord,
} from '../stream/record.ts'
import type { StreamKey } from './api.ts'

/** A stream as it stands: what the history index has of it, and which of that is in no commit yet. */
export interface Stream {
  readonly key: StreamKey
  readonly issuer: PublicKey
  readonly streamId: string
  /** Records here. */
  readonly records: number
  /** How many of them are in a commit. */
  readonly committed: number
  readonly newest: NewestRecord | undefined
}

/** Names a stream for good. */
export function streamKeyOf(issuer: PublicKey, streamId: string): StreamKey {
  return `${issuer}:${streamId}`
}

/** What the payload of a block with a record begins with. Protocol §5. */
const PAYLOAD_HEAD = encodeData({ topic: STREAM_TOPIC, body: new Uint8Array() })

/** The stream record a block carries, if it carries one. */
export function recordIn(checked: Pick<CheckedBlock, 'block'>): StreamRecord | undefined {
  const body = bodyIn(checked)
  const record = body && decodeRecord(body)
  return record?.type === 'malformed' ? undefined : record
}

/** The same without what the record says, for those who take up many: copying that would cost more than all else. */
function recordHeadIn(checked: Pick<CheckedBlock, 'block'>): RecordHead | undefined {
  const body = bodyIn(checked)
  const head = body && decodeRecordHead(body)
  return head?.type === 'malformed' ? undefined : head
}

/** The stream that a block has a record of, if it has one. */
export function streamIn(checked: Pick<CheckedBlock, 'block'>): StreamKey | undefined {
  const head = recordHeadIn(checked)
  return head && streamKeyOf(checked.block.issuer, hashOf(head.streamId))
}

function bodyIn({ block: { kind, payload } }: Pick<CheckedBlock, 'block'>): Uint8Array | undefined {
  if (kind !== 'data' || !PAYLOAD_HEAD.every((byte, i) => byte === payload[i])) return undefined
  return payload.subarray(PAYLOAD_HEAD.length)
}

/** The streams of a network as they are shown: the history index knows their records, this what is in no commit yet. */
export class Streams {
  readonly #index: Pick<HistoryIndex, 'summary' | 'summaries'>
  /** Records in no commit yet: as many as the window has blocks. */
  readonly #uncommitted = new Map<BlockId, StreamKey>()
  /** How many of them each stream has. */
  readonly #open = new Map<StreamKey, number>()

  constructor(index: Pick<HistoryIndex, 'summary' | 'summaries'>) {
    this.#index = index
  }

  get(key: StreamKey): Stream | undefined {
    const summary = this.#index.summary(key)
    return summary && this.#streamOf(summary)
  }

  *all(): Iterable<Stream> {
    for (const summary of this.#index.summaries()) yield this.#streamOf(summary)
  }

  /** Takes note of a stored block that is in no commit. */
  stored(checked: CheckedBlock): void {
    const key = streamIn(checked)
    if (key === undefined || this.#uncommitted.has(checked.id)) return
    this.#uncommitted.set(checked.id, key)
    this.#open.set(key, (this.#open.get(key) ?? 0) + 1)
  }

  /** Takes note that blocks are in a commit now. */
  committed(ids: readonly BlockId[]): void {
    for (const id of ids) {
      const key = this.#uncommitted.get(id)
      if (key === undefined) continue
      this.#uncommitted.delete(id)
      const left = (this.#open.get(key) ?? 1) - 1
      if (left === 0) this.#open.delete(key)
      else this.#open.set(key, left)
    }
  }

  /** Whether a record is in a commit. */
  isCommitted(id: BlockId): boolean {
    return !this.#uncommitted.has(id)
  }

  #streamOf({ key, issuer, streamId, records, newest }: StreamSummary): Stream {
    // a block is told here before the index has read it
    const committed = Math.max(0, records - (this.#open.get(key) ?? 0))
    return { key, issuer, streamId, records, committed, newest }
  }
}
