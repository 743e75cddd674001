import { encodeData } from '../core/codec/data.ts'
import { hashOf } from '../core/codec/hex.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import {
  decodeRecord,
  decodeRecordHead,
  STREAM_TOPIC,
  type RecordHead,
  type StreamRecord,
} from '../stream/record.ts'
import type { RecordKey } from '../stream/series.ts'
import type { StreamKey } from './api.ts'

/** Streams followed. A stranger pays a block's work for each, so this is a matter of memory, not of trust. */
const STREAMS_MAX = 1024

/** Records known in all: fifteen days of one thing at a block each five seconds. Older ones stay in the store. */
const RECORDS_MAX = 262_144

/** Where a record is and where it stands in its stream. */
export interface RecordRef extends RecordKey {
  readonly id: BlockId
  readonly encrypted: boolean
}

export interface Stream {
  readonly key: StreamKey
  readonly issuer: PublicKey
  readonly streamId: string
  /** In the order they joined the graph; after a start, in the order they were issued. */
  readonly records: RecordRef[]
  /** How many of them are in a commit. */
  committed: number
  /** Of the device's own streams: by epoch, the index the next record takes. */
  readonly next: Map<number, number>
}

/** Names a stream for good. */
export function streamKeyOf(issuer: PublicKey, streamId: string): StreamKey {
  return `${issuer}:${streamId}`
}

/** What the payload of a block with a record begins with. Protocol §5. */
const PAYLOAD_HEAD = encodeData({ topic: STREAM_TOPIC, body: new Uint8Array() })

/** The stream record a block carries, if it carries one. */
export function recordIn(checked: CheckedBlock): StreamRecord | undefined {
  const body = bodyIn(checked)
  const record = body && decodeRecord(body)
  return record?.type === 'malformed' ? undefined : record
}

/** The same without what the record says, for those who take up many: copying that would cost more than all else. */
export function recordHeadIn(checked: CheckedBlock): RecordHead | undefined {
  const body = bodyIn(checked)
  const head = body && decodeRecordHead(body)
  return head?.type === 'malformed' ? undefined : head
}

function bodyIn({ block: { kind, payload } }: CheckedBlock): Uint8Array | undefined {
  if (kind !== 'data' || !PAYLOAD_HEAD.every((byte, i) => byte === payload[i])) return undefined
  return payload.subarray(PAYLOAD_HEAD.length)
}

/** Which streams there are, and which blocks carry their records. Rebuilt from the blocks at every start. */
export class Streams {
  readonly #streams = new Map<StreamKey, Stream>()
  readonly #streamOf = new Map<BlockId, StreamKey>()
  /** Records that are in no commit yet. */
  readonly #uncommitted = new Map<BlockId, Stream>()
  readonly #device: PublicKey
  readonly #recordsMax: number
  #records = 0
  /** Whose record was added last: the next is often of the same, and names are long. */
  #last: Stream | undefined

  /** @param recordsMax records known in all; less than usual for tests */
  constructor(device: PublicKey, recordsMax = RECORDS_MAX) {
    this.#device = device
    this.#recordsMax = recordsMax
  }

  get(key: StreamKey): Stream | undefined {
    return this.#streams.get(key)
  }

  all(): Iterable<Stream> {
    return this.#streams.values()
  }

  /** The stream one of our own blocks belongs to. */
  streamOf(id: BlockId): StreamKey | undefined {
    return this.#streamOf.get(id)
  }

  /** Takes note of a stored block; returns its stream if it carries a record. */
  add(checked: CheckedBlock, record: RecordHead, isCommitted: boolean): Stream | undefined {
    const { id, block } = checked
    const streamId = hashOf(record.streamId)
    const stream = this.#open(block.issuer, streamId)
    if (stream === undefined) return undefined
    const { epoch, index } = record
    const { issuedAtMs, payloadHash } = block
    stream.records.push({ id, epoch, index, issuedAtMs, payloadHash, encrypted: record.type === 'encrypted' })
    if (isCommitted) stream.committed++
    else this.#uncommitted.set(id, stream)
    if (++this.#records > this.#recordsMax) this.#forgetSome()
    if (block.issuer === this.#device) {
      this.#streamOf.set(id, stream.key)
      stream.next.set(epoch, Math.max(stream.next.get(epoch) ?? 0, index + 1))
    }
    return stream
  }

  /** Takes note that blocks are in a commit now. */
  committed(ids: readonly BlockId[]): void {
    for (const id of ids) {
      const stream = this.#uncommitted.get(id)
      if (stream && this.#uncommitted.delete(id)) stream.committed++
    }
  }

  /** Whether a record is in a commit. */
  isCommitted(id: BlockId): boolean {
    return !this.#uncommitted.has(id)
  }

  /** Puts records in order, after blocks were added in none. */
  sort(): void {
    for (const { records } of this.#streams.values()) records.sort((a, b) => a.issuedAtMs - b.issuedAtMs)
  }

  /** The index the next record of an epoch takes: the blocks themselves are the only counter. Protocol §10. */
  nextIndex(key: StreamKey, epoch: number): number {
    return this.#streams.get(key)?.next.get(epoch) ?? 0
  }

  /** The older half of the longest stream goes, so that no stream crowds out another. */
  #forgetSome(): void {
    const [longest] = [...this.#streams.values()].sort((a, b) => b.records.length - a.records.length)
    const gone = longest?.records.splice(0, Math.ceil(longest.records.length / 2)) ?? []
    for (const { id } of gone) {
      this.#streamOf.delete(id)
      if (longest && !this.#uncommitted.delete(id)) longest.committed--
    }
    this.#records -= gone.length
  }

  #open(issuer: PublicKey, streamId: string): Stream | undefined {
    if (this.#last?.streamId !== streamId || this.#last.issuer !== issuer)
      this.#last = this.#find(issuer, streamId)
    return this.#last
  }

  #find(issuer: PublicKey, streamId: string): Stream | undefined {
    const key = streamKeyOf(issuer, streamId)
    const found = this.#streams.get(key)
    if (found) return found
    if (this.#streams.size >= STREAMS_MAX && issuer !== this.#device) return undefined
    const stream: Stream = { key, issuer, streamId, records: [], committed: 0, next: new Map() }
    this.#streams.set(key, stream)
    return stream
  }
}
