/** Stores that count and keep nothing: what a node has in memory is then its own. */
import type { BlockStore, LedgerStep, LedgerStore } from '../../src/ports.ts'

export function countingBlocks(): BlockStore {
  const stats = { blocks: 0, bytes: 0, damaged: 0 }
  return {
    async append(blocks) {
      stats.blocks += blocks.length
    },
    read: async (ids) => ids.map(() => undefined),
    find: async (ids) => ids.map(() => undefined),
    async *newest() {},
    since: async (next) => ({ blocks: [], next }),
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
