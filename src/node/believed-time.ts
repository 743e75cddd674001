import * as v from 'valibot'
import type { NoteStore } from '../ports.ts'

/**
 * A clock that goes so much further, or back, from one look to the next is doubted for as long: either the app was closed, or
 * the clock is wrong, and then there is a day to put it right. Readings are kept for a week at least, so a day more is little.
 */
const DOUBTED_MS = 86_400_000

/** How often a look is written down: a write is strict, and wakes a sleeping disk. */
const NOTE_EVERY_MS = 3_600_000

/** The note's name. */
const NAME = 'clock'

/** When the clock was looked at last, and around its last leap; 0 before the first look. */
const Note = v.object({ seenMs: v.number(), beforeMs: v.number(), sinceMs: v.number() })

/**
 * The time by which something may be deleted for good. It is the clock's, except after a leap: then it is that of the last
 * look before the leap until the clock has gone on for a day. To be asked every few minutes; two calls must not overlap.
 *
 * @param nowMs Unix milliseconds
 * @returns Unix milliseconds, `nowMs` at most. Throws `StoreError`
 */
export async function believedTime(notes: Pick<NoteStore, 'get' | 'put'>, nowMs: number): Promise<number> {
  const note = v.safeParse(Note, await notes.get(NAME))
  const known = note.success ? note.output : { seenMs: 0, beforeMs: 0, sinceMs: 0 }
  const passedMs = Math.abs(nowMs - known.seenMs)
  const { beforeMs, sinceMs } = passedMs > DOUBTED_MS ? { beforeMs: known.seenMs, sinceMs: nowMs } : known
  if (passedMs >= NOTE_EVERY_MS) await notes.put([[NAME, { seenMs: nowMs, beforeMs, sinceMs }]])
  return nowMs - sinceMs >= DOUBTED_MS ? nowMs : Math.min(beforeMs, nowMs)
}
