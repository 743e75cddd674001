import { decodeBlock } from '../core/codec/block.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { BlockId } from '../core/model/id.ts'
import type { StoredBlock } from '../ports.ts'

/** What lies in the store passed every check before it went in, so its form is all that is looked at. */
export function asChecked({ id, bytes }: StoredBlock): CheckedBlock[] {
  const block = decodeBlock(bytes)
  return 'type' in block ? [] : [{ id, block, bytes }]
}

/** The order of (issuedAt, id): parents before children. Protocol §4. */
export function byTime(
  a: { readonly id: BlockId; readonly issuedAtMs: number },
  b: { readonly id: BlockId; readonly issuedAtMs: number },
): number {
  return a.issuedAtMs - b.issuedAtMs || (a.id < b.id ? -1 : 1)
}
