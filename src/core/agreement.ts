import { decodeProposal } from './codec/proposal.ts'
import { Business } from './consensus/business.ts'
import { Certificates } from './consensus/certificates.ts'
import { Committer } from './consensus/committer.ts'
import { Divergence } from './consensus/divergence.ts'
import { leaderSchedule } from './consensus/leader.ts'
import { commitDigestOf, takeCommitted } from './consensus/order.ts'
import { Rounds, type Proposal } from './consensus/rounds.ts'
import { networkKeyOf } from './crypto/hash.ts'
import type { Graph, GraphEntry, Handle } from './dag/graph.ts'
import { Ledger } from './ledger/ledger.ts'
import { WaitingTransactions } from './ledger/waiting.ts'
import { isErased, type CheckedBlock } from './model/block.ts'
import type { Change } from './model/change.ts'
import type { Author, Committee } from './model/committee.ts'
import type { Network } from './model/genesis.ts'
import type { Hash, PublicKey } from './model/id.ts'
import type { LedgerHead } from './model/ledger.ts'
import type { Commit, Diverged, Slot } from './model/proposal.ts'
import type { TimedIds } from './model/timed-ids.ts'
import type { NamedOutput } from './model/transaction.ts'
import { OwnValidator } from './own-validator.ts'

/** Where a node goes on from: what its newest commit left. */
export interface KeptState {
  readonly head: LedgerHead
  readonly unspent: readonly NamedOutput[]
  /** The commits up to `head`, oldest first, as many as are there of the newest `DIGESTS_MAX`. */
  readonly recent?: readonly Pick<Commit, 'index' | 'digest'>[]
}

/**
 * A block the store holds. `checked` is there for what may still be decided: transactions that are not committed, and
 * proposals of rounds after the newest commit's.
 */
export interface RestoredBlock {
  readonly entry: GraphEntry
  readonly isCommitted: boolean
  /** No more than its header is here. */
  readonly isHeader?: boolean
  readonly checked?: CheckedBlock
}

interface AgreementParts {
  readonly network: Network
  readonly graph: Graph
  readonly committee: Committee
  readonly own: PublicKey | undefined
  readonly kept: KeptState | undefined
}

/**
 * Money and order: reads commits off the graph, folds the ledger over them, and tells this node's validator what there is to
 * propose. Protocol §5, §6.
 */
export class Agreement {
  readonly #parts: AgreementParts
  readonly #networkKey: Uint8Array
  readonly #rounds: Rounds
  readonly #committer: Committer
  readonly #business: Business
  readonly #certificates: Certificates
  readonly #divergence: Divergence
  /** Where this node's key is a validator's. */
  readonly #own: { readonly author: Author; readonly validator: OwnValidator } | undefined
  readonly ledger: Ledger
  readonly #waiting: WaitingTransactions
  #head: Omit<LedgerHead, 'lanes'>
  /** Blocks before this handle are not needed to go on from the newest commit. */
  #neededFrom: Handle

  constructor(parts: AgreementParts) {
    const { network, graph, committee, own, kept } = parts
    this.#parts = parts
    this.#networkKey = networkKeyOf(network.id)
    const leaderOf = leaderSchedule(this.#networkKey, committee)
    this.#rounds = new Rounds(committee, leaderOf)
    this.#committer = new Committer(this.#rounds, leaderOf, (kept?.head.round ?? 0) + 1)
    this.#business = new Business(graph)
    this.#certificates = new Certificates(committee)
    this.#divergence = new Divergence(committee)
    for (const { index, digest } of kept?.recent ?? []) this.#divergence.made(index, digest)
    if (kept) this.#divergence.made(kept.head.index, kept.head.digest)
    const author = own && committee.authorOf(own)
    if (author !== undefined) {
      const rooms = { network, graph, committee, rounds: this.#rounds, business: this.#business, leaderOf }
      this.#own = { author, validator: new OwnValidator({ own: author, ...rooms }) }
    }
    this.#waiting = new WaitingTransactions(this.#networkKey)
    this.ledger = new Ledger(network, kept && { lanes: kept.head.lanes, unspent: kept.unspent })
    this.#head = kept?.head ?? {
      index: 0,
      round: 0,
      atMs: network.genesis.createdAtMs,
      digest: network.id as string as Hash,
    }
    this.#neededFrom = graph.next
  }

  get head(): LedgerHead {
    const { index, round, atMs, digest } = this.#head
    return { index, round, atMs, digest, lanes: this.ledger.lanes() }
  }

  /** Of the newest blocks in the graph's order, how many are needed to go on from the newest commit after a restart. */
  get blocksNeeded(): number {
    return this.#parts.graph.next - this.#neededFrom
  }

  /** The blocks of the graph that are in no commit, in the order (issuedAt, id). */
  uncommitted(): TimedIds {
    return this.#parts.graph.uncommitted(this.#neededFrom)
  }

  /** The highest round of any proposal known of. */
  get highestRound(): number {
    return Math.max(this.#rounds.highest, this.#head.round)
  }

  /** The newest commit whose digest a quorum has named. */
  get certified(): Certificates['newest'] {
    return this.#certificates.newest
  }

  /** Proof that this order is not the one: then there are no more commits and proposals here. Protocol §8. */
  get diverged(): Diverged | undefined {
    return this.#divergence.found
  }

  /** Takes what a proposal of the store names, before anything is restored. */
  witness({ id, block }: CheckedBlock): void {
    const author = this.#parts.committee.authorOf(block.issuer)
    const payload = decodeProposal(block.payload)
    if (author !== undefined && !('reason' in payload)) this.#divergence.add({ ...payload, id, author })
  }

  /** From now on this node's key may propose rounds from `round` on, if it is a validator's. */
  allowProposals(round: number): void {
    if (!this.diverged) this.#own?.validator.allow(round)
  }

  /** Proposes no more until allowed again. */
  stopProposals(): void {
    this.#own?.validator.stop()
  }

  proposalFailed(round: number): void {
    this.#own?.validator.failed(round)
  }

  wakeAtMs(nowMs: number): number {
    return this.#own?.validator.wakeAtMs(nowMs) ?? Infinity
  }

  /** Whether a tip is a proposal with a twin, which honest issuers do not name. */
  isTwin(handle: Handle): boolean {
    const slot = this.#parts.graph.proposalAt(handle)
    return slot !== undefined && this.#rounds.by(slot).length > 1
  }

  /** Proposals here for a slot: the third twin and later are taken only where a block names them. Protocol §8. */
  proposalsFor(slot: Slot): number {
    return this.#rounds.by(slot).length
  }

  /** Whether one more transaction may wait for its commit. */
  hasRoomFor(bytes: number): boolean {
    return this.#waiting.hasRoomFor(bytes)
  }

  /** Takes note of a block that has just joined the graph, and commits what it decides. */
  attached(checked: CheckedBlock, handle: Handle, nowMs: number): Change[] {
    const changes = this.#learn(checked, handle, nowMs)
    this.#parts.graph.withheld.attached(handle, isErased(checked.block))
    const uncovered = this.#business.uncovered()
    this.#business.attached(handle)
    if (uncovered > 0 && this.#business.uncovered() === 0) this.#own?.validator.relieved(nowMs)
    return checked.block.kind === 'proposal' ? [...changes, ...this.#advance()] : changes
  }

  /** Takes note of a block of the store that is in the graph again. What was not committed may be now. */
  restored(handle: Handle, { isCommitted, isHeader, checked }: RestoredBlock, nowMs: number): Change[] {
    if (checked) this.#learn(checked, handle, nowMs)
    if (isCommitted) {
      this.#parts.graph.mark(handle, 'committed')
      this.#parts.graph.mark(handle, 'covered')
    } else this.#business.attached(handle)
    this.#parts.graph.withheld.attached(handle, isHeader)
    return this.#advance()
  }

  #advance(): Change[] {
    const changes: Change[] = []
    for (const leader of this.diverged ? [] : this.#committer.advance()) {
      const commit = this.#commit(leader)
      const diverged = this.#divergence.made(commit.index, commit.digest)
      changes.push({ type: 'committed', commit }, ...this.#stopIf(diverged))
      if (diverged) break
    }
    // nothing is decided any more, and others may go on without end
    if (this.diverged) this.#rounds.forgetBefore(this.#rounds.highestQuorum)
    this.#letGo()
    return changes
  }

  #stopIf(diverged: Diverged | undefined): Change[] {
    if (diverged === undefined) return []
    this.stopProposals()
    return [{ type: 'diverged', ...diverged }]
  }

  /** The proposal to make now, if one is due. */
  due(nowMs: number): Change[] {
    return this.#own?.validator.due(nowMs, this.#head) ?? []
  }

  #learn(checked: CheckedBlock, handle: Handle, nowMs: number): Change[] {
    if (checked.block.kind === 'transaction') this.#waiting.add(checked)
    return checked.block.kind === 'proposal' ? this.#propose(checked, handle, nowMs) : []
  }

  #propose({ id, block }: CheckedBlock, handle: Handle, attachedAtMs: number): Change[] {
    const { graph } = this.#parts
    const slot = graph.proposalAt(handle)
    if (slot === undefined) return []
    const payload = decodeProposal(block.payload)
    if ('reason' in payload) throw new Error(`block ${id} was not checked in isolation`)
    const strong = block.parents.filter((parent) => {
      const named = graph.handleOf(parent)
      return named !== undefined && graph.proposalAt(named)?.round === slot.round - 1
    })
    const { commitIndex, commitDigest } = payload
    const proposal = this.#rounds.add({ ...slot, id, attachedAtMs, strong, commitIndex, commitDigest })
    if (slot.author === this.#own?.author) this.#own.validator.proposed(proposal)
    const changes: Change[] = []
    const equivocation = this.#rounds.equivocation(proposal)
    if (equivocation) changes.push({ type: 'equivocation', equivocation })
    const certified = this.#certificates.add(proposal)
    if (certified) changes.push({ type: 'certified', ...certified })
    return [...changes, ...this.#stopIf(this.#divergence.add(proposal))]
  }

  #commit(leader: Proposal): Commit {
    const { graph } = this.#parts
    const from = graph.handleOf(leader.id)
    if (from === undefined) throw new Error(`leader ${leader.id} has left the window`)
    const index = this.#head.index + 1
    const atMs = Math.max(this.#head.atMs, graph.timeOf(from))
    const handles = takeCommitted(from, graph)
    for (const handle of handles) this.#business.committed(handle)
    const blocks = handles.map((handle) => graph.idOf(handle))
    const executed = this.ledger.execute(this.#waiting.take(blocks), atMs)
    const facts = { index, leader: leader.id, atMs }
    const digest = commitDigestOf(this.#networkKey, this.#head.digest, facts, this.ledger.stateDigest())
    this.#head = { index, round: leader.round, atMs, digest }
    return { ...facts, round: leader.round, digest, blocks, executed }
  }

  /** What is committed may leave the window, but for proposals of rounds after the newest leader's. */
  #letGo(): void {
    const { graph } = this.#parts
    while (this.#neededFrom < graph.next && !this.#isNeeded(this.#neededFrom)) this.#neededFrom++
    graph.keepFrom(this.#neededFrom)
  }

  #isNeeded(handle: Handle): boolean {
    const { graph } = this.#parts
    const round = graph.proposalAt(handle)?.round ?? 0
    return round > this.#head.round || !graph.is(handle, 'committed')
  }
}
