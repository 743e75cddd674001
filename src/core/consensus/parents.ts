import type { Graph, Handle } from '../dag/graph.ts'
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
}

/** What a proposal names, ascending: strong parents, its author's newest, and where it opens, tips. Protocol §6. */
export function parentsOf({ round, type }: Due, place: ProposalPlace): readonly BlockId[] {
  const { graph, rounds, genesis, ownNewest } = place
  const named = [...strongParents(round - 1, rounds)]
  if (ownNewest !== undefined && isOlderThan(round - 1, ownNewest, graph)) named.push(ownNewest)
  if (type === 'opening') named.push(...tipsToTakeIn(round, named, graph, rounds))
  return named.length > 0 ? named.sort() : [genesis]
}

/**
 * One proposal an author of `round`. Of an author with twins none is named, unless a quorum needs one: whoever names
 * twins helps to spread them. Protocol §6.
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
 * Tips a proposal of `round` may take in besides its strong parents: transactions first, then by turns of their
 * issuers, so that a flood by one keeps nobody else out. Protocol §6, §9.
 */
function tipsToTakeIn(
  round: number,
  named: readonly BlockId[],
  graph: Graph,
  rounds: Rounds,
): readonly BlockId[] {
  const others: Handle[] = []
  const transactions: Handle[] = []
  for (const handle of graph.fairTips()) {
    if (!mayBeNamed(handle, round, graph, rounds)) continue
    if (graph.kindOf(handle) === 'transaction') transactions.push(handle)
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
  const slot = handle === undefined ? undefined : graph.proposalAt(handle)
  return slot !== undefined && slot.round < round
}

/** Whether so many tips without a proposal above them are more than one proposal can name beside its strong parents. */
export function exceedsOneProposal(uncovered: number, strong: number, graph: Graph): boolean {
  const room = PARENTS_MAX - strong - 1
  if (uncovered <= room) return false
  return graph.tips().filter((handle) => graph.kindOf(handle) !== 'proposal').length > room
}

/** A proposal of the round before or later is named as a strong parent or not at all; a twin only where it must be. */
function mayBeNamed(handle: Handle, round: number, graph: Graph, rounds: Rounds): boolean {
  const slot = graph.proposalAt(handle)
  if (slot === undefined) return true
  return slot.round < round - 1 && rounds.by(slot).length < 2
}
