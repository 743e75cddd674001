import type { Clock, Random } from '../ports.ts'

/** A number in [0, 1) from 32 random bits. */
export function fraction(random: Random): number {
  const bytes = random.bytes(4)
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true) / 2 ** 32
}

/** `ms` give or take a half, so that nodes that failed together do not try again together. */
export function jittered(ms: number, random: Random): number {
  return ms * (0.5 + fraction(random))
}

/**
 * The pause before the next attempt, after `failures` in a row (from 1): it doubles from `minMs` and stays at
 * `maxMs`, give or take a half.
 */
export function backoff(failures: number, minMs: number, maxMs: number, random: Random): number {
  return jittered(Math.min(maxMs, minMs * 2 ** (failures - 1)), random)
}

/** Counts what may happen at most so many times in a window of time. */
export class Budget {
  readonly #clock: Clock
  readonly #max: number
  readonly #windowMs: number
  #windowStartMs = 0
  #used = 0

  constructor(clock: Clock, max: number, windowMs: number) {
    this.#clock = clock
    this.#max = max
    this.#windowMs = windowMs
  }

  /** Takes one if there is one left in this window. */
  take(): boolean {
    const nowMs = this.#clock.nowMs()
    if (nowMs < this.#windowStartMs || nowMs - this.#windowStartMs >= this.#windowMs) {
      this.#windowStartMs = nowMs
      this.#used = 0
    }
    if (this.#used >= this.#max) return false
    this.#used++
    return true
  }
}
