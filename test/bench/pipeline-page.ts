/** Measures the pipeline over a true browser's IndexedDB. Bundled into a page by the bench runner. */
import { deleteDB } from 'idb'
import { loadBlockHasher } from '../../src/crypto/block-hash.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { VerifierPool } from '../../src/crypto/verify-pool.ts'
import type { Verifier } from '../../src/ports.ts'
import { openBlockDatabase, openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { benchPipeline, type PipelineRound } from './pipeline.ts'

/** Where signatures are checked: in this thread, on so many workers, or not at all, which leaves everything else. */
export type Verifying = 'here' | 'nowhere' | 1 | 2

/** In a worker's place the stages' sum is of this thread alone: what a worker does is in none of them. */
function verifierFor(verifying: Verifying): Verifier {
  if (verifying === 'nowhere') return { verify: async () => true }
  const here = webCryptoVerifier(crypto.subtle)
  if (verifying === 'here') return here
  const createPort = () => new Worker(new URL('../../workers/verify.ts', import.meta.url), { type: 'module' })
  return new VerifierPool(createPort, verifying, here)
}

globalThis.runPipelineBench = async (count, verifying) => {
  const hasher = await loadBlockHasher(
    async () => {
      const answer = await fetch(new URL('../../src/crypto/block-hash.wasm', import.meta.url))
      return new Uint8Array(await answer.arrayBuffer())
    },
    (error) => console.error(error),
  )
  const openStores = async (name: string) => {
    const names = [name, `${name}-ledger`] as const
    for (const each of names) await deleteDB(each)
    const [blocks, ledger] = [await openBlockDatabase(names[0]), await openLedgerDatabase(names[1])]
    const close = async () => {
      for (const each of names) await deleteDB(each)
    }
    return { blocks, ledger, close }
  }
  const cpuMs = () => performance.now()
  return benchPipeline({ openStores, verifier: verifierFor(verifying), hasher, cpuMs }, count)
}

declare global {
  /** Set by `pipeline-page.ts`. */
  var runPipelineBench: (count: number, verifying: Verifying) => Promise<readonly PipelineRound[]>
}
