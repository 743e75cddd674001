import { Rows } from './rows.ts'

/** Epochs of a page: ten days of an hour each. Full it has 8 kB. */
export const PAGE_EPOCHS = 256

/** slot 1 ‖ listed 4 ‖ indexes 4 ‖ unlisted 4 ‖ highest 4 ‖ first 8 ‖ last 8, little-endian; times are doubles. */
const ROW_BYTES = 33
const LISTED = 1
const INDEXES = 5
const UNLISTED = 9
const HIGHEST = 13
const FIRST = 17
const LAST = 25

const U32_MAX = 0xffff_ffff

/** What is known of an epoch without its rows. */
export interface EpochSummary {
  /** Records that have a row. */
  readonly listed: number
  /** Different indexes these have, or had before some were forgotten. */
  readonly indexes: number
  /** Records that found no room. */
  readonly unlisted: number
  /** The highest index of all. */
  readonly highest: number
  /** The times its records tell of, Unix milliseconds. */
  readonly firstMs: number
  readonly lastMs: number
}

/** How many indexes of an epoch no record has, as `orderRecords` names them. Protocol §10. */
export function missingIn({ highest, indexes, unlisted }: EpochSummary): number {
  return Math.max(0, highest + 1 - indexes - unlisted)
}

/** Summaries of epochs that follow each other; only those with a record take room. */
export class EpochPage {
  readonly #rows: Rows

  constructor(rows: Rows = new Rows(ROW_BYTES, PAGE_EPOCHS)) {
    this.#rows = rows
  }

  /** A page from bytes that may be anything; `undefined` where they are none. Never throws. */
  static decode(this: void, bytes: Uint8Array): EpochPage | undefined {
    const rows = Rows.decode(bytes, ROW_BYTES, PAGE_EPOCHS)
    if (rows === undefined) return undefined
    const page = new EpochPage(rows)
    for (let row = 0; row < rows.count; row++) {
      const { firstMs, lastMs, indexes, highest } = page.#summary(row)
      const isAscending = row === 0 || page.#slot(row - 1) < page.#slot(row)
      const hasTimes = Number.isSafeInteger(firstMs) && Number.isSafeInteger(lastMs) && firstMs <= lastMs
      if (!isAscending || !hasTimes || indexes > highest + 1) return undefined
    }
    return page
  }

  get length(): number {
    return this.#rows.count
  }

  get(epoch: number): EpochSummary | undefined {
    const row = this.#rowOf(epoch)
    return this.#has(row, epoch) ? this.#summary(row) : undefined
  }

  /** Every epoch here, ascending; `page` is the page's own number. */
  *entries(page: number): Generator<readonly [epoch: number, EpochSummary]> {
    for (let row = 0; row < this.length; row++)
      yield [page * PAGE_EPOCHS + this.#slot(row), this.#summary(row)]
  }

  /** Keeps what is known of an epoch now. */
  set(epoch: number, summary: EpochSummary): void {
    const row = this.#rowOf(epoch)
    const at = this.#has(row, epoch) ? this.#rows.at(row) : this.#rows.insert(row)
    const { view } = this.#rows
    view.setUint8(at, epoch % PAGE_EPOCHS)
    view.setUint32(at + LISTED, summary.listed, true)
    view.setUint32(at + INDEXES, summary.indexes, true)
    view.setUint32(at + UNLISTED, Math.min(summary.unlisted, U32_MAX), true)
    view.setUint32(at + HIGHEST, summary.highest, true)
    view.setFloat64(at + FIRST, summary.firstMs, true)
    view.setFloat64(at + LAST, summary.lastMs, true)
  }

  delete(epoch: number): void {
    const gone = this.#rowOf(epoch)
    if (this.#has(gone, epoch)) this.#rows.drop((row) => row === gone)
  }

  encode(): Uint8Array {
    return this.#rows.encode()
  }

  #summary(row: number): EpochSummary {
    const { view } = this.#rows
    const at = this.#rows.at(row)
    return {
      listed: view.getUint32(at + LISTED, true),
      indexes: view.getUint32(at + INDEXES, true),
      unlisted: view.getUint32(at + UNLISTED, true),
      highest: view.getUint32(at + HIGHEST, true),
      firstMs: view.getFloat64(at + FIRST, true),
      lastMs: view.getFloat64(at + LAST, true),
    }
  }

  #rowOf(epoch: number): number {
    return this.#rows.search((row) => this.#slot(row) < epoch % PAGE_EPOCHS)
  }

  #has(row: number, epoch: number): boolean {
    return row < this.length && this.#slot(row) === epoch % PAGE_EPOCHS
  }

  #slot(row: number): number {
    return this.#rows.view.getUint8(this.#rows.at(row))
  }
}
