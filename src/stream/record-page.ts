import { blockIdOf } from '../core/codec/hex.ts'
import { idWord, writeIdBytes } from '../core/dag/id-bytes.ts'
import { ID_BYTES, type BlockId } from '../core/model/id.ts'
import type { IndexedRecord } from './indexed-record.ts'
import { Rows } from './rows.ts'
import type { RecordKey } from './series.ts'

/** Indexes of an epoch that share a page. */
export const PAGE_INDEXES = 64

/** Rows of a page: a restored device may have used each index again. Whoever uses one without end fills one page. */
const PAGE_ROWS = 128

/**
 * index 4 ‖ issuedAt 8 ‖ first 8 ‖ last 8 ‖ readings 4 ‖ flags 1 ‖ hash 8 ‖ block id 32; numbers little-endian, times
 * doubles. Of the payload hash eight bytes do, for they are compared among the records of one index of one epoch of one
 * issuer: who finds two payloads that begin alike (2^32 tries) has hidden a record of his own.
 */
const ROW_BYTES = 73
const ISSUED = 4
const FIRST = 12
const LAST = 20
const READINGS = 28
const FLAGS = 32
const HASH = 33
const ID = 41

const FLAG_ENCRYPTED = 1
const FLAG_READABLE = 2
const FLAGS_KNOWN = FLAG_ENCRYPTED | FLAG_READABLE

/** Where a record is, and what time it tells of. */
export interface RecordRow extends Omit<RecordKey, 'payloadHash'> {
  readonly id: BlockId
  readonly encrypted: boolean
  /** Whether this device could read it. */
  readonly readable: boolean
  /** How many readings it has; 0 where it cannot be read. */
  readonly readings: number
  /** The times of its earliest and latest reading, Unix milliseconds; of one that cannot be read, when it was issued. */
  readonly firstMs: number
  readonly lastMs: number
}

/** The records of some indexes of one epoch, by (index, issuedAt) as readers order them. Protocol §10. */
export class RecordPage {
  readonly #rows: Rows

  constructor(rows: Rows = new Rows(ROW_BYTES, PAGE_ROWS)) {
    this.#rows = rows
  }

  /** A page from bytes that may be anything; `undefined` where they are none. Never throws. */
  static decode(this: void, bytes: Uint8Array): RecordPage | undefined {
    const rows = Rows.decode(bytes, ROW_BYTES, PAGE_ROWS)
    if (rows === undefined) return undefined
    for (let row = 0; row < rows.count; row++) if (!isSound(rows, row)) return undefined
    return new RecordPage(rows)
  }

  get length(): number {
    return this.#rows.count
  }

  get isFull(): boolean {
    return this.#rows.isFull
  }

  /** Whether any record has this index. */
  hasIndex(index: number): boolean {
    const row = this.#rows.search((row) => this.#index(row) < index)
    return row < this.length && this.#index(row) === index
  }

  /** Whether a record with this index has this payload: one that was issued again is a repeat. Protocol §10. */
  has({ index, payloadHash }: Pick<RecordKey, 'index' | 'payloadHash'>): boolean {
    const { view } = this.#rows
    const high = idWord(payloadHash, 0)
    const low = idWord(payloadHash, 1)
    let row = this.#rows.search((row) => this.#index(row) < index)
    for (; row < this.length && this.#index(row) === index; row++) {
      const at = this.#rows.at(row) + HASH
      if (view.getUint32(at) === high && view.getUint32(at + 4) === low) return true
    }
    return false
  }

  /** Takes in a record that tells of these times. The page must not be full. */
  add(record: IndexedRecord, { firstMs, lastMs }: Pick<RecordRow, 'firstMs' | 'lastMs'>): void {
    const { index, issuedAtMs, encrypted, readings } = record
    const isBefore = (row: number) =>
      this.#index(row) < index || (this.#index(row) === index && this.#time(row, ISSUED) <= issuedAtMs)
    const row = this.#rows.search(isBefore)
    const at = this.#rows.insert(row)
    const { view } = this.#rows
    view.setUint32(at, index, true)
    view.setFloat64(at + ISSUED, issuedAtMs, true)
    view.setFloat64(at + FIRST, firstMs, true)
    view.setFloat64(at + LAST, lastMs, true)
    view.setUint32(at + READINGS, readings?.length ?? 0, true)
    view.setUint8(at + FLAGS, (encrypted ? FLAG_ENCRYPTED : 0) | (readings ? FLAG_READABLE : 0))
    view.setUint32(at + HASH, idWord(record.payloadHash, 0))
    view.setUint32(at + HASH + 4, idWord(record.payloadHash, 1))
    writeIdBytes(record.id, this.#rows.bytes(row, ID, ID_BYTES), 0)
  }

  /** The records of times from `fromMs` up to `toMs`, not included. */
  rows(epoch: number, fromMs: number, toMs: number): RecordRow[] {
    const found: RecordRow[] = []
    for (let row = 0; row < this.length; row++) {
      if (this.#time(row, FIRST) < toMs && this.#time(row, LAST) >= fromMs) found.push(this.#row(row, epoch))
    }
    return found
  }

  /** Drops the records that are wholly before a time, and tells which. */
  dropBefore(beforeMs: number, epoch: number): RecordRow[] {
    const gone: RecordRow[] = []
    this.#rows.drop((row) => {
      const isGone = this.#time(row, LAST) < beforeMs
      if (isGone) gone.push(this.#row(row, epoch))
      return isGone
    })
    return gone
  }

  encode(): Uint8Array {
    return this.#rows.encode()
  }

  #row(row: number, epoch: number): RecordRow {
    const { view } = this.#rows
    const at = this.#rows.at(row)
    const flags = view.getUint8(at + FLAGS)
    return {
      id: blockIdOf(this.#rows.bytes(row, ID, ID_BYTES)),
      epoch,
      index: view.getUint32(at, true),
      issuedAtMs: view.getFloat64(at + ISSUED, true),
      encrypted: (flags & FLAG_ENCRYPTED) !== 0,
      readable: (flags & FLAG_READABLE) !== 0,
      readings: view.getUint32(at + READINGS, true),
      firstMs: view.getFloat64(at + FIRST, true),
      lastMs: view.getFloat64(at + LAST, true),
    }
  }

  #index(row: number): number {
    return this.#rows.view.getUint32(this.#rows.at(row), true)
  }

  #time(row: number, offset: number): number {
    return this.#rows.view.getFloat64(this.#rows.at(row) + offset, true)
  }
}

function isSound(rows: Rows, row: number): boolean {
  const { view } = rows
  const at = rows.at(row)
  const time = (offset: number) => view.getFloat64(at + offset, true)
  const hasTimes = [ISSUED, FIRST, LAST].every((offset) => Number.isSafeInteger(time(offset)))
  if (!hasTimes || time(FIRST) > time(LAST) || (view.getUint8(at + FLAGS) & ~FLAGS_KNOWN) !== 0) return false
  if (row === 0) return true
  const before = rows.at(row - 1)
  const rise = view.getUint32(at, true) - view.getUint32(before, true)
  return rise > 0 || (rise === 0 && view.getFloat64(before + ISSUED, true) <= time(ISSUED))
}
