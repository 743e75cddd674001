import type { Graph } from '../dag/graph.ts'
import type { CheckedBlock } from '../model/block.ts'
import type { Author, Committee } from '../model/committee.ts'
import type { BlockId } from '../model/id.ts'
import type { Slot } from '../model/proposal.ts'
import type { Invalid } from '../model/verdict.ts'

/**
 * The check in context, asked once all parents are solid. It depends on the past cone and the genesis alone.
 * Protocol §4, §6.
 *
 * @param slot of a proposal: its author and round
 */
export function checkContext(
  { id, block }: CheckedBlock,
  slot: Slot | undefined,
  graph: Graph,
  committee: Committee,
): Invalid | undefined {
  const { issuedAtMs, parents } = block
  for (const parent of parents) {
    const parentIssuedAtMs = graph.issuedAtMsOf(parent)
    // so that sorting by (issuedAt, id) is a topological order and no cycle can be
    if (issuedAtMs <= parentIssuedAtMs)
      return { type: 'invalid', id, reason: 'not-after-parent', parent, issuedAtMs, parentIssuedAtMs }
  }
  return slot && checkStrongParents(id, parents, slot, graph, committee)
}

function checkStrongParents(
  id: BlockId,
  parents: readonly BlockId[],
  { round }: Slot,
  graph: Graph,
  committee: Committee,
): Invalid | undefined {
  const authors = new Set<Author>()
  for (const parent of parents) {
    const handle = graph.handleOf(parent)
    const named = handle === undefined ? undefined : graph.proposalAt(handle)
    if (named === undefined || named.round < round - 1) continue
    if (named.round >= round)
      return { type: 'invalid', id, reason: 'parent-round', parent, round: named.round }
    if (authors.has(named.author)) return { type: 'invalid', id, reason: 'author-named-twice', parent }
    authors.add(named.author)
  }
  const weight = committee.weightOfAll(authors)
  if (round > 1 && !committee.isQuorum(weight))
    return { type: 'invalid', id, reason: 'below-quorum', weight, quorum: committee.quorum }
  return undefined
}
