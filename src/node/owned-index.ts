import type { NetworkId, PublicKey } from '../core/model/id.ts'
import type { NoteStore, PageStore } from '../ports.ts'
import { HistoryIndex } from '../stream/history-index.ts'

/** How the names of the notes begin that say whose index a network's pages are. They outlive an identity. */
export const INDEX_OWNERS = 'index-owner/'

/**
 * The history index of a network. Where it was made for another identity it is made anew: what that one could read is not
 * what this one can, and the streams that are followed are others. Throws `StoreError`.
 */
export async function ownedIndex(
  pages: PageStore,
  notes: NoteStore,
  network: NetworkId,
  own: PublicKey,
): Promise<HistoryIndex> {
  const index = await HistoryIndex.open(pages, own)
  const name = INDEX_OWNERS + network
  const owner = await notes.get(name)
  if (owner === own) return index
  // before there were such notes a browser had one identity for good
  if (owner !== undefined) await index.clear()
  await notes.put([[name, own]])
  return index
}
