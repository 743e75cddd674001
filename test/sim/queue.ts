interface Event {
  readonly atMs: number
  readonly sequence: number
  readonly run: () => void
}

/**
 * The one clock of a run: events in the order of (time, sequence), so that two due at once run in the order they were
 * asked for. Times are whole virtual milliseconds from the start of the run.
 */
export class EventQueue {
  readonly #heap: Event[] = []
  #sequence = 0
  #nowMs = 0
  #ran = 0

  get nowMs(): number {
    return this.#nowMs
  }

  /** Events that have run. */
  get ran(): number {
    return this.#ran
  }

  /** Asks for `run` in `delayMs`; what is due in the past runs next. */
  after(delayMs: number, run: () => void): void {
    const heap = this.#heap
    const event = { atMs: this.#nowMs + Math.max(0, Math.ceil(delayMs)), sequence: this.#sequence++, run }
    let at = heap.length
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up] as Event // below at, which is at most the length
      if (isBefore(parent, event)) break
      heap[at] = parent
      at = up
    }
    heap[at] = event
  }

  /** Runs the next event. False when there is none up to `endMs`; the clock is then at `endMs`. */
  step(endMs: number): boolean {
    const first = this.#heap[0]
    if (first === undefined || first.atMs > endMs) {
      this.#nowMs = Math.max(this.#nowMs, endMs)
      return false
    }
    this.#removeFirst()
    this.#nowMs = first.atMs
    this.#ran++
    first.run()
    return true
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      const left = heap[down]
      if (left === undefined) break
      const right = heap[down + 1]
      if (right !== undefined && isBefore(right, left)) down++
      const child = heap[down] as Event // left, or right where it is there
      if (isBefore(last, child)) break
      heap[at] = child
      at = down
    }
    heap[at] = last
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
}
