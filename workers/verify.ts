/** The verify worker: checks signatures for whoever started it. */
import { batchVerifier } from '../src/crypto/batch-verifier.ts'
import { loadBatchEngine } from '../src/crypto/signature-batch.ts'
import { serveVerifier } from '../src/crypto/verify-serve.ts'
import { webCryptoVerifier } from '../src/crypto/verifier.ts'

const engine = loadBatchEngine(
  async () => {
    const response = await fetch(new URL('../src/crypto/signature-batch.wasm', import.meta.url))
    if (!response.ok) throw new Error(`signature-batch.wasm: HTTP status ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  },
  { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  (error) => console.warn(error),
)

serveVerifier(self, batchVerifier(engine, webCryptoVerifier(crypto.subtle)))
