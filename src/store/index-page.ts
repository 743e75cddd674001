/**
 * The block index: where each block lies, without keeping every id in memory. Some 4096 blocks share one
 * sorted **page** on disk and one small Bloom **filter** in memory that says which ids the page cannot hold.
 *
 * ```
 * page    CRC-32 of the rest (4) ‖ entries, ascending: first 8 bytes of the id, big-endian ‖ location (4, LE)
 * filter  CRC-32 of the rest (4) ‖ blocks (4) ‖ bytes of those blocks (4) ‖ bits, 12 a block
 * ```
 * Block ids are hashes, so bytes of the id serve as the filter's hashes: bytes 8–15, which the page does not use.
 * The last four bytes would not do, because the proof of work makes them small (protocol §4).
 */
import crc32 from 'crc-32'
import { idWord } from '../core/dag/id-bytes.ts'
import type { BlockId } from '../core/model/id.ts'
import { RECORD_BLOCKS_MAX } from './record.ts'

/** Blocks after which a page is written. With the last record's own it holds fewer than 64 more, about 48 kB. */
export const PAGE_BLOCKS = 4096

/** Records after which a page is written though its blocks are few and large: opening a store reads at most these. */
export const PAGE_RECORDS_MAX = 256

/** Bits of filter a block, and bits set for each: one foreign id in some 300 passes (12 bits, k = 8 ≈ 12·ln 2). */
const FILTER_BITS_PER_BLOCK = 12
const FILTER_HASHES = 8

const CHECKSUM_BYTES = 4
const ENTRY_BYTES = 12
const FILTER_HEADER_BYTES = 12

/** A record number and a position within that record in one u32: 26 and 6 bits. */
export type Location = number

/** Record numbers stay below this: 2^26 records of up to 64 blocks. */
export const RECORDS_MAX = 2 ** 32 / RECORD_BLOCKS_MAX

export interface IndexEntry {
  readonly id: BlockId
  readonly location: Location
}

/** What is kept in memory of one page. */
export interface PageFilter {
  readonly blocks: number
  /** Bytes of those blocks, without the records' own. */
  readonly bytes: number
  readonly bits: Uint8Array
}

/** The parts of an id that pages and filters look at, read once for a search through many of them. */
interface Probe {
  readonly high: number
  readonly low: number
  readonly hash: number
  readonly step: number
}

export function locationOf(record: number, position: number): Location {
  if (record >= RECORDS_MAX || position >= RECORD_BLOCKS_MAX)
    throw new RangeError('no such place in the store')
  return record * RECORD_BLOCKS_MAX + position
}

export function recordOf(location: Location): number {
  return Math.floor(location / RECORD_BLOCKS_MAX)
}

export function positionOf(location: Location): number {
  return location % RECORD_BLOCKS_MAX
}

export function probeOf(id: BlockId): Probe {
  return { high: idWord(id, 0), low: idWord(id, 1), hash: idWord(id, 2), step: idWord(id, 3) }
}

/** A page of `entries`, given in any order. */
export function encodePage(entries: readonly IndexEntry[]): Uint8Array<ArrayBuffer> {
  const sorted = entries
    .map(({ id, location }) => ({ high: idWord(id, 0), low: idWord(id, 1), location }))
    .sort((a, b) => a.high - b.high || a.low - b.low)
  const page = new Uint8Array(CHECKSUM_BYTES + ENTRY_BYTES * sorted.length)
  const view = new DataView(page.buffer)
  sorted.forEach(({ high, low, location }, index) => {
    const offset = CHECKSUM_BYTES + ENTRY_BYTES * index
    view.setUint32(offset, high)
    view.setUint32(offset + 4, low)
    view.setUint32(offset + 8, location, true)
  })
  return sealed(page)
}

/** Where the page has blocks that begin like the id looked for: none, one, or a few, for 8 bytes may coincide. */
export function findInPage(page: Uint8Array, { high, low }: Probe): readonly Location[] {
  const view = viewOf(page)
  const count = entryCount(page)
  const isBefore = (index: number) => {
    const offset = CHECKSUM_BYTES + ENTRY_BYTES * index
    const entryHigh = view.getUint32(offset)
    return entryHigh < high || (entryHigh === high && view.getUint32(offset + 4) < low)
  }
  let first = 0
  for (let end = count; first < end;) {
    const middle = (first + end) >>> 1
    if (isBefore(middle)) first = middle + 1
    else end = middle
  }
  const found: Location[] = []
  for (let index = first; index < count; index++) {
    const offset = CHECKSUM_BYTES + ENTRY_BYTES * index
    if (view.getUint32(offset) !== high || view.getUint32(offset + 4) !== low) break
    found.push(view.getUint32(offset + 8, true))
  }
  return found
}

/** The page without the entries of one record, and how many those were. */
export function pageWithout(
  page: Uint8Array,
  record: number,
): { readonly page: Uint8Array<ArrayBuffer>; readonly removed: number } {
  const view = viewOf(page)
  const kept = new Uint8Array(page.length)
  let end = CHECKSUM_BYTES
  for (let offset = CHECKSUM_BYTES; offset < page.length; offset += ENTRY_BYTES) {
    if (recordOf(view.getUint32(offset + 8, true)) === record) continue
    kept.set(page.subarray(offset, offset + ENTRY_BYTES), end)
    end += ENTRY_BYTES
  }
  return { page: sealed(kept.slice(0, end)), removed: (page.length - end) / ENTRY_BYTES }
}

/** Whether the bytes are a page as it was written. */
export function isPage(bytes: Uint8Array): boolean {
  return isSealed(bytes) && Number.isInteger(entryCount(bytes))
}

/** The filter of a page with these ids, whose blocks take `bytes` bytes. */
export function makeFilter(ids: readonly BlockId[], bytes: number): PageFilter {
  const bits = new Uint8Array(Math.max(1, Math.ceil((ids.length * FILTER_BITS_PER_BLOCK) / 8)))
  for (const id of ids) {
    const places = filterPlaces(bits, probeOf(id))
    for (let index = 0; index < FILTER_HASHES; index++) {
      const bit = filterBit(places, index)
      bits[bit >>> 3]! |= 1 << (bit & 7)
    }
  }
  return { blocks: ids.length, bytes, bits }
}

/** False: the page has no such block. True: it has, or it is the one time in 300 that it only looks so. */
export function mayHold({ bits }: PageFilter, probe: Probe): boolean {
  const places = filterPlaces(bits, probe)
  for (let index = 0; index < FILTER_HASHES; index++) {
    const bit = filterBit(places, index)
    if ((bits[bit >>> 3]! & (1 << (bit & 7))) === 0) return false
  }
  return true
}

export function encodeFilter({ blocks, bytes, bits }: PageFilter): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(FILTER_HEADER_BYTES + bits.length)
  const view = new DataView(encoded.buffer)
  view.setUint32(CHECKSUM_BYTES, blocks, true)
  view.setUint32(CHECKSUM_BYTES + 4, bytes, true)
  encoded.set(bits, FILTER_HEADER_BYTES)
  return sealed(encoded)
}

/** The filter in `encoded`; undefined where it is damaged, for it can be derived again from the records. */
export function decodeFilter(encoded: Uint8Array): PageFilter | undefined {
  if (encoded.length <= FILTER_HEADER_BYTES || !isSealed(encoded)) return undefined
  const view = viewOf(encoded)
  return {
    blocks: view.getUint32(CHECKSUM_BYTES, true),
    bytes: view.getUint32(CHECKSUM_BYTES + 4, true),
    bits: encoded.slice(FILTER_HEADER_BYTES),
  }
}

/** Where the hashes of an id begin in a filter, and how far apart they are. */
interface FilterPlaces {
  readonly count: number
  readonly first: number
  readonly stride: number
}

/**
 * Double hashing: two words of the id stand for eight hashes (Kirsch and Mitzenmacher 2006). Both are taken modulo the
 * filter's bits at once, since a remainder of small whole numbers takes a tenth of the time.
 */
function filterPlaces(bits: Uint8Array, { hash, step }: Probe): FilterPlaces {
  const count = bits.length * 8
  return { count, first: hash % count, stride: step % count }
}

function filterBit({ count, first, stride }: FilterPlaces, index: number): number {
  return (first + index * stride) % count
}

function entryCount(page: Uint8Array): number {
  return (page.length - CHECKSUM_BYTES) / ENTRY_BYTES
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function sealed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  viewOf(bytes).setUint32(0, crc32.buf(bytes.subarray(CHECKSUM_BYTES)) >>> 0, true)
  return bytes
}

function isSealed(bytes: Uint8Array): boolean {
  if (bytes.length < CHECKSUM_BYTES) return false
  return viewOf(bytes).getUint32(0, true) === crc32.buf(bytes.subarray(CHECKSUM_BYTES)) >>> 0
}
