import type { StoredBlock } from '../ports.ts'
import type { BlockFiles, RecordFile } from './block-files.ts'
import { Lru } from './lru.ts'
import type { RecordRange } from './paged-index.ts'
import type { TailRecord } from './plan.ts'

/** Records kept unpacked in memory, at most 48 kB each. */
const RECORDS_CACHED_MAX = 16

/** Reads the blocks of records, and keeps those of some. What is damaged goes to be set aside, and has none. */
export class RecordCache {
  readonly #files: BlockFiles
  readonly #setAside: (file: RecordFile) => Promise<void>
  readonly #cache = new Lru<number, readonly StoredBlock[]>(RECORDS_CACHED_MAX)
  #forgotten = 0

  constructor(files: BlockFiles, setAside: (file: RecordFile) => Promise<void>) {
    this.#files = files
    this.#setAside = setAside
  }

  /** The blocks of each of these records that is there and intact. */
  async blocksOf(
    numbers: Iterable<number>,
    tail: TailRecord,
  ): Promise<ReadonlyMap<number, readonly StoredBlock[]>> {
    const records = new Map<number, readonly StoredBlock[]>()
    const missing: number[] = []
    for (const number of numbers) {
      // The tail is still growing on disk, so it is neither read nor cached.
      const blocks = number === tail.number ? tail.blocks : this.#cache.get(number)
      if (blocks === undefined) missing.push(number)
      else records.set(number, blocks)
    }
    if (missing.length === 0) return records
    const forgotten = this.#forgotten
    for (const [number, blocks] of await this.#intact(await this.#files.records(missing))) {
      records.set(number, blocks)
      // What was written anew in the meantime may have been read as it was before.
      if (forgotten === this.#forgotten) this.#cache.set(number, blocks)
    }
    return records
  }

  /** All blocks of the records in a range, which must be full. They are views into the records. */
  async blocksIn(range: RecordRange): Promise<readonly StoredBlock[]> {
    return (await this.#intact(await this.#files.recordsIn(range))).flatMap(([, blocks]) => blocks)
  }

  /** Called when a record is another on disk, or gone. */
  forget(number: number): void {
    this.#forgotten++
    this.#cache.delete(number)
  }

  async #intact(
    files: readonly RecordFile[],
  ): Promise<readonly (readonly [number, readonly StoredBlock[]])[]> {
    const intact: (readonly [number, readonly StoredBlock[]])[] = []
    for (const file of files) {
      if (file.content.type === 'blocks') intact.push([file.number, file.content.blocks])
      else await this.#setAside(file)
    }
    return intact
  }
}
