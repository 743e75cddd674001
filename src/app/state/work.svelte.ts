import type { CallOptions } from '../../node/api.ts'
import type { NoticesState } from './notices.svelte.ts'

/** Below this part of the work an estimate would be a guess. */
const ESTIMATE_FROM = 0.02

/** One long piece of work at a time, which is seen to go on and can be cancelled. */
export class WorkState {
  busy = $state(false)
  /** 0 … 1; undefined until it is known. */
  done = $state<number>()
  /** About how long it goes on. */
  leftMs = $state<number>()
  /** Whether the last one was cancelled. */
  wasCancelled = $state(false)
  readonly #notices: NoticesState
  readonly #now: () => number
  #abort: AbortController | undefined

  constructor(notices: NoticesState, now: () => number) {
    this.#notices = notices
    this.#now = now
  }

  /** Resolves with what `call` does; with nothing where it was cancelled, or failed, which is said. */
  async run<T>(call: (options: CallOptions) => Promise<T>): Promise<T | undefined> {
    const abort = new AbortController()
    const beganMs = this.#now()
    this.#abort = abort
    this.busy = true
    this.done = this.leftMs = undefined
    const onProgress = (done: number) => {
      this.done = done
      if (done >= ESTIMATE_FROM) this.leftMs = ((this.#now() - beganMs) * (1 - done)) / done
    }
    const working = call({ signal: abort.signal, onProgress })
    const succeeded = await this.#notices.watch(working)
    this.busy = false
    this.wasCancelled = abort.signal.aborted && !succeeded
    return succeeded ? await working : undefined
  }

  cancel(): void {
    this.#abort?.abort()
  }
}
