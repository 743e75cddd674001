import * as v from 'valibot'
import type { NoteStore } from '../ports.ts'

/** The note's name. */
export const UNLOCK_TRIES = 'unlock-tries'

/** Slips of the finger that cost nothing. */
const FREE_TRIES = 3

/** The first wait; each is twice the one before. */
const WAIT_MS = 5000

/**
 * The longest wait: whoever guesses at a screen left alone gets twelve tries an hour, and whoever remembers at last is not kept
 * out for long. It holds off nobody who has a copy of the storage; for that a try is made costly.
 */
const WAIT_MS_MAX = 300_000

const Note = v.object({
  version: v.literal(1),
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  atMs: v.number(),
})

/** Wrong passphrases in a row, over restarts too. */
export class UnlockTries {
  readonly #notes: NoteStore
  #count: number
  #atMs: number

  private constructor(notes: NoteStore, count: number, atMs: number) {
    this.#notes = notes
    this.#count = count
    this.#atMs = atMs
  }

  static async load(notes: NoteStore): Promise<UnlockTries> {
    const note = v.safeParse(Note, await notes.get(UNLOCK_TRIES))
    return note.success
      ? new UnlockTries(notes, note.output.count, note.output.atMs)
      : new UnlockTries(notes, 0, 0)
  }

  /** Until when nothing is tried; `undefined` where something may be now. */
  waitUntilMs(nowMs: number): number | undefined {
    if (this.#count < FREE_TRIES) return undefined
    const waitMs = Math.min(WAIT_MS_MAX, WAIT_MS * 2 ** (this.#count - FREE_TRIES))
    // a clock set back since makes nobody wait longer
    const untilMs = Math.min(this.#atMs, nowMs) + waitMs
    return nowMs < untilMs ? untilMs : undefined
  }

  /** Counts a try before its outcome is known: loading the page anew is no way round. */
  async begin(nowMs: number): Promise<void> {
    this.#count++
    this.#atMs = nowMs
    const note = { version: 1, count: this.#count, atMs: nowMs }
    await this.#notes.put([[UNLOCK_TRIES, note]]).catch(() => undefined) // a full disk keeps nobody out
  }

  /** It was the right one. */
  async passed(): Promise<void> {
    this.reset()
    await this.#notes.put([[UNLOCK_TRIES, undefined]]).catch(() => undefined)
  }

  /** Starts anew; the note is deleted along with others. */
  reset(): void {
    this.#count = 0
  }
}
