/** Measures the pipeline over a true browser's IndexedDB. Bundled into a page by the bench runner. */
import { loadBlockHasher } from '../../src/crypto/block-hash.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { VerifierPool } from '../../src/crypto/verify-pool.ts'
import { openPageStores as openStores } from './page-stores.ts'
import { benchPipeline } from './pipeline.ts'
import type { Found } from './runner.ts'

globalThis.runPipelineBench = async (count) => {
  const hasher = await loadBlockHasher(
    async () => {
      const answer = await fetch(new URL('../../src/crypto/block-hash.wasm', import.meta.url))
      return new Uint8Array(await answer.arrayBuffer())
    },
    (error) => console.error(error),
  )
  const here = webCryptoVerifier(crypto.subtle)
  const createPort = () => new Worker(new URL('../../workers/verify.ts', import.meta.url), { type: 'module' })
  const verifiers = {
    here,
    'one worker': new VerifierPool(createPort, 1, here),
    'two workers': new VerifierPool(createPort, 2, here),
    nowhere: { verify: async () => true },
  }
  return benchPipeline({ openStores, verifiers, hasher, cpuMs: () => performance.now() }, count)
}

declare global {
  /** Set by `pipeline-page.ts`. */
  var runPipelineBench: (count: number) => Promise<Found>
}
