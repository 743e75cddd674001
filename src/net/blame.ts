import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { Blame, Clock, PeerId } from '../ports.ts'
import {
  BAN_MS,
  BANS_MAX,
  SILENCE_WINDOW_MS,
  SILENCES_APART_MS,
  SILENCES_MAX,
  SILENT_BAN_MS,
  SILENT_PEERS_MAX,
} from './limits.ts'

/** Who may not connect for a while. It forgets a ban when it ends, and the oldest when there are too many. */
export class Bans {
  readonly #clock: Clock
  /** In the order of the bans. */
  readonly #untilMs = new Map<PeerId, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Bans `peer` from now on for `BAN_MS`, or for `SILENT_BAN_MS` where all it did was to say nothing. */
  add(peer: PeerId, reason?: Blame): void {
    putLast(
      this.#untilMs,
      peer,
      this.#clock.nowMs() + (reason === 'silent' ? SILENT_BAN_MS : BAN_MS),
      BANS_MAX,
    )
  }

  has(peer: PeerId): boolean {
    const untilMs = this.#untilMs.get(peer)
    if (untilMs === undefined) return false
    if (this.#clock.nowMs() < untilMs) return true
    this.#untilMs.delete(peer)
    return false
  }
}

/** Counts the requests that peers do not answer. One may happen to anybody; one after the other keeps us waiting. */
export class Silences {
  readonly #clock: Clock
  /** When each peer was silent, oldest first; whoever was last is last. */
  readonly #timesMs = new Map<PeerId, readonly number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes that a request ended without a word. Returns whether that was once too often; then counting starts over. */
  add(peer: PeerId): boolean {
    const nowMs = this.#clock.nowMs()
    // what lies ahead was noted by a clock that has been put back
    const recent = (this.#timesMs.get(peer) ?? []).filter(
      (atMs) => atMs <= nowMs && nowMs - atMs < SILENCE_WINDOW_MS,
    )
    const lastMs = recent.at(-1)
    if (lastMs !== undefined && nowMs - lastMs < SILENCES_APART_MS) return false
    if (recent.length + 1 < SILENCES_MAX) {
      putLast(this.#timesMs, peer, [...recent, nowMs], SILENT_PEERS_MAX)
      return false
    }
    this.#timesMs.delete(peer)
    return true
  }
}

/** Sets an entry as the newest, and lets the oldest go where there are more than `max`. */
function putLast<T>(map: Map<PeerId, T>, peer: PeerId, value: T, max: number): void {
  map.delete(peer)
  map.set(peer, value)
  forgetOldest(map, max)
}
