/**
 * What an append writes, worked out before anything is written: pure, so that a transaction which fails
 * leaves nothing to undo. Records are numbered from 0 in the order they are begun; a number is never used twice.
 */
import type { BlockId } from '../core/model/id.ts'
import type { StoredBlock } from '../ports.ts'
import {
  PAGE_BLOCKS,
  PAGE_RECORDS_MAX,
  encodePage,
  locationOf,
  makeFilter,
  type IndexEntry,
  type Location,
  type PageFilter,
} from './index-page.ts'
import { asGiven, erasedOf } from './erased.ts'
import { encodeRecord, entryBytes, fitsRecord, recordBytes } from './record.ts'

/** A full record that no index page covers yet. */
export interface SealedRecord {
  readonly number: number
  readonly ids: readonly BlockId[]
  /** Bytes of its blocks, without the record's own. */
  readonly bytes: number
}

/** The record being filled; it is written again with each append until it is full. */
export interface TailRecord {
  readonly number: number
  readonly blocks: readonly StoredBlock[]
}

/** What lies after the last index page: full records, oldest first, and the tail. */
export interface Recent {
  readonly sealed: readonly SealedRecord[]
  readonly tail: TailRecord
}

/** An index page over the records from the page before it up to, not including, record `end`. */
export interface Page {
  readonly end: number
  readonly page: Uint8Array<ArrayBuffer>
  readonly filter: PageFilter
}

/** A record to put under its number, new or in place of a shorter one. */
interface RecordWrite extends TailRecord {
  readonly record: Uint8Array<ArrayBuffer>
}

export interface Plan {
  readonly records: readonly RecordWrite[]
  /** Pages that these records complete. */
  readonly pages: readonly Page[]
  /** What holds once all that is on disk. It keeps no reference to the bytes appended. */
  readonly after: Recent
}

/** A record that takes the place of a longer one. */
export interface ErasedRecord extends RecordWrite {
  /** Bytes by which its blocks are fewer. */
  readonly saved: number
}

/** How `blocks` go after what is there. A record is sealed when the next block no longer fits. */
export function planAppend(recent: Recent, blocks: readonly StoredBlock[]): Plan {
  const records: RecordWrite[] = []
  const pages: Page[] = []
  let sealed = [...recent.sealed]
  let tail = recent.tail
  for (const added of recordsFor(recent.tail, blocks)) {
    if (added.number !== tail.number) {
      sealed.push(sealRecord(tail))
      if (isPageDue(sealed)) {
        pages.push(makePage(sealed, added.number))
        sealed = []
      }
    }
    tail = added
    records.push(added)
  }
  return { records, pages, after: { sealed, tail: { number: tail.number, blocks: tail.blocks } } }
}

/** What becomes of the records in `held` where these blocks lose their payloads. Every block stays in its place. */
export function planErasure(
  { sealed, tail }: Recent,
  held: readonly TailRecord[],
  ids: ReadonlySet<BlockId>,
): { readonly records: readonly ErasedRecord[]; readonly after: Recent } {
  const records = held.flatMap(({ number, blocks }): ErasedRecord[] => {
    const left = blocks.map((block) => (ids.has(block.id) ? erasedOf(block) : block))
    const saved = blocksBytes(blocks) - blocksBytes(left)
    return saved === 0 ? [] : [{ number, ...encodeRecord(left), saved }]
  })
  const changed = new Map(records.map(({ number, blocks }) => [number, { number, blocks }]))
  const sealedAfter = sealed.map((record) => {
    const left = changed.get(record.number)
    return left === undefined ? record : sealRecord(left)
  })
  return { records, after: { sealed: sealedAfter, tail: changed.get(tail.number) ?? tail } }
}

/** `blocks` in records, the first of which begins with what the tail holds unless the tail is full. */
function recordsFor(tail: TailRecord, blocks: readonly StoredBlock[]): readonly RecordWrite[] {
  const records: RecordWrite[] = []
  let { number } = tail
  let growing = [...tail.blocks]
  let bytes = recordBytes(growing)
  let isGrown = false
  for (const block of blocks) {
    if (!fitsRecord(growing.length, bytes, block)) {
      if (isGrown) records.push({ number, ...encodeRecord(growing) })
      number++
      growing = []
      bytes = recordBytes(growing)
    }
    growing.push(asGiven(block))
    bytes += entryBytes(block)
    isGrown = true
  }
  if (isGrown) records.push({ number, ...encodeRecord(growing) })
  return records
}

/** The index page over these records, which are all between the page before it and record `end`. */
export function makePage(records: readonly SealedRecord[], end: number): Page {
  const ids = records.flatMap((record) => record.ids)
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0)
  return { end, page: encodePage(records.flatMap(entriesOf)), filter: makeFilter(ids, bytes) }
}

/** What the index needs to know of a record. */
export function sealRecord({ number, blocks }: TailRecord): SealedRecord {
  return { number, ids: blocks.map(({ id }) => id), bytes: blocksBytes(blocks) }
}

/** Where each block after the last index page lies. */
export function recentLocations({ sealed, tail }: Recent): Map<BlockId, Location> {
  const entries = [...sealed, sealRecord(tail)].flatMap(entriesOf)
  return new Map(entries.map(({ id, location }) => [id, location]))
}

export function blocksBytes(blocks: readonly StoredBlock[]): number {
  return blocks.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

function entriesOf({ number, ids }: SealedRecord): IndexEntry[] {
  return ids.map((id, position) => ({ id, location: locationOf(number, position) }))
}

function isPageDue(sealed: readonly SealedRecord[]): boolean {
  const blocks = sealed.reduce((sum, { ids }) => sum + ids.length, 0)
  return blocks >= PAGE_BLOCKS || sealed.length >= PAGE_RECORDS_MAX
}
