import { decodeProposal } from './codec/proposal.ts'
import { decodeTransaction } from './codec/transaction.ts'
import { Business } from './consensus/business.ts'
import { Certificates } from './consensus/certificates.ts'
import { Committer } from './consensus/committer.ts'
import { leaderSchedule } from './consensus/leader.ts'
import { commitDigestOf, takeCommitted } from './consensus/order.ts'
import { exceedsOneProposal, parentsOf } from './consensus/parents.ts'
import { Proposer } from './consensus/proposer.ts'
import { Rounds, type Proposal } from './consensus/rounds.ts'
import { networkKeyOf } from './crypto/hash.ts'
import { transactionIdOf } from './crypto/transaction-id.ts'
import type { Graph, GraphEntry, Handle } from './dag/graph.ts'
import { Ledger } from './ledger/ledger.ts'
import type { CheckedBlock } from './model/block.ts'
import type { Change } from './model/change.ts'
import type { Author, Committee } from './model/committee.ts'
import type { Network } from './model/genesis.ts'
import type { BlockId, Hash, PublicKey } from './model/id.ts'
import type { LedgerHead } from './model/ledger.ts'
import { RIPE_AHEAD_MS, TRANSACTION_BYTES_HELD_MAX } from './model/limits.ts'
import { EPOCH, type Commit, type Slot } from './model/proposal.ts'
import type { AttachedTransaction, NamedOutput } from './model/transaction.ts'

/** Where a node goes on from: what its newest commit left. */
export interface KeptState {
  readonly head: LedgerHead
  readonly unspent: readonly NamedOutput[]
}

/**
 * A block the store holds. `checked` is there for what may still be decided: transactions that are not committed, and
 * proposals of rounds after the newest commit's.
 */
export interface RestoredBlock {
  readonly entry: GraphEntry
  readonly isCommitted: boolean
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
 * Money and order: reads commits off the graph, folds the ledger over them, and says when this node's validator
 * proposes. Protocol §5, §6.
 */
export class Agreement {
  readonly #parts: AgreementParts
  readonly #networkKey: Uint8Array
  readonly #leaderOf: (round: number) => Author
  readonly #rounds: Rounds
  readonly #committer: Committer
  readonly #business: Business
  readonly #certificates: Certificates
  readonly #own: Author | undefined
  readonly ledger: Ledger
  /** Transactions in blocks that are not committed yet. */
  readonly #waiting = new Map<BlockId, AttachedTransaction & { readonly bytes: number }>()
  #waitingBytes = 0
  #proposer: Proposer | undefined
  #ownNewest: Proposal | undefined
  /** When what the last proposal planned names is ripe: before that none is made. */
  #ripeAtMs = -Infinity
  #head: Omit<LedgerHead, 'lanes'>
  /** Blocks before this handle are not needed to go on from the newest commit. */
  #neededFrom: Handle

  constructor(parts: AgreementParts) {
    const { network, graph, committee, own, kept } = parts
    this.#parts = parts
    this.#networkKey = networkKeyOf(network.id)
    this.#leaderOf = leaderSchedule(this.#networkKey, committee)
    this.#rounds = new Rounds(committee, this.#leaderOf)
    this.#committer = new Committer(this.#rounds, this.#leaderOf, (kept?.head.round ?? 0) + 1)
    this.#business = new Business(graph)
    this.#certificates = new Certificates(committee)
    this.#own = own && committee.authorOf(own)
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

  /** The highest round of any proposal known of. */
  get highestRound(): number {
    return Math.max(this.#rounds.highest, this.#head.round)
  }

  /** The newest commit whose digest a quorum has named. */
  get certified(): Certificates['newest'] {
    return this.#certificates.newest
  }

  /** From now on this node's key may propose rounds from `round` on, if it is a validator's. */
  allowProposals(round: number): void {
    if (this.#own === undefined) return
    // the one there is knows what is being made just now, and would otherwise be asked for twice
    this.#proposer ??= this.#newProposer(this.#own)
    this.#proposer.allow(Math.max(round, (this.#ownNewest?.round ?? 0) + 1))
  }

  /** Proposes no more until allowed again. */
  stopProposals(): void {
    this.#proposer?.stop()
  }

  proposalFailed(round: number): void {
    this.#proposer?.failed(round)
  }

  wakeAtMs(nowMs: number): number {
    return Math.max(this.#proposer?.wakeAtMs(nowMs) ?? Infinity, this.#ripeAtMs)
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
    return this.#waitingBytes + bytes <= TRANSACTION_BYTES_HELD_MAX
  }

  /** Takes note of a block that has just joined the graph, and commits what it decides. */
  attached(checked: CheckedBlock, handle: Handle, nowMs: number): Change[] {
    const changes = this.#learn(checked, handle, nowMs)
    const uncovered = this.#business.uncovered()
    this.#business.attached(handle)
    if (uncovered > 0 && this.#business.uncovered() === 0) this.#proposer?.relieved(nowMs)
    return checked.block.kind === 'proposal' ? [...changes, ...this.#advance()] : changes
  }

  /** Takes note of a block of the store that is in the graph again. What was not committed may be now. */
  restored(handle: Handle, { isCommitted, checked }: RestoredBlock, nowMs: number): Change[] {
    if (checked) this.#learn(checked, handle, nowMs)
    if (isCommitted) {
      this.#parts.graph.mark(handle, 'committed')
      this.#parts.graph.mark(handle, 'covered')
    } else this.#business.attached(handle)
    return this.#advance()
  }

  #advance(): Change[] {
    const leaders = this.#committer.advance()
    const changes = leaders.map((leader): Change => ({ type: 'committed', commit: this.#commit(leader) }))
    this.#letGo()
    return changes
  }

  /** The proposal to make now, if one is due. */
  due(nowMs: number): Change[] {
    const due = this.#proposer?.due(nowMs)
    if (due === undefined) return []
    const { graph, network } = this.#parts
    const parents = parentsOf(due, {
      graph,
      rounds: this.#rounds,
      genesis: network.id,
      ownNewest: this.#ownNewest?.id,
      nowMs,
    })
    const newest = Math.max(...parents.map((id) => graph.issuedAtMsOf(id)))
    this.#ripeAtMs = newest - RIPE_AHEAD_MS
    if (this.#ripeAtMs > nowMs) {
      // our clock was set back: until it is where it was, what has to be named is not ripe
      this.#proposer?.failed(due.round)
      return []
    }
    const { index: commitIndex, digest: commitDigest } = this.#head
    return [
      {
        type: 'propose',
        plan: {
          payload: { epoch: EPOCH, round: due.round, commitIndex, commitDigest },
          parents,
          issuedAtMs: Math.max(nowMs, newest + 1),
        },
      },
    ]
  }

  #newProposer(own: Author): Proposer {
    const { committee, network, graph } = this.#parts
    return new Proposer({
      own,
      rounds: this.#rounds,
      business: this.#business,
      committee,
      params: network.genesis,
      leaderOf: this.#leaderOf,
      exceedsOne: () => exceedsOneProposal(this.#business.uncovered(), committee.size, graph),
    })
  }

  #learn(checked: CheckedBlock, handle: Handle, nowMs: number): Change[] {
    if (checked.block.kind === 'transaction') this.#await(checked)
    return checked.block.kind === 'proposal' ? this.#propose(checked, handle, nowMs) : []
  }

  #await({ id, block, signers = [] }: CheckedBlock): void {
    const transaction = decodeTransaction(block.payload)
    if ('reason' in transaction) throw new Error(`block ${id} was not checked in isolation`)
    const bytes = block.payload.length
    this.#waiting.set(id, {
      block: id,
      id: transactionIdOf(this.#networkKey, transaction),
      transaction,
      signers,
      bytes,
    })
    this.#waitingBytes += bytes
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
    if (slot.author === this.#own) this.#isOurs(proposal)
    const changes: Change[] = []
    const equivocation = this.#rounds.equivocation(proposal)
    if (equivocation) changes.push({ type: 'equivocation', equivocation })
    const certified = this.#certificates.add(proposal)
    if (certified) changes.push({ type: 'certified', ...certified })
    return changes
  }

  #isOurs(proposal: Proposal): void {
    if (this.#ownNewest === undefined || this.#ownNewest.round < proposal.round) this.#ownNewest = proposal
    this.#proposer?.proposed(proposal.round, proposal.attachedAtMs)
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
    const executed = this.ledger.execute(this.#takeWaiting(blocks), atMs)
    const facts = { index, leader: leader.id, atMs }
    const digest = commitDigestOf(this.#networkKey, this.#head.digest, facts, this.ledger.stateDigest())
    this.#head = { index, round: leader.round, atMs, digest }
    return { ...facts, round: leader.round, digest, blocks, executed }
  }

  #takeWaiting(blocks: readonly BlockId[]): readonly AttachedTransaction[] {
    const transactions: AttachedTransaction[] = []
    for (const id of blocks) {
      const found = this.#waiting.get(id)
      if (found === undefined) continue
      this.#waiting.delete(id)
      this.#waitingBytes -= found.bytes
      transactions.push(found)
    }
    return transactions
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
