import { decodeBlockOrHeader } from '../core/codec/block.ts'
import { encodeData, type Data } from '../core/codec/data.ts'
import type { KeptState } from '../core/agreement.ts'
import { Engine } from '../core/engine.ts'
import { isErased } from '../core/model/block.ts'
import type { Change } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { LedgerHead } from '../core/model/ledger.ts'
import { WINDOW_BLOCKS_MAX } from '../core/model/limits.ts'
import type { PeerId, RelayState, StoredBlock, StoredLedger } from '../ports.ts'
import { CatchUp } from './catch-up.ts'
import type { GraphView } from './graph-feed.ts'
import { Holders } from './holders.ts'
import { Intake } from './intake.ts'
import type { IssueOptions } from './issue.ts'
import { Issuing, type Order } from './issuing.ts'
import { Journal } from './journal.ts'
import { loadKept } from './kept-state.ts'
import { LedgerJournal, stepOf } from './ledger-journal.ts'
import { NotIssued, unlessClosed } from './errors.ts'
import { miningOf, type Mining } from './mining.ts'
import { Losses } from './losses.ts'
import type { NodeParts } from './node-parts.ts'
import type { Outcome } from './outcome.ts'
import { Peering } from './peering.ts'
import { Sync } from './sync.ts'
import { Recall } from './recall.ts'
import { Receiving } from './receiving.ts'
import { readStored } from './rebuild.ts'
import { findStored } from './stored.ts'
import { streamIn } from './streams.ts'
import { Validator } from './validator.ts'
import { Waker } from './waker.ts'

/** What a node is composed of, and how it mines with that. */
type Parts = Omit<NodeParts, 'miner'> & Mining

/**
 * One peer of one network: bytes in, checks, engine, disk, out again; blocks of our own go the same way. It owns no
 * timer: whoever composes it calls `tick` about once a second.
 */
export class Node {
  readonly #parts: Parts
  readonly #engine: Engine
  readonly #intake: Intake
  readonly #journal: Journal
  readonly #receiving: Receiving
  readonly #recall: Recall
  readonly #catchUp: CatchUp
  readonly #ledgerJournal: LedgerJournal
  readonly validator: Validator
  readonly sync: Sync
  readonly peering: Peering
  readonly holders: Holders
  readonly #issuing: Issuing
  readonly #losses: Losses
  #stopped = false
  /** Sees to it that the engine is asked again when time alone makes something due. */
  readonly #waker: Waker

  private constructor(parts: Parts, kept: KeptState | undefined) {
    this.#parts = parts
    const { windowBlocksMax, signer } = parts
    this.#engine = new Engine(parts.network, {
      own: signer.publicKey,
      ...(windowBlocksMax !== undefined && { windowBlocksMax }),
      ...(kept && { kept }),
    })
    this.#losses = new Losses(this.#engine, parts)
    this.#ledgerJournal = new LedgerJournal(parts.ledger, (commit) => parts.onCommitted(commit))
    this.validator = new Validator({
      ...parts,
      engine: this.#engine,
      deliver: (made, note) => this.#apply(this.#engine.receive(made, undefined, parts.clock.nowMs()), note),
    })
    this.#waker = new Waker(parts, () => this.#tickEngine())
    this.#intake = new Intake(parts.network, parts.verifier, parts.hasher)
    this.#issuing = new Issuing({
      ...parts,
      engine: this.#engine,
      intake: this.#intake,
      receive: (made) => this.#apply(this.#engine.receive(made, undefined, parts.clock.nowMs())),
    })
    this.#journal = new Journal(parts.blocks, () => parts.onChanged())
    this.holders = new Holders(this.#engine.graph)
    const inner = {
      ...parts,
      engine: this.#engine,
      intake: this.#intake,
      losses: this.#losses,
      apply: (changes: readonly Change[]) => this.#apply(changes),
    }
    this.#receiving = new Receiving({ ...inner, journal: this.#journal })
    this.#recall = new Recall({ ...inner, holders: this.holders })
    this.#catchUp = new CatchUp({
      ...parts,
      has: (id) => this.#engine.graph.has(id),
      recall: (ids) => this.#recall.recall(ids),
      knows: (id) => this.#engine.knows(id),
      deliver: (all, from) => this.receiveAll(all, from),
      unasked: (from) => parts.transport.blame(from, 'not-asked-for'),
    })
    this.sync = new Sync({
      ...parts,
      index: () => this.#engine.head.index,
      uncommitted: () => this.#engine.uncommitted(),
      has: (id) => this.#engine.graph.has(id),
      hasPrefix: (prefix) => this.#engine.graph.hasPrefix(prefix),
      catchUp: this.#catchUp,
      deliver: (blocks, from) => this.receiveAll(blocks, from),
      deliverCommitted: (blocks, from) => this.#receiving.receiveAll(blocks, from, decodeBlockOrHeader),
      hasDiverged: () => this.#engine.diverged !== undefined,
      hear: (peer) => this.peering.exchangeTips(peer),
      equal: (peer) => this.peering.equal(peer),
      synced: (peer) => this.peering.synced(peer),
    })
    this.peering = new Peering({
      ...parts,
      sync: this.sync,
      key: parts.signer.publicKey,
      standing: () => ({ ...this.#engine.head, uncommitted: this.#engine.uncommitted() }),
      holders: this.holders,
      catchUp: this.#catchUp,
      receive: (bytes, from) => this.receive(bytes, from),
      idOf: (bytes) => this.#intake.idOf(bytes),
      tips: () => this.#engine.heads(parts.clock.nowMs()),
      validator: this.validator,
      has: (id) => this.#engine.graph.has(id),
    })
  }

  /** Rebuilds the graph from the newest blocks in the store. The node is not on the network before `start`. */
  static async open(parts: NodeParts): Promise<Node> {
    const kept = await loadKept(parts.ledger)
    const node = new Node({ ...parts, ...miningOf(parts) }, kept)
    await node.#rebuild(kept)
    return node
  }

  /** Goes on the network, and where the key is a validator's and may, proposes. */
  async start(): Promise<void> {
    const unsent = await this.validator.resume()
    await this.#parts.transport.start(this.peering.handlers)
    if (unsent !== undefined) await this.salvage([unsent])
    this.#waker.set(this.#engine.wakeAtMs(this.#parts.clock.nowMs()))
  }

  /** Money after the newest commit. */
  get ledger(): Pick<Engine['ledger'], 'get' | 'unspentOf' | 'size' | 'supply'> {
    return this.#engine.ledger
  }

  /** Where the order stands. */
  get head(): LedgerHead {
    return this.#engine.head
  }

  /** Proof that validators of more than a third have another order; then nothing is executed here. Protocol §8. */
  get diverged(): Engine['diverged'] {
    return this.#engine.diverged
  }

  /** The blocks in memory, to be looked at. */
  get graph(): GraphView {
    return this.#engine.graph
  }

  get relay(): RelayState {
    return this.peering.relay
  }

  /** How the disk takes what this node gives it, and how many blocks wait for it. */
  get storage(): Pick<Journal, 'state' | 'waiting'> {
    const { state, waiting } = this.#journal
    return { state: state === 'ok' && this.#ledgerJournal.isFailing ? 'failing' : state, waiting }
  }

  /**
   * Makes a block of our own and resolves once it is stored for good; only then is it sent. A block that has to wait
   * to be ripe, because its parents are ahead of this clock, is waited for.
   *
   * @throws the signal's reason when cancelled before its work is done; NotIssued where the block was let go of;
   *   StoreError `closed` where the node stopped first: nothing was stored
   */
  async issue(data: Data, options: IssueOptions = {}): Promise<BlockId> {
    return this.#issuing.issue({ kind: 'data', payload: encodeData(data) }, {}, options)
  }

  /** The same for a transaction, encoded, with where it has to stand in the order. */
  async issueTransaction(payload: Uint8Array, order: Order, options: IssueOptions = {}): Promise<BlockId> {
    return this.#issuing.issue({ kind: 'transaction', payload }, order, options)
  }

  /** Whether a block is in the graph and in no commit yet. */
  isOpen(id: BlockId): boolean {
    return this.#engine.graph.has(id) && !this.#engine.isCommitted(id)
  }

  /** Takes bytes from a peer through every check. Throws `StoreError`. */
  receive(bytes: Uint8Array, from: PeerId): Promise<Outcome> {
    return this.#receiving.receive(bytes, from)
  }

  /** The same for many blocks of one peer; outcomes in their order. They may be each other's parents. */
  receiveAll(all: readonly Uint8Array[], from: PeerId): Promise<readonly Outcome[]> {
    return this.#receiving.receiveAll(all, from)
  }

  /** Stores again what is still good of a record that was set aside. */
  salvage(candidates: readonly Uint8Array[]): Promise<void> {
    return this.#receiving.salvage(candidates)
  }

  /** Lets time pass: ripe blocks, missing parents, a disk that refused, tips to name. */
  tick(): void {
    if (this.#stopped) return
    const nowMs = this.#parts.clock.nowMs()
    void this.#journal.retry()
    void this.#ledgerJournal.retry()
    this.validator.tick(nowMs)
    this.#tickEngine()
    this.#catchUp.want(this.#losses.wanted(), undefined)
    this.peering.tick(nowMs)
    this.#parts.miningForOthers.tick(nowMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.validator.stop()
    await this.#parts.transport.stop()
    this.peering.stop()
    this.#journal.close()
    this.#issuing.stop()
    await this.#parts.blocks.close()
    await this.#parts.ledger.close()
  }

  /** @param note what else has to be on disk before anybody hears of the blocks; called once they are stored */
  async #apply(changes: readonly Change[], note?: () => Promise<void>): Promise<void> {
    const attached = changes.filter((change) => change.type === 'attached')
    for (const { checked, from } of attached) {
      this.holders.attached(checked.id)
      if (checked.block.issuer === this.#parts.signer.publicKey)
        this.holders.watch(checked.id, streamIn(checked))
      if (from !== undefined) this.holders.holdsPast(from, checked.id)
    }
    for (const change of changes) {
      if (change.type === 'missing') this.#catchUp.want(change.ids, change.from)
      else if (change.type === 'dropped') this.#issuing.failed(change.id, new NotIssued(change.dropped))
      else if (change.type === 'propose') void this.validator.propose(change.plan)
    }
    const invalid = changes.filter((change) => change.type === 'invalid')
    for (const from of new Set(invalid.map((change) => change.from)))
      if (from !== undefined) this.#parts.transport.blame(from, 'invalid-block')
    this.#waker.set(this.#engine.wakeAtMs(this.#parts.clock.nowMs()))
    const isNew = attached.filter(({ checked }) => !this.#losses.joined(checked.id))
    const appended = this.#journal.append(
      isNew.map(({ checked: { id, bytes } }): StoredBlock => ({ id, bytes })),
      isNew.some(({ from }) => from === undefined) ? 'strict' : 'relaxed',
    )
    const stored = appended.then(note)
    this.#keep(changes, stored)
    try {
      await stored
    } catch (error) {
      for (const { checked } of attached) this.#issuing.failed(checked.id, error)
      throw error
    }
    for (const { checked, from } of isNew) {
      this.#parts.onStored(checked, false)
      // by gossip a header would be in the way of the whole block: whoever lacks it streams the commits, too
      if (!isErased(checked.block)) this.peering.forward(checked.id, checked.bytes, from)
      this.#issuing.stored(checked.id)
    }
  }

  /** Hands commits on to be kept; to be called while the ledger stands right after them. */
  #keep(changes: readonly Change[], ready: Promise<void>): void {
    const commits = changes.filter((change) => change.type === 'committed').map(({ commit }) => commit)
    if (commits.length === 0) return
    const { head, blocksNeeded } = this.#engine
    const blocksStored = this.#parts.blocks.stats().blocks + this.#journal.waiting
    const { signer, network } = this.#parts
    const facts = { head, blocksNeeded, blocksStored, key: signer.publicKey, network }
    this.#ledgerJournal.take(stepOf(commits, facts), commits, ready)
  }

  #tickEngine(): void {
    if (this.#stopped) return
    this.#apply(this.#engine.tick(this.#parts.clock.nowMs())).catch(unlessClosed)
  }

  async #rebuild(kept: StoredLedger | undefined): Promise<void> {
    const { blocks, ledger, signer, clock, onStored, windowBlocksMax } = this.#parts
    const windowBlocks = windowBlocksMax ?? WINDOW_BLOCKS_MAX
    const committed = await this.#losses.committed()
    const rooms = { engine: this.#engine, intake: this.#intake }
    const stores = { blocks, ledger, kept, windowBlocks, committed, ...rooms }
    const restored = await readStored(stores, (checked, isCommitted) => {
      if (checked.block.issuer === signer.publicKey) this.holders.watch(checked.id, streamIn(checked))
      onStored(checked, isCommitted)
    })
    this.#keep(this.#engine.restore(restored.blocks, clock.nowMs()), Promise.resolve())
    await this.#losses.find(restored)
    await this.#recall.takeUp((await findStored(this.#losses.hanging(), blocks)).found)
  }
}
