/** Measures the pipeline over a true browser's IndexedDB. Bundled into a page by the bench runner. */
import { batchVerifier } from '../../src/crypto/batch-verifier.ts'
import { loadBlockHasher } from '../../src/crypto/block-hash.ts'
import { loadBatchEngine } from '../../src/crypto/signature-batch.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { VerifierPool } from '../../src/crypto/verify-pool.ts'
import { openPageStores as openStores } from './page-stores.ts'
import { benchPipeline } from './pipeline.ts'
import type { Found } from './runner.ts'

globalThis.runPipelineBench = async (count) => {
  const hasher = await loadBlockHasher(
    () => read(new URL('../../src/crypto/block-hash.wasm', import.meta.url)),
    (error) => console.error(error),
  )
  const engine = loadBatchEngine(
    () => read(new URL('../../src/crypto/signature-batch.wasm', import.meta.url)),
    { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    (error) => console.error(error),
  )
  const here = webCryptoVerifier(crypto.subtle)
  const createPort = () => new Worker(new URL('../../workers/verify.ts', import.meta.url), { type: 'module' })
  const verifiers = {
    here,
    'here, in batches': batchVerifier(engine, here),
    'one worker': new VerifierPool(createPort, 1, here),
    'two workers': new VerifierPool(createPort, 2, here),
    nowhere: { verify: async () => true },
  }
  return benchPipeline({ openStores, verifiers, hasher, cpuMs: () => performance.now() }, count)
}

async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url)
  return new Uint8Array(await answer.arrayBuffer())
}

declare global {
  /** Set by `pipeline-page.ts`. */
  var runPipelineBench: (count: number) => Promise<Found>
}
