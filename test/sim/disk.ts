import type { RestoredBlock, KeptState } from '../../src/core/agreement.ts'
import type { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Commit } from '../../src/core/model/proposal.ts'

/** What the ledger's store holds of the newest commit kept. */
interface Checkpoint extends KeptState {
  /** Blocks the disk held when it was taken: none of them is lost in a crash. */
  readonly blocks: number
}

/** What of a node outlives a crash: blocks in order of arrival, the proposal made last, and the ledger. */
export class Disk {
  #order: CheckedBlock[] = []
  readonly #blocks = new Map<BlockId, CheckedBlock>()
  /** The commit each block is in, by index. */
  readonly #commits = new Map<BlockId, number>()
  #checkpoint: Checkpoint | undefined
  #proposed: { readonly round: number; readonly checked: CheckedBlock } | undefined
  /** Blocks that were on the disk for good when a proposal was last kept: writes keep their order. */
  #durable = 0

  get size(): number {
    return this.#order.length
  }

  /** The proposal kept last, and its round. */
  get proposed(): { readonly round: number; readonly checked: CheckedBlock } | undefined {
    return this.#proposed
  }

  /** The newest commit kept. */
  get kept(): KeptState | undefined {
    return this.#checkpoint
  }

  has(id: BlockId): boolean {
    return this.#blocks.has(id)
  }

  get(id: BlockId): CheckedBlock | undefined {
    return this.#blocks.get(id)
  }

  /** All blocks in order of arrival: parents before children. */
  blocks(): readonly CheckedBlock[] {
    return this.#order
  }

  isCommitted(id: BlockId): boolean {
    return this.#commits.has(id)
  }

  append(checked: CheckedBlock): void {
    this.#order.push(checked)
    this.#blocks.set(checked.id, checked)
  }

  commit({ index, blocks }: Commit): void {
    for (const id of blocks) this.#commits.set(id, index)
  }

  keepProposal(round: number, checked: CheckedBlock): void {
    this.#proposed = { round, checked }
    this.#durable = this.#order.length
  }

  keepLedger({ head, ledger }: Engine): void {
    this.#checkpoint = { head, unspent: [...ledger.unspent()], blocks: this.#order.length }
  }

  /** A crash: of blocks that were not yet on the disk for good, the newest `count` are gone. */
  tear(count: number): void {
    const kept = Math.max(this.#durable, this.#checkpoint?.blocks ?? 0, this.#order.length - count)
    for (const { id } of this.#order.slice(kept)) this.#blocks.delete(id)
    this.#order = this.#order.slice(0, kept)
    const index = this.#checkpoint?.head.index ?? 0
    for (const [id, commit] of this.#commits) if (commit > index) this.#commits.delete(id)
  }

  /** The disk is empty. */
  lose(): void {
    this.#order = []
    this.#blocks.clear()
    this.#commits.clear()
    this.#checkpoint = undefined
    this.#proposed = undefined
    this.#durable = 0
  }

  /** What an engine is rebuilt from. */
  restored(engine: Engine): RestoredBlock[] {
    return this.#order.map((checked) => ({
      entry: engine.entryOf(checked),
      isCommitted: this.#commits.has(checked.id),
      checked,
    }))
  }
}
