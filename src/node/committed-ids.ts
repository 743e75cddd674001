import type { BlockId } from '../core/model/id.ts'
import type { LedgerStore } from '../ports.ts'

/** Hex digits of an id that fit a number exactly: among a million ids two share them once in nine thousand networks. */
const DIGITS = 13

/**
 * Which blocks any commit has, however long ago: eight bytes a block. Asked only of a store that has lost blocks, where
 * the place of a block says no more when it was committed.
 */
export class CommittedIds {
  readonly #ledger: LedgerStore
  #sorted = new Float64Array()
  #newest = 0

  constructor(ledger: LedgerStore) {
    this.#ledger = ledger
  }

  /** Takes in the commits that were kept since it was last called. Throws `StoreError`. */
  async update(): Promise<void> {
    const { newest, ids } = await this.#since(this.#newest)
    if (ids.length === 0) return
    this.#newest = newest
    this.#sorted = merged(this.#sorted, ids)
  }

  has(id: BlockId): boolean {
    const wanted = numberOf(id)
    let low = 0
    for (let high = this.#sorted.length; low < high;) {
      const middle = (low + high) >> 1
      if ((this.#sorted[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    return this.#sorted[low] === wanted
  }

  async #since(index: number): Promise<{ readonly newest: number; readonly ids: readonly number[] }> {
    let newest = index
    const ids: number[] = []
    for await (const batch of this.#ledger.newestCommits())
      for (const commit of batch) {
        if (commit.index <= index) return { newest, ids }
        newest = Math.max(newest, commit.index)
        for (const id of commit.blocks) ids.push(numberOf(id))
      }
    return { newest, ids }
  }
}

function numberOf(id: BlockId): number {
  return Number.parseInt(id.slice(0, DIGITS), 16)
}

function merged(sorted: Float64Array<ArrayBuffer>, ids: readonly number[]): Float64Array<ArrayBuffer> {
  const all = new Float64Array(sorted.length + ids.length)
  all.set(sorted)
  all.set(ids, sorted.length)
  return all.sort()
}
