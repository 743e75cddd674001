import type { Clock, PeerId } from '../ports.ts'
import { BAN_MS, BANS_MAX } from './limits.ts'

/** Who may not connect for a while. It forgets a ban when it ends, and the oldest when there are too many. */
export class Bans {
  readonly #clock: Clock
  /** In the order of the bans, and so of their ends. */
  readonly #untilMs = new Map<PeerId, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Bans `peer` from now on for `BAN_MS`. */
  add(peer: PeerId): void {
    this.#untilMs.delete(peer)
    this.#untilMs.set(peer, this.#clock.nowMs() + BAN_MS)
    if (this.#untilMs.size <= BANS_MAX) return
    for (const oldest of this.#untilMs.keys()) {
      this.#untilMs.delete(oldest)
      return
    }
  }

  has(peer: PeerId): boolean {
    const untilMs = this.#untilMs.get(peer)
    if (untilMs === undefined) return false
    if (this.#clock.nowMs() < untilMs) return true
    this.#untilMs.delete(peer)
    return false
  }
}
