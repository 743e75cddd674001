import type { BlockId } from '../core/model/id.ts'
import {
  StoreError,
  type BlockStore,
  type BlockStoreStats,
  type BlocksSince,
  type DamageReport,
  type Durability,
  type StoredBlock,
} from '../ports.ts'
import { AppendQueue, assertAppendable } from './append-queue.ts'
import { BlockFiles, RECORDS_PER_READ, type RecordFile } from './block-files.ts'
import { copyOf } from './erased.ts'
import { locationOf, positionOf, recordOf, type Location } from './index-page.ts'
import { PagedIndex } from './paged-index.ts'
import { blocksBytes, planAppend, planErasure, recentLocations, type Page, type Recent } from './plan.ts'
import { RECORD_BLOCKS_MAX } from './record.ts'
import { RecordCache } from './record-cache.ts'

/** Ids looked up together, which bounds the records and pages that one lookup holds in memory. */
const IDS_PER_LOOKUP = 32

export interface BlockDatabaseOptions {
  /** Called once for each damaged record, after it was set aside; while opening, before `openBlockDatabase` resolves. */
  readonly onDamage?: (report: DamageReport) => void
}

/**
 * Opens the block database called `name`, made where there is none. One store at a time may have it open.
 *
 * `append` takes at most `APPEND_BLOCKS_MAX` blocks, whose bytes are not to change until it resolves; it is one
 * transaction, and several waiting ones share the next, to succeed or fail together. The blocks that `newest` hands
 * over are views into records of at most 48 kB: copy what is kept or sent on. `stats` answers after `close` too.
 * Damaged records are set aside and reported, here and in later reads.
 *
 * Throws `StoreError`; with `newer-version` nothing in the database was touched. Where the disk itself is full,
 * Chromium ends the connection after `quota-exceeded`: what follows is `closed`, and the store is to be opened anew.
 */
export async function openBlockDatabase(
  name: string,
  options: BlockDatabaseOptions = {},
): Promise<BlockStore> {
  const files = await BlockFiles.open(name)
  try {
    const { filters, nextRecord, damaged } = await files.overview()
    const index = new PagedIndex(filters, (ranges) => files.pages(ranges))
    const { recent, broken } = await files.recent(index.end, nextRecord)
    const store = new BlockDatabase(files, index, recent, damaged, options.onDamage ?? (() => {}))
    for (const file of broken) await store.setAside(file)
    return store
  } catch (error) {
    files.close()
    throw error
  }
}

class BlockDatabase implements BlockStore {
  readonly #files: BlockFiles
  readonly #index: PagedIndex
  readonly #onDamage: (report: DamageReport) => void
  readonly #queue: AppendQueue
  readonly #records: RecordCache
  readonly #setAside = new Map<number, Promise<void>>()
  #recent: Recent
  #locations: Map<BlockId, Location>
  #damaged: number
  #writing: Promise<unknown> = Promise.resolve()
  #closing = false

  constructor(
    files: BlockFiles,
    index: PagedIndex,
    recent: Recent,
    damaged: number,
    onDamage: (report: DamageReport) => void,
  ) {
    this.#files = files
    this.#index = index
    this.#recent = recent
    this.#locations = recentLocations(recent)
    this.#onDamage = onDamage
    this.#damaged = damaged
    this.#records = new RecordCache(files, (file) => this.setAside(file))
    this.#queue = new AppendQueue((blocks, durability) =>
      this.#exclusively(() => this.#commit(blocks, durability)),
    )
  }

  async append(blocks: readonly StoredBlock[], durability: Durability): Promise<void> {
    this.#assertOpen()
    assertAppendable(blocks)
    await this.#queue.append(blocks, durability)
  }

  async read(ids: readonly BlockId[]): Promise<readonly (Uint8Array | undefined)[]> {
    return (await this.find(ids)).map((block) => (block?.erased ? undefined : block?.bytes))
  }

  async find(ids: readonly BlockId[]): Promise<readonly (StoredBlock | undefined)[]> {
    this.#assertOpen()
    const found: (StoredBlock | undefined)[] = []
    for (let first = 0; first < ids.length; first += IDS_PER_LOOKUP) {
      found.push(...(await this.#lookUp(ids.slice(first, first + IDS_PER_LOOKUP))))
    }
    return found
  }

  async *newest(count: number): AsyncGenerator<readonly StoredBlock[]> {
    this.#assertOpen()
    const { tail } = this.#recent
    let left = count
    let end = tail.number
    let batch: readonly StoredBlock[] = tail.blocks.map(copyOf)
    for (;;) {
      const wanted = batch.slice(Math.max(0, batch.length - left))
      left -= wanted.length
      const start = Math.max(0, end - RECORDS_PER_READ)
      // The next records are read while the reader is busy with these.
      const reading = left > 0 && end > 0 ? this.#records.blocksIn({ start, end }) : undefined
      reading?.catch(() => {
        // Where the reader stops early nobody waits for this; otherwise the await below throws it.
      })
      if (wanted.length > 0) yield wanted
      if (reading === undefined) return
      batch = await reading
      end = start
    }
  }

  async since(place: number, count: number): Promise<BlocksSince> {
    const atOnce = Math.max(1, Math.min(RECORDS_PER_READ, Math.ceil(count / RECORD_BLOCKS_MAX)))
    let start = recordOf(place)
    for (;;) {
      this.#assertOpen()
      const { tail } = this.#recent
      const tailEnd = locationOf(tail.number, 0) + tail.blocks.length
      if (start > tail.number) return { blocks: [], next: tailEnd }
      const end = Math.min(start + atOnce, tail.number + 1)
      const numbers = Array.from({ length: end - start }, (_, index) => start + index)
      const records = await this.#records.blocksOf(numbers, tail)
      const blocks = numbers.flatMap((number) =>
        (records.get(number) ?? []).slice(number === recordOf(place) ? positionOf(place) : 0),
      )
      const next = end > tail.number ? tailEnd : locationOf(end, 0)
      if (blocks.length > 0 || end > tail.number) return { blocks: blocks.map(copyOf), next }
      start = end
    }
  }

  async erase(ids: readonly BlockId[]): Promise<void> {
    this.#assertOpen()
    const wanted = new Set(ids)
    const numbers = new Set<number>()
    for (let first = 0; first < ids.length; first += IDS_PER_LOOKUP) {
      const locations = await this.#locate(ids.slice(first, first + IDS_PER_LOOKUP))
      for (const location of [...locations.values()].flat()) numbers.add(recordOf(location))
    }
    const ascending = [...numbers].sort((a, b) => a - b)
    for (let first = 0; first < ascending.length; first += RECORDS_PER_READ) {
      const some = ascending.slice(first, first + RECORDS_PER_READ)
      const broken = await this.#exclusively(() => this.#eraseFrom(some, wanted))
      for (const file of broken) await this.setAside(file)
    }
    if (this.#damaged > 0) await this.#exclusively(() => this.#files.emptyDamaged())
  }

  stats(): BlockStoreStats {
    const paged = this.#index.totals()
    const { sealed, tail } = this.#recent
    const recentBytes = sealed.reduce((sum, { bytes }) => sum + bytes, blocksBytes(tail.blocks))
    return {
      blocks: paged.blocks + this.#locations.size,
      bytes: paged.bytes + recentBytes,
      damaged: this.#damaged,
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#queue.idle()
    await this.#writing
    this.#files.close()
  }

  /** Moves a damaged record away, so that its blocks count as not held, and reports what was left of it. */
  async setAside(file: RecordFile): Promise<void> {
    let moved = this.#setAside.get(file.number)
    if (moved === undefined) {
      moved = this.#exclusively(() => this.#moveAside(file))
      this.#setAside.set(file.number, moved)
    }
    await moved
  }

  /** Runs after everything that changes the database, and before anything that comes later. */
  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(work)
    this.#writing = turn.catch(() => {})
    return turn
  }

  /** What is in memory changes only once the disk has it: a transaction that fails leaves both as they were. */
  async #commit(blocks: readonly StoredBlock[], durability: Durability): Promise<void> {
    const plan = planAppend(this.#recent, blocks)
    await this.#files.write(plan, durability)
    this.#recent = plan.after
    for (const page of plan.pages) this.#index.adopt(page)
    if (plan.pages.length > 0) {
      this.#locations = recentLocations(plan.after)
      return
    }
    for (const record of plan.records) {
      record.blocks.forEach(({ id }, position) =>
        this.#locations.set(id, locationOf(record.number, position)),
      )
    }
  }

  async #moveAside(file: RecordFile): Promise<void> {
    const { number, bytes, content } = file
    if (content.type !== 'damaged') return
    let page: Page | undefined
    try {
      if (number < this.#index.end) page = await this.#index.without(number, bytes.length)
      await this.#files.setAside(file, page)
    } catch {
      // The disk refuses. Its blocks count as not held all the same, and the next opening finds it again.
    }
    if (page !== undefined) this.#index.adopt(page)
    const { sealed, tail } = this.#recent
    this.#recent = { sealed: sealed.filter((record) => record.number !== number), tail }
    this.#locations = recentLocations(this.#recent)
    this.#records.forget(number)
    this.#damaged++
    this.#onDamage({ candidates: content.candidates })
  }

  /** Erases what these records have of the blocks, and returns those that are damaged. */
  async #eraseFrom(numbers: readonly number[], ids: ReadonlySet<BlockId>): Promise<readonly RecordFile[]> {
    const { tail } = this.#recent
    const files = await this.#files.records(numbers.filter((number) => number !== tail.number))
    const held = files.flatMap(({ number, content }) =>
      content.type === 'blocks' ? [{ number, blocks: content.blocks }] : [],
    )
    if (numbers.includes(tail.number)) held.push(tail)
    const { records, after } = planErasure(this.#recent, held, ids)
    if (records.length > 0) {
      const filters = this.#index.shortened(records)
      await this.#files.shorten(records, filters)
      this.#recent = after
      for (const filter of filters) this.#index.refilter(filter)
      for (const { number } of records) this.#records.forget(number)
    }
    return files.filter(({ content }) => content.type === 'damaged')
  }

  async #lookUp(ids: readonly BlockId[]): Promise<readonly (StoredBlock | undefined)[]> {
    const places = await this.#locate(ids)
    const records = await this.#records.blocksOf(
      new Set([...places.values()].flat().map(recordOf)),
      this.#recent.tail,
    )
    return ids.map((id) => {
      const candidates = places
        .get(id)
        ?.map((location) => records.get(recordOf(location))?.[positionOf(location)])
      const found = candidates?.find((block) => block?.id === id)
      return found && copyOf(found)
    })
  }

  /** Where each of these blocks may lie. */
  async #locate(ids: readonly BlockId[]): Promise<ReadonlyMap<BlockId, readonly Location[]>> {
    const places = new Map<BlockId, readonly Location[]>()
    for (const id of ids) {
      const location = this.#locations.get(id)
      if (location !== undefined) places.set(id, [location])
    }
    const older = ids.filter((id) => !places.has(id))
    const paged = await this.#index.locate(older)
    older.forEach((id, index) => places.set(id, paged[index] ?? []))
    return places
  }

  #assertOpen(): void {
    if (this.#closing) throw new StoreError('closed', 'The store is closed.')
    this.#files.assertOpen()
  }
}
