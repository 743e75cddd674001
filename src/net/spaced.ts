/**
 * A task that runs when it is called, and at most once in `everyMs`: calls in between are made up for by one run at the
 * end. So a caller in a loop costs little, and the last call is never lost.
 */
export class Spaced {
  readonly #task: () => void
  readonly #everyMs: number
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDue = false

  constructor(task: () => void, everyMs: number) {
    this.#task = task
    this.#everyMs = everyMs
  }

  call(): void {
    if (this.#timer !== undefined) {
      this.#isDue = true
      return
    }
    this.#isDue = false
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#isDue) this.call()
    }, this.#everyMs)
    this.#task()
  }

  /** Lets go of a run that is due. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isDue = false
  }
}
