import { Rows } from './rows.ts'

/** How wide a bucket is at each level, finest first: 10 s, 2 min, 30 min, 6 h. */
export const LEVELS = [10_000, 120_000, 1_800_000, 21_600_000] as const

/** Buckets of a page: ¾ of an hour, 8 hours, 5 days and 2 months. Full it has 9 kB. */
export const PAGE_BUCKETS = 256

/** slot 1 ‖ count 4 ‖ first 4 ‖ last 4 ‖ min 8 ‖ max 8 ‖ sum 8, little-endian; first and last are ms into the bucket. */
const ROW_BYTES = 37
const COUNT = 1
const FIRST = 5
const LAST = 9
const MIN = 13
const MAX = 21
const SUM = 29

/** Readings of one quantity in a stretch of time, summed up. */
export interface SummedBucket {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
  /** When the earliest and the latest were measured, Unix milliseconds. */
  readonly firstMs: number
  readonly lastMs: number
}

/** The page of a level that a time falls into. */
export function bucketPageOf(level: number, atMs: number): number {
  return Math.floor(atMs / (widthOf(level) * PAGE_BUCKETS))
}

export function widthOf(level: number): number {
  const widthMs = LEVELS[level]
  if (widthMs === undefined) throw new RangeError(`no level ${level}`)
  return widthMs
}

/** Buckets of one quantity, one after the other at one level; only those with a reading take room. */
export class BucketPage {
  readonly #rows: Rows

  constructor(rows: Rows = new Rows(ROW_BYTES, PAGE_BUCKETS)) {
    this.#rows = rows
  }

  /** A page from bytes that may be anything; `undefined` where they are none. Never throws. */
  static decode(this: void, bytes: Uint8Array): BucketPage | undefined {
    const rows = Rows.decode(bytes, ROW_BYTES, PAGE_BUCKETS)
    if (rows === undefined) return undefined
    for (let row = 0; row < rows.count; row++) if (!isSound(rows, row)) return undefined
    return new BucketPage(rows)
  }

  get length(): number {
    return this.#rows.count
  }

  /** Takes in a reading whose time falls into this page of `widthMs` a bucket. In place: this runs four times a reading. */
  addReading(widthMs: number, atMs: number, value: number): void {
    const bucket = Math.floor(atMs / widthMs)
    const intoMs = atMs - bucket * widthMs
    const slot = bucket % PAGE_BUCKETS
    const row = this.#rowOf(slot)
    const isNew = row === this.#rows.count || this.#slot(row) !== slot
    const at = isNew ? this.#rows.insert(row) : this.#rows.at(row)
    const { view } = this.#rows
    const count = view.getUint32(at + COUNT, true)
    if (isNew) view.setUint8(at, slot)
    view.setUint32(at + COUNT, count + 1, true)
    if (isNew || intoMs < view.getUint32(at + FIRST, true)) view.setUint32(at + FIRST, intoMs, true)
    if (isNew || intoMs > view.getUint32(at + LAST, true)) view.setUint32(at + LAST, intoMs, true)
    if (isNew || value < view.getFloat64(at + MIN, true)) view.setFloat64(at + MIN, value, true)
    if (isNew || value > view.getFloat64(at + MAX, true)) view.setFloat64(at + MAX, value, true)
    view.setFloat64(at + SUM, view.getFloat64(at + SUM, true) + value, true)
  }

  /** The bucket in a row, of the page with number `page` at `level`. */
  bucket(row: number, level: number, page: number): SummedBucket {
    const at = this.#rows.at(row)
    const { view } = this.#rows
    const startMs = (page * PAGE_BUCKETS + view.getUint8(at)) * widthOf(level)
    return {
      count: view.getUint32(at + COUNT, true),
      min: view.getFloat64(at + MIN, true),
      max: view.getFloat64(at + MAX, true),
      sum: view.getFloat64(at + SUM, true),
      firstMs: startMs + view.getUint32(at + FIRST, true),
      lastMs: startMs + view.getUint32(at + LAST, true),
    }
  }

  /** Forgets the first `buckets` buckets of the page. */
  dropFirst(buckets: number): void {
    this.#rows.drop((row) => this.#slot(row) < buckets)
  }

  encode(): Uint8Array {
    return this.#rows.encode()
  }

  /** The row of a slot, or where it would be. Readings mostly come in order. */
  #rowOf(slot: number): number {
    const last = this.#rows.count - 1
    if (last < 0) return 0
    const newest = this.#slot(last)
    if (newest <= slot) return newest === slot ? last : last + 1
    return this.#rows.search((row) => this.#slot(row) < slot)
  }

  #slot(row: number): number {
    return this.#rows.view.getUint8(this.#rows.at(row))
  }
}

function isSound(rows: Rows, row: number): boolean {
  const { view } = rows
  const at = rows.at(row)
  const first = view.getUint32(at + FIRST, true)
  const last = view.getUint32(at + LAST, true)
  const min = view.getFloat64(at + MIN, true)
  const max = view.getFloat64(at + MAX, true)
  const isAscending = row === 0 || view.getUint8(rows.at(row - 1)) < view.getUint8(at)
  const hasTimes = first <= last && last < LEVELS[LEVELS.length - 1]!
  return isAscending && hasTimes && min <= max && view.getUint32(at + COUNT, true) > 0
}
