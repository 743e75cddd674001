/** Judges the crafted signatures by this browser's engine and its workers. Bundled into a page by a browser test. */
import { publicKeyOf } from '../../../../src/core/codec/hex.ts'
import { passesGuard } from '../../../../src/core/crypto/signature-guard.ts'
import { batchVerifier } from '../../../../src/crypto/batch-verifier.ts'
import { agrees, wasmHasher } from '../../../../src/crypto/block-hash.ts'
import { loadBatchEngine } from '../../../../src/crypto/signature-batch.ts'
import { VerifierPool } from '../../../../src/crypto/verify-pool.ts'
import { webCryptoVerifier } from '../../../../src/crypto/verifier.ts'
import type { Verifier } from '../../../../src/ports.ts'
import { crafted } from '../../../contract/signatures.ts'

/** What this browser makes of the crafted signatures, and whether its hash is BLAKE3. */
export interface Judgement {
  readonly cases: number
  /** Names of the cases that were judged wrongly: on this thread, by batches and nothing else, and by two workers. */
  readonly wrongHere: readonly string[]
  readonly wrongInBatches: readonly string[]
  readonly wrongByWorkers: readonly string[]
  /** Signatures that no worker checked. */
  readonly leftByWorkers: number
  readonly isHashRight: boolean
}

async function judge(): Promise<Judgement> {
  const here = webCryptoVerifier(crypto.subtle)
  let leftByWorkers = 0
  const counting: Verifier = {
    verify: (...args) => {
      leftByWorkers++
      return here.verify(...args)
    },
  }
  const startWorker = () =>
    new Worker(new URL('../../../../workers/verify.ts', import.meta.url), { type: 'module' })
  const pool = new VerifierPool(startWorker, 2, counting)
  const wrongHere = await wronglyJudged(here)
  const wrongInBatches = await wronglyJudged(batchVerifier(loadBatches(), { verify: async () => false }))
  const wrongByWorkers = await wronglyJudged(pool)
  const left = leftByWorkers // closing leaves nothing to anybody
  pool.close()
  const hash = await fetch(new URL('../../../../src/crypto/block-hash.wasm', import.meta.url))
  const isHashRight = agrees(wasmHasher(await WebAssembly.compile(await hash.arrayBuffer())))
  const cases = crafted().length
  return { cases, wrongHere, wrongInBatches, wrongByWorkers, leftByWorkers: left, isHashRight }
}

const loadBatches = () =>
  loadBatchEngine(
    async () => {
      const wasm = await fetch(new URL('../../../../src/crypto/signature-batch.wasm', import.meta.url))
      return new Uint8Array(await wasm.arrayBuffer())
    },
    { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    (error) => {
      throw error
    },
  )

async function wronglyJudged(verifier: Verifier): Promise<readonly string[]> {
  const cases = crafted()
  const accepted = await Promise.all(
    cases.map(
      async ({ signature, message, key }) =>
        passesGuard(signature, key) && (await verifier.verify(signature, message, publicKeyOf(key))),
    ),
  )
  return cases.filter(({ valid }, i) => accepted[i] !== valid).map(({ name }) => name)
}

Object.assign(globalThis, { judgement: judge() })
