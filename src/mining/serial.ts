import type { Miner, MiningOptions, MiningProgress, MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import { assertTask } from './search.ts'

/** Tasks held at once, the running one among them: at 0.1 s each (protocol §7) the last waits some seconds. */
export const TASKS_MAX = 64

/** Works on one task. Rejects soon after `signal` is aborted; never called again before it has settled. */
export type Run = (
  task: MiningTask,
  signal: AbortSignal,
  onProgress: (progress: MiningProgress) => void,
) => Promise<number>

interface Job {
  readonly task: MiningTask
  readonly onProgress: (progress: MiningProgress) => void
  readonly stop: AbortController
  readonly resolve: (nonce: number) => void
  readonly reject: (reason: unknown) => void
}

/** A miner that hands its tasks to `run` one after the other, in the order they came. */
export class SerialMiner implements Miner {
  readonly #run: Run
  readonly #release: () => void
  readonly #waiting: Job[] = []
  #running: Job | undefined
  #closed = false

  /** @param release called once, by `close`: lets go of what `run` works with */
  constructor(run: Run, release: () => void) {
    this.#run = run
    this.#release = release
  }

  /**
   * Finds a nonce that wins.
   *
   * @throws the signal's reason; MinerError of any kind; RangeError for a task that cannot be (`assertTask`)
   */
  async mine(task: MiningTask, options: MiningOptions = {}): Promise<number> {
    const { signal, onProgress } = options
    signal?.throwIfAborted()
    assertTask(task)
    if (this.#closed) throw new MinerError('closed', 'The miner is closed.')
    if (this.#held().length >= TASKS_MAX) throw new MinerError('busy', `${TASKS_MAX} tasks wait already.`)

    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const stop = new AbortController()
    const job: Job = {
      task: copyOf(task),
      onProgress: (progress) => onProgress?.(progress),
      stop,
      resolve,
      reject,
    }
    const cancel = () => this.#drop(job, signal?.reason)
    signal?.addEventListener('abort', cancel)
    this.#waiting.push(job)
    void this.#work()
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** Rejects every task with MinerError `closed`, now and from now on. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const job of this.#held()) this.#drop(job, new MinerError('closed', 'The miner was closed.'))
    this.#release()
  }

  #held(): Job[] {
    return this.#running === undefined ? [...this.#waiting] : [this.#running, ...this.#waiting]
  }

  /** Its caller hears of it now; if it runs, the next job starts once `run` has let go of it. */
  #drop(job: Job, reason: unknown): void {
    const place = this.#waiting.indexOf(job)
    if (place >= 0) this.#waiting.splice(place, 1)
    job.reject(reason)
    job.stop.abort(reason)
  }

  async #work(): Promise<void> {
    if (this.#running !== undefined) return
    while ((this.#running = this.#waiting.shift()) !== undefined) {
      const { task, stop, onProgress, resolve, reject } = this.#running
      const report = (progress: MiningProgress) => {
        if (!stop.signal.aborted) onProgress(progress)
      }
      try {
        resolve(await this.#run(task, stop.signal, report))
      } catch (error) {
        reject(error)
        // What failed this job would fail the others one by one, each behind a fresh start.
        if (error instanceof MinerError && error.kind === 'failed') {
          for (const job of [...this.#waiting]) this.#drop(job, error)
        }
      }
    }
  }
}

/** The caller may reuse its bytes, and posting a part of a buffer would copy all of it. */
function copyOf(task: MiningTask): MiningTask {
  return { ...task, key: task.key.slice(), digest: task.digest.slice() }
}
