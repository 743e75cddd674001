/** Sets to reconcile, and whole runs between two sides. */
import type { BlockId } from '../../src/core/model/id.ts'
import { answer, begin, proceed, ROUNDS_MAX, type ReconcileFault } from '../../src/net/reconcile.ts'
import { ReconcileSet } from '../../src/net/reconcile-set.ts'
import type { TimedIds } from '../../src/ports.ts'

/** When it was issued, in Unix milliseconds, and its 32 bytes. */
export type Item = readonly [timeMs: number, id: Uint8Array]

/** Items in any order, in the order (time, id). */
export function timedIds(items: readonly Item[]): TimedIds {
  const sorted = [...items].sort(([a, x], [b, y]) => a - b || Buffer.compare(x, y))
  const ids = new Uint8Array(32 * items.length)
  sorted.forEach(([, id], row) => ids.set(id, 32 * row))
  return { times: Float64Array.from(sorted, ([timeMs]) => timeMs), ids }
}

export function setOf(items: readonly Item[]): ReconcileSet {
  return new ReconcileSet(timedIds(items))
}

/** So many items at times by chance within `spanMs` from `fromMs` on. */
export function chanceItems(words: () => number, count: number, fromMs: number, spanMs: number): Item[] {
  return Array.from({ length: count }, () => {
    const id = Uint32Array.from({ length: 8 }, words)
    return [fromMs + Math.floor((words() / 2 ** 32) * spanMs), new Uint8Array(id.buffer)]
  })
}

/** What a run found, and what it took. A round is a message and its answer. */
export interface Run {
  readonly have: ReadonlySet<BlockId>
  readonly need: ReadonlySet<BlockId>
  readonly rounds: number
  /** Of all messages, both ways. */
  readonly bytes: number
  readonly messages: readonly Uint8Array[]
}

/**
 * Reconciles `set` with whoever `replies`, in messages of at most `bytesMax` bytes: `endless` after `ROUNDS_MAX` rounds.
 * Throws Error for a fault on either side.
 */
export function runWith(
  set: ReconcileSet,
  replies: (message: Uint8Array) => Uint8Array | ReconcileFault,
  bytesMax?: number,
): Run | 'endless' {
  const have = new Set<BlockId>()
  const need = new Set<BlockId>()
  const messages: Uint8Array[] = []
  let bytes = 0
  let message = begin(set, bytesMax)
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    const reply = replies(message)
    if ('reason' in reply) throw new Error(reply.reason)
    messages.push(message, reply)
    bytes += message.length + reply.length
    const found = proceed(set, reply, bytesMax)
    if ('reason' in found) throw new Error(found.reason)
    for (const id of found.have) have.add(id)
    for (const id of found.need.keys()) need.add(id)
    if (found.next === undefined) return { have, need, rounds, bytes, messages }
    message = found.next
  }
  return 'endless'
}

/** Reconciles `ours`, which begins, with `theirs`. Throws Error for a fault, or where it comes to no end. */
export function run(ours: ReconcileSet, theirs: ReconcileSet, bytesMax?: number): Run {
  const result = runWith(ours, (message) => answer(theirs, message, bytesMax), bytesMax)
  if (result === 'endless') throw new Error('no end')
  return result
}

/**
 * Bytes a difference costs beyond the blocks themselves: of the messages, of asking for each id needed, and of 8 bytes
 * for each one offered.
 */
export function bytesPerDifference({ bytes, have, need }: Run): number {
  return (bytes + 32 * need.size + 8 * have.size) / (have.size + need.size)
}
