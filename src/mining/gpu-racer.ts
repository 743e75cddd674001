import { MinerError } from './errors.ts'
import type { Racer, RacerRun } from './pool.ts'
import { type NowMs, runTask } from './run.ts'
import type { NonceSearch } from './search.ts'
import { GpuSearcher } from './webgpu.ts'

/** Runs in a row that may fail before the GPU is left alone: one lost to sleep or to a driver's restart is worth another try. */
const FAILURES_MAX = 3

/** A search on a GPU that is let go of. */
export interface OpenSearch extends NonceSearch {
  close(): void
}

/** Opens the GPU of this device; undefined where there is none, or only a processor that plays one. */
export async function openGpu(gpu: GPU | undefined): Promise<OpenSearch | undefined> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' })
  return adapter && !adapter.info.isFallbackAdapter ? GpuSearcher.open(adapter) : undefined
}

/**
 * Mines on the GPU, from the calling thread, which has little to do for it. It sits out the tasks that come before it
 * is open, or while it still works on what another racer ended: the others have those.
 */
export class GpuRacer implements Racer {
  readonly #open: () => Promise<OpenSearch | undefined>
  readonly #nowMs: NowMs
  #searcher: OpenSearch | undefined
  #isBusy = false
  #failures = 0
  #isEnded = false

  /** @param open as `openGpu`; called for the first task, and again after a failure */
  constructor(open: () => Promise<OpenSearch | undefined>, nowMs: NowMs) {
    this.#open = open
    this.#nowMs = nowMs
  }

  run(run: RacerRun): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const { signal } = run
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (this.#isBusy) reject(new MinerError('busy', 'The GPU is at work on another task.'))
    else if (this.#isGivenUp) reject(new MinerError('failed', 'There is no GPU to mine with.'))
    else this.#work(run).then(resolve, reject)
    return promise
  }

  end(): void {
    this.#isEnded = true
    this.#letGo()
  }

  async #work({ task, range, signal, onProgress }: RacerRun): Promise<number> {
    this.#isBusy = true
    try {
      const searcher = (this.#searcher ??= await this.#opened())
      const nonce = await runTask(searcher, task, range, { signal, onProgress, nowMs: this.#nowMs })
      this.#failures = 0
      return nonce
    } catch (error) {
      if (!signal.aborted && !isExhausted(error)) {
        this.#failures++
        this.#letGo()
      }
      throw error
    } finally {
      this.#isBusy = false
    }
  }

  async #opened(): Promise<OpenSearch> {
    const searcher = await this.#open()
    if (searcher === undefined) {
      this.#failures = FAILURES_MAX
      throw new MinerError('failed', 'There is no GPU to mine with.')
    }
    if (this.#isEnded) searcher.close() // meanwhile
    return searcher
  }

  get #isGivenUp(): boolean {
    return this.#isEnded || this.#failures >= FAILURES_MAX
  }

  #letGo(): void {
    this.#searcher?.close()
    this.#searcher = undefined
  }
}

function isExhausted(error: unknown): boolean {
  return error instanceof MinerError && error.kind === 'exhausted'
}
