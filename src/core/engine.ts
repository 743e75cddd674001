import { Agreement, type KeptState, type RestoredBlock } from './agreement.ts'
import { checkContext } from './check/context.ts'
import { checkPayload, slotOf } from './check/isolation.ts'
import type { CertifiedCommit } from './consensus/certificates.ts'
import { Graph, type GraphEntry } from './dag/graph.ts'
import { InvalidIds } from './dag/invalid-ids.ts'
import { ripeTips } from './dag/ripe-tips.ts'
import { selectTips } from './dag/select-tips.ts'
import { UnsolidBuffer } from './dag/unsolid-buffer.ts'
import type { Ledger } from './ledger/ledger.ts'
import { PARENTS_MAX, type CheckedBlock } from './model/block.ts'
import type { Change, Source } from './model/change.ts'
import { Committee } from './model/committee.ts'
import type { Network } from './model/genesis.ts'
import type { BlockId, PublicKey } from './model/id.ts'
import type { LedgerHead } from './model/ledger.ts'
import { AHEAD_MS_MAX, RIPE_AHEAD_MS, TWINS_MAX } from './model/limits.ts'
import type { Diverged } from './model/proposal.ts'
import type { TimedIds } from './model/timed-ids.ts'
import type { Dropped, Invalid, Waiting } from './model/verdict.ts'

/** One in so many places of the window is kept free for proposals, which let the order go on. */
const SPARE_PER_WINDOW = 16

export interface EngineOptions {
  /** This node's key: where it is a validator's, the node proposes once it is allowed to. */
  readonly own?: PublicKey
  /** Blocks kept in memory, a power of two of at least 1024. */
  readonly windowBlocksMax?: number
  /** What the newest commit left, after a restart. */
  readonly kept?: KeptState
}

interface Candidate {
  readonly checked: CheckedBlock
  readonly from: Source
}

/**
 * The protocol as one synchronous machine: blocks that passed the check in isolation and ticks of the clock go in,
 * changes come out. It reads no clock, draws no chance and does no I/O.
 */
export class Engine {
  readonly #genesis: BlockId
  readonly #committee: Committee
  readonly #unsolid = new UnsolidBuffer()
  readonly #invalid = new InvalidIds()
  readonly #agreement: Agreement
  /** Read by the shell for walks; only the engine adds to it. */
  readonly graph: Graph
  #uncommitted: { readonly next: number; readonly index: number; readonly rows: TimedIds } | undefined

  constructor(network: Network, options: EngineOptions = {}) {
    const { id, genesis } = network
    this.#genesis = id
    this.#committee = new Committee(genesis.committee)
    this.graph = new Graph({ id, createdAtMs: genesis.createdAtMs }, options.windowBlocksMax)
    const { own, kept } = options
    this.#agreement = new Agreement({ network, graph: this.graph, committee: this.#committee, own, kept })
  }

  /** Money after the newest commit; only the engine changes it. */
  get ledger(): Ledger {
    return this.#agreement.ledger
  }

  /** Where the order stands. */
  get head(): LedgerHead {
    return this.#agreement.head
  }

  /** The highest round of any proposal here; 0 before the first. */
  get highestRound(): number {
    return this.#agreement.highestRound
  }

  /** Whether a known block is in a commit. What has left the window is. */
  isCommitted(id: BlockId): boolean {
    const handle = this.graph.handleOf(id)
    return handle === undefined || this.graph.is(handle, 'committed')
  }

  /** The blocks of the graph that are in no commit, in the order (issuedAt, id): what peers reconcile. Protocol §8. */
  uncommitted(): TimedIds {
    const { next } = this.graph
    const { index } = this.head
    // it is asked for more often than it changes, and may be long
    if (this.#uncommitted?.next !== next || this.#uncommitted.index !== index)
      this.#uncommitted = { next, index, rows: this.#agreement.uncommitted() }
    return this.#uncommitted.rows
  }

  /** The newest commit whose digest a quorum of validators has named, if there is one. */
  get certified(): CertifiedCommit | undefined {
    return this.#agreement.certified
  }

  /**
   * Proof that validators of more than a third of the weight have another order than this node. From then on it makes no
   * commits and no proposals; blocks it takes as before. Protocol §8.
   */
  get diverged(): Diverged | undefined {
    return this.#agreement.diverged
  }

  /** Of the newest blocks in the order they joined the graph, how many a node has to read to go on from `head`. */
  get blocksNeeded(): number {
    return this.#agreement.blocksNeeded
  }

  /**
   * From now on this node's validator may propose, from `round` on, which has to be above every round its key may have
   * proposed before. Without effect where the key is no validator's. Protocol §6.
   */
  allowProposals(round: number): void {
    this.#agreement.allowProposals(round)
  }

  /** This node's validator proposes no more until it is allowed again. */
  stopProposals(): void {
    this.#agreement.stopProposals()
  }

  /** A proposal that `propose` asked for could not be made, and nothing of it was stored: it may be asked for again. */
  proposalFailed(round: number): void {
    this.#agreement.proposalFailed(round)
  }

  /** The earliest time at which `tick` has something to do because of time alone; Infinity where nothing waits for time. */
  wakeAtMs(nowMs: number): number {
    return Math.min(this.#agreement.wakeAtMs(nowMs), this.#unsolid.ripeAtMs())
  }

  /** What the graph keeps of a block that passed its checks. */
  entryOf({ id, block }: Pick<CheckedBlock, 'id' | 'block'>): GraphEntry {
    const { issuedAtMs, parents, issuer, kind } = block
    const slot = slotOf(block, this.#committee)
    return { id, issuedAtMs, parents, issuer, kind, ...(slot && { slot }) }
  }

  /** Whether bytes with this id can be dropped unread: in the window, parked, or invalid for good. Protocol §4. */
  knows(id: BlockId): boolean {
    return this.graph.has(id) || this.#unsolid.has(id) || this.#invalid.has(id)
  }

  /** Blocks parked now. */
  get parked(): number {
    return this.#unsolid.size
  }

  /** Takes a block whose work and signature hold. */
  receive(checked: CheckedBlock, from: Source, nowMs: number): Change[] {
    if (this.knows(checked.id)) return []
    return this.#judgeAll([{ checked, from }], nowMs).concat(this.#agreement.due(nowMs))
  }

  /** Lets in what has become ripe, and names again the parents still missing. */
  tick(nowMs: number): Change[] {
    const ripe = this.#unsolid.ripe(nowMs).map((id) => this.#unsolid.take(id))
    const changes = this.#judgeAll(
      ripe.filter((parked) => parked !== undefined),
      nowMs,
    )
    const bySource = Map.groupBy(this.#unsolid.wanted(), ({ from }) => from)
    for (const [from, wanted] of bySource)
      changes.push({ type: 'missing', ids: wanted.map(({ id }) => id), from })
    return changes.concat(this.#agreement.due(nowMs))
  }

  /**
   * Takes a block of the store at start, in any order and before `restore`, for what it says as a proposal: a divergence
   * that was found before is found again, as far as the commits of `KeptState` reach.
   */
  witness(checked: CheckedBlock): void {
    if (checked.block.kind === 'proposal') this.#agreement.witness(checked)
  }

  /**
   * Rebuilds the window at start from what the store holds, parents first: blocks without children become tips, and
   * what was not committed yet may be now.
   */
  restore(blocks: readonly RestoredBlock[], nowMs: number): Change[] {
    return blocks
      .filter(({ entry }) => !this.graph.has(entry.id))
      .flatMap((block) => this.#agreement.restored(this.graph.add(block.entry), block, nowMs))
  }

  /**
   * Takes back headers the shell found in its own store, parents before children; they were judged when they were
   * stored. None of them is a tip: each has had children, or its time, before it left the window. Where the window is
   * full of what may not leave, the rest stays away, and what waits for it waits.
   */
  recall(entries: readonly GraphEntry[], nowMs: number): Change[] {
    const isNew = entries.filter(({ id }) => !this.graph.has(id))
    for (const entry of isNew)
      if (!this.graph.has(entry.id) && this.graph.hasRoom(entry.parents.length)) this.graph.recall(entry)
    const waited = isNew.filter(({ id }) => this.graph.has(id)).flatMap(({ id }) => this.#waitingFor(id))
    return this.#judgeAll(waited, nowMs).concat(this.#agreement.due(nowMs))
  }

  /** Ripe tips that blocks go on, in order of arrival. Proposals with twins are not offered. Protocol §6. */
  tips(nowMs: number): BlockId[] {
    return ripeTips(this.graph.tips(), this.graph, nowMs)
      .filter((tip) => !this.#agreement.isTwin(tip))
      .map((tip) => this.graph.idOf(tip))
  }

  /** All ripe tips, in order of arrival; twins too: they are evidence, and peers are to hear of it. Protocol §6, §8. */
  heads(nowMs: number): BlockId[] {
    return ripeTips(this.graph.tips(), this.graph, nowMs).map((tip) => this.graph.idOf(tip))
  }

  /**
   * Where and when the next block of our own goes.
   *
   * @param random gives a number in [0, 1)
   * @param above blocks it has to come after; those that are committed it does anyway
   */
  place(
    nowMs: number,
    random: () => number,
    above: readonly BlockId[] = [],
  ): { readonly parents: readonly BlockId[]; readonly issuedAtMs: number } {
    const named = above.filter((id) => !this.isCommitted(id)).slice(0, PARENTS_MAX)
    const tips = this.tips(nowMs).filter((id) => !named.includes(id))
    const parents = selectTips(tips, this.#genesis, random, named)
    const newest = Math.max(...parents.map((id) => this.graph.issuedAtMsOf(id)))
    return { parents, issuedAtMs: Math.max(nowMs, newest + 1) }
  }

  /** Judges blocks and then whatever waited for them. A queue, since a chain may be as long as the buffer. */
  #judgeAll(queue: Candidate[], nowMs: number): Change[] {
    const changes: Change[] = []
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const change = this.#judge(next, nowMs)
      changes.push(change)
      if (change.type === 'attached') changes.push(...this.#attach(next.checked, nowMs))
      if (change.type === 'attached' || change.type === 'invalid')
        queue.push(...this.#waitingFor(next.checked.id))
      if (change.type === 'parked') changes.push(...this.#park(next, change.waiting))
    }
    return changes
  }

  #judge({ checked, from }: Candidate, nowMs: number): Change {
    const { id, block } = checked
    const aheadMs = block.issuedAtMs - nowMs
    if (aheadMs > AHEAD_MS_MAX)
      return {
        type: 'dropped',
        id,
        dropped: { reason: 'too-far-ahead', aheadMs, limitMs: AHEAD_MS_MAX },
        from,
      }
    const early = checkPayload(checked, this.#committee) ?? this.#invalidParentOf(checked)
    if (early) return this.#reject(early, from)
    const tooMuch = this.#tooMuch(checked)
    if (tooMuch) return { type: 'dropped', id, dropped: tooMuch, from }
    const parents = block.parents.filter((parent) => !this.graph.has(parent))
    if (parents.length > 0)
      return { type: 'parked', id, waiting: { reason: 'missing-parents', parents }, from }
    const slot = slotOf(block, this.#committee)
    const invalid = checkContext(checked, slot, this.graph, this.#committee)
    if (invalid) return this.#reject(invalid, from)
    const ripeAtMs = block.issuedAtMs - RIPE_AHEAD_MS
    if (ripeAtMs > nowMs) return { type: 'parked', id, waiting: { reason: 'unripe', ripeAtMs }, from }
    return { type: 'attached', checked, from }
  }

  #attach(checked: CheckedBlock, nowMs: number): Change[] {
    const handle = this.graph.add(this.entryOf(checked))
    return this.#agreement.attached(checked, handle, nowMs)
  }

  /**
   * Why a good block is not taken now. Some places are left to proposals, and to what a proposal that waits here is
   * built on: refused, it would keep this node out of agreement for as long as others have it.
   */
  #tooMuch({ id, block }: CheckedBlock): Dropped | undefined {
    const slot = slotOf(block, this.#committee)
    if (slot && this.#agreement.proposalsFor(slot) >= TWINS_MAX && this.#unsolid.childrenOf(id).length === 0)
      return { reason: 'twin', ...slot }
    const parents = block.parents.length
    const hasRoom =
      this.graph.hasRoom(parents, this.graph.slotsMax / SPARE_PER_WINDOW) &&
      (block.kind !== 'transaction' || this.#agreement.hasRoomFor(block.payload.length))
    const isTaken = hasRoom || (this.graph.hasRoom(parents) && (slot !== undefined || this.#isProposed(id)))
    return isTaken ? undefined : { reason: 'too-much-uncommitted' }
  }

  /** Whether a proposal that waits here has a block in its past. */
  #isProposed(id: BlockId): boolean {
    const seen = new Set([id])
    for (const each of seen) {
      if (this.#unsolid.kindOf(each) === 'proposal') return true
      for (const child of this.#unsolid.childrenOf(each)) seen.add(child)
    }
    return false
  }

  #park({ checked, from }: Candidate, waiting: Waiting): Change[] {
    const changes: Change[] = []
    if (waiting.reason === 'missing-parents') {
      const ids = waiting.parents.filter((parent) => !this.#unsolid.has(parent))
      if (ids.length > 0) changes.push({ type: 'missing', ids, from })
    }
    for (const gone of this.#unsolid.park({ checked, from, waiting }))
      changes.push({
        type: 'dropped',
        id: gone.checked.id,
        dropped: { reason: 'buffer-full' },
        from: gone.from,
      })
    return changes
  }

  #reject(verdict: Invalid, from: Source): Change {
    this.#invalid.add(verdict.id)
    return { type: 'invalid', verdict, from }
  }

  #invalidParentOf({ id, block }: CheckedBlock): Invalid | undefined {
    const parent = block.parents.find((candidate) => this.#invalid.has(candidate))
    return parent && { type: 'invalid', id, reason: 'invalid-parent', parent }
  }

  #waitingFor(id: BlockId): Candidate[] {
    const children = this.#unsolid.childrenOf(id).map((child) => this.#unsolid.take(child))
    return children.filter((parked) => parked !== undefined)
  }
}
