/** Whether a device's memory grows with its history, in Node with stores that keep nothing in memory and in Chromium with true ones. */
import type { Browser } from '@playwright/test'
import { serveModule } from '../browser/harness/bundle.ts'
import { at } from '../core/make.ts'
import { bytesUsed } from '../core/bytes-used.ts'
import { openFilePages } from './file-pages.ts'
import { countingBlocks, countingLedger } from './counting-stores.ts'
import type {} from './memory-page.ts' // names `receiveMore`
import { openMemoryRun } from './memory-run.ts'
import type { Found } from './runner.ts'

/** Blocks received and committed at which memory is looked at. */
const MARKS = [200_000, 400_000, 600_000, 800_000, 1_000_000]

/** A tenth more at the last mark than at the first. */
const GROWTH_MAX = 1.1

/** The store's filters take half of it. */
const EACH_BYTES_MAX = 3

/** A device that is given a history. */
interface Grown {
  /** Has it receive so many more blocks; resolves with the index of its newest commit. */
  receive(count: number): Promise<number>
  /** What it holds, with nothing left to collect. */
  bytes(): Promise<number>
}

/** Blocks and commits are counted and not kept, pages of the index are in a file: what a store has in memory is not in it. */
export async function benchFlatMemory(marks = MARKS): Promise<Found> {
  const pages = await openFilePages()
  try {
    const run = await openMemoryRun({ blocks: countingBlocks(), ledger: countingLedger(), pages })
    return await grow(marks, {
      receive: async (count) => {
        await run.receive(count)
        return run.session.node.head.index
      },
      bytes: bytesUsed,
    })
  } finally {
    await pages.close()
  }
}

/** The same with IndexedDB, in a page. What the browser itself keeps of it, in other processes, is not in it. */
export async function benchFlatMemoryInBrowser(browser: Browser, marks = MARKS): Promise<Found> {
  const served = await serveModule('test/bench/memory-page.ts')
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(served.url, { waitUntil: 'load' }) // the module has run by then
    const session = await context.newCDPSession(page)
    return await grow(marks, {
      receive: async (count) => {
        const { commits } = await page.evaluate((more) => globalThis.receiveMore(more), count)
        return commits
      },
      bytes: async () => {
        await session.send('HeapProfiler.collectGarbage')
        const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
        return usedSize + backingStorageSize
      },
    })
  } finally {
    await context.close()
    await served.close()
  }
}

async function grow(marks: readonly number[], node: Grown): Promise<Found> {
  const rows: { readonly blocks: number; readonly commits: number; readonly bytes: number }[] = []
  let received = 0
  for (const blocks of marks) {
    const commits = await node.receive(blocks - received)
    received = blocks
    rows.push({ blocks, commits, bytes: await node.bytes() })
  }
  const [first, last] = [at(rows, 0), at(rows, rows.length - 1)]
  const each = (last.bytes - first.bytes) / (last.blocks - first.blocks)
  const less = { better: 'less' } as const
  return {
    rows,
    figures: [
      {
        name: 'memory at the end, to the beginning',
        unit: 'share',
        ...less,
        goal: GROWTH_MAX,
        rounds: [last.bytes / first.bytes],
      },
      { name: 'growth for each block', unit: 'bytes', ...less, goal: EACH_BYTES_MAX, rounds: [each] },
    ],
  }
}
