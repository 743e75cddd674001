/** How much work may be done at once, in milliseconds, and which part of the time after that. */
export interface ShareLimits {
  readonly burstMs: number
  /** 0 … 1. */
  readonly part: number
}

/** Keeps work to a share of the time, by a token bucket: time pays back what was done. */
export class WorkShare {
  readonly #limits: ShareLimits
  /** Work that is not paid back, as it was at `#atMs`. */
  #debtMs = 0
  #atMs = -Infinity

  constructor(limits: ShareLimits) {
    this.#limits = limits
  }

  /** Whether there is any left. */
  has(nowMs: number): boolean {
    return this.#owedMs(nowMs) < this.#limits.burstMs
  }

  /** Whether all of it is: nothing need be remembered. */
  isWhole(nowMs: number): boolean {
    return this.#owedMs(nowMs) === 0
  }

  take(workMs: number, nowMs: number): void {
    this.#debtMs = this.#owedMs(nowMs) + workMs
  }

  #owedMs(nowMs: number): number {
    // a clock that has been put back has measured nothing, and goes on from there
    const pastMs = Math.max(0, nowMs - this.#atMs)
    this.#atMs = nowMs
    this.#debtMs = Math.max(0, this.#debtMs - pastMs * this.#limits.part)
    return this.#debtMs
  }
}
