import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId } from '../core/model/id.ts'
import type { Clock, Miner, Random, Signer } from '../ports.ts'
import { randomFraction } from './chance.ts'
import { stopped } from './errors.ts'
import type { Intake } from './intake.ts'
import { makeBlock, type Content, type IssueOptions, type Place } from './issue.ts'

interface IssuingParts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly signer: Signer
  readonly miner: Pick<Miner, 'mine'>
  readonly engine: Engine
  readonly intake: Intake
  /** Takes a block that was made like anybody's. */
  readonly receive: (made: CheckedBlock) => Promise<void>
}

/** Where a block has to stand in the order, where that matters. */
export interface Order {
  /** Blocks it has to come after, while they are in no commit. */
  readonly above?: readonly BlockId[]
  /** A block it should come before, if it still can: one of the two is to be paid, and this one is wanted. */
  readonly before?: BlockId
}

/** Blocks of our own on their way from content to disk, and whoever waits for them. */
export class Issuing {
  readonly #parts: IssuingParts
  readonly #waiting = new Map<BlockId, PromiseWithResolvers<void>>()
  #stopped = false

  constructor(parts: IssuingParts) {
    this.#parts = parts
  }

  /**
   * Makes a block and resolves once it is stored for good.
   *
   * @throws as `Node.issue`
   */
  async issue(content: Content, order: Order, options: IssueOptions): Promise<BlockId> {
    const { clock, random, network, engine, intake, receive } = this.#parts
    const place =
      this.#placeBefore(order.before) ??
      engine.place(clock.nowMs(), () => randomFraction(random), order.above ?? [])
    const made = await intake.withSigners(await makeBlock(content, place, network, this.#parts, options))
    if (this.#stopped) throw stopped()
    const stored = Promise.withResolvers<void>()
    this.#waiting.set(made.id, stored)
    receive(made).catch(stored.reject)
    try {
      await stored.promise
    } finally {
      this.#waiting.delete(made.id)
    }
    return made.id
  }

  /** Beside a block in the graph, and dated before it: in one commit it comes first. Protocol §5. */
  #placeBefore(id: BlockId | undefined): Place | undefined {
    const { graph } = this.#parts.engine
    const handle = id === undefined ? undefined : graph.handleOf(id)
    if (handle === undefined) return undefined
    const named = graph.parentsOf(handle).map((parent) => graph.idOf(parent))
    const parents = named.length > 0 ? named.sort() : [this.#parts.network.id]
    const newest = Math.max(...parents.map((parent) => graph.issuedAtMsOf(parent)))
    return { parents, issuedAtMs: Math.max(newest + 1, graph.timeOf(handle) - 1) }
  }

  stored(id: BlockId): void {
    this.#waiting.get(id)?.resolve()
  }

  failed(id: BlockId, error: unknown): void {
    this.#waiting.get(id)?.reject(error)
  }

  /** What is being written now may yet be stored; its issuer hears of that from the journal. */
  stop(): void {
    this.#stopped = true
    for (const [id, { reject }] of this.#waiting) if (!this.#parts.engine.graph.has(id)) reject(stopped())
  }
}
