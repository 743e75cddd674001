/** A node over a true browser's IndexedDB that receives a long history. Bundled into a page by the bench runner. */
import { deleteDB } from 'idb'
import { openBlockDatabase, openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { openMemoryRun, type MemoryRun } from './memory-run.ts'

const NAMES = ['memory-bench', 'memory-bench-ledger'] as const

let run: Promise<MemoryRun> | undefined

/** Has the node receive so many more blocks; resolves with how many are in how many commits. */
async function receiveMore(count: number): Promise<{ readonly blocks: number; readonly commits: number }> {
  run ??= open()
  const opened = await run
  await opened.receive(count)
  return { blocks: count, commits: opened.node.head.index }
}

async function open(): Promise<MemoryRun> {
  for (const name of NAMES) await deleteDB(name)
  return openMemoryRun({
    blocks: await openBlockDatabase(NAMES[0]),
    ledger: await openLedgerDatabase(NAMES[1]),
  })
}

declare global {
  /** Set by `memory-page.ts`. */
  var receiveMore: (count: number) => Promise<{ readonly blocks: number; readonly commits: number }>
}

globalThis.receiveMore = receiveMore
