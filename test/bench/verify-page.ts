/** Measures the check in isolation in a real browser. Bundled into a page by the bench runner. */
import type { Found } from './runner.ts'
import { benchVerify } from './verify.ts'

function runVerifyBench(): Promise<Found> {
  return benchVerify({
    readHash: () => read(new URL('../../src/crypto/block-hash.wasm', import.meta.url)),
    readBatch: () => read(new URL('../../src/crypto/signature-batch.wasm', import.meta.url)),
    startWorker: () => new Worker(new URL('../../workers/verify.ts', import.meta.url), { type: 'module' }),
  })
}

async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url)
  return new Uint8Array(await response.arrayBuffer())
}

Object.assign(globalThis, { runVerifyBench })
