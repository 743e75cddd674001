/** Group commit: appends that arrive while a transaction is under way wait, and go together into the next one. */
import { APPEND_BLOCKS_MAX, StoreError, type Durability, type StoredBlock } from '../ports.ts'
import { blocksBytes } from './plan.ts'
import { RECORD_BLOCKS_MAX, RECORD_BYTES_MAX } from './record.ts'

/** Records in one transaction of several appends: more do not make it faster, and a strict one must not wait long. */
const GROUP_RECORDS_MAX = 8
const GROUP_BLOCKS_MAX = GROUP_RECORDS_MAX * RECORD_BLOCKS_MAX
const GROUP_BYTES_MAX = GROUP_RECORDS_MAX * RECORD_BYTES_MAX

/** Bytes of blocks that may wait. A caller that awaits its appends never gets near it. */
const WAITING_BYTES_MAX = 64 * 2 ** 20

interface Waiting {
  readonly blocks: readonly StoredBlock[]
  readonly bytes: number
  readonly durability: Durability
  readonly settled: PromiseWithResolvers<void>
}

type Commit = (blocks: readonly StoredBlock[], durability: Durability) => Promise<void>

/** Throws RangeError where one append is more than `APPEND_BLOCKS_MAX` blocks: a caller's mistake. */
export function assertAppendable(blocks: readonly StoredBlock[]): void {
  if (blocks.length > APPEND_BLOCKS_MAX) {
    throw new RangeError(`an append takes at most ${APPEND_BLOCKS_MAX} blocks`)
  }
}

export class AppendQueue {
  readonly #commit: Commit
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #draining: Promise<void> | undefined

  /** `commit` writes one group, all or none; it is called for one group at a time. */
  constructor(commit: Commit) {
    this.#commit = commit
  }

  /** Queues `blocks`. Resolves or rejects as the transaction they went into did. */
  async append(blocks: readonly StoredBlock[], durability: Durability): Promise<void> {
    if (blocks.length === 0) return
    const bytes = blocksBytes(blocks)
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX) {
      throw new StoreError('failed', 'Too many blocks wait to be stored.')
    }
    const settled = Promise.withResolvers<void>()
    this.#waiting.push({ blocks, bytes, durability, settled })
    this.#waitingBytes += bytes
    this.#draining ??= this.#drain()
    await settled.promise
  }

  /** Resolves once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    await this.#draining
  }

  async #drain(): Promise<void> {
    // Appends of one task are to share a transaction, so the first of them waits for the rest of that task.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup()
      const durability = group.some((append) => append.durability === 'strict') ? 'strict' : 'relaxed'
      try {
        await this.#commit(
          group.flatMap(({ blocks }) => blocks),
          durability,
        )
        for (const { settled } of group) settled.resolve()
      } catch (error) {
        for (const { settled } of group) settled.reject(error)
      }
    }
    this.#draining = undefined
  }

  /** The next appends that fit one transaction; the first one in any case. */
  #takeGroup(): readonly Waiting[] {
    let count = 0
    let blocks = 0
    let bytes = 0
    for (const append of this.#waiting) {
      blocks += append.blocks.length
      bytes += append.bytes
      if (count > 0 && (blocks > GROUP_BLOCKS_MAX || bytes > GROUP_BYTES_MAX)) break
      count++
    }
    const group = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    this.#waitingBytes -= group.reduce((sum, append) => sum + append.bytes, 0)
    return group
  }
}
