import { StoreError, type BlockStore, type Durability, type StoredBlock } from '../ports.ts'
import type { StorageState } from './api.ts'

/** Blocks written by one append: some hundred kB, a few milliseconds of disk. */
const BLOCKS_PER_APPEND_MAX = 256

/** Blocks that may wait for the disk. Beyond it the node takes no more from peers; they will have them later. */
export const WAITING_BLOCKS_MAX = 2048

interface Entry {
  readonly blocks: readonly StoredBlock[]
  readonly durability: Durability
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Blocks on their way to disk, in order and none ahead of its parents. Where the disk refuses they wait here, and are
 * written when it takes them again: what is in the graph is never lost while the page lives.
 */
export class Journal {
  readonly #store: BlockStore
  readonly #onState: () => void
  readonly #queue: Entry[] = []
  #writing = false
  #closed = false
  #state: StorageState = 'ok'

  constructor(store: BlockStore, onState: () => void) {
    this.#store = store
    this.#onState = onState
  }

  get state(): StorageState {
    return this.#state
  }

  /** Blocks not on disk yet. */
  get waiting(): number {
    return this.#queue.reduce((count, { blocks }) => count + blocks.length, 0)
  }

  get isFull(): boolean {
    return this.waiting >= WAITING_BLOCKS_MAX
  }

  /** Resolves when the blocks are stored, however long that takes; rejects once the journal is closed. */
  async append(blocks: readonly StoredBlock[], durability: Durability): Promise<void> {
    const parts: Promise<void>[] = []
    for (let at = 0; at < blocks.length; at += BLOCKS_PER_APPEND_MAX)
      parts.push(this.#enqueue(blocks.slice(at, at + BLOCKS_PER_APPEND_MAX), durability))
    await Promise.all(parts)
  }

  /** Writes what waits, until it is all written or the disk refuses. */
  async retry(): Promise<void> {
    if (this.#writing) return
    this.#writing = true
    try {
      while (this.#queue.length > 0 && (await this.#writeSome()));
    } finally {
      this.#writing = false
      if (this.#closed) this.close()
    }
  }

  /** Lets go of what the disk has not taken: whoever waits for it is told. */
  close(): void {
    this.#closed = true
    if (this.#writing) return // the write under way settles, then the rest is let go
    for (const { reject } of this.#queue.splice(0)) reject(closed())
  }

  #enqueue(blocks: readonly StoredBlock[], durability: Durability): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(closed())
      this.#queue.push({ blocks, durability, resolve, reject })
      if (this.#state === 'ok') void this.retry()
    })
  }

  async #writeSome(): Promise<boolean> {
    let count = 0
    let entries = 0
    for (const { blocks } of this.#queue) {
      if (entries > 0 && count + blocks.length > BLOCKS_PER_APPEND_MAX) break
      count += blocks.length
      entries++
    }
    const batch = this.#queue.slice(0, entries)
    try {
      const durability = batch.some((entry) => entry.durability === 'strict') ? 'strict' : 'relaxed'
      await this.#store.append(
        batch.flatMap(({ blocks }) => blocks),
        durability,
      )
    } catch (error) {
      return this.#refused(error)
    }
    this.#queue.splice(0, entries)
    this.#setState('ok')
    for (const { resolve } of batch) resolve()
    return true
  }

  #refused(error: unknown): false {
    this.#setState(error instanceof StoreError && error.kind === 'quota-exceeded' ? 'full' : 'failing')
    return false
  }

  #setState(state: StorageState): void {
    if (state === this.#state) return
    this.#state = state
    this.#onState()
  }
}

function closed(): StoreError {
  return new StoreError('closed', 'The store was closed before these blocks were written.')
}
