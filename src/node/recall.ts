import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Change } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { BlockStore, Clock } from '../ports.ts'
import type { Holders } from './holders.ts'
import type { Intake } from './intake.ts'
import type { Losses } from './losses.ts'
import { findStored } from './stored.ts'

interface RecallParts {
  readonly clock: Clock
  readonly blocks: BlockStore
  readonly engine: Engine
  readonly intake: Intake
  readonly losses: Losses
  readonly holders: Holders
  apply(changes: readonly Change[]): Promise<void>
}

/** Takes blocks back into the graph that are in the store: they have left the window, or hang on what was lost. */
export class Recall {
  readonly #parts: RecallParts

  constructor(parts: RecallParts) {
    this.#parts = parts
  }

  /** Returns the ids the store does not have. Throws `StoreError`. */
  async recall(ids: readonly BlockId[]): Promise<readonly BlockId[]> {
    const { engine, losses, holders, clock } = this.#parts
    const { found, lacking } = await findStored(ids, this.#parts.blocks)
    const away = found.filter(({ id }) => !engine.graph.has(id))
    await this.takeUp(away.filter(({ id }) => losses.hangs(id)))
    const entries = away
      .filter(({ id }) => !losses.hangs(id) && !engine.graph.has(id))
      .map((checked) => engine.entryOf(checked))
    const changes = engine.recall(entries, clock.nowMs())
    for (const { id } of entries) holders.attached(id) // its slot was another block's
    await this.#parts.apply(changes)
    return lacking
  }

  /** Judges stored blocks again that are outside the graph: they wait for what was lost, or join it. */
  async takeUp(blocks: readonly CheckedBlock[]): Promise<void> {
    const { engine, intake, clock } = this.#parts
    for (const checked of blocks) {
      const signed = await intake.withSigners(checked)
      await this.#parts.apply(engine.receive(signed, undefined, clock.nowMs()))
    }
  }
}
