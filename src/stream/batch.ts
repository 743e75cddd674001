import type { Reading } from '../reading/reading.ts'
import { PACK_OVERHEAD_BYTES, packedBytesMax, RECORDS_MAX } from '../reading/senml.ts'
import { epochOf } from './epoch.ts'
import { RECORD_PACK_BYTES_MAX } from './record.ts'

/** How large a batch may become. */
interface BatchLimits {
  readonly readings: number
  /** Bytes of its pack. */
  readonly bytes: number
}

/** How long the first reading of a block waits for others, unless its owner chooses otherwise. */
const BATCH_AGE_MS = 5000

/**
 * What is measured now: 64 readings are what a heart-rate strap says in a quarter of a minute, and take under 3 KiB, each of
 * which costs work (protocol §4).
 */
const LIVE_BATCH: BatchLimits = { readings: 64, bytes: 4096 }

/** What a file has: a block of 16 KiB costs twice the work of a small one and holds ten times as much. */
export const FILE_BATCH: BatchLimits = { readings: RECORDS_MAX, bytes: RECORD_PACK_BYTES_MAX }

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
  readonly #limits: BatchLimits
  /** Oldest first; all but the last are ended. */
  readonly #queue: Waiting[] = []
  /** How many batches at the front of the queue are ended. */
  #ended = 0
  #count = 0
  #open: boolean
  #ageMs = BATCH_AGE_MS

  /** @param open whether what is added from now on is readable by all */
  constructor(open: boolean, limits: BatchLimits = LIVE_BATCH) {
    this.#open = open
    this.#limits = limits
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

  /** Has the first reading of a batch wait so long for others from now on. */
  setAge(ageMs: number): void {
    this.#ageMs = ageMs
  }

  /** Ends the batch under way, so that `take` hands it out at once. */
  end(): void {
    this.#ended = this.#queue.length
  }

  /** Whether `take` has something. */
  isDue(nowMs: number): boolean {
    const oldest = this.#queue[0]
    if (oldest === undefined) return false
    const ageMs = nowMs - oldest.sinceMs
    // A clock set back would otherwise hold the batch until it has caught up again.
    return this.#ended > 0 || ageMs >= this.#ageMs || ageMs < 0
  }

  /** The oldest batch that is ended or old enough, or `undefined`. Whoever takes it has to keep it. */
  take(nowMs: number): Batch | undefined {
    const oldest = this.#queue[0]
    if (oldest === undefined || !this.isDue(nowMs)) return undefined
    this.#queue.shift()
    this.#ended = Math.max(0, this.#ended - 1)
    this.#count -= oldest.readings.length
    return { readings: oldest.readings, epoch: oldest.epoch, open: oldest.open }
  }

  #addOne(reading: Reading, nowMs: number): void {
    const epoch = epochOf(reading.atMs)
    const bytes = packedBytesMax(reading)
    let last = this.#ended < this.#queue.length ? this.#queue.at(-1) : undefined
    if (last === undefined || last.epoch !== epoch || last.bytes + bytes > this.#limits.bytes) {
      this.end()
      last = { readings: [], epoch, open: this.#open, sinceMs: nowMs, bytes: PACK_OVERHEAD_BYTES }
      this.#queue.push(last)
    }
    last.readings.push(reading)
    last.bytes += bytes
    if (last.readings.length === this.#limits.readings) this.end()
  }
}
