/** Items of one side as reconciliation asks for them: by bound, by range, and summed up. Protocol §8. */
import { sha256 } from '@noble/hashes/sha2.js'
import { blockIdOf } from '../core/codec/hex.ts'
import { ID_BYTES, type BlockId } from '../core/model/id.ts'
import type { TimedIds } from '../core/model/timed-ids.ts'

/** Bytes of a fingerprint. */
export const FINGERPRINT_BYTES = 16

/** A point between items: every item below it has an earlier time, or the same and a smaller id. */
export interface Bound {
  /** Unix milliseconds, or `Infinity`, which is above all items. */
  readonly timeMs: number
  /** The id's first 0 to 32 bytes; the others count as zero. */
  readonly prefix: Uint8Array
}

/** Above all items. */
export const END: Bound = { timeMs: Infinity, prefix: new Uint8Array() }

const WORDS = ID_BYTES / 4

/** Rows between two sums that are kept: two bytes a row, and at most thirty additions for a range. */
const ROWS_PER_SUM = 16

/**
 * A set that does not change, in rows by (time, id). Building it adds up all ids once (some ten milliseconds for
 * 100 000); after that a range costs two look-ups and one SHA-256, however long it is.
 */
export class ReconcileSet {
  readonly size: number
  readonly #times: Float64Array
  readonly #ids: Uint8Array
  readonly #view: DataView
  /** Before every `ROWS_PER_SUM`th row: the sum of the ids of all rows before it, lowest word first. */
  readonly #sums: Uint32Array

  /** `items` are kept, and must not change. Throws RangeError where they are not in order, or one is there twice. */
  constructor({ times, ids }: TimedIds) {
    if (ids.length !== ID_BYTES * times.length) throw new RangeError('as many ids as times')
    this.size = times.length
    this.#times = times
    this.#ids = ids
    this.#view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength)
    this.#sums = new Uint32Array(WORDS * (1 + Math.floor(this.size / ROWS_PER_SUM)))
    const sum = new Uint32Array(WORDS)
    for (let row = 0; row < this.size; row++) {
      if (!this.#isInOrder(row)) throw new RangeError(`row ${row} is out of order`)
      if (row % ROWS_PER_SUM === 0) this.#sums.set(sum, (row / ROWS_PER_SUM) * WORDS)
      this.#add(sum, row)
    }
    if (this.size % ROWS_PER_SUM === 0) this.#sums.set(sum, (this.size / ROWS_PER_SUM) * WORDS)
  }

  id(row: number): BlockId {
    return blockIdOf(this.idBytes(row, row + 1))
  }

  /** A view of the ids of these rows, 32 bytes each. */
  idBytes(lower: number, upper: number): Uint8Array {
    return this.#ids.subarray(lower * ID_BYTES, upper * ID_BYTES)
  }

  /** The first row from `from` on that is not below `bound`. */
  rowAt(bound: Bound, from: number): number {
    let low = from
    let high = this.size
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#isBelow(middle, bound)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The shortest bound that has the row before `row` below it, and not `row`, which is no end of the set. */
  boundAt(row: number): Bound {
    const timeMs = this.#times[row] ?? 0
    if (timeMs !== this.#times[row - 1]) return { timeMs, prefix: new Uint8Array() }
    const id = this.idBytes(row, row + 1)
    const before = this.idBytes(row - 1, row)
    return { timeMs, prefix: id.subarray(0, 1 + id.findIndex((byte, i) => byte !== before[i])) }
  }

  /** The time of the last row; undefined where there is none. */
  get newestMs(): number | undefined {
    return this.#times[this.size - 1]
  }

  /**
   * The digest of these rows: the first 16 bytes of the SHA-256 of the sum of their ids, taken for numbers with the
   * lowest byte first, modulo 2^256, and of how many they are.
   */
  fingerprint(lower: number, upper: number): Uint8Array {
    const sum = this.#sumBefore(upper)
    const less = this.#sumBefore(lower)
    const input = Uint8Array.from([...new Uint8Array(ID_BYTES), ...digitsOf(upper - lower)])
    const view = new DataView(input.buffer)
    let borrow = 0
    for (let word = 0; word < WORDS; word++) {
      const difference = (sum[word] ?? 0) - (less[word] ?? 0) - borrow
      borrow = difference < 0 ? 1 : 0
      view.setUint32(4 * word, difference >>> 0, true)
    }
    return sha256(input).subarray(0, FINGERPRINT_BYTES)
  }

  #sumBefore(row: number): Uint32Array {
    const kept = Math.floor(row / ROWS_PER_SUM)
    const sum = this.#sums.slice(kept * WORDS, (kept + 1) * WORDS)
    for (let next = kept * ROWS_PER_SUM; next < row; next++) this.#add(sum, next)
    return sum
  }

  #add(sum: Uint32Array, row: number): void {
    let carry = 0
    for (let word = 0; word < WORDS; word++) {
      const total = (sum[word] ?? 0) + this.#view.getUint32(row * ID_BYTES + 4 * word, true) + carry
      carry = total > 0xffff_ffff ? 1 : 0
      sum[word] = total
    }
  }

  #isInOrder(row: number): boolean {
    const timeMs = this.#times[row] ?? -1
    if (!Number.isSafeInteger(timeMs) || timeMs < 0) return false
    const beforeMs = this.#times[row - 1] ?? -1
    if (beforeMs !== timeMs) return beforeMs < timeMs
    return this.#isBelow(row - 1, { timeMs, prefix: this.idBytes(row, row + 1) })
  }

  #isBelow(row: number, { timeMs, prefix }: Bound): boolean {
    const time = this.#times[row] ?? 0
    if (time !== timeMs) return time < timeMs
    for (let i = 0; i < prefix.length; i++) {
      const difference = (this.#ids[row * ID_BYTES + i] ?? 0) - (prefix[i] ?? 0)
      if (difference !== 0) return difference < 0
    }
    return false
  }
}

const sets = new WeakMap<TimedIds, ReconcileSet>()

/** The set of these rows; made once, since peers ask more often than blocks come. */
export function reconcileSetOf(rows: TimedIds): ReconcileSet {
  const set = sets.get(rows) ?? new ReconcileSet(rows)
  sets.set(rows, set)
  return set
}

/** The digest of a whole set, 16 bytes: two sides that show the same one have nothing to reconcile. */
export function fingerprintOf(set: ReconcileSet): Uint8Array {
  return set.fingerprint(0, set.size)
}

/** A number in base 128, highest digit first, as few as possible, the high bit set on all but the last. */
export function digitsOf(value: number): number[] {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest % 128) | 128)
  return digits
}
