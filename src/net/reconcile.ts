/**
 * Range-based set reconciliation: two sides find out which ids only one of them has, at a cost that grows with the
 * difference and hardly with the sets. The side that begins learns both; the other only answers, and remembers nothing
 * between messages. Fingerprints of ranges are compared; a range that differs is cut into shorter ones or, once short,
 * listed. Meyer, "Range-Based Set Reconciliation" (SRDS 2023), in the bytes of Negentropy v1. Protocol §8.
 */
import type { BlockId } from '../core/model/id.ts'
import { decodeMessage, RECONCILE_BYTES_MAX, VERSION } from './reconcile-message.ts'
import type { Range, ReconcileFault } from './reconcile-message.ts'
import { END, type Bound, type ReconcileSet } from './reconcile-set.ts'
import { RangeWriter } from './reconcile-writer.ts'

export { RECONCILE_BYTES_MAX, type ReconcileFault } from './reconcile-message.ts'

/**
 * Messages of one side before it gives up on a peer whose fingerprints never agree. Two honest sides need some five
 * while the differences fit into one message, and then one for each 1 800 ids or so: 540 for a million at one end.
 */
export const ROUNDS_MAX = 1024

/** Of them one after the other that tell nothing new: honest fingerprints lead to ids in six or so. */
export const FRUITLESS_ROUNDS_MAX = 64

// The five numbers below are measured (test/bench/reconcile.ts): with 100 000 ids in common and 1 000 more on each side,
// 42 bytes a difference where they are the newest and 370 where they lie scattered. Shorter lists and parts make the
// first dearer, longer ones the second.

/** Ids in a range that differs and is listed rather than cut. */
const LISTED_MAX = 8

/** Ids the beginner has in a range whose list it asks for with its fingerprint, 16 bytes, rather than cut it. */
const ECHOED_MAX = 4

/** Parts a range is cut into: a hundred thousand ids are four cuts away from single ones. */
const PARTS_MAX = 16

/** Ids in a part at least, but in a range too short for two such. */
const PART_IDS_MIN = 3

/** Ids in the newest range of the first message. Most differences are new: further back each range is twice as long. */
const NEWEST_IDS = 16

/** What one answer tells. An id may be told again in a later round, where a full message had left off before it. */
export interface Found {
  /** Only we hold them. */
  readonly have: readonly BlockId[]
  /** Only the other side says it holds them, each since this time or later, as far as its range tells. */
  readonly need: ReadonlyMap<BlockId, number>
  /** The next message; absent once all is known. */
  readonly next?: Uint8Array
}

/**
 * The first message, of at most `bytesMax` bytes: fingerprints of ever longer ranges back from the newest id, and an
 * empty list for all that is newer, so that a side which only lacks the newest is told them at once.
 */
export function begin(set: ReconcileSet, bytesMax = RECONCILE_BYTES_MAX): Uint8Array {
  const { size, newestMs } = set
  const writer = new RangeWriter(set, bytesMax)
  const cuts = [size]
  for (let start = size, length = NEWEST_IDS; start > 0; length *= 2) {
    start = Math.max(0, start - length)
    cuts.unshift(start)
  }
  const newerMs = newestMs === undefined ? 0 : newestMs + 1
  // nothing but the end is later than the last time there is
  const newer = Number.isSafeInteger(newerMs) ? { timeMs: newerMs, prefix: new Uint8Array() } : END
  writeParts(writer, set, cuts, newer)
  if (newer !== END) writer.list(size, size, END)
  return writer.finish()
}

/**
 * The answer to a message of the side that began, of at most `bytesMax` bytes. One of another version is answered with
 * ours alone. An answer of one byte agrees to everything.
 */
export function answer(
  set: ReconcileSet,
  message: Uint8Array,
  bytesMax = RECONCILE_BYTES_MAX,
): Uint8Array | ReconcileFault {
  const decoded = decodeMessage(message)
  if (decoded.type === 'malformed') return decoded
  if (decoded.type === 'other-version') return Uint8Array.of(VERSION)
  const writer = new RangeWriter(set, bytesMax)
  forEachRange(set, writer, decoded.ranges, (range, lower, upper) => {
    const { bound } = range
    if (range.mode === 'ids') writer.list(lower, upper, bound)
    else if (isAgreed(range, set, lower, upper)) writer.skip(bound)
    else if (upper - lower <= LISTED_MAX) writer.list(lower, upper, bound)
    else cut(writer, set, lower, upper, bound)
  })
  return writer.finish()
}

/** What an answer tells the side that began, and its next message, of at most `bytesMax` bytes. */
export function proceed(
  set: ReconcileSet,
  message: Uint8Array,
  bytesMax = RECONCILE_BYTES_MAX,
): Found | ReconcileFault {
  const decoded = decodeMessage(message)
  if (decoded.type === 'malformed') return decoded
  if (decoded.type === 'other-version')
    return { type: 'malformed', reason: 'bad-version', value: decoded.version }
  const writer = new RangeWriter(set, bytesMax)
  const have: BlockId[] = []
  const need = new Map<BlockId, number>()
  let fromMs = 0
  forEachRange(set, writer, decoded.ranges, (range, lower, upper) => {
    const { bound } = range
    if (range.mode === 'ids') {
      const theirs = new Set(range.ids)
      for (let row = lower; row < upper; row++) {
        const id = set.id(row)
        if (!theirs.delete(id)) have.push(id)
      }
      for (const id of theirs) need.set(id, fromMs)
      writer.skip(bound)
    } else if (isAgreed(range, set, lower, upper)) writer.skip(bound)
    else if (lower === upper) writer.list(lower, upper, bound)
    else if (upper - lower <= ECHOED_MAX) writer.fingerprint(lower, upper, bound)
    else cut(writer, set, lower, upper, bound)
    fromMs = bound.timeMs
  })
  const next = writer.finish()
  return next.length === 1 ? { have, need } : { have, need, next }
}

/** Hands over each range with the rows of `set` in it, until the message is full: what follows waits for another round. */
function forEachRange(
  set: ReconcileSet,
  writer: RangeWriter,
  ranges: readonly Range[],
  handle: (range: Range, lower: number, upper: number) => void,
): void {
  let lower = 0
  for (const range of ranges) {
    if (writer.isFull) return
    const upper = set.rowAt(range.bound, lower)
    handle(range, lower, upper)
    lower = upper
  }
}

function isAgreed(
  range: Exclude<Range, { mode: 'ids' }>,
  set: ReconcileSet,
  lower: number,
  upper: number,
): boolean {
  if (range.mode === 'skip') return true
  const ours = set.fingerprint(lower, upper)
  return range.fingerprint.every((byte, i) => byte === ours[i])
}

/** Writes a range of at least two rows as the fingerprints of its parts. */
function cut(writer: RangeWriter, set: ReconcileSet, lower: number, upper: number, bound: Bound): void {
  const count = upper - lower
  const parts = Math.min(PARTS_MAX, Math.max(2, Math.floor(count / PART_IDS_MIN)))
  const cuts = Array.from({ length: parts + 1 }, (_, i) => lower + Math.floor((count * i) / parts))
  writeParts(writer, set, cuts, bound)
}

function writeParts(writer: RangeWriter, set: ReconcileSet, cuts: readonly number[], bound: Bound): void {
  for (const [i, lower] of cuts.slice(0, -1).entries()) {
    const upper = cuts[i + 1] ?? lower
    writer.fingerprint(lower, upper, i + 2 < cuts.length ? set.boundAt(upper) : bound)
  }
}
