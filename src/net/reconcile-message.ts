/**
 * Messages of range-based set reconciliation in the byte format of Negentropy protocol v1, so that any implementation
 * of it could talk to ours (hoytech/negentropy, docs/negentropy-protocol-v1.md). Protocol §8.
 *
 * A message is a version and ranges that follow one another without a gap. A range is its upper bound, which it does
 * not include, and what the sender has below it: nothing it wants to say, a fingerprint, or a list of ids. What lies
 * above the last bound is skipped.
 */
import { blockIdOf } from '../core/codec/hex.ts'
import { ID_BYTES, type BlockId } from '../core/model/id.ts'
import { END, FINGERPRINT_BYTES, type Bound } from './reconcile-set.ts'

/** Version 1. Versions are 0x60 and their number. */
export const VERSION = 0x61
const VERSION_MIN = 0x60
const VERSION_MAX = 0x6f

/** What a range carries, as the number after its bound says. */
export const MODES = { skip: 0, fingerprint: 1, ids: 2 } as const

/**
 * Bytes of a message, ours or the other side's: with what frames it, less than the 64 KiB a stream takes at once. It
 * bounds what reading one may cost: 1 900 ids, 3 200 fingerprints to compare, or 20 000 ranges that say nothing.
 */
export const RECONCILE_BYTES_MAX = 60_000

/** The largest number: one more than the largest distance between two times, each below 2^53. */
const NUMBER_MAX = 2 ** 53

/** What the other side says of the items from the bound before (or the beginning) up to this one. */
export type Range = { readonly bound: Bound } & (
  | { readonly mode: 'skip' }
  | { readonly mode: 'fingerprint'; readonly fingerprint: Uint8Array }
  /** All it has there, distinct in the whole message. */
  | { readonly mode: 'ids'; readonly ids: readonly BlockId[] }
)

/** Bytes that are no message, and where they stop to be one: `index` counts ranges. Whoever sent them broke the protocol. */
export type ReconcileFault = { readonly type: 'malformed' } & (
  | { readonly reason: 'too-long'; readonly length: number; readonly limit: number }
  | { readonly reason: 'bad-version'; readonly value: number }
  | RangeFault
)

type RangeFault = { readonly index: number } &
  /** `number-padded`: with more digits than it needs. `past-the-end`: after the end of all ranges. */
  (
    | { readonly reason: 'truncated' | 'number-too-large' | 'number-padded' | 'past-the-end' }
    /** A bound below the one before: ranges would overlap. */
    | { readonly reason: 'descending' }
    | { readonly reason: 'bad-mode'; readonly value: number }
    | { readonly reason: 'prefix-too-long' | 'too-many-ids'; readonly count: number; readonly limit: number }
    | { readonly reason: 'id-twice'; readonly id: BlockId }
  )

/** `Omit` for each member of a union. */
type WithoutIndex<Fault> = Fault extends unknown ? Omit<Fault, 'index'> : never

/** A message as read. */
export type Decoded =
  | { readonly type: 'ranges'; readonly ranges: readonly Range[] }
  /** Nothing more can be said of a message of another version. */
  | { readonly type: 'other-version'; readonly version: number }
  | ReconcileFault

/** Reads a message that may be any bytes. Ranges hold views of it. */
export function decodeMessage(message: Uint8Array): Decoded {
  const { length } = message
  if (length > RECONCILE_BYTES_MAX)
    return { type: 'malformed', reason: 'too-long', length, limit: RECONCILE_BYTES_MAX }
  const [version] = message
  if (version === undefined) return { type: 'malformed', reason: 'truncated', index: 0 }
  if (version < VERSION_MIN || version > VERSION_MAX)
    return { type: 'malformed', reason: 'bad-version', value: version }
  if (version !== VERSION) return { type: 'other-version', version }
  const reader = new RangeReader(message)
  const ranges: Range[] = []
  while (reader.left > 0) {
    const range = reader.range()
    if (reader.fault !== undefined) return reader.fault
    ranges.push(range)
  }
  return { type: 'ranges', ranges }
}

/** Reads ranges one after the other. The first fault sticks; what is read after it means nothing. */
class RangeReader {
  readonly #bytes: Uint8Array
  #offset = 1
  #index = 0
  #last: Bound = { timeMs: 0, prefix: new Uint8Array() }
  readonly #seen = new Set<BlockId>()
  #fault: ReconcileFault | undefined

  constructor(message: Uint8Array) {
    this.#bytes = message
  }

  get fault(): ReconcileFault | undefined {
    return this.#fault
  }

  get left(): number {
    return this.#bytes.length - this.#offset
  }

  range(): Range {
    const bound = this.#bound()
    const mode = this.#number()
    const range = this.#payload(bound, mode)
    this.#index++
    return range
  }

  #payload(bound: Bound, mode: number): Range {
    switch (mode) {
      case MODES.skip:
        return { bound, mode: 'skip' }
      case MODES.fingerprint:
        return { bound, mode: 'fingerprint', fingerprint: this.#take(FINGERPRINT_BYTES) }
      case MODES.ids:
        return { bound, mode: 'ids', ids: this.#ids() }
      default:
        this.#fail({ reason: 'bad-mode', value: mode })
        return { bound, mode: 'skip' }
    }
  }

  /** The time is zero for the end, else one more than its distance from the bound before. */
  #bound(): Bound {
    const last = this.#last
    const number = this.#number()
    const count = this.#number()
    if (count > ID_BYTES) this.#fail({ reason: 'prefix-too-long', count, limit: ID_BYTES })
    const prefix = this.#take(count)
    // every item is below the end, whatever prefix it comes with: some implementations write one of zeros
    const bound = number === 0 ? END : { timeMs: last.timeMs + (number - 1), prefix }
    this.#last = bound
    // the end may come twice: the reference writes it so where a list has just filled its message
    if (number > 0 && last === END) this.#fail({ reason: 'past-the-end' })
    else if (number > 0 && bound.timeMs > Number.MAX_SAFE_INTEGER) this.#fail({ reason: 'number-too-large' })
    else if (compareBounds(bound, last) < 0) this.#fail({ reason: 'descending' })
    return bound
  }

  #ids(): BlockId[] {
    const count = this.#number()
    const limit = Math.floor(this.left / ID_BYTES)
    if (count > limit) this.#fail({ reason: 'too-many-ids', count, limit })
    const ids: BlockId[] = []
    while (this.#fault === undefined && ids.length < count) {
      const id = blockIdOf(this.#take(ID_BYTES))
      if (this.#seen.has(id)) this.#fail({ reason: 'id-twice', id })
      this.#seen.add(id)
      ids.push(id)
    }
    return ids
  }

  #number(): number {
    let value = 0
    for (let isFirst = true; ; isFirst = false) {
      const byte = this.#take(1)[0]
      if (byte === undefined) return 0
      const digit = byte & 127
      // asked before adding, which would round beyond 2^53
      if (value * 128 > NUMBER_MAX - digit) this.#fail({ reason: 'number-too-large' })
      else if (isFirst && byte === 128) this.#fail({ reason: 'number-padded' })
      value = value * 128 + digit
      if (byte < 128) return value
      if (this.#fault !== undefined) return 0
    }
  }

  /** A view of the next bytes, or of none where they are not all there. */
  #take(length: number): Uint8Array {
    if (length > this.left) this.#fail({ reason: 'truncated' })
    if (this.#fault !== undefined) return new Uint8Array()
    this.#offset += length
    return this.#bytes.subarray(this.#offset - length, this.#offset)
  }

  #fail(fault: WithoutIndex<RangeFault>): void {
    this.#fault ??= { type: 'malformed', index: this.#index, ...fault }
  }
}

/** Below zero, zero or above it, as `a` is below, at or above `b`. */
function compareBounds(a: Bound, b: Bound): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a.prefix[i] ?? 0) - (b.prefix[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
