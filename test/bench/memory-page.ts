/** A device over a true browser's IndexedDB that receives a long history. Bundled into a page by the bench runner. */
import { openMemoryRun, type MemoryRun } from './memory-run.ts'
import { openPageStores } from './page-stores.ts'

let run: Promise<MemoryRun> | undefined

/** Has the node receive so many more blocks; resolves with how many are in how many commits. */
async function receiveMore(count: number): Promise<{ readonly blocks: number; readonly commits: number }> {
  run ??= openPageStores('memory-bench').then(openMemoryRun)
  const opened = await run
  await opened.receive(count)
  return { blocks: count, commits: opened.session.node.head.index }
}

declare global {
  /** Set by `memory-page.ts`. */
  var receiveMore: (count: number) => Promise<{ readonly blocks: number; readonly commits: number }>
}

globalThis.receiveMore = receiveMore
