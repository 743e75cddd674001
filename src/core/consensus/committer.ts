import type { Author } from '../model/committee.ts'
import { decide, type Decision } from './decide.ts'
import type { Proposal, Rounds } from './rounds.ts'

const UNDECIDED: Decision = { type: 'undecided' }

/** Puts out decided slots in the order of their rounds; the first undecided one stops it. Protocol §6. */
export class Committer {
  readonly #rounds: Rounds
  readonly #leaderOf: (round: number) => Author
  /** Slots decided above the first undecided one: a decision never changes, so it is made once. */
  readonly #decided = new Map<number, Decision>()
  #next: number

  /** @param next the first slot to decide */
  constructor(rounds: Rounds, leaderOf: (round: number) => Author, next = 1) {
    this.#rounds = rounds
    this.#leaderOf = leaderOf
    this.#next = next
  }

  /** The first slot that is not decided. */
  get undecided(): number {
    return this.#next
  }

  /** Decides what can be decided now. Returns the leaders' proposals to commit, in order. */
  advance(): readonly Proposal[] {
    // newest first: a slot may be decided by one after it
    for (let round = this.#rounds.highest - 1; round >= this.#next; round--) {
      if (this.#decided.has(round)) continue
      const decision = decide(round, this.#rounds, this.#leaderOf, (later) => this.#decisionOf(later))
      if (decision.type !== 'undecided') this.#decided.set(round, decision)
    }
    return this.#output()
  }

  #decisionOf(round: number): Decision {
    return this.#decided.get(round) ?? UNDECIDED
  }

  #output(): readonly Proposal[] {
    const committed: Proposal[] = []
    for (;;) {
      const decision = this.#decisionOf(this.#next)
      if (decision.type === 'undecided') break
      this.#decided.delete(this.#next++)
      if (decision.type === 'commit') committed.push(decision.leader)
    }
    this.#rounds.forgetBefore(this.#next)
    return committed
  }
}
