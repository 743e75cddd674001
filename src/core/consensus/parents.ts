import type { Graph, Handle } from '../dag/graph.ts'
import { ripeTips } from '../dag/ripe-tips.ts'
import { parentsMax } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'
import type { Due } from './proposer.ts'
import type { Proposal, Rounds } from './rounds.ts'

/** Parents a proposal may name. Protocol §4. */
const PARENTS_MAX = parentsMax('proposal')

interface ProposalPlace {
  readonly graph: Graph
  readonly rounds: Rounds
  readonly genesis: BlockId
  /** The newest proposal of the validator itself. */
  readonly ownNewest: BlockId | undefined
  readonly nowMs: number
}

/** What a proposal names, ascending: strong parents, its author's newest, and tips. Protocol §6. */
export function parentsOf(due: Due, place: ProposalPlace): readonly BlockId[] {
  const { graph, rounds, genesis, ownNewest, nowMs } = place
  const before = due.round - 1
  const named = [...strongParents(before, rounds)]
  if (ownNewest !== undefined && isOlderThan(before, ownNewest, graph)) named.push(ownNewest)
  named.push(...tipsToTakeIn(due, named, graph, nowMs))
  return named.length > 0 ? named.sort() : [genesis]
}

/**
 * One proposal an author of `round`. Of an author with twins none is named so, unless a quorum needs one. Protocol §6.
 */
function strongParents(round: number, rounds: Rounds): readonly BlockId[] {
  const proposals = rounds.at(round)
  const isTwin = (proposal: Proposal) => rounds.equivocation(proposal) !== undefined
  const chosen = proposals.filter((proposal) => !isTwin(proposal))
  for (const twin of proposals.filter(isTwin)) {
    if (rounds.hasQuorum(chosen)) break
    if (!chosen.some(({ author }) => author === twin.author)) chosen.push(twin)
  }
  return chosen.map(({ id }) => id)
}

/**
 * Ripe tips a proposal may take in besides its strong parents: transactions first, then by turns of their issuers, so that a
 * flood by one keeps nobody else out. A finishing takes in no new business, but proposals of earlier rounds, twins among
 * them: what only such a proposal covers would never be committed otherwise. Protocol §6, §9.
 */
function tipsToTakeIn(
  { round, type }: Due,
  named: readonly BlockId[],
  graph: Graph,
  nowMs: number,
): readonly BlockId[] {
  const others: Handle[] = []
  const transactions: Handle[] = []
  for (const handle of ripeTips(graph.fairTips(), graph, nowMs)) {
    const kind = graph.kindOf(handle)
    if (kind === 'proposal' ? !isOfEarlierRound(handle, round - 1, graph) : type === 'finishing') continue
    if (kind === 'transaction') transactions.push(handle)
    else others.push(handle)
  }
  const known = new Set(named)
  return [...transactions, ...others]
    .map((handle) => graph.idOf(handle))
    .filter((id) => !known.has(id))
    .slice(0, PARENTS_MAX - named.length)
}

function isOlderThan(round: number, id: BlockId, graph: Graph): boolean {
  const handle = graph.handleOf(id)
  return handle !== undefined && isOfEarlierRound(handle, round, graph)
}

/** Whether a block is a proposal of a round before `round`: of that one it would be a strong parent. */
function isOfEarlierRound(handle: Handle, round: number, graph: Graph): boolean {
  const slot = graph.proposalAt(handle)
  return slot !== undefined && slot.round < round
}

/** Whether so many tips without a proposal above them are more than one proposal can name beside its strong parents. */
export function exceedsOneProposal(uncovered: number, strong: number, graph: Graph): boolean {
  const room = PARENTS_MAX - strong - 1
  if (uncovered <= room) return false
  return graph.tips().filter((handle) => graph.kindOf(handle) !== 'proposal').length > room
}
