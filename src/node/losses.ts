import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Change, Source } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { BlockStore } from '../ports.ts'
import type { Restored } from './rebuild.ts'

/** Blocks this node had and lost, with a damaged record or a power cut: found at its start, wanted, and let in again. */
export class Losses {
  readonly #engine: Engine
  /** Blocks that a commit has and that were not among the newest of the store. */
  #absent: Set<BlockId> = new Set()
  /** Parents that stored blocks name and that are neither stored nor in the graph. */
  #lost: readonly BlockId[] = []
  /** Stored blocks that wait for such a parent, outside the graph. */
  #hanging: Set<BlockId> = new Set()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Takes note of what is missing. Called once the graph is rebuilt. */
  async find({ blocks, absent, hanging, lost }: Restored, store: BlockStore): Promise<void> {
    this.#absent = absent
    this.#hanging = hanging
    this.#lost = [...lost]
    if (store.stats().damaged === 0) return
    const named = new Set(blocks.flatMap(({ entry }) => entry.parents))
    const ids = [...named].filter((id) => !this.#engine.graph.has(id))
    const found = await store.read(ids)
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

  /**
   * Lets a block in that was lost after its commit, and names its parents that are not here; `undefined` where it is
   * none. It has had its place in the order, so nothing is decided by it again: what was rejected there might apply now.
   */
  readmit(checked: CheckedBlock, from: Source, nowMs: number): readonly Change[] | undefined {
    if (!this.#absent.delete(checked.id)) return undefined
    const changes = this.#engine.recall([this.#engine.entryOf(checked)], nowMs)
    const ids = checked.block.parents.filter((id) => !this.#engine.graph.has(id))
    return [{ type: 'attached', checked, from }, ...changes, { type: 'missing', ids, from }]
  }
}
