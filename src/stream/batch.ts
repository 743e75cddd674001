import type { Reading } from '../reading/reading.ts'
import { PACK_OVERHEAD_BYTES, packedBytesMax } from '../reading/senml.ts'
import { EPOCH_LENGTH_MS, epochOf } from './epoch.ts'

/** Readings in one block: what a heart-rate strap says in a quarter of a minute. */
const BATCH_READINGS = 64

/** How long the first reading of a block waits for others. */
const BATCH_AGE_MS = 5000

/** Bytes of one pack at most: each KiB of a block costs work (protocol §4), and 64 common readings take under 3. */
const BATCH_BYTES = 4096

/** Readings that may wait, over an hour of a busy sensor and some MiB, while the browser refuses to store. */
export const WAITING_READINGS_MAX = 32_768

/** Readings for one record: all of one epoch, all private or all open. In the order they were added. */
export interface Batch {
  /** At least one. */
  readonly readings: readonly Reading[]
  readonly epoch: number
  readonly open: boolean
}

interface Waiting extends Batch {
  readonly readings: Reading[]
  readonly sinceMs: number
  bytes: number
}

/**
 * Gathers one stream's readings into batches. A batch ends when it is full, when a reading of another epoch
 * comes, and when sharing is switched, so that a record's key opens one epoch and nothing private.
 */
export class Batcher {
  readonly #epochLengthMs: number
  /** Oldest first; all but the last are ended. */
  readonly #queue: Waiting[] = []
  /** How many batches at the front of the queue are ended. */
  #ended = 0
  #count = 0
  #open: boolean

  /** @param open whether what is added from now on is readable by all */
  constructor(open: boolean, epochLengthMs: number = EPOCH_LENGTH_MS) {
    this.#open = open
    this.#epochLengthMs = epochLengthMs
  }

  /** Readings added and not yet taken. */
  get waiting(): number {
    return this.#count
  }

  /**
   * Adds readings without a `readingFault`, in order.
   *
   * @returns how many were taken: all, or what was left to `WAITING_READINGS_MAX`. The rest is refused rather
   *   than something older lost.
   */
  add(readings: readonly Reading[], nowMs: number): number {
    const taken = readings.slice(0, WAITING_READINGS_MAX - this.#count)
    for (const reading of taken) this.#addOne(reading, nowMs)
    this.#count += taken.length
    return taken.length
  }

  /** Opens or closes what follows; what waits stays as it was when it was added. */
  setOpen(open: boolean): void {
    if (open === this.#open) return
    this.#open = open
    this.end()
  }

  /** Ends the batch under way, so that `take` hands it out at once. */
  end(): void {
    this.#ended = this.#queue.length
  }

  /** When `take` will have something, Unix milliseconds; now or earlier if it has, `undefined` if nothing waits. */
  dueAtMs(): number | undefined {
    const oldest = this.#queue[0]
    if (oldest === undefined) return undefined
    return this.#ended > 0 ? oldest.sinceMs : oldest.sinceMs + BATCH_AGE_MS
  }

  /** The oldest batch that is ended or old enough, or `undefined`. Whoever takes it has to keep it. */
  take(nowMs: number): Batch | undefined {
    const oldest = this.#queue[0]
    if (oldest === undefined) return undefined
    const ageMs = nowMs - oldest.sinceMs
    // A clock set back would otherwise hold the batch until it has caught up again.
    const due = this.#ended > 0 || ageMs >= BATCH_AGE_MS || ageMs < 0
    if (!due) return undefined
    this.#queue.shift()
    this.#ended = Math.max(0, this.#ended - 1)
    this.#count -= oldest.readings.length
    return { readings: oldest.readings, epoch: oldest.epoch, open: oldest.open }
  }

  #addOne(reading: Reading, nowMs: number): void {
    const epoch = epochOf(reading.atMs, this.#epochLengthMs)
    const bytes = packedBytesMax(reading)
    let last = this.#ended < this.#queue.length ? this.#queue.at(-1) : undefined
    if (last === undefined || last.epoch !== epoch || last.bytes + bytes > BATCH_BYTES) {
      this.end()
      last = { readings: [], epoch, open: this.#open, sinceMs: nowMs, bytes: PACK_OVERHEAD_BYTES }
      this.#queue.push(last)
    }
    last.readings.push(reading)
    last.bytes += bytes
    if (last.readings.length === BATCH_READINGS) this.end()
  }
}
