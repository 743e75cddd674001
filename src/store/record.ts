/**
 * The record: how blocks lie on disk. Many blocks share one flat byte string, because a database writes and
 * reads one 28 kB value far faster than 64 small ones, and a checksum over it tells damage from data.
 *
 * ```
 * offset  size      field
 * 0       4         CRC-32 of everything after it, little-endian
 * 4       1         version: 2 where a block in it was erased, or else 1
 * 5       1         n, block count, 1 to 64
 * 6       36·n      block id (32) ‖ length in bytes (4), for each block; bit 31 of the length: it was erased
 *                   the blocks, end to end; of those erased the header
 * ```
 * Every later version keeps the first five bytes, so that an older program can tell "newer" from "damaged".
 */
import crc32 from 'crc-32'
import { blockIdOf } from '../core/codec/hex.ts'
import { writeIdBytes } from '../core/dag/id-bytes.ts'
import { HEAD_BYTES, PAYLOAD_BYTES_MAX } from '../core/model/block.ts'
import { ID_BYTES } from '../core/model/id.ts'
import type { StoredBlock } from '../ports.ts'
import { headerBytes } from './erased.ts'

/** Blocks in one record: few enough that rewriting an unfilled record for one more block stays cheap. */
export const RECORD_BLOCKS_MAX = 64

/** Bytes in a record of more than one block: Chromium keeps a value of over 64 kB in a file of its own, which is slow. */
export const RECORD_BYTES_MAX = 48_000

const RECORD_VERSION = 2
/** A program that knows only this one must not take a header for a block. */
const VERSION_OF_WHOLE_BLOCKS = 1
const ERASED_BIT = 2 ** 31
const CHECKSUM_BYTES = 4
const HEADER_BYTES = CHECKSUM_BYTES + 2
const ENTRY_BYTES = ID_BYTES + 4

export type DecodedRecord =
  /** `bytes` of each block is a view into the record: copy what outlives it. */
  | { readonly type: 'blocks'; readonly blocks: readonly StoredBlock[] }
  | { readonly type: 'newer-version'; readonly version: number }
  /** The checksum or the layout is wrong. `candidates` are copies of what still looks like a block. */
  | { readonly type: 'damaged'; readonly candidates: readonly Uint8Array[] }

/** Bytes that `blocks` take as one record, checksum and table included. */
export function recordBytes(blocks: readonly StoredBlock[]): number {
  return blocks.reduce((sum, block) => sum + entryBytes(block), HEADER_BYTES)
}

/** Bytes that one more block adds to a record. */
export function entryBytes({ bytes }: StoredBlock): number {
  return ENTRY_BYTES + bytes.length
}

/** Bytes of a record of `count` blocks that are not the blocks' own. */
export function recordOverheadBytes(count: number): number {
  return HEADER_BYTES + ENTRY_BYTES * count
}

/** Whether one more block may join a record that holds `count` blocks in `bytes` bytes. An empty one takes any block. */
export function fitsRecord(count: number, bytes: number, block: StoredBlock): boolean {
  if (count === 0) return true
  return count < RECORD_BLOCKS_MAX && bytes + entryBytes(block) <= RECORD_BYTES_MAX
}

interface EncodedRecord {
  /** In a buffer of exactly its size, so that storing it clones nothing else. */
  readonly record: Uint8Array<ArrayBuffer>
  /** The same blocks as views into it, so that whoever gave them may go on using their bytes. */
  readonly blocks: readonly StoredBlock[]
}

/** Packs 1 to 64 blocks into one record. */
export function encodeRecord(blocks: readonly StoredBlock[]): EncodedRecord {
  if (blocks.length === 0 || blocks.length > RECORD_BLOCKS_MAX) {
    throw new RangeError('a record holds 1 to 64 blocks')
  }
  const record = new Uint8Array(recordBytes(blocks))
  const view = viewOf(record)
  record[CHECKSUM_BYTES] = blocks.some(({ erased }) => erased) ? RECORD_VERSION : VERSION_OF_WHOLE_BLOCKS
  record[CHECKSUM_BYTES + 1] = blocks.length
  let entry = HEADER_BYTES
  let data = recordOverheadBytes(blocks.length)
  const views = blocks.map((block): StoredBlock => {
    const { id, bytes, erased } = block
    writeIdBytes(id, record, entry)
    view.setUint32(entry + ID_BYTES, bytes.length + (erased ? ERASED_BIT : 0), true)
    record.set(bytes, data)
    entry += ENTRY_BYTES
    data += bytes.length
    return { ...block, bytes: record.subarray(data - bytes.length, data) }
  })
  view.setUint32(0, checksum(record), true)
  return { record, blocks: views }
}

/** Unpacks a record. Takes any bytes at all; whatever is no record of a known version comes back as damage. */
export function decodeRecord(record: Uint8Array): DecodedRecord {
  if (record.length < HEADER_BYTES) return { type: 'damaged', candidates: [] }
  const view = viewOf(record)
  const table = readTable(record)
  const version = view.getUint8(CHECKSUM_BYTES)
  const isIntact = view.getUint32(0, true) === checksum(record)
  if (isIntact && version > RECORD_VERSION) return { type: 'newer-version', version }
  if (!isIntact || version < VERSION_OF_WHOLE_BLOCKS || table === undefined) {
    return { type: 'damaged', candidates: salvage(record, table) }
  }
  const blocks = table.map(({ start, end, isErased }, index): StoredBlock => {
    const entry = HEADER_BYTES + ENTRY_BYTES * index
    const id = blockIdOf(record.subarray(entry, entry + ID_BYTES))
    const bytes = record.subarray(start, end)
    return isErased ? { id, bytes, erased: true } : { id, bytes }
  })
  return { type: 'blocks', blocks }
}

/** Where a block lies in a record: from `start` up to, not including, `end`. */
interface Span {
  readonly start: number
  readonly end: number
}

interface TableEntry extends Span {
  readonly isErased: boolean
}

/** Where the table says the blocks lie; undefined where it does not add up to the record's length. */
function readTable(record: Uint8Array): readonly TableEntry[] | undefined {
  const view = viewOf(record)
  const count = view.getUint8(CHECKSUM_BYTES + 1)
  let end = recordOverheadBytes(count)
  if (count === 0 || count > RECORD_BLOCKS_MAX || end > record.length) return undefined
  const entries: TableEntry[] = []
  for (let index = 0; index < count; index++) {
    const start = end
    const length = view.getUint32(HEADER_BYTES + ENTRY_BYTES * index + ID_BYTES, true)
    end += length % ERASED_BIT
    entries.push({ start, end, isErased: length >= ERASED_BIT })
  }
  return end === record.length ? entries : undefined
}

function checksum(record: Uint8Array): number {
  return crc32.buf(record.subarray(CHECKSUM_BYTES)) >>> 0
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The byte strings in a damaged record that have the shape of a block, at most 64. */
function salvage(record: Uint8Array, table: readonly Span[] | undefined): readonly Uint8Array[] {
  const view = viewOf(record)
  const spans = table ?? shapedSpans(view)
  return spans
    .filter(({ start, end }) => shapedBlockBytes(view, start) === end - start)
    .map(({ start, end }) => record.slice(start, end))
}

/**
 * Where something with the shape of a block lies, when the table is no help: a block's own header gives its
 * length, and elsewhere the search goes on byte by byte. Chance makes a false header once in some 10^11 bytes.
 */
function shapedSpans(view: DataView): readonly Span[] {
  const spans: Span[] = []
  let start = HEADER_BYTES
  while (start < view.byteLength && spans.length < RECORD_BLOCKS_MAX) {
    const length = shapedBlockBytes(view, start)
    if (length !== undefined) spans.push({ start, end: start + length })
    start += length ?? 1
  }
  return spans
}

/** How long the block at `offset` says it is, where there is something like one that ends within the record. */
function shapedBlockBytes(view: DataView, offset: number): number | undefined {
  if (offset + HEAD_BYTES > view.byteLength) return undefined
  const version = view.getUint8(offset)
  const kind = view.getUint8(offset + 1)
  const parents = view.getUint8(offset + 2)
  const payloadBytes = view.getUint32(offset + 4, true)
  const plausible =
    version === 1 &&
    kind >= 1 &&
    kind <= 3 &&
    parents >= 1 &&
    view.getUint8(offset + 3) === 0 &&
    payloadBytes <= PAYLOAD_BYTES_MAX
  const length = headerBytes(parents) + payloadBytes
  return plausible && offset + length <= view.byteLength ? length : undefined
}
