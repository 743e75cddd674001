/**
 * The block database as it lies in IndexedDB, in five object stores with integer keys:
 *
 * - `records`: record number → record (record.ts)
 * - `pages` and `filters`: number of the first record after the page → index page, filter (index-page.ts)
 * - `damaged`: record number → the bytes of a record that failed its checksum; none once blocks were erased
 *
 * Pages and filters are derived from the records: one that fails its checksum is derived again when it is needed.
 * So are all counts: there is no second truth that a crash could leave behind.
 */
import { StoreError, type Durability } from '../ports.ts'
import { Connection, type WriteRequest } from './connection.ts'
import { copyOf } from './erased.ts'
import { decodeFilter, encodeFilter, isPage } from './index-page.ts'
import type { PagedFilter, RecordRange } from './paged-index.ts'
import {
  makePage,
  sealRecord,
  type ErasedRecord,
  type Page,
  type Plan,
  type Recent,
  type SealedRecord,
  type TailRecord,
} from './plan.ts'
import { decodeRecord, type DecodedRecord } from './record.ts'

const RECORDS = 'records'
const PAGES = 'pages'
const FILTERS = 'filters'
const DAMAGED = 'damaged'
const STORES = [RECORDS, PAGES, FILTERS, DAMAGED]

/** Records read at once: about 1 MB, enough that the time between two reads does not count. */
export const RECORDS_PER_READ = 32

/** A record read and unpacked. */
export interface RecordFile {
  readonly number: number
  readonly bytes: Uint8Array
  readonly content: Exclude<DecodedRecord, { type: 'newer-version' }>
}

/** What is there besides the records themselves. */
interface Overview {
  /** Of the intact pages and of those derived again, by `end`. */
  readonly filters: readonly PagedFilter[]
  /** The first record number never used. */
  readonly nextRecord: number
  /** Records set aside. */
  readonly damaged: number
}

export class BlockFiles {
  readonly #connection: Connection

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Opens the block database called `name`, made where there is none. Throws `StoreError`. */
  static async open(name: string): Promise<BlockFiles> {
    return new BlockFiles(await Connection.open(name, { version: 1, stores: STORES }))
  }

  assertOpen(): void {
    this.#connection.assertOpen()
  }

  close(): void {
    this.#connection.close()
  }

  async overview(): Promise<Overview> {
    const [ends, filters, lastRecord, lastDamaged, damaged] = await this.#connection.read<
      [IDBValidKey[], unknown[], number, number, number]
    >(STORES, [
      (transaction) => transaction.objectStore(FILTERS).getAllKeys(),
      (transaction) => transaction.objectStore(FILTERS).getAll(),
      async (transaction) => lastKey(await transaction.objectStore(RECORDS).openKeyCursor(null, 'prev')),
      async (transaction) => lastKey(await transaction.objectStore(DAMAGED).openKeyCursor(null, 'prev')),
      (transaction) => transaction.objectStore(DAMAGED).count(),
    ])
    const paged: PagedFilter[] = []
    for (const [index, key] of ends.entries()) {
      const end = Number(key)
      const filter = decodeFilter(bytesFrom(filters[index]))
      paged.push({
        end,
        filter: filter ?? (await this.#derivePage({ start: paged.at(-1)?.end ?? 0, end })).filter,
      })
    }
    const nextRecord = Math.max(lastRecord, lastDamaged, (paged.at(-1)?.end ?? 0) - 1) + 1
    return { filters: paged, nextRecord, damaged }
  }

  /** The records from `start` on, where the last index page ends, and those among them that are damaged. */
  async recent(
    start: number,
    nextRecord: number,
  ): Promise<{ readonly recent: Recent; readonly broken: readonly RecordFile[] }> {
    const sealed: SealedRecord[] = []
    const broken: RecordFile[] = []
    let tail: TailRecord = { number: nextRecord, blocks: [] }
    for (let first = start; first < nextRecord; first += RECORDS_PER_READ) {
      for (const file of await this.recordsIn({ start: first, end: first + RECORDS_PER_READ })) {
        const { number, content } = file
        if (content.type === 'damaged') broken.push(file)
        else if (number === nextRecord - 1) tail = { number, blocks: content.blocks.map(copyOf) }
        else sealed.push(sealRecord({ number, blocks: content.blocks }))
      }
    }
    return { recent: { sealed, tail }, broken }
  }

  /** The records of these numbers that are there. Throws `StoreError` `newer-version`. */
  async records(numbers: readonly number[]): Promise<readonly RecordFile[]> {
    const values = await this.#connection.read<unknown[]>(
      [RECORDS],
      numbers.map((number) => (transaction) => transaction.objectStore(RECORDS).get(number)),
    )
    return numbers.flatMap((number, index) =>
      values[index] === undefined ? [] : [recordFile(number, values[index])],
    )
  }

  /** The records in a range, ascending; numbers without a record are left out. Throws `StoreError` `newer-version`. */
  async recordsIn({ start, end }: RecordRange): Promise<readonly RecordFile[]> {
    const range = IDBKeyRange.bound(start, end, false, true)
    const [numbers, values] = await this.#connection.read<[IDBValidKey[], unknown[]]>(
      [RECORDS],
      [
        (transaction) => transaction.objectStore(RECORDS).getAllKeys(range),
        (transaction) => transaction.objectStore(RECORDS).getAll(range),
      ],
    )
    return numbers.map((number, index) => recordFile(Number(number), values[index]))
  }

  /** The index pages over these ranges. */
  async pages(ranges: readonly RecordRange[]): Promise<readonly Uint8Array[]> {
    const values = await this.#connection.read<unknown[]>(
      [PAGES],
      ranges.map(
        ({ end }) =>
          (transaction) =>
            transaction.objectStore(PAGES).get(end),
      ),
    )
    const pages: Uint8Array[] = []
    for (const [index, range] of ranges.entries()) {
      const page = bytesFrom(values[index])
      pages.push(isPage(page) ? page : (await this.#derivePage(range)).page)
    }
    return pages
  }

  /** Puts the records and pages of a plan, all or none. */
  async write({ records, pages }: Plan, durability: Durability): Promise<void> {
    const stores = pages.length === 0 ? [RECORDS] : [RECORDS, PAGES, FILTERS]
    await this.#connection.write(stores, durability, [...records.map(recordPut), ...pages.flatMap(pagePuts)])
  }

  /** Puts records in place of longer ones, and the filters that count their bytes, all or none. */
  async shorten(records: readonly ErasedRecord[], filters: readonly PagedFilter[]): Promise<void> {
    const requests = [...records.map(recordPut), ...filters.map(filterPut)]
    await this.#connection.write([RECORDS, FILTERS], 'strict', requests)
  }

  /** Leaves nothing of the bytes that were set aside, which may have been any block's. They count as before. */
  async emptyDamaged(): Promise<void> {
    const [keys] = await this.#connection.read<[IDBValidKey[]]>(
      [DAMAGED],
      [(transaction) => transaction.objectStore(DAMAGED).getAllKeys()],
    )
    const puts = keys.map(
      (key): WriteRequest =>
        (transaction) =>
          transaction.objectStore(DAMAGED).put(new Uint8Array(), key),
    )
    await this.#connection.write([DAMAGED], 'strict', puts)
  }

  /** Moves a record among the damaged, and puts the page over it that no longer leads there, if one does. */
  async setAside({ number, bytes }: RecordFile, page: Page | undefined): Promise<void> {
    await this.#connection.write(STORES, 'relaxed', [
      (transaction) => transaction.objectStore(RECORDS).delete(number),
      (transaction) => transaction.objectStore(DAMAGED).put(bytes, number),
      ...(page === undefined ? [] : pagePuts(page)),
    ])
  }

  async #derivePage({ start, end }: RecordRange): Promise<Page> {
    const sealed: SealedRecord[] = []
    for (let first = start; first < end; first += RECORDS_PER_READ) {
      const files = await this.recordsIn({ start: first, end: Math.min(end, first + RECORDS_PER_READ) })
      for (const { number, content } of files) {
        if (content.type === 'blocks') sealed.push(sealRecord({ number, blocks: content.blocks }))
      }
    }
    return makePage(sealed, end)
  }
}

function recordPut({ number, record }: Plan['records'][number]): WriteRequest {
  return (transaction) => transaction.objectStore(RECORDS).put(record, number)
}

function pagePuts({ end, page, filter }: Page): readonly WriteRequest[] {
  return [(transaction) => transaction.objectStore(PAGES).put(page, end), filterPut({ end, filter })]
}

function filterPut({ end, filter }: PagedFilter): WriteRequest {
  const encoded = encodeFilter(filter)
  return (transaction) => transaction.objectStore(FILTERS).put(encoded, end)
}

function recordFile(number: number, value: unknown): RecordFile {
  const bytes = bytesFrom(value)
  const content = decodeRecord(bytes)
  if (content.type === 'newer-version') {
    throw new StoreError(
      'newer-version',
      `A newer version of the app wrote this storage (record version ${content.version}).`,
    )
  }
  return { number, bytes, content }
}

/** Whatever was found in the database, as bytes: what is none fails its checksum like any other damage. */
function bytesFrom(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array()
}

function lastKey(cursor: { readonly key: IDBValidKey } | null): number {
  return cursor === null ? -1 : Number(cursor.key)
}
