/** How a page says what it is: another version than ours is none we can read. */
const VERSION = 1
const HEAD_BYTES = 1

/** Rows a page has room for at first: most pages of a stranger who spreads out what is his have one. */
const ROOM_AT_FIRST = 4

/**
 * Rows of one length in ascending order: a version byte and the rows, in memory as on disk. Nothing is made per row, and a
 * page takes no more memory than it holds.
 */
export class Rows {
  readonly #rowBytes: number
  readonly #most: number
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #count = 0

  /** @param most rows there is room for */
  constructor(rowBytes: number, most: number) {
    this.#rowBytes = rowBytes
    this.#most = most
    this.#bytes = new Uint8Array(HEAD_BYTES + rowBytes * Math.min(ROOM_AT_FIRST, most))
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Rows from bytes that may be anything; `undefined` where they cannot be ours. What the rows say is unchecked. */
  static decode(bytes: Uint8Array, rowBytes: number, most: number): Rows | undefined {
    const count = (bytes.length - HEAD_BYTES) / rowBytes
    if (bytes[0] !== VERSION || !Number.isInteger(count) || count > most) return undefined
    const rows = new Rows(rowBytes, most)
    rows.#count = count
    rows.#use(bytes.slice())
    return rows
  }

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count === this.#most
  }

  /** Over all rows; good until one is inserted. */
  get view(): DataView {
    return this.#view
  }

  /** Where a row begins in `view`. */
  at(row: number): number {
    return HEAD_BYTES + row * this.#rowBytes
  }

  /** `length` bytes of a row, as a view that is good until a row is inserted. */
  bytes(row: number, offset: number, length: number): Uint8Array {
    const start = this.at(row) + offset
    return this.#bytes.subarray(start, start + length)
  }

  /** Makes room for a row before `row`, all zero, and tells where it begins. Inserting into a full page is a bug. */
  insert(row: number): number {
    if (this.isFull) throw new RangeError(`a page of more than ${this.#most} rows`)
    const end = this.at(this.#count)
    if (end === this.#bytes.length) {
      const larger = new Uint8Array(HEAD_BYTES + Math.min(2 * this.#count, this.#most) * this.#rowBytes)
      larger.set(this.#bytes)
      this.#use(larger)
    }
    const start = this.at(row)
    if (start < end) {
      this.#bytes.copyWithin(start + this.#rowBytes, start, end)
      this.#bytes.fill(0, start, start + this.#rowBytes)
    }
    this.#count++
    return start
  }

  /** Drops the rows of which `isGone` says so; they are asked in order. */
  drop(isGone: (row: number) => boolean): void {
    let kept = 0
    for (let row = 0; row < this.#count; row++) {
      if (isGone(row)) continue
      this.#bytes.copyWithin(this.at(kept), this.at(row), this.at(row + 1))
      kept++
    }
    this.#bytes.fill(0, this.at(kept), this.at(this.#count))
    this.#count = kept
  }

  /** The first row of which `isBefore` is false; it is true of those before it and of no other. */
  search(isBefore: (row: number) => boolean): number {
    let first = 0
    for (let end = this.#count; first < end;) {
      const middle = (first + end) >>> 1
      if (isBefore(middle)) first = middle + 1
      else end = middle
    }
    return first
  }

  encode(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.at(this.#count))
    bytes[0] = VERSION
    return bytes
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
