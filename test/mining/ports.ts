/** Workers for tests: a real one in Node, and one played by the test; and what they are asked. */
import { Worker } from 'node:worker_threads'
import type { RacerRun } from '../../src/mining/pool.ts'
import type { FromWorker, Port, ToWorker } from '../../src/mining/protocol.ts'
import { noncesOf } from '../../src/mining/run.ts'
import type { MiningTask } from '../../src/ports.ts'

/** Node's worker in the shape of a browser's. */
export function threadPort(url: URL): Port {
  const worker = new Worker(url)
  return {
    postMessage: (message) => worker.postMessage(message),
    addEventListener: (type: 'message' | 'error', listener: (event: never) => void) => {
      if (type === 'message') worker.on('message', (data: unknown) => listener({ data } as never))
      else worker.on('error', (error: unknown) => listener(error as never))
    },
    terminate: () => void worker.terminate(),
  }
}

/** A worker that mines, in a thread of its own. */
export function minerPort(): Port {
  return threadPort(new URL('./worker.ts', import.meta.url))
}

/** A worker played by the test. */
export interface HandPort extends Port {
  readonly heard: readonly ToWorker[]
  readonly terminated: boolean
  say(message: FromWorker): void
  crash(message: string): void
}

/** Makes a `HandPort` and puts it at the end of `ports`. */
export function handPort(ports: HandPort[]): HandPort {
  const events = new EventTarget()
  const heard: ToWorker[] = []
  let terminated = false
  const port: HandPort = {
    heard,
    get terminated() {
      return terminated
    },
    say: (data) => events.dispatchEvent(new MessageEvent('message', { data })),
    crash: (message) => events.dispatchEvent(Object.assign(new Event('error'), { message })),
    postMessage: (message) => heard.push(message),
    addEventListener: (type: string, listener: (event: never) => void) =>
      events.addEventListener(type, listener as EventListener),
    terminate: () => {
      terminated = true
    },
  }
  ports.push(port)
  return port
}

/** A run over all nonces that nobody watches. */
export function runOf(task: MiningTask, signal = new AbortController().signal): RacerRun {
  return { task, range: noncesOf({}), signal, onProgress: () => {} }
}
