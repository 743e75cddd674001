/** Measures the check in isolation in a real browser. Bundled into a page by the bench runner. */
import type { Found } from './runner.ts'
import { benchVerify } from './verify.ts'

function runVerifyBench(): Promise<Found> {
  return benchVerify({
    readHash: async () => {
      const response = await fetch(new URL('../../src/crypto/block-hash.wasm', import.meta.url))
      return new Uint8Array(await response.arrayBuffer())
    },
    startWorker: () => new Worker(new URL('../../workers/verify.ts', import.meta.url), { type: 'module' }),
  })
}

Object.assign(globalThis, { runVerifyBench })
