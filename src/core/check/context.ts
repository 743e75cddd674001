import type { CheckedBlock } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'
import type { Invalid } from '../model/verdict.ts'

/**
 * The check in context: later than every parent, so that sorting by (issuedAt, id) is a topological order and no
 * cycle can be. Asked once all parents are solid. Protocol §4.
 */
export function checkContext(
  { id, block }: CheckedBlock,
  issuedAtMsOf: (parent: BlockId) => number,
): Invalid | undefined {
  const { issuedAtMs } = block
  for (const parent of block.parents) {
    const parentIssuedAtMs = issuedAtMsOf(parent)
    if (issuedAtMs <= parentIssuedAtMs)
      return { type: 'invalid', id, reason: 'not-after-parent', parent, issuedAtMs, parentIssuedAtMs }
  }
  return undefined
}
