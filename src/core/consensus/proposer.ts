import type { Author, Committee } from '../model/committee.ts'
import type { Params } from '../model/params.ts'
import type { Business } from './business.ts'
import type { Proposal, Rounds } from './rounds.ts'

/** What a proposal is for: an opening takes in new business, a finishing carries on what others or it began. */
export interface Due {
  readonly round: number
  readonly type: 'opening' | 'finishing'
}

interface ProposerParts {
  readonly own: Author
  readonly rounds: Rounds
  readonly business: Business
  readonly committee: Committee
  readonly params: Pick<Params, 'minRoundMs' | 'dataRoundMs' | 'leaderTimeoutMs'>
  readonly leaderOf: (round: number) => Author
  /** Whether there is more uncovered business than one proposal can name. */
  readonly exceedsOne: () => boolean
}

/** When this node's validator proposes, and which round. It never gives the same round twice. Protocol §6. */
export class Proposer {
  readonly #parts: ProposerParts
  /** Rounds below this are not this validator's to propose any more. */
  #from = 1
  #isAllowed = false
  #lastAtMs = -Infinity
  #lastOpeningAtMs = -Infinity
  #making: Due | undefined

  /** It proposes nothing before it is allowed to. */
  constructor(parts: ProposerParts) {
    this.#parts = parts
  }

  /** @param from the lowest round it may propose: above all its key may have proposed before */
  allow(from: number): void {
    this.#from = Math.max(this.#from, from)
    this.#isAllowed = true
  }

  /** It proposes nothing until it is allowed again. What it has given before stays given. */
  stop(): void {
    this.#isAllowed = false
  }

  /** What to propose now, if anything. Asked again it gives nothing until `proposed` or `failed`. */
  due(nowMs: number): Due | undefined {
    if (this.#making) return undefined
    const { type, atMs } = this.#next(nowMs)
    if (type === undefined || atMs > nowMs) return undefined
    const { highestQuorum } = this.#parts.rounds
    this.#making = { round: highestQuorum + 1, type }
    return this.#making
  }

  /** The earliest time at which time alone makes a proposal due; Infinity where something else has to happen first. */
  wakeAtMs(nowMs: number): number {
    return this.#making ? Infinity : this.#next(nowMs).atMs
  }

  /** A proposal by this validator's key is in the graph. */
  proposed(round: number, nowMs: number): void {
    this.#from = Math.max(this.#from, round + 1)
    this.#lastAtMs = nowMs
    if (this.#making && this.#making.round <= round) {
      if (this.#making.type === 'opening') this.#lastOpeningAtMs = nowMs
      this.#making = undefined
    }
  }

  /**
   * Somebody's proposal left nothing uncovered here. That is as good as an opening of one's own: validators that hear
   * each other open together, and one that leaves out what it dislikes does not keep the others from opening.
   */
  relieved(nowMs: number): void {
    this.#lastOpeningAtMs = nowMs
  }

  /** The proposal that was due could not be made, and nothing of it was stored: it may be due again. */
  failed(round: number): void {
    if (this.#making?.round === round) this.#making = undefined
  }

  #next(nowMs: number): { readonly type: Due['type'] | undefined; readonly atMs: number } {
    const { rounds, params, committee, own } = this.#parts
    if (!this.#isAllowed || rounds.highestQuorum + 1 < this.#from) return { type: undefined, atMs: Infinity }
    const pausedUntilMs = this.#lastAtMs + params.minRoundMs
    const opening = Math.max(this.#openingAtMs(nowMs), pausedUntilMs)
    // a validator that is a quorum by itself finishes at once
    const pause = committee.isQuorum(committee.weightOf(own)) ? -Infinity : pausedUntilMs
    const finishing = this.#isFinishingDue() ? pause : Infinity
    const atMs = Math.max(Math.min(opening, finishing), this.#waitedAtMs())
    return { type: opening <= nowMs ? 'opening' : 'finishing', atMs }
  }

  /** From when on an opening is due: there is business that no proposal has yet. */
  #openingAtMs(nowMs: number): number {
    const { business, params, exceedsOne } = this.#parts
    if (business.uncovered(nowMs) === 0) return Infinity
    if (business.uncoveredTransactions(nowMs) > 0 || exceedsOne()) return -Infinity
    return this.#lastOpeningAtMs + params.dataRoundMs
  }

  #isFinishingDue(): boolean {
    const { business, rounds } = this.#parts
    return business.covered > 0 || rounds.highest >= this.#from
  }

  /** From when on the round before need not be waited for any more. */
  #waitedAtMs(): number {
    const { rounds, params, leaderOf } = this.#parts
    const before = rounds.highestQuorum
    if (before === 0) return -Infinity
    const held = rounds.at(before)
    const hasLeader = held.some(({ author }) => author === leaderOf(before))
    if (hasLeader && (before < 2 || this.#hasVerdictOn(held))) return -Infinity
    return this.#quorumAtMs(held) + params.leaderTimeoutMs
  }

  /** Whether these proposals show what becomes of the leader they could vote for: a quorum for one, or for none. */
  #hasVerdictOn(held: readonly Proposal[]): boolean {
    const { rounds } = this.#parts
    return [...new Set(held.map(({ vote }) => vote))].some((candidate) =>
      rounds.hasQuorum(held.filter(({ vote }) => vote === candidate)),
    )
  }

  /** When this node first held a quorum of these proposals, which lie in the order they came. */
  #quorumAtMs(held: readonly Proposal[]): number {
    const { rounds } = this.#parts
    const at = held.findIndex((_, i) => rounds.hasQuorum(held.slice(0, i + 1)))
    return held[at]?.attachedAtMs ?? -Infinity
  }
}
