/** A verify worker for Node: what workers/verify.ts is in a browser. */
import { parentPort } from 'node:worker_threads'
import { batchVerifier } from '../../src/crypto/batch-verifier.ts'
import type { Batch } from '../../src/crypto/verify-messages.ts'
import { serveVerifier } from '../../src/crypto/verify-serve.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'
import { nodeBatchEngine } from './batch-engine.ts'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker')

serveVerifier(
  {
    postMessage: (message, transfer) => port.postMessage(message, transfer),
    addEventListener: (_type, listener) => port.on('message', (data: Batch) => listener({ data })),
  },
  batchVerifier(nodeBatchEngine(), webCryptoVerifier(crypto.subtle)),
)
