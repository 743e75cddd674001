import type { Author, Committee } from '../model/committee.ts'
import type { BlockId } from '../model/id.ts'
import type { Equivocation, ProposalPayload, Slot } from '../model/proposal.ts'

/** Rounds kept below the first undecided one, so that twins that come late are still known for what they are. */
const DECIDED_ROUNDS_KEPT = 64

/** A valid proposal in the graph, as the rule of agreement sees it. */
export interface Proposal extends Slot, Pick<ProposalPayload, 'commitIndex' | 'commitDigest'> {
  readonly id: BlockId
  /** When this node took it into the graph, by its own clock. */
  readonly attachedAtMs: number
  /** Its parents of the round before. */
  readonly strong: readonly BlockId[]
  /** What it votes for: the strong parent by the leader of the round before. */
  readonly vote: BlockId | undefined
  /** What it certifies: the leader's proposal two rounds before that a quorum of its strong parents vote for. */
  readonly certifies: BlockId | undefined
}

/** What `Rounds.add` has to be told; the rest it works out. */
export type NewProposal = Omit<Proposal, 'vote' | 'certifies'>

/** Proposals by round: who proposed, what each votes for and certifies. Links are strong links only. Protocol §6. */
export class Rounds {
  readonly #committee: Committee
  readonly #leaderOf: (round: number) => Author
  readonly #rounds = new Map<number, Proposal[]>()
  readonly #byId = new Map<BlockId, Proposal>()
  #oldest = 1
  #highest = 0
  #highestQuorum = 0

  constructor(committee: Committee, leaderOf: (round: number) => Author) {
    this.#committee = committee
    this.#leaderOf = leaderOf
  }

  /** The highest round with any proposal; 0 before the first. */
  get highest(): number {
    return this.#highest
  }

  /** The highest round with proposals of a quorum; 0 before the first. */
  get highestQuorum(): number {
    return this.#highestQuorum
  }

  /** Takes in a proposal and returns it. One of a round that is long decided counts for nothing any more. */
  add(added: NewProposal): Proposal {
    const proposal = { ...added, vote: this.#voteOf(added), certifies: this.#certifiedBy(added) }
    const { round } = proposal
    if (round < this.#oldest) return proposal
    this.#byId.set(proposal.id, proposal)
    this.#rounds.set(round, [...this.at(round), proposal])
    this.#highest = Math.max(this.#highest, round)
    if (round > this.#highestQuorum && this.hasQuorum(this.at(round))) this.#highestQuorum = round
    return proposal
  }

  /** Proposals of a round, in the order they came. */
  at(round: number): readonly Proposal[] {
    return this.#rounds.get(round) ?? []
  }

  get(id: BlockId): Proposal | undefined {
    return this.#byId.get(id)
  }

  /** Proposals of a validator for a round: more than one is an equivocation. */
  by({ author, round }: Slot): readonly Proposal[] {
    return this.at(round).filter((proposal) => proposal.author === author)
  }

  /** The evidence that a proposal has a twin. */
  equivocation(proposal: Slot & Pick<Proposal, 'id'>): Equivocation | undefined {
    const twin = this.by(proposal).find(({ id }) => id !== proposal.id)
    const { author, round } = proposal
    return twin && { author, round, blocks: [twin.id, proposal.id] }
  }

  /** Whether the authors of these proposals, each counted once, weigh a quorum. */
  hasQuorum(proposals: readonly Proposal[]): boolean {
    return this.#committee.isQuorum(this.#committee.weightOfAll(proposals.map(({ author }) => author)))
  }

  /** Proposals of `round` that `from` reaches by strong links. */
  reached(from: Proposal, round: number): readonly Proposal[] {
    let reached = new Set([from])
    for (let at = from.round; at > round; at--) {
      const below = new Set<Proposal>()
      for (const { strong } of reached)
        for (const id of strong) {
          const parent = this.get(id)
          if (parent) below.add(parent)
        }
      reached = below
    }
    return [...reached]
  }

  /** Lets go of rounds long before the first undecided one. */
  forgetBefore(undecided: number): void {
    for (const keep = undecided - DECIDED_ROUNDS_KEPT; this.#oldest < keep; this.#oldest++) {
      for (const { id } of this.at(this.#oldest)) this.#byId.delete(id)
      this.#rounds.delete(this.#oldest)
    }
  }

  #voteOf({ round, strong }: NewProposal): BlockId | undefined {
    if (strong.length === 0) return undefined
    const leader = this.#leaderOf(round - 1)
    return strong.find((id) => this.get(id)?.author === leader)
  }

  #certifiedBy({ strong }: NewProposal): BlockId | undefined {
    const voters = strong.map((id) => this.get(id)).filter((parent) => parent !== undefined)
    const candidates = new Set(voters.map(({ vote }) => vote).filter((vote) => vote !== undefined))
    return [...candidates].find((id) => this.hasQuorum(voters.filter(({ vote }) => vote === id)))
  }
}
