/**
 * The body of a data block with topic `stream/1`, to and from bytes. Protocol §10.
 *
 * ```
 * 0    32  stream id
 * 32   4   epoch
 * 36   4   index within the epoch
 * 40   1   flags: bit 0 encrypted
 * 41   32  commitment to the epoch key  } if encrypted
 * 73   24  nonce                        }
 *          record: a SenML-CBOR pack, or its ciphertext
 * ```
 */
import { bytesOf } from '../core/codec/hex.ts'
import type { PublicKey } from '../core/model/id.ts'

/** The topic of every data block that carries a stream record. */
export const STREAM_TOPIC = 'stream/1'

export const STREAM_ID_BYTES = 32
const COMMITMENT_BYTES = 32
/** XChaCha20's nonce is long enough to be drawn at random. */
export const NONCE_BYTES = 24
/** Poly1305's tag, which ends every ciphertext. */
const TAG_BYTES = 16

const PLACE_BYTES = STREAM_ID_BYTES + 4 + 4
const OPEN_HEAD_BYTES = PLACE_BYTES + 1
const NONCE_AT = OPEN_HEAD_BYTES + COMMITMENT_BYTES
const ENCRYPTED_HEAD_BYTES = NONCE_AT + NONCE_BYTES

const FLAG_ENCRYPTED = 1

/** A payload of 16 384 bytes less the topic and its length byte. Protocol §4, §5. */
export const BODY_BYTES_MAX = 16_384 - 1 - STREAM_TOPIC.length

/** The longest pack that fits a body, encrypted or not. */
export const RECORD_PACK_BYTES_MAX = BODY_BYTES_MAX - ENCRYPTED_HEAD_BYTES - TAG_BYTES

const U32_MAX = 0xffff_ffff

/** Where a record stands in its stream. `epoch` and `index` are u32. */
export interface RecordPlace {
  /** 32 random bytes. */
  readonly streamId: Uint8Array
  readonly epoch: number
  readonly index: number
}

export interface OpenRecord extends RecordPlace {
  readonly type: 'open'
  /** A SenML-CBOR pack, not yet decoded. */
  readonly pack: Uint8Array
}

export interface EncryptedRecord extends RecordPlace {
  readonly type: 'encrypted'
  /** H(epoch key ‖ 'K'), 32 bytes. */
  readonly commitment: Uint8Array
  /** 24 bytes. */
  readonly nonce: Uint8Array
  /** The pack's ciphertext and its 16-byte tag. */
  readonly ciphertext: Uint8Array
}

export type StreamRecord = OpenRecord | EncryptedRecord

export interface MalformedRecord {
  readonly type: 'malformed'
  readonly reason: 'too-short' | 'too-long' | 'unknown-flags'
}

/**
 * @param record fields of the sizes named above and a record that is not empty and fits; else it throws
 * @returns the body of a data block
 */
export function encodeRecord(record: StreamRecord): Uint8Array {
  const content = record.type === 'open' ? record.pack : record.ciphertext
  const head = encodeHead(record)
  const nonce = record.type === 'open' ? new Uint8Array(0) : sized(record.nonce, NONCE_BYTES)
  const body = new Uint8Array(head.length + nonce.length + content.length)
  if (content.length < contentBytesMin(record.type) || body.length > BODY_BYTES_MAX) {
    throw new RangeError(`a record of ${content.length} bytes`)
  }
  body.set(head)
  body.set(nonce, head.length)
  body.set(content, head.length + nonce.length)
  return body
}

/** A record's place and type, and not what it says. */
export type RecordHead = RecordPlace & Pick<StreamRecord, 'type'>

/** Reads as much of a body that came from outside; the stream id is a view of it. Never throws. */
export function decodeRecordHead(body: Uint8Array): RecordHead | MalformedRecord {
  if (body.length > BODY_BYTES_MAX) return { type: 'malformed', reason: 'too-long' }
  if (body.length < OPEN_HEAD_BYTES) return { type: 'malformed', reason: 'too-short' }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const flags = view.getUint8(PLACE_BYTES)
  if ((flags & ~FLAG_ENCRYPTED) !== 0) return { type: 'malformed', reason: 'unknown-flags' }
  const type = flags === FLAG_ENCRYPTED ? 'encrypted' : 'open'
  if (body.length < contentAt(type) + contentBytesMin(type)) return { type: 'malformed', reason: 'too-short' }
  return {
    type,
    streamId: body.subarray(0, STREAM_ID_BYTES),
    epoch: view.getUint32(STREAM_ID_BYTES, true),
    index: view.getUint32(STREAM_ID_BYTES + 4, true),
  }
}

/** Reads a body that came from outside. The result's bytes are copies. Never throws. */
export function decodeRecord(body: Uint8Array): StreamRecord | MalformedRecord {
  const head = decodeRecordHead(body)
  if (head.type === 'malformed') return head
  const { type, epoch, index } = head
  const place = { streamId: head.streamId.slice(), epoch, index }
  const content = body.slice(contentAt(type))
  if (type === 'open') return { type, ...place, pack: content }
  return {
    type,
    ...place,
    commitment: body.slice(OPEN_HEAD_BYTES, NONCE_AT),
    nonce: body.slice(NONCE_AT, ENCRYPTED_HEAD_BYTES),
    ciphertext: content,
  }
}

/**
 * What a ciphertext is bound to: issuer ‖ everything in the body before the nonce. Nobody can move a
 * record to another issuer, stream, epoch, index or key. Protocol §10.
 */
export function associatedData(
  issuer: PublicKey,
  place: RecordPlace & Pick<EncryptedRecord, 'commitment'>,
): Uint8Array {
  const issuerBytes = bytesOf(issuer)
  const head = encodeHead({ ...place, type: 'encrypted' })
  const data = new Uint8Array(issuerBytes.length + head.length)
  data.set(issuerBytes)
  data.set(head, issuerBytes.length)
  return data
}

type Head = RecordPlace &
  ({ readonly type: 'open' } | ({ readonly type: 'encrypted' } & Pick<EncryptedRecord, 'commitment'>))

/** Everything before the nonce of an encrypted body, or before the pack of an open one. */
function encodeHead(head: Head): Uint8Array {
  const bytes = new Uint8Array(head.type === 'open' ? OPEN_HEAD_BYTES : NONCE_AT)
  const view = new DataView(bytes.buffer)
  bytes.set(sized(head.streamId, STREAM_ID_BYTES))
  view.setUint32(STREAM_ID_BYTES, u32(head.epoch), true)
  view.setUint32(STREAM_ID_BYTES + 4, u32(head.index), true)
  if (head.type === 'encrypted') {
    bytes[PLACE_BYTES] = FLAG_ENCRYPTED
    bytes.set(sized(head.commitment, COMMITMENT_BYTES), OPEN_HEAD_BYTES)
  }
  return bytes
}

/** Where in a body what the record says begins. */
function contentAt(type: StreamRecord['type']): number {
  return type === 'encrypted' ? ENCRYPTED_HEAD_BYTES : OPEN_HEAD_BYTES
}

/** A record says something: one byte of CBOR at least. */
function contentBytesMin(type: StreamRecord['type']): number {
  return type === 'open' ? 1 : 1 + TAG_BYTES
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${bytes.length} bytes instead of ${length}`)
  return bytes
}

function u32(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > U32_MAX) throw new RangeError(`${value} is no u32`)
  return value
}
