/** What the graph takes in memory for each block. Runs in Node. */
import { Engine } from '../../src/core/engine.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { HELD_PER_WINDOW, WINDOW_BLOCKS_MAX } from '../../src/core/model/limits.ts'
import { bytesUsed } from '../core/bytes-used.ts'
import { CREATED_AT_MS, makeBlock, NETWORK, scatteredIdOf } from '../core/make.ts'
import type { Found } from './runner.ts'

const BYTES_PER_BLOCK_MAX = 100

/** Bytes a block of an engine whose window is as full as it may get with blocks in no commit, two parents each. */
export async function benchGraphMemory(): Promise<Found> {
  const { block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
  const bytes = new Uint8Array()
  const before = await bytesUsed()
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
  const each = ((await bytesUsed()) - before) / engine.graph.size
  return {
    rows: [{ blocks: engine.graph.size }],
    figures: [{ name: 'a block', unit: 'bytes', better: 'less', goal: BYTES_PER_BLOCK_MAX, rounds: [each] }],
  }
}
