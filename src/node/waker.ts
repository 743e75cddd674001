import type { Clock } from '../ports.ts'

interface WakerParts {
  readonly clock: Clock
  readonly after: (delayMs: number, task: () => void) => void
}

/** One alarm: wakes at the earliest time it was set to. Set while it waits, it only ever becomes earlier. */
export class Waker {
  readonly #parts: WakerParts
  readonly #wake: () => void
  #atMs = Infinity

  constructor(parts: WakerParts, wake: () => void) {
    this.#parts = parts
    this.#wake = wake
  }

  /** Infinity sets nothing. */
  set(atMs: number): void {
    if (atMs >= this.#atMs) return
    this.#atMs = atMs
    this.#parts.after(Math.max(0, atMs - this.#parts.clock.nowMs()), () => {
      if (this.#atMs !== atMs) return // an earlier one was set meanwhile, and has gone off
      this.#atMs = Infinity
      this.#wake()
    })
  }
}
