/** Stores of a page for benches to fill. Runs in Chromium. */
import { deleteDB } from 'idb'
import type { BlockStore, LedgerStore } from '../../src/ports.ts'
import { openBlockDatabase, openLedgerDatabase } from '../../src/store/indexed-db.ts'

/** Empty stores on IndexedDB under this name; `close` leaves nothing of them. */
export async function openPageStores(name: string): Promise<{
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  close(): Promise<void>
}> {
  const names = [name, `${name}-ledger`] as const
  const remove = async () => {
    for (const each of names) await deleteDB(each)
  }
  await remove()
  return {
    blocks: await openBlockDatabase(names[0]),
    ledger: await openLedgerDatabase(names[1]),
    close: remove,
  }
}
