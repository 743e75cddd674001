import { decodeBlock, decodeBlockOrHeader } from '../core/codec/block.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { BlockId } from '../core/model/id.ts'
import type { BlockStore, StoredBlock } from '../ports.ts'

/** What lies in the store passed every check before it went in, so its form is all that is looked at. */
export function asChecked({ id, bytes, erased }: StoredBlock): CheckedBlock[] {
  const block = erased ? decodeBlockOrHeader(bytes) : decodeBlock(bytes)
  return 'type' in block ? [] : [{ id, block, bytes }]
}

/** The order of (issuedAt, id): parents before children. Protocol §4. */
export function byTime(
  a: { readonly id: BlockId; readonly issuedAtMs: number },
  b: { readonly id: BlockId; readonly issuedAtMs: number },
): number {
  return a.issuedAtMs - b.issuedAtMs || (a.id < b.id ? -1 : 1)
}

/** Blocks of the store by their ids, erased ones too, parents first, and the ids it does not have. Throws `StoreError`. */
export async function findStored(
  ids: readonly BlockId[],
  store: Pick<BlockStore, 'find'>,
): Promise<{ readonly found: readonly CheckedBlock[]; readonly lacking: readonly BlockId[] }> {
  const held = await store.find(ids)
  const found = held.flatMap((block) => (block === undefined ? [] : asChecked(block)))
  const inOrder = found.sort((a, b) =>
    byTime({ id: a.id, issuedAtMs: a.block.issuedAtMs }, { id: b.id, issuedAtMs: b.block.issuedAtMs }),
  )
  return { found: inOrder, lacking: ids.filter((_, i) => held[i] === undefined) }
}
