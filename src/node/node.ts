import { decodeBlock } from '../core/codec/block.ts'
import type { Data } from '../core/codec/data.ts'
import type { GraphEntry } from '../core/dag/graph.ts'
import { Engine } from '../core/engine.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Change } from '../core/model/change.ts'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId } from '../core/model/id.ts'
import { WINDOW_BLOCKS_MAX } from '../core/model/limits.ts'
import type { Dropped } from '../core/model/verdict.ts'
import {
  StoreError,
  type BlockStore,
  type Clock,
  type Miner,
  type PeerId,
  type Random,
  type RelayState,
  type Signer,
  type StoredBlock,
  type Transport,
  type Verifier,
} from '../ports.ts'
import { CatchUp } from './catch-up.ts'
import { randomFraction } from './chance.ts'
import { Holders } from './holders.ts'
import { Intake } from './intake.ts'
import { makeBlock, type IssueOptions } from './issue.ts'
import { Journal } from './journal.ts'
import { outcomeOfChanges, outcomeOfFault, type Outcome } from './outcome.ts'
import { Peering } from './peering.ts'

export interface NodeParts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly blocks: BlockStore
  readonly signer: Signer
  readonly verifier: Verifier
  readonly miner: Miner
  readonly transport: Transport
  /** Blocks kept in memory, a power of two; the protocol's window unless a test asks for less. */
  readonly windowBlocksMax?: number
  /**
   * Called for each block once it is in the graph and on disk, parents first; and for each found there at start, in no
   * order. Its bytes may be a view of a larger buffer.
   */
  onStored(checked: CheckedBlock): void
  /** Peers, storage, or what peers hold changed. */
  onChanged(): void
}

/**
 * One peer of one network: bytes in, checks, engine, disk, out again; blocks of our own go the same way. It owns no
 * timer: whoever composes it calls `tick` about once a second.
 */
export class Node {
  readonly #parts: NodeParts
  readonly #engine: Engine
  readonly #intake: Intake
  readonly #journal: Journal
  readonly #catchUp: CatchUp
  readonly #peering: Peering
  readonly holders: Holders
  /** Blocks of our own that are made and not stored yet, by whoever waits for them. */
  readonly #issuing = new Map<BlockId, PromiseWithResolvers<void>>()
  /** Parents that stored blocks name and that are neither stored nor in the graph: lost with a damaged record. */
  #lost: readonly BlockId[] = []
  #stopped = false

  private constructor(parts: NodeParts) {
    this.#parts = parts
    this.#engine = new Engine(parts.network, parts.windowBlocksMax)
    this.#intake = new Intake(parts.network, parts.verifier)
    this.#journal = new Journal(parts.blocks, () => parts.onChanged())
    this.holders = new Holders(this.#engine.graph, parts.windowBlocksMax)
    this.#catchUp = new CatchUp({
      ...parts,
      has: (id) => this.#engine.graph.has(id),
      recall: (ids) => this.#recall(ids),
      knows: (id) => this.#engine.knows(id),
      deliver: (bytes, from) => this.receive(bytes, from),
      unasked: (from) => parts.transport.blame(from, 'not-asked-for'),
    })
    this.#peering = new Peering({
      clock: parts.clock,
      transport: parts.transport,
      blocks: parts.blocks,
      holders: this.holders,
      catchUp: this.#catchUp,
      receive: (bytes, from) => this.receive(bytes, from),
      idOf: (bytes) => this.#intake.idOf(bytes),
      tips: () => this.#engine.tips(parts.clock.nowMs()),
      onChanged: () => parts.onChanged(),
    })
  }

  /** Rebuilds the graph from the newest blocks in the store. The node is not on the network before `start`. */
  static async open(parts: NodeParts): Promise<Node> {
    const node = new Node(parts)
    await node.#rebuild()
    return node
  }

  async start(): Promise<void> {
    await this.#parts.transport.start(this.#peering.handlers)
  }

  get relay(): RelayState {
    return this.#peering.relay
  }

  get journal(): Pick<Journal, 'state' | 'waiting'> {
    return this.#journal
  }

  /**
   * Makes a block of our own and resolves once it is stored for good; only then is it sent. A block that has to wait
   * to be ripe, because its parents are ahead of this clock, is waited for.
   *
   * @throws the signal's reason when cancelled before its work is done; NotIssued where the block was let go of;
   *   StoreError `closed` where the node stopped first: nothing was stored
   */
  async issue(data: Data, options: IssueOptions = {}): Promise<BlockId> {
    const { clock, random, network } = this.#parts
    const place = this.#engine.place(clock.nowMs(), () => randomFraction(random))
    const made = await makeBlock(data, place, network, this.#parts, options)
    if (this.#stopped) throw stopped()
    const stored = Promise.withResolvers<void>()
    this.#issuing.set(made.id, stored)
    this.#apply(this.#engine.receive(made, undefined, clock.nowMs())).catch(stored.reject)
    try {
      await stored.promise
    } finally {
      this.#issuing.delete(made.id)
    }
    return made.id
  }

  /** Takes bytes from a peer through every check. */
  async receive(bytes: Uint8Array, from: PeerId): Promise<Outcome> {
    const outcome = await this.#receive(bytes, from)
    if (outcome.type === 'blamed') this.#parts.transport.blame(from, outcome.blame)
    return outcome
  }

  /** Stores again what is still good of a record that was set aside. Nothing vouches for it, so it is checked anew. */
  async salvage(candidates: readonly Uint8Array[]): Promise<void> {
    for (const bytes of candidates) {
      const intaken = await this.#intake.take(bytes, (id) => this.#isStored(id))
      if (intaken.type !== 'checked') continue
      const { checked } = intaken
      if (this.#engine.graph.has(checked.id))
        await this.#journal.append([{ id: checked.id, bytes }], 'strict')
      else await this.#apply(this.#engine.receive(checked, undefined, this.#parts.clock.nowMs()))
    }
  }

  /** Lets time pass: ripe blocks, missing parents, a disk that refused, tips to name. */
  tick(): void {
    if (this.#stopped) return
    const nowMs = this.#parts.clock.nowMs()
    void this.#journal.retry()
    this.#apply(this.#engine.tick(nowMs)).catch(unlessClosed)
    this.#lost = this.#lost.filter((id) => !this.#engine.graph.has(id))
    if (this.#lost.length > 0) this.#catchUp.want(this.#lost, undefined)
    this.#peering.tick(nowMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#parts.transport.stop()
    this.#peering.stop()
    this.#journal.close()
    // what is being written now may yet be stored; its issuer hears of that from the journal
    for (const [id, { reject }] of this.#issuing) if (!this.#engine.graph.has(id)) reject(stopped())
    await this.#parts.blocks.close()
  }

  async #receive(bytes: Uint8Array, from: PeerId): Promise<Outcome> {
    if (this.#journal.isFull) return { type: 'busy' }
    const intaken = await this.#intake.take(bytes, (id) => this.#isKnown(id))
    if (intaken.type !== 'checked') return outcomeOfFault(intaken)
    const changes = this.#engine.receive(intaken.checked, from, this.#parts.clock.nowMs())
    await this.#apply(changes)
    return outcomeOfChanges(intaken.checked.id, changes)
  }

  async #apply(changes: readonly Change[]): Promise<void> {
    const attached = changes.filter((change) => change.type === 'attached')
    for (const { checked, from } of attached) {
      this.#count(checked)
      if (from !== undefined) this.holders.holdsPast(from, checked.id)
    }
    for (const change of changes) {
      if (change.type === 'missing') this.#catchUp.want(change.ids, change.from)
      else if (change.type === 'dropped') this.#issuing.get(change.id)?.reject(new NotIssued(change.dropped))
      else if (change.type === 'invalid' && change.from !== undefined)
        this.#parts.transport.blame(change.from, 'invalid-block')
    }
    if (attached.length === 0) return
    try {
      await this.#journal.append(
        attached.map(({ checked: { id, bytes } }): StoredBlock => ({ id, bytes })),
        attached.some(({ from }) => from === undefined) ? 'strict' : 'relaxed',
      )
    } catch (error) {
      for (const { checked } of attached) this.#issuing.get(checked.id)?.reject(error)
      throw error
    }
    for (const { checked, from } of attached) {
      this.#parts.onStored(checked)
      this.#peering.forward(checked.id, checked.bytes, from)
      this.#issuing.get(checked.id)?.resolve()
    }
  }

  #count(checked: CheckedBlock): void {
    const handle = this.#engine.graph.handleOf(checked.id)
    if (handle === undefined) return
    this.holders.attached(handle)
    if (checked.block.issuer === this.#parts.signer.publicKey) this.holders.watch(checked.id)
  }

  /** In memory, or stored and out of the window: then the engine would take it for new. */
  async #isKnown(id: BlockId): Promise<boolean> {
    return this.#engine.knows(id) || this.#isStored(id)
  }

  async #isStored(id: BlockId): Promise<boolean> {
    const [bytes] = await this.#parts.blocks.read([id])
    return bytes !== undefined
  }

  /** Returns the ids the store does not have. */
  async #recall(ids: readonly BlockId[]): Promise<readonly BlockId[]> {
    const found = await this.#parts.blocks.read(ids)
    const { graph } = this.#engine
    const entries = ids
      .flatMap((id, i) => asChecked({ id, bytes: found[i] ?? new Uint8Array() }))
      .filter(({ id }) => !graph.has(id))
      .map(entryOf)
      .sort(byTime)
    const changes = this.#engine.recall(entries, this.#parts.clock.nowMs())
    for (const { id } of entries) {
      const handle = graph.handleOf(id)
      if (handle !== undefined) this.holders.attached(handle) // its slot was another block's
    }
    await this.#apply(changes)
    return ids.filter((_, i) => found[i] === undefined)
  }

  /** Keeps of each block only what the graph needs, so that starting takes no more memory than running. */
  async #rebuild(): Promise<void> {
    const { blocks, windowBlocksMax, signer } = this.#parts
    const entries: GraphEntry[] = []
    for await (const batch of blocks.newest(windowBlocksMax ?? WINDOW_BLOCKS_MAX))
      for (const checked of batch.flatMap(asChecked)) {
        entries.push(entryOf(checked))
        if (checked.block.issuer === signer.publicKey) this.holders.watch(checked.id)
        this.#parts.onStored(checked)
      }
    // a block fetched again after damage lies behind its children; this order has parents first
    this.#engine.restore(entries.sort(byTime))
    if (blocks.stats().damaged > 0) this.#lost = await this.#findLost(entries)
  }

  async #findLost(entries: readonly GraphEntry[]): Promise<readonly BlockId[]> {
    const named = new Set(entries.flatMap(({ parents }) => parents))
    const absent = [...named].filter((id) => !this.#engine.graph.has(id))
    const found = await this.#parts.blocks.read(absent)
    return absent.filter((_, i) => found[i] === undefined)
  }
}

/** Why a block of our own came to nothing: its parents are too far ahead of this clock, or there was no room to wait. */
export class NotIssued extends Error {
  readonly dropped: Dropped
  constructor(dropped: Dropped) {
    super(`The block was let go of: ${dropped.reason}.`)
    this.name = 'NotIssued'
    this.dropped = dropped
  }
}

/** Takes a rejection that only says the node stopped meanwhile: nothing was acknowledged. Others are our own bugs. */
export function unlessClosed(error: unknown): void {
  if (!(error instanceof StoreError && error.kind === 'closed')) throw error
}

function stopped(): StoreError {
  return new StoreError('closed', 'The node stopped before the block was stored.')
}

/** The order of (issuedAt, id): parents before children. Protocol §4. */
function byTime(a: GraphEntry, b: GraphEntry): number {
  return a.issuedAtMs - b.issuedAtMs || (a.id < b.id ? -1 : 1)
}

function entryOf({ id, block }: CheckedBlock): GraphEntry {
  return { id, issuedAtMs: block.issuedAtMs, parents: block.parents }
}

/** What lies in the store passed every check before it went in, so its form is all that is looked at. */
function asChecked({ id, bytes }: StoredBlock): CheckedBlock[] {
  const block = decodeBlock(bytes)
  return 'type' in block ? [] : [{ id, block, bytes }]
}
