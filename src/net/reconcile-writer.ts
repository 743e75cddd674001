/** Writes one message of reconciliation, never longer than its limit. Protocol §8. */
import { ID_BYTES } from '../core/model/id.ts'
import { MODES, VERSION } from './reconcile-message.ts'
import { digitsOf, END, FINGERPRINT_BYTES, type Bound, type ReconcileSet } from './reconcile-set.ts'

/** A bound and a mode: eight digits of time, a whole id and its length. */
const HEAD_BYTES_MAX = 8 + 1 + ID_BYTES + 1

/** Digits of how many ids a list has. */
const COUNT_BYTES_MAX = 3

/** Kept for the end: a skip, and the fingerprint of all that is left. */
const REST_BYTES = HEAD_BYTES_MAX + 3 + FINGERPRINT_BYTES

/** Where every message has room for at least a skip, one id and the rest, so that each takes both sides further. */
export const RECONCILE_BYTES_MIN = 256

/**
 * Ranges of `set` in order, each from the bound where the one before ended. Once a range does not fit, the message is
 * full: it ends with the fingerprint of everything from there on, later ranges are dropped, and the next round goes on.
 */
export class RangeWriter {
  readonly #set: ReconcileSet
  readonly #bytes: Uint8Array
  #length = 1
  #lastMs = 0
  /** Where skipped ranges end that are not written yet: neighbours become one, and those at the end none. */
  #skipped: Bound | undefined
  /** The first row of what did not fit. */
  #fullAt: number | undefined

  /** `bytesMax` is at least `RECONCILE_BYTES_MIN`. */
  constructor(set: ReconcileSet, bytesMax: number) {
    if (bytesMax < RECONCILE_BYTES_MIN) throw new RangeError(`${bytesMax} bytes are too few`)
    this.#set = set
    this.#bytes = new Uint8Array(bytesMax)
    this.#bytes[0] = VERSION
  }

  get isFull(): boolean {
    return this.#fullAt !== undefined
  }

  /** Nothing to say up to `bound`. */
  skip(bound: Bound): void {
    if (!this.isFull) this.#skipped = bound
  }

  /** The digest of rows `lower` to `upper`, which are all below `bound`. */
  fingerprint(lower: number, upper: number, bound: Bound): void {
    if (this.isFull) return
    if (this.#room() < FINGERPRINT_BYTES) this.#fullAt = lower
    else this.#range(bound, MODES.fingerprint, this.#set.fingerprint(lower, upper))
  }

  /** The ids of those rows, or of as many of them as fit. */
  list(lower: number, upper: number, bound: Bound): void {
    if (this.isFull) return
    const fitting = Math.floor((this.#room() - COUNT_BYTES_MAX) / ID_BYTES)
    if (fitting < Math.min(1, upper - lower)) {
      this.#fullAt = lower
      return
    }
    const end = Math.min(upper, lower + fitting)
    if (end < upper) this.#fullAt = end
    this.#range(end < upper ? this.#set.boundAt(end) : bound, MODES.ids)
    this.#put(digitsOf(end - lower))
    this.#put(this.#set.idBytes(lower, end))
  }

  /** The message. One byte long, it has nothing to say. */
  finish(): Uint8Array {
    if (this.#fullAt !== undefined)
      this.#range(END, MODES.fingerprint, this.#set.fingerprint(this.#fullAt, this.#set.size))
    return this.#bytes.slice(0, this.#length)
  }

  /** Bytes a range may have after its head. */
  #room(): number {
    const heads = this.#skipped === undefined ? 1 : 2
    return this.#bytes.length - this.#length - heads * HEAD_BYTES_MAX - REST_BYTES
  }

  #range(bound: Bound, mode: number, payload: Uint8Array = new Uint8Array()): void {
    const skipped = this.#skipped
    this.#skipped = undefined
    if (skipped !== undefined) this.#range(skipped, MODES.skip)
    const { timeMs, prefix } = bound
    this.#put(digitsOf(timeMs === Infinity ? 0 : timeMs - this.#lastMs + 1))
    this.#lastMs = timeMs
    this.#put([prefix.length])
    this.#put(prefix)
    this.#put([mode])
    this.#put(payload)
  }

  #put(bytes: ArrayLike<number>): void {
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }
}
