import { bytesOf, hashOf } from '../codec/hex.ts'
import { Writer } from '../codec/writer.ts'
import { hash } from '../crypto/hash.ts'
import type { Graph, Handle } from '../dag/graph.ts'
import type { BlockId, Hash } from '../model/id.ts'

/**
 * The blocks of a leader's past cone that are in no earlier commit, itself among them, by (issuedAt, id): an order in
 * which parents come before children. Marks them committed. Protocol §6.
 */
export function takeCommitted(leader: Handle, graph: Graph): readonly Handle[] {
  const taken: Handle[] = []
  graph.walkPast(leader, (handle) => {
    if (graph.is(handle, 'committed')) return false
    graph.mark(handle, 'committed')
    taken.push(handle)
    return true
  })
  graph.withheld.committed()
  return taken.sort((a, b) => graph.timeOf(a) - graph.timeOf(b) || (graph.idOf(a) < graph.idOf(b) ? -1 : 1))
}

/** H(digest before ‖ k ‖ leader ‖ τ ‖ state digest ‖ 'C'). Protocol §6. */
export function commitDigestOf(
  networkKey: Uint8Array,
  before: Hash,
  commit: { readonly index: number; readonly leader: BlockId; readonly atMs: number },
  stateDigest: Uint8Array,
): Hash {
  const index = new Writer(8).u64(commit.index).finish()
  const atMs = new Writer(8).u64(commit.atMs).finish()
  return hashOf(hash(networkKey, 'commit', bytesOf(before), index, bytesOf(commit.leader), atMs, stateDigest))
}
