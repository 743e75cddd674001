import type { Author } from '../model/committee.ts'
import type { BlockId } from '../model/id.ts'
import type { Proposal, Rounds } from './rounds.ts'

/** What becomes of a slot. `undecided` may change; the others never do. Protocol §6. */
export type Decision =
  | { readonly type: 'commit'; readonly leader: Proposal }
  | { readonly type: 'skip' }
  | { readonly type: 'undecided' }

/** Rounds from a slot to the first that can anchor it: votes, certificates, and then one that has seen them. */
const ANCHOR_AFTER = 3

const SKIP: Decision = { type: 'skip' }
const UNDECIDED: Decision = { type: 'undecided' }

/**
 * Decides a slot from its votes and certificates alone, else through the first later slot that is not skipped.
 * Mysticeti (arXiv 2310.14821) §3, protocol §6.
 *
 * @param decisionOf what is known of later slots
 */
export function decide(
  round: number,
  rounds: Rounds,
  leaderOf: (round: number) => Author,
  decisionOf: (round: number) => Decision,
): Decision {
  if (isSkipped(round, rounds)) return SKIP
  const leader = directlyCommitted(round, rounds, leaderOf)
  if (leader) return { type: 'commit', leader }
  return decideThroughAnchor(round, rounds, leaderOf, decisionOf)
}

/** A quorum of the next round has no vote for any proposal of the leader. */
function isSkipped(round: number, rounds: Rounds): boolean {
  return rounds.hasQuorum(rounds.at(round + 1).filter(({ vote }) => vote === undefined))
}

/** A quorum certifies the same proposal. */
function directlyCommitted(
  round: number,
  rounds: Rounds,
  leaderOf: (round: number) => Author,
): Proposal | undefined {
  return rounds
    .by({ round, author: leaderOf(round) })
    .find(({ id }) => rounds.hasQuorum(certificatesFor(id, rounds.at(round + 2))))
}

function decideThroughAnchor(
  round: number,
  rounds: Rounds,
  leaderOf: (round: number) => Author,
  decisionOf: (round: number) => Decision,
): Decision {
  for (let later = round + ANCHOR_AFTER; later <= rounds.highest; later++) {
    const anchor = decisionOf(later)
    if (anchor.type === 'undecided') return UNDECIDED
    if (anchor.type === 'skip') continue
    const reached = rounds.reached(anchor.leader, round + 2)
    const leader = rounds
      .by({ round, author: leaderOf(round) })
      .find(({ id }) => certificatesFor(id, reached).length > 0)
    return leader ? { type: 'commit', leader } : SKIP
  }
  return UNDECIDED
}

function certificatesFor(id: BlockId, proposals: readonly Proposal[]): readonly Proposal[] {
  return proposals.filter(({ certifies }) => certifies === id)
}
