import { MinerError, type MinerErrorKind } from './errors.ts'
import type { Racer, RacerRun } from './pool.ts'
import type { FromWorker, Port } from './protocol.ts'

/** A run, and whoever waits for it. */
interface Job extends RacerRun {
  readonly resolve: (nonce: number) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Mines in a worker that runs `serveMiner`. The worker is started by the first task. When it crashes or cannot load its
 * kernel, the run rejects with MinerError `failed`, and the next one starts a fresh worker.
 */
export class WorkerRacer implements Racer {
  readonly #createPort: () => Port
  #port: Port | undefined
  /** The one the worker has not answered yet, given up or not. */
  #asked: Job | undefined
  /** The one to be asked after that: of a run that began before a given-up one was answered. */
  #next: Job | undefined

  /** @param createPort starts a worker: `() => new Worker(new URL(…), { type: 'module' })` */
  constructor(createPort: () => Port) {
    this.#createPort = createPort
  }

  run(run: RacerRun): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const job = { ...run, resolve, reject }
    run.signal.addEventListener('abort', () => this.#giveUp(job), { once: true })
    this.#next = job
    this.#ask()
    return promise
  }

  end(): void {
    this.#port?.terminate()
    this.#port = undefined
    this.#asked = undefined
    this.#next = undefined
  }

  #ask(): void {
    const job = this.#next
    if (job === undefined || this.#asked !== undefined) return
    this.#next = undefined
    try {
      const port = (this.#port ??= this.#open())
      port.postMessage({ type: 'mine', task: job.task, range: job.range })
      this.#asked = job
    } catch (cause) {
      job.reject(new MinerError('failed', 'The mining worker could not be started.', { cause }))
    }
  }

  #open(): Port {
    const port = this.#createPort()
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
    const job = this.#asked
    if (message.type === 'progress') return job?.onProgress(message.progress)
    if (message.type === 'failed') return this.#fail(message.kind, message.message)
    this.#asked = undefined
    if (message.type === 'found') job?.resolve(message.nonce)
    this.#ask()
  }

  /** Rejects the run under way. Only `failed` is the worker's fault and ends it. */
  #fail(kind: MinerErrorKind, message: string): void {
    const job = this.#asked
    this.#asked = undefined
    if (kind === 'failed') {
      this.#port?.terminate()
      this.#port = undefined
    }
    job?.reject(new MinerError(kind, message))
    this.#ask()
  }

  /** Whoever waits hears of it now; the worker is asked again once it has answered. */
  #giveUp(job: Job): void {
    job.reject(job.signal.reason)
    if (this.#next === job) this.#next = undefined
    // A late abort must not hit the task after this one.
    if (this.#asked === job) this.#port?.postMessage({ type: 'cancel' })
  }
}
