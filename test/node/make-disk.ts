/** A disk that outlives the programs that open it, for tests of restarts, refusals and damage. */
import type { BlockId } from '../../src/core/model/id.ts'
import {
  StoreError,
  type BlockStore,
  type Durability,
  type StoredBlock,
  type StoreErrorKind,
} from '../../src/ports.ts'
import { createMemoryBlockStore } from '../../src/store/memory.ts'

/** What one node has on disk. Every `open` hands out a store that can be closed without losing anything. */
export class Disk {
  /** What appends are refused with, if they are. */
  refusal: StoreErrorKind | undefined
  /** Reads reject, as those of a broken database do. */
  failReads = false
  /** Appends wait for this. */
  gate: Promise<void> = Promise.resolve()
  /** Called at every append that reached the disk. */
  onAppended: (blocks: readonly StoredBlock[], durability: Durability) => void = () => undefined
  /** Blocks that were appended although they were held, which the port forbids. */
  readonly twice: BlockId[] = []
  /** Store calls under way. */
  busy = 0
  #inner = createMemoryBlockStore()
  #damaged = 0

  open(): BlockStore {
    let closed = false
    const assertOpen = () => {
      if (closed) throw new StoreError('closed', 'The store is closed.')
    }
    const reading = <T>(read: () => Promise<T>) =>
      this.#counted(async () => {
        assertOpen()
        if (this.failReads) throw new StoreError('failed', 'The disk does not answer.')
        return read()
      })
    return {
      append: (blocks, durability) =>
        this.#counted(async () => {
          assertOpen()
          await this.gate
          if (this.refusal) throw new StoreError(this.refusal, 'The disk refuses.')
          const held = await this.#inner.find(blocks.map(({ id }) => id))
          this.twice.push(...blocks.filter((_, i) => held[i] !== undefined).map(({ id }) => id))
          await this.#inner.append(blocks, durability)
          this.onAppended(blocks, durability)
        }),
      read: (ids) => reading(() => this.#inner.read(ids)),
      find: (ids) => reading(() => this.#inner.find(ids)),
      newest: (count) => this.#inner.newest(count),
      since: (place, count) => reading(() => this.#inner.since(place, count)),
      erase: (ids) =>
        this.#counted(async () => {
          assertOpen()
          if (this.refusal) throw new StoreError(this.refusal, 'The disk refuses.')
          await this.#inner.erase(ids)
        }),
      stats: () => ({ ...this.#inner.stats(), damaged: this.#damaged }),
      async close() {
        closed = true
      },
    }
  }

  /** Everything held, in the order it was appended. */
  async all(): Promise<readonly StoredBlock[]> {
    const batches: (readonly StoredBlock[])[] = []
    for await (const batch of this.#inner.newest(Infinity)) batches.push(batch)
    return batches.reverse().flat()
  }

  async ids(): Promise<readonly BlockId[]> {
    return (await this.all()).map(({ id }) => id)
  }

  /** Loses blocks as a record with a bad checksum would, and returns their bytes. */
  async damage(ids: readonly BlockId[]): Promise<readonly Uint8Array[]> {
    const all = await this.all()
    this.#inner = createMemoryBlockStore()
    for (const block of all) if (!ids.includes(block.id)) await this.#inner.append([block], 'strict')
    this.#damaged++
    return all.filter(({ id }) => ids.includes(id)).map(({ bytes }) => bytes)
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.busy++
    try {
      return await work()
    } finally {
      this.busy--
    }
  }
}
