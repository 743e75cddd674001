import type { Business } from './consensus/business.ts'
import { exceedsOneProposal, parentsOf } from './consensus/parents.ts'
import { Proposer } from './consensus/proposer.ts'
import type { Proposal, Rounds } from './consensus/rounds.ts'
import type { Graph } from './dag/graph.ts'
import type { Change } from './model/change.ts'
import type { Author, Committee } from './model/committee.ts'
import type { Network } from './model/genesis.ts'
import type { LedgerHead } from './model/ledger.ts'
import { RIPE_AHEAD_MS } from './model/limits.ts'
import { EPOCH } from './model/proposal.ts'

interface OwnValidatorParts {
  readonly own: Author
  readonly network: Network
  readonly graph: Graph
  readonly committee: Committee
  readonly rounds: Rounds
  readonly business: Business
  readonly leaderOf: (round: number) => Author
}

/** The validator that this node's key is: what it may propose, what it has, and what it proposes next. Protocol §6. */
export class OwnValidator {
  readonly #parts: OwnValidatorParts
  #proposer: Proposer | undefined
  #newest: Proposal | undefined
  /** When what the last proposal planned names is ripe: before that none is made. */
  #ripeAtMs = -Infinity

  constructor(parts: OwnValidatorParts) {
    this.#parts = parts
  }

  /** From now on it may propose rounds from `round` on, and after its own newest. */
  allow(round: number): void {
    // the one there is knows what is being made just now, and would otherwise be asked for twice
    this.#proposer ??= this.#newProposer()
    this.#proposer.allow(Math.max(round, (this.#newest?.round ?? 0) + 1))
  }

  /** Proposes no more until allowed again. */
  stop(): void {
    this.#proposer?.stop()
  }

  failed(round: number): void {
    this.#proposer?.failed(round)
  }

  wakeAtMs(nowMs: number): number {
    return Math.max(this.#proposer?.wakeAtMs(nowMs) ?? Infinity, this.#ripeAtMs)
  }

  /** Takes note of a proposal of its own, whoever made it: its store may be older, or its key elsewhere too. */
  proposed(proposal: Proposal): void {
    if (this.#newest === undefined || this.#newest.round < proposal.round) this.#newest = proposal
    this.#proposer?.proposed(proposal.round, proposal.attachedAtMs)
  }

  /** All business is covered now. */
  relieved(nowMs: number): void {
    this.#proposer?.relieved(nowMs)
  }

  /** The proposal to make now, if one is due. @param head the newest commit, which it names */
  due(nowMs: number, head: Pick<LedgerHead, 'index' | 'digest'>): Change[] {
    const due = this.#proposer?.due(nowMs)
    if (due === undefined) return []
    const { graph, network, rounds } = this.#parts
    const ownNewest = this.#newest?.id
    const parents = parentsOf(due, { graph, rounds, genesis: network.id, ownNewest, nowMs })
    const newest = Math.max(...parents.map((id) => graph.issuedAtMsOf(id)))
    this.#ripeAtMs = newest - RIPE_AHEAD_MS
    if (this.#ripeAtMs > nowMs) {
      // our clock was set back: until it is where it was, what has to be named is not ripe
      this.#proposer?.failed(due.round)
      return []
    }
    const payload = { epoch: EPOCH, round: due.round, commitIndex: head.index, commitDigest: head.digest }
    return [{ type: 'propose', plan: { payload, parents, issuedAtMs: Math.max(nowMs, newest + 1) } }]
  }

  #newProposer(): Proposer {
    const { own, rounds, business, committee, network, graph, leaderOf } = this.#parts
    return new Proposer({
      own,
      rounds,
      business,
      committee,
      params: network.genesis,
      leaderOf,
      exceedsOne: () => exceedsOneProposal(business.uncovered(), committee.size, graph),
    })
  }
}
