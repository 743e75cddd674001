import {
  BLOCK_BYTES_MAX,
  HEAD_BYTES,
  KIND_BYTES,
  NONCE_BYTES,
  PAYLOAD_BYTES_MAX,
  SIGNATURE_BYTES,
  parentsMax,
  type Block,
  type BlockKind,
  type Essence,
} from '../model/block.ts'
import { ID_BYTES, type BlockId } from '../model/id.ts'
import type { Malformed } from '../model/verdict.ts'
import { blockIdOf, bytesOf, hashOf, publicKeyOf } from './hex.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const VERSION = 1

const KINDS = new Map<number, BlockKind>(
  Object.entries(KIND_BYTES).map(([kind, byte]) => [byte, kind as BlockKind]),
)

/** Bytes of the essence of a block with this many parents. Protocol §4. */
export function essenceBytes(parents: number): number {
  return HEAD_BYTES + ID_BYTES * parents
}

/** The bytes a block's digest is made from: everything before the nonce. Protocol §4. */
export function encodeEssence(essence: Essence): Uint8Array<ArrayBuffer> {
  const writer = new Writer(essenceBytes(essence.parents.length))
    .u8(VERSION)
    .u8(KIND_BYTES[essence.kind])
    .u8(essence.parents.length)
    .u8(0)
    .u32(essence.payloadBytes)
    .u64(essence.issuedAtMs)
    .bytes(bytesOf(essence.issuer))
    .bytes(bytesOf(essence.payloadHash))
  for (const parent of essence.parents) writer.bytes(bytesOf(parent))
  return writer.finish()
}

/** A block as it travels: whole, or its header where it is erased. Protocol §4. */
export function encodeBlock(block: Block): Uint8Array<ArrayBuffer> {
  const essence = encodeEssence(block)
  return new Writer(essence.length + NONCE_BYTES + SIGNATURE_BYTES + block.payload.length)
    .bytes(essence)
    .u64(block.nonce)
    .bytes(block.signature)
    .bytes(block.payload)
    .finish()
}

/** How bytes become a block, or what is wrong with them. */
export type DecodeBlock = (bytes: Uint8Array) => Block | Malformed

/**
 * Parses any bytes. Signature and payload of the result are views of `bytes`. Whether the payload matches its hash
 * is not decided here: that takes the network's key (`identify`).
 */
export function decodeBlock(bytes: Uint8Array): Block | Malformed {
  return decode(bytes, false)
}

/** The same, and of data takes the header alone for a block that is erased (`isErased`). Protocol §4. */
export function decodeBlockOrHeader(bytes: Uint8Array): Block | Malformed {
  return decode(bytes, true)
}

function decode(bytes: Uint8Array, mayBeErased: boolean): Block | Malformed {
  const { length } = bytes
  if (length > BLOCK_BYTES_MAX) return malformed({ reason: 'too-large', length, limit: BLOCK_BYTES_MAX })
  const reader = new Reader(bytes)
  const version = reader.u8()
  const kindByte = reader.u8()
  const parentCount = reader.u8()
  const reserved = reader.u8()
  const payloadBytes = reader.u32()
  const issuedAtMs = reader.u64()
  const issuer = reader.bytes(ID_BYTES)
  const payloadHash = reader.bytes(ID_BYTES)
  if (reader.fault === 'truncated') return malformed({ reason: 'truncated', length, expected: HEAD_BYTES })

  if (version !== VERSION) return malformed({ reason: 'bad-version', value: version })
  const kind = KINDS.get(kindByte)
  if (kind === undefined) return malformed({ reason: 'bad-kind', value: kindByte })
  if (reserved !== 0) return malformed({ reason: 'reserved-byte', value: reserved })
  if (parentCount === 0) return malformed({ reason: 'no-parents' })
  const limit = parentsMax(kind)
  if (parentCount > limit) return malformed({ reason: 'too-many-parents', count: parentCount, limit })
  if (payloadBytes > PAYLOAD_BYTES_MAX)
    return malformed({ reason: 'payload-too-large', length: payloadBytes, limit: PAYLOAD_BYTES_MAX })
  const headerBytes = essenceBytes(parentCount) + NONCE_BYTES + SIGNATURE_BYTES
  const expected = headerBytes + payloadBytes
  const isWhole = !mayBeErased || kind !== 'data' || length !== headerBytes
  if (isWhole && length !== expected)
    return malformed({ reason: length < expected ? 'truncated' : 'trailing-bytes', length, expected })

  const parents: BlockId[] = []
  for (let i = 0; i < parentCount; i++) parents.push(blockIdOf(reader.bytes(ID_BYTES)))
  const nonce = reader.u64()
  if (reader.fault === 'number-too-large') return malformed({ reason: 'number-too-large' })
  const unordered = parents.findIndex((parent, i) => i > 0 && parent <= (parents[i - 1] ?? ''))
  if (unordered >= 0) return malformed({ reason: 'parents-not-ascending', index: unordered })
  return {
    kind,
    issuedAtMs,
    issuer: publicKeyOf(issuer),
    parents,
    payloadHash: hashOf(payloadHash),
    payloadBytes,
    nonce,
    signature: reader.bytes(SIGNATURE_BYTES),
    payload: reader.bytes(isWhole ? payloadBytes : 0),
  }
}

type Reason<T> = T extends { readonly type: 'malformed' } ? Omit<T, 'type'> : never

function malformed(reason: Reason<Malformed>): Malformed {
  return { type: 'malformed', ...reason }
}
