/** Stores that count and keep nothing for good: what a node has in memory is then its own. */
import type { BlockStore, LedgerStep, LedgerStore, StoredBlock } from '../../src/ports.ts'

/** Keeps what is appended until it has been read in the order of appending, as the history index does, and no longer. */
export function countingBlocks(): BlockStore {
  const stats = { blocks: 0, bytes: 0, damaged: 0 }
  const unread: StoredBlock[] = []
  return {
    async append(blocks) {
      stats.blocks += blocks.length
      unread.push(...blocks)
    },
    read: async (ids) => ids.map(() => undefined),
    find: async (ids) => ids.map(() => undefined),
    async *newest() {},
    async since(place, count) {
      unread.splice(0, place + unread.length - stats.blocks)
      const blocks = unread.slice(0, count)
      return { blocks, next: place + blocks.length }
    },
    erase: async () => undefined,
    stats: () => stats,
    close: async () => undefined,
  }
}

export function countingLedger(): LedgerStore {
  let newest: LedgerStep | undefined
  return {
    load: async () => undefined,
    async append(step) {
      newest = step
    },
    commitsAfter: async () => newest?.commits ?? [],
    async *newestCommits() {},
    applied: async (ids) => ids.map(() => undefined),
    history: async () => [],
    clear: async () => undefined,
    close: async () => undefined,
  }
}
