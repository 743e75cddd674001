import type { BlockId } from '../core/model/id.ts'
import {
  StoreError,
  type BlockStore,
  type BlockStoreStats,
  type DamageReport,
  type Durability,
  type StoredBlock,
} from '../ports.ts'
import { AppendQueue, assertAppendable } from './append-queue.ts'
import { BlockFiles, RECORDS_PER_READ, type RecordFile } from './block-files.ts'
import { locationOf, positionOf, recordOf, type Location } from './index-page.ts'
import { Lru } from './lru.ts'
import { PagedIndex } from './paged-index.ts'
import {
  blocksBytes,
  planAppend,
  recentLocations,
  sealRecord,
  type Page,
  type Recent,
  type SealedRecord,
  type TailRecord,
} from './plan.ts'

/** Records kept unpacked in memory, at most 48 kB each. */
const RECORDS_CACHED_MAX = 16

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
    const { recent, broken } = await readRecent(files, index.end, nextRecord)
    const store = new BlockDatabase(files, index, recent, damaged, options.onDamage ?? (() => {}))
    for (const file of broken) await store.setAside(file)
    return store
  } catch (error) {
    files.close()
    throw error
  }
}

/** The records after the last index page, and those among them that are damaged. */
async function readRecent(
  files: BlockFiles,
  start: number,
  nextRecord: number,
): Promise<{ readonly recent: Recent; readonly broken: readonly RecordFile[] }> {
  const sealed: SealedRecord[] = []
  const broken: RecordFile[] = []
  let tail: TailRecord = { number: nextRecord, blocks: [] }
  for (let first = start; first < nextRecord; first += RECORDS_PER_READ) {
    for (const file of await files.recordsIn({ start: first, end: first + RECORDS_PER_READ })) {
      const { number, content } = file
      if (content.type === 'damaged') broken.push(file)
      else if (number === nextRecord - 1) tail = { number, blocks: content.blocks.map(copyOf) }
      else sealed.push(sealRecord({ number, blocks: content.blocks }))
    }
  }
  return { recent: { sealed, tail }, broken }
}

class BlockDatabase implements BlockStore {
  readonly #files: BlockFiles
  readonly #index: PagedIndex
  readonly #onDamage: (report: DamageReport) => void
  readonly #queue: AppendQueue
  readonly #records = new Lru<number, readonly StoredBlock[]>(RECORDS_CACHED_MAX)
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
    this.#assertOpen()
    const found: (Uint8Array | undefined)[] = []
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
      const reading = left > 0 && end > 0 ? this.#files.recordsIn({ start, end }) : undefined
      reading?.catch(() => {
        // Where the reader stops early nobody waits for this; otherwise the await below throws it.
      })
      if (wanted.length > 0) yield wanted
      if (reading === undefined) return
      batch = (await this.#intact(await reading)).flatMap(([, blocks]) => blocks)
      end = start
    }
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
  async #exclusively(work: () => Promise<void>): Promise<void> {
    const turn = this.#writing.then(work)
    this.#writing = turn.catch(() => {})
    await turn
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
    this.#records.delete(number)
    this.#damaged++
    this.#onDamage({ candidates: content.candidates })
  }

  async #lookUp(ids: readonly BlockId[]): Promise<readonly (Uint8Array | undefined)[]> {
    const places = new Map<BlockId, readonly Location[]>()
    for (const id of ids) {
      const location = this.#locations.get(id)
      if (location !== undefined) places.set(id, [location])
    }
    const older = ids.filter((id) => !places.has(id))
    const paged = await this.#index.locate(older)
    older.forEach((id, index) => places.set(id, paged[index] ?? []))
    const records = await this.#blocksIn(new Set([...places.values()].flat().map(recordOf)))
    return ids.map((id) => {
      const candidates = places
        .get(id)
        ?.map((location) => records.get(recordOf(location))?.[positionOf(location)])
      return candidates?.find((block) => block?.id === id)?.bytes.slice()
    })
  }

  /** The blocks of each record that is there and intact. */
  async #blocksIn(numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, readonly StoredBlock[]>> {
    const records = new Map<number, readonly StoredBlock[]>()
    const { tail } = this.#recent
    for (const number of numbers) {
      // The tail is still growing on disk, so it is neither read nor cached.
      const blocks = number === tail.number ? tail.blocks : this.#records.get(number)
      if (blocks !== undefined) records.set(number, blocks)
    }
    const missing = [...numbers].filter((number) => !records.has(number))
    if (missing.length === 0) return records
    for (const [number, blocks] of await this.#intact(await this.#files.records(missing))) {
      records.set(number, blocks)
      this.#records.set(number, blocks)
    }
    return records
  }

  /** The blocks of the records that are what was written; the others are set aside. */
  async #intact(
    files: readonly RecordFile[],
  ): Promise<readonly (readonly [number, readonly StoredBlock[]])[]> {
    const intact: (readonly [number, readonly StoredBlock[]])[] = []
    for (const file of files) {
      if (file.content.type === 'blocks') intact.push([file.number, file.content.blocks])
      else await this.setAside(file)
    }
    return intact
  }

  #assertOpen(): void {
    if (this.#closing) throw new StoreError('closed', 'The store is closed.')
    this.#files.assertOpen()
  }
}

function copyOf({ id, bytes }: StoredBlock): StoredBlock {
  return { id, bytes: bytes.slice() }
}
