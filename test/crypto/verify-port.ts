import { Worker } from 'node:worker_threads'
import type { Port } from '../../src/crypto/verify-messages.ts'

/** A verify worker on a thread of Node's, with the face of a browser's `Worker`. */
export function threadPort(url = new URL('./verify-worker.ts', import.meta.url)): Port {
  const worker = new Worker(url)
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    addEventListener: (type: 'message' | 'error', listener: (event: never) => void) => {
      if (type === 'message') worker.on('message', (data: unknown) => listener({ data } as never))
      else worker.on('error', (error: unknown) => listener(error as never))
    },
    terminate: () => void worker.terminate(),
  }
}
