import type { DecodeBlock } from '../core/codec/block.ts'
import type { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Change } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { BlockStore, Clock, PeerId, Transport } from '../ports.ts'
import type { Intake, Intaken } from './intake.ts'
import type { Journal } from './journal.ts'
import type { Losses } from './losses.ts'
import { outcomeOfChanges, outcomeOfFault, type Outcome } from './outcome.ts'

/** Blocks hashed, judged and written at a stretch: some 20 ms of one core, in which nobody else is served. */
const TOGETHER_MAX = 256

interface ReceivingParts {
  readonly clock: Clock
  readonly engine: Engine
  readonly intake: Intake
  readonly losses: Losses
  readonly journal: Journal
  readonly blocks: Pick<BlockStore, 'find'>
  readonly transport: Pick<Transport, 'blame'>
  /** Does what the engine's changes ask for, blame for invalid blocks included; resolves once all is stored. */
  readonly apply: (changes: readonly Change[]) => Promise<void>
}

/** Bytes from outside on their way through every check into the graph and onto the disk, many at a time. */
export class Receiving {
  readonly #parts: ReceivingParts

  constructor(parts: ReceivingParts) {
    this.#parts = parts
  }

  /** Takes what a peer sent; resolves, once it is stored, with what became of it. Throws `StoreError`. */
  async receive(bytes: Uint8Array, from: PeerId): Promise<Outcome> {
    const [outcome] = await this.receiveAll([bytes], from)
    if (outcome === undefined) throw new Error('a block without an outcome')
    return outcome
  }

  /**
   * Takes what one peer sent, which may be each other's parents. Resolves, once what is good is stored, with what became
   * of each: the same as if they had come one by one, in this order, but that a false copy of one among them is found.
   * Whoever sent bad ones is blamed once, and what waits for its signature's turn then, before or behind them, or comes
   * after these 256, is left as `busy`. Throws `StoreError`.
   *
   * Three do their parts at a time: one 256 is verified, the one before joins the graph, and the one before that is
   * written.
   *
   * @param decode of committed blocks `decodeBlockOrHeader`
   */
  async receiveAll(
    all: readonly Uint8Array[],
    from: PeerId,
    decode?: DecodeBlock,
  ): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    let storing = Promise.resolve()
    let ahead: Promise<readonly Intaken[]> | undefined
    for (let at = 0; at < all.length; at += TOGETHER_MAX) {
      const isBlamed = outcomes.some(({ type }) => type === 'blamed')
      const some = all.slice(at, at + TOGETHER_MAX)
      if (isBlamed || this.#parts.journal.isFull) {
        outcomes.push(...some.map(busy))
        ahead = undefined
        continue
      }
      const checking = ahead ?? this.#check(some, from, decode)
      const next = all.slice(at + TOGETHER_MAX, at + 2 * TOGETHER_MAX)
      ahead = next.length > 0 ? this.#check(next, from, decode) : undefined
      const taken = await this.#take(await checking, from)
      outcomes.push(...taken.outcomes)
      await storing
      storing = taken.stored
    }
    await storing
    return outcomes
  }

  /** Stores again what is still good of a record that was set aside. Nothing vouches for it, so it is checked anew. */
  async salvage(candidates: readonly Uint8Array[]): Promise<void> {
    const { intake, engine, journal } = this.#parts
    for (const bytes of candidates) {
      const intaken = await intake.take(bytes, async (id) => (await this.#stored([id])).has(id), undefined)
      if (intaken.type !== 'checked') continue
      const { checked } = intaken
      if (engine.graph.has(checked.id)) await journal.append([{ id: checked.id, bytes }], 'strict')
      else await (await this.#admit([checked], undefined)).stored
    }
  }

  #check(
    some: readonly Uint8Array[],
    from: PeerId,
    decode: DecodeBlock | undefined,
  ): Promise<readonly Intaken[]> {
    const checking = this.#parts.intake.takeAll(some, (ids) => this.#known(ids), from, decode)
    checking.catch(() => undefined) // it is awaited in its turn, or not needed any more
    return checking
  }

  /** Resolves once whoever sent bad ones is blamed: `stored` may have to wait for a full disk. */
  async #take(
    intaken: readonly Intaken[],
    from: PeerId,
  ): Promise<{ readonly outcomes: readonly Outcome[]; readonly stored: Promise<void> }> {
    const checked = intaken.flatMap((each) => (each.type === 'checked' ? [each.checked] : []))
    const { changesOf, stored } = await this.#admit(checked, from)
    const outcomes = intaken.map((each) =>
      each.type === 'checked'
        ? outcomeOfChanges(each.checked.id, changesOf.get(each.checked) ?? [])
        : outcomeOfFault(each),
    )
    const isBlamed = [...changesOf.values()]
      .flat()
      .some((each) => each.type === 'invalid' && each.from === from)
    const bad = outcomes.find((outcome) => outcome.type === 'blamed')
    if (bad && !isBlamed) this.#parts.transport.blame(from, bad.blame)
    stored.catch(() => undefined) // it is awaited in its turn
    return { outcomes, stored }
  }

  /**
   * Hands blocks to the engine in the order given, but first lets in again what was lost after its commit, which the
   * others may stand on.
   */
  async #admit(
    all: readonly CheckedBlock[],
    from: PeerId | undefined,
  ): Promise<{
    readonly changesOf: ReadonlyMap<CheckedBlock, readonly Change[]>
    readonly stored: Promise<void>
  }> {
    const { clock, engine, losses, apply } = this.#parts
    const changesOf = new Map<CheckedBlock, readonly Change[]>()
    for (const checked of losses.isIntact ? [] : all) {
      if (!(await losses.wasCommitted(checked))) continue
      const changes = await losses.readmit(checked, from, clock.nowMs())
      changesOf.set(checked, changes)
      await apply(changes)
    }
    const fresh = all.filter((checked) => !changesOf.has(checked))
    // all at once: what else came between would reach the disk ahead of the parents among these
    const nowMs = clock.nowMs()
    for (const checked of fresh) changesOf.set(checked, engine.receive(checked, from, nowMs))
    const changes = fresh.flatMap((checked) => changesOf.get(checked) ?? [])
    return { changesOf, stored: apply(changes) }
  }

  /** Those in memory, or stored and out of the window: the engine would take these for new. */
  async #known(ids: readonly BlockId[]): Promise<ReadonlySet<BlockId>> {
    const { engine } = this.#parts
    const stored = await this.#stored(ids.filter((id) => !engine.knows(id)))
    return new Set(ids.filter((id) => stored.has(id) || engine.knows(id)))
  }

  async #stored(ids: readonly BlockId[]): Promise<ReadonlySet<BlockId>> {
    const found = await this.#parts.blocks.find(ids)
    return new Set(ids.filter((_, i) => found[i] !== undefined))
  }
}

function busy(): Outcome {
  return { type: 'busy' }
}
