import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Change, Source } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { BlockStore, LedgerStore, LossMark } from '../ports.ts'
import { CommittedIds } from './committed-ids.ts'
import type { Restored } from './rebuild.ts'

interface LossParts {
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly lossMark: LossMark
}

/** Blocks this node had and lost, with a damaged record or a power cut: found at its start, wanted, and let in again. */
export class Losses {
  readonly #engine: Engine
  readonly #stores: { readonly blocks: BlockStore; readonly mark: LossMark }
  /** All blocks that commits have, read once something was lost. */
  readonly #committed: CommittedIds
  /** Blocks that a commit has and that were not among the newest of the store. */
  #absent: Set<BlockId> = new Set()
  /** Parents that stored blocks name and that are neither stored nor in the graph. */
  #lost: readonly BlockId[] = []
  /** Stored blocks that wait for such a parent, outside the graph. */
  #hanging: Set<BlockId> = new Set()

  constructor(engine: Engine, { blocks, ledger, lossMark }: LossParts) {
    this.#engine = engine
    this.#stores = { blocks, mark: lossMark }
    this.#committed = new CommittedIds(ledger)
  }

  /** All committed blocks, where this store has ever lost one; `undefined` where the places of blocks can be trusted. */
  async committed(): Promise<CommittedIds | undefined> {
    if (!this.#isDamaged && !(await this.#stores.mark.isSet())) return undefined
    await this.#committed.update()
    return this.#committed
  }

  /** Takes note of what is missing. Called once the graph is rebuilt. */
  async find({ blocks, absent, hanging, lost }: Restored): Promise<void> {
    this.#absent = absent
    this.#hanging = hanging
    this.#lost = [...lost]
    if (!this.#isDamaged) return
    const named = new Set(blocks.flatMap(({ entry }) => entry.parents))
    const ids = [...named].filter((id) => !this.#engine.graph.has(id))
    const found = await this.#stores.blocks.find(ids)
    this.#lost = [...new Set([...lost, ...ids.filter((_, i) => found[i] === undefined)])]
  }

  /** What peers ought to be asked for. */
  wanted(): readonly BlockId[] {
    this.#lost = this.#lost.filter((id) => !this.#engine.graph.has(id))
    return this.#lost
  }

  /** Whether a block is stored and waits, outside the graph, for one that was lost. */
  hangs(id: BlockId): boolean {
    return this.#hanging.has(id)
  }

  /** Those that wait so. */
  hanging(): readonly BlockId[] {
    return [...this.#hanging]
  }

  /** Takes note that a block is in the graph; true where it had waited, and so is stored already. */
  joined(id: BlockId): boolean {
    return this.#hanging.delete(id)
  }

  /** Whether nothing is known to be lost: then no block has to be asked after with `wasCommitted`. */
  get isIntact(): boolean {
    return this.#absent.size === 0 && !this.#isDamaged
  }

  /** Whether a block that is not in the graph was in it once, and is in a commit. */
  async wasCommitted({ id, block }: CheckedBlock): Promise<boolean> {
    if (this.#absent.has(id)) return true
    // what is dated after the newest commit is in none
    if (!this.#isDamaged || block.issuedAtMs > this.#engine.head.atMs) return false
    await this.#committed.update()
    return this.#committed.has(id)
  }

  /**
   * Lets a block in that was lost after its commit, and names its parents that are not here. It has had its place in the
   * order, so nothing is decided by it again: what was rejected there might apply now.
   */
  async readmit(checked: CheckedBlock, from: Source, nowMs: number): Promise<readonly Change[]> {
    await this.#stores.mark.set() // its place in the store will say nothing of its commit
    if (this.#engine.graph.has(checked.id)) return []
    this.#absent.delete(checked.id)
    const changes = this.#engine.recall([this.#engine.entryOf(checked)], nowMs)
    const ids = checked.block.parents.filter((id) => !this.#engine.graph.has(id))
    return [{ type: 'attached', checked, from }, ...changes, { type: 'missing', ids, from }]
  }

  get #isDamaged(): boolean {
    return this.#stores.blocks.stats().damaged > 0
  }
}
