import type { Miner, MiningProgress, MiningTask } from '../ports.ts'
import { MinerError, type MinerErrorKind } from './errors.ts'
import type { FromWorker, Port } from './protocol.ts'
import { type NowMs, runTask } from './run.ts'
import { Searcher } from './search.ts'
import { SerialMiner } from './serial.ts'

/**
 * A miner on the calling thread, which it shares in slices of some milliseconds: for Node and for tests.
 *
 * @param module a compiled kernel, from `loadKernel`
 */
export function localMiner(module: WebAssembly.Module, nowMs: NowMs): Miner {
  const searcher = new Searcher(module)
  return new SerialMiner(
    (task, signal, onProgress) => runTask(searcher, task, { signal, onProgress, nowMs }),
    () => {},
  )
}

/**
 * A miner in a worker that runs `serveMiner`. The worker is started by the first task. When it crashes or cannot load
 * its kernel, every task held rejects with MinerError `failed`, and the next task starts a fresh worker.
 *
 * @param createPort starts a worker: `() => new Worker(new URL(…), { type: 'module' })`
 */
export function workerMiner(createPort: () => Port): Miner {
  const link = new WorkerLink(createPort)
  return new SerialMiner(
    (task, signal, onProgress) => link.run(task, signal, onProgress),
    () => link.end(),
  )
}

/** The task a worker is at work on. */
interface Pending {
  readonly signal: AbortSignal
  readonly onProgress: (progress: MiningProgress) => void
  readonly resolve: (nonce: number) => void
  readonly reject: (reason: unknown) => void
}

/** One worker at a time, with at most one task. */
class WorkerLink {
  readonly #createPort: () => Port
  #port: Port | undefined
  #pending: Pending | undefined

  constructor(createPort: () => Port) {
    this.#createPort = createPort
  }

  /** As `Run` of serial.ts asks. */
  run(
    task: MiningTask,
    signal: AbortSignal,
    onProgress: (progress: MiningProgress) => void,
  ): Promise<number> {
    const port = (this.#port ??= this.#open())
    return new Promise((resolve, reject) => {
      const pending = { signal, onProgress, resolve, reject }
      this.#pending = pending
      signal.addEventListener('abort', () => {
        // A late abort must not hit the task after this one.
        if (this.#pending === pending) port.postMessage({ type: 'cancel' })
      })
      port.postMessage({ type: 'mine', task })
    })
  }

  end(): void {
    this.#port?.terminate()
    this.#port = undefined
    this.#pending = undefined
  }

  #open(): Port {
    let port: Port
    try {
      port = this.#createPort()
    } catch (cause) {
      throw new MinerError('failed', 'The mining worker could not be started.', { cause })
    }
    // What a worker that was given up still has on the way is nobody's business any more.
    port.addEventListener('message', ({ data }) => {
      if (this.#port === port) this.#receive(data)
    })
    port.addEventListener('error', ({ message }) => {
      if (this.#port === port) this.#fail('failed', message ?? 'The mining worker did not start.')
    })
    return port
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending
    if (message.type === 'progress') return pending?.onProgress(message.progress)
    if (message.type === 'failed') return this.#fail(message.kind, message.message)
    this.#pending = undefined
    if (message.type === 'found') pending?.resolve(message.nonce)
    else pending?.reject(pending.signal.reason)
  }

  /** Rejects the task under way. Only `failed` is the worker's fault and ends it. */
  #fail(kind: MinerErrorKind, message: string): void {
    const pending = this.#pending
    if (kind === 'failed') this.end()
    this.#pending = undefined
    pending?.reject(new MinerError(kind, message))
  }
}
