import type { RestoredBlock, KeptState } from '../../src/core/agreement.ts'
import type { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import type { BlockId } from '../../src/core/model/id.ts'
import type { Commit } from '../../src/core/model/proposal.ts'

/** What the ledger's store holds of the newest commit kept. */
interface Checkpoint extends KeptState {
  /** Blocks the disk held when it was taken: none of them is lost in a crash. */
  readonly blocks: number
  /** How many of the newest of them it takes to go on from it. */
  readonly blocksNeeded: number
}

/** What of a node outlives a crash: blocks in order of arrival, the proposal made last, and the ledger. */
export class Disk {
  #order: CheckedBlock[] = []
  readonly #blocks = new Map<BlockId, CheckedBlock>()
  /** The commit each block is in, by index. */
  readonly #commits = new Map<BlockId, number>()
  #checkpoint: Checkpoint | undefined
  #proposed: CheckedBlock | undefined
  #proposeFrom: number | undefined = 1
  /** Data and transactions that are not committed. */
  readonly #open = new Map<BlockId, CheckedBlock>()
  /** Blocks that were on the disk for good when a proposal was last kept: writes keep their order. */
  #durable = 0

  get size(): number {
    return this.#order.length
  }

  /** The proposal kept last. */
  get proposed(): CheckedBlock | undefined {
    return this.#proposed
  }

  /** The lowest round this key may propose; `undefined` on a disk its key has not been proposing from. Protocol §6. */
  get proposeFrom(): number | undefined {
    return this.#proposeFrom
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

  /** Data and transactions that are in no commit made here. */
  open(): Iterable<CheckedBlock> {
    return this.#open.values()
  }

  isOpen(id: BlockId): boolean {
    return this.#open.has(id)
  }

  append(checked: CheckedBlock): void {
    this.#order.push(checked)
    this.#blocks.set(checked.id, checked)
    if (checked.block.kind !== 'proposal') this.#open.set(checked.id, checked)
  }

  commit({ index, blocks }: Commit): void {
    for (const id of blocks) {
      this.#commits.set(id, index)
      this.#open.delete(id)
    }
  }

  keepProposal(round: number, checked: CheckedBlock): void {
    this.#proposed = checked
    this.#proposeFrom = round + 1
    this.#durable = this.#order.length
  }

  /** What a validator that lost its store may do once it has synced. */
  keepPermit(fromRound: number): void {
    this.#proposeFrom = fromRound
  }

  keepLedger({ head, ledger, blocksNeeded }: Engine): void {
    this.#checkpoint = { head, unspent: [...ledger.unspent()], blocks: this.#order.length, blocksNeeded }
  }

  /** A crash: of blocks that were not yet on the disk for good, the newest `count` are gone. */
  tear(count: number): void {
    const kept = Math.max(this.#durable, this.#checkpoint?.blocks ?? 0, this.#order.length - count)
    for (const { id } of this.#order.slice(kept)) this.#blocks.delete(id)
    this.#order = this.#order.slice(0, kept)
    const index = this.#checkpoint?.head.index ?? 0
    for (const [id, commit] of this.#commits) if (commit > index) this.#commits.delete(id)
    this.#open.clear()
    for (const checked of this.#order)
      if (checked.block.kind !== 'proposal' && !this.#commits.has(checked.id))
        this.#open.set(checked.id, checked)
  }

  /** The disk is empty. */
  lose(): void {
    this.#order = []
    this.#blocks.clear()
    this.#commits.clear()
    this.#open.clear()
    this.#checkpoint = undefined
    this.#proposed = undefined
    this.#proposeFrom = undefined
    this.#durable = 0
  }

  /**
   * What an engine is rebuilt from.
   *
   * @param isSparing reads no more than has to be read; what else is named is recalled
   */
  restored(engine: Engine, isSparing: boolean): RestoredBlock[] {
    const { blocks = 0, blocksNeeded = 0, head } = this.#checkpoint ?? {}
    const read = isSparing ? this.#order.slice(Math.max(0, blocks - blocksNeeded)) : this.#order
    return read.map((checked) => {
      const entry = engine.entryOf(checked)
      const isCommitted = this.#commits.has(checked.id)
      const isOpen = entry.slot ? entry.slot.round > (head?.round ?? 0) : !isCommitted
      return { entry, isCommitted, ...(isOpen && { checked }) }
    })
  }
}
