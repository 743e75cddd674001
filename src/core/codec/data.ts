import type { PayloadFault } from '../model/verdict.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** What a data block carries: a topic that says how to read the body. Protocol §5. */
export interface Data {
  readonly topic: string
  readonly body: Uint8Array
}

/** Characters of a topic. Protocol §5: 1–64 of [a-z0-9./-]. */
const TOPIC_CHARACTERS_MAX = 64

const ALLOWED = new Set([...'abcdefghijklmnopqrstuvwxyz0123456789./-'].map((c) => c.charCodeAt(0)))

/** The payload of a data block. The topic must be one `decodeData` would accept. Protocol §5. */
export function encodeData({ topic, body }: Data): Uint8Array<ArrayBuffer> {
  const characters = Uint8Array.from(topic, (c) => c.charCodeAt(0))
  if (faultOf(characters)) throw new Error(`not a topic: ${topic}`)
  return new Writer(1 + characters.length + body.length)
    .u8(characters.length)
    .bytes(characters)
    .bytes(body)
    .finish()
}

/** Parses any bytes; the body is a view of them. Protocol §5. */
export function decodeData(payload: Uint8Array): Data | PayloadFault {
  const reader = new Reader(payload)
  const characters = reader.bytes(reader.u8())
  if (reader.fault) return { reason: 'truncated' }
  const fault = faultOf(characters)
  if (fault) return fault
  return { topic: String.fromCharCode(...characters), body: reader.bytes(reader.left) }
}

function faultOf(characters: Uint8Array): PayloadFault | undefined {
  const { length } = characters
  if (length === 0 || length > TOPIC_CHARACTERS_MAX)
    return { reason: 'topic-length', length, limit: TOPIC_CHARACTERS_MAX }
  const index = characters.findIndex((c) => !ALLOWED.has(c))
  return index < 0 ? undefined : { reason: 'topic-character', index }
}
