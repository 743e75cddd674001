/** A verify worker for Node: what workers/verify.ts is in a browser. */
import { parentPort } from 'node:worker_threads'
import type { Batch } from '../../src/crypto/verify-messages.ts'
import { serveVerifier } from '../../src/crypto/verify-serve.ts'
import { webCryptoVerifier } from '../../src/crypto/verifier.ts'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker')

serveVerifier(
  {
    postMessage: (message, transfer) => port.postMessage(message, transfer),
    addEventListener: (_type, listener) => port.on('message', (data: Batch) => listener({ data })),
  },
  webCryptoVerifier(crypto.subtle),
)
