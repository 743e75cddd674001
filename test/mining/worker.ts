/** A miner worker for Node: what workers/miner.ts is in a browser. */
import { parentPort } from 'node:worker_threads'
import type { ToWorker } from '../../src/mining/protocol.ts'
import { loadKernel } from '../../src/mining/search.ts'
import { serveMiner } from '../../src/mining/serve.ts'
import { readKernel } from './kernels.ts'

const port = parentPort
if (port === null) throw new Error('this file runs as a worker')

serveMiner(
  {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (_type, listener) => port.on('message', (data: ToWorker) => listener({ data })),
  },
  () => loadKernel(readKernel),
  () => performance.now(),
)
