import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { Engine } from '../../src/core/engine.ts'
import { CREATED_AT_MS, NETWORK, makeBlock, scatteredIdOf } from './make.ts'

/** Twice what two readings of an idle heap differ by; one id kept per block would be some 20 MB. */
const GROWTH_BYTES_MAX = 4e6

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function bytesUsed(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

it('memory does not grow with history: 300 000 blocks through a window of 1024', () => {
  const engine = new Engine(NETWORK, 1024)
  const { block } = makeBlock({ issuedAtMs: CREATED_AT_MS + 1 })
  const bytes = new Uint8Array(200)
  const run = (from: number, to: number) => {
    for (let number = from; number < to; number++) {
      const parents = number === 1 ? [NETWORK.id] : [scatteredIdOf(number - 1)]
      const issuedAtMs = CREATED_AT_MS + number
      // every hundredth block has a brother nobody builds on, and every thousandth is invalid
      for (const id of number % 100 === 0 ? [number, number + 1e6] : [number]) {
        const time = id % 1000 === 0 && id > 1e6 ? CREATED_AT_MS : issuedAtMs
        engine.receive(
          { id: scatteredIdOf(id), block: { ...block, parents, issuedAtMs: time }, bytes },
          'a',
          issuedAtMs,
        )
      }
      if (number % 1000 === 0) engine.tick(issuedAtMs)
    }
  }
  run(1, 50_000)
  const before = bytesUsed()
  run(50_000, 300_000)
  expect(bytesUsed() - before).toBeLessThan(GROWTH_BYTES_MAX)
  expect(engine.graph.size).toBe(1024)
  expect(engine.graph.slots).toBe(1024)
  expect(engine.parked).toBe(0)
  expect(engine.tips(CREATED_AT_MS + 300_000)).toContain(scatteredIdOf(299_999))
}, 30_000)
