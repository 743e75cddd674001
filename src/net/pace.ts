import type { Clock, PeerId } from '../ports.ts'

/** How much a peer may have at once, and how much of it comes back in a second. */
export interface PaceLimits {
  readonly burst: number
  readonly perSecond: number
}

/**
 * Spreads what peers ask for over time, by a token bucket each: nobody is refused, and who asks for more than his share
 * waits for it.
 */
export class Pace {
  readonly #clock: Clock
  readonly #limits: PaceLimits
  /** When each peer's bucket is full again; a peer that is not here has a full one. */
  readonly #fullAtMs = new Map<PeerId, number>()
  #lastMs = -Infinity

  constructor(clock: Clock, limits: PaceLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** Takes `amount` from a peer's bucket. Returns the milliseconds after which there was as much in it. */
  delayMs(peer: PeerId, amount: number): number {
    const { burst, perSecond } = this.#limits
    const nowMs = this.#clock.nowMs()
    // what was noted by a clock that has been put back lies ahead, and would be waited for
    if (nowMs < this.#lastMs) this.#fullAtMs.clear()
    this.#lastMs = nowMs
    const burstMs = (burst * 1000) / perSecond
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(peer) ?? nowMs) + (amount * 1000) / perSecond
    this.#forgetFull(nowMs)
    this.#fullAtMs.set(peer, fullAtMs)
    return Math.max(0, fullAtMs - nowMs - burstMs)
  }

  #forgetFull(nowMs: number): void {
    for (const [peer, fullAtMs] of this.#fullAtMs) if (fullAtMs <= nowMs) this.#fullAtMs.delete(peer)
  }
}

/** Resolves after so many milliseconds; at once where there are none. */
export async function paused(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}
