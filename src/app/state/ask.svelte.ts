import { ApiError, type CallOptions } from '../../node/api.ts'

/** One call at a time; how far it is, and why it was refused, stand beside what asks for it. */
export class AskState {
  busy = $state(false)
  /** 0 … 1; undefined until it is known. */
  done = $state<number>()
  /** The words of the last refusal. */
  refused = $state<string>()

  /** Resolves with what `call` does, in a list of one; with nothing where it was refused. */
  async run<T>(call: (options: CallOptions) => Promise<T>): Promise<readonly [T] | undefined> {
    this.busy = true
    this.done = this.refused = undefined
    try {
      return [await call({ onProgress: (done) => (this.done = done) })]
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.refused = error.message
      return undefined
    } finally {
      this.busy = false
    }
  }
}
