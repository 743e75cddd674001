/** Stores of a page for benches to fill. Runs in Chromium. */
import { deleteDB } from 'idb'
import type { BlockStore, LedgerStore, PageStore } from '../../src/ports.ts'
import { openBlockDatabase, openLedgerDatabase, openPageDatabase } from '../../src/store/indexed-db.ts'

/** Empty stores on IndexedDB under this name; `close` leaves nothing of them. */
export async function openPageStores(name: string): Promise<{
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly pages: PageStore
  close(): Promise<void>
}> {
  const names = [name, `${name}-ledger`, `${name}-pages`] as const
  const remove = async () => {
    for (const each of names) await deleteDB(each)
  }
  await remove()
  return {
    blocks: await openBlockDatabase(names[0]),
    ledger: await openLedgerDatabase(names[1]),
    pages: await openPageDatabase(names[2]),
    close: remove,
  }
}
