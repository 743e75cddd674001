/** What the graph takes in memory for each block, and whether a node's memory grows with history. Runs in Node. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { HELD_PER_WINDOW, WINDOW_BLOCKS_MAX } from '../../src/core/model/limits.ts'
import type { BlockStore, LedgerStep, LedgerStore } from '../../src/ports.ts'
import { at, CREATED_AT_MS, makeBlock, NETWORK, scatteredIdOf } from '../core/make.ts'
import { openMemoryRun } from './memory-run.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes of the heap and of all arrays outside it, with nothing left to collect. */
function bytesUsed(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Bytes a block of an engine whose window is as full as it may get with blocks in no commit, two parents each. */
export function benchGraphMemory(): { readonly blocks: number; readonly bytesPerBlock: number } {
  const { block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
  const bytes = new Uint8Array()
  const before = bytesUsed()
  const engine = new Engine(NETWORK)
  const most = HELD_PER_WINDOW * WINDOW_BLOCKS_MAX
  let number = 0
  for (let isTaken = true; isTaken && number < most;) {
    number++
    const parents = [number - 1, number - 2].filter((before) => before > 0).map(scatteredIdOf)
    const issuedAtMs = CREATED_AT_MS + number
    const named = parents.length > 0 ? parents.sort() : [NETWORK.id]
    const checked: CheckedBlock = {
      id: scatteredIdOf(number),
      block: { ...block, parents: named, issuedAtMs },
      bytes,
    }
    isTaken = engine.receive(checked, 'peer', issuedAtMs)[0]?.type === 'attached'
  }
  const { size } = engine.graph
  return { blocks: size, bytesPerBlock: (bytesUsed() - before) / size }
}

/** Memory at one point of a history. */
interface MemoryMark {
  readonly blocks: number
  readonly commits: number
  readonly bytes: number
  /** Of the bytes at the first mark. */
  readonly times: number
}

/**
 * A node's memory at each of these numbers of blocks. Its stores count and keep nothing, so what a store has in memory
 * is not in it: `memory-page.ts` measures with a true one.
 */
export async function benchFlatMemory(marks: readonly number[]): Promise<readonly MemoryMark[]> {
  const run = await openMemoryRun({ blocks: countingBlocks(), ledger: countingLedger() })
  const measured: MemoryMark[] = []
  let received = 0
  for (const blocks of marks) {
    await run.receive(blocks - received)
    received = blocks
    const bytes = bytesUsed()
    const first = measured.length > 0 ? at(measured, 0).bytes : bytes
    measured.push({ blocks, commits: run.node.head.index, bytes, times: bytes / first })
  }
  return measured
}

function countingBlocks(): BlockStore {
  const stats = { blocks: 0, bytes: 0, damaged: 0 }
  return {
    async append(blocks) {
      stats.blocks += blocks.length
    },
    read: async (ids) => ids.map(() => undefined),
    async *newest() {},
    stats: () => stats,
    close: async () => undefined,
  }
}

function countingLedger(): LedgerStore {
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
