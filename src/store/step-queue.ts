/** What both ledger stores and their reopening agree on: how one step comes after another. */
import { COMMITS_PER_READ_MAX, StoreError, type LedgerStep } from '../ports.ts'

/** Steps that may wait. A caller that awaits them never gets near it. */
const STEPS_WAITING_MAX = 1024

/**
 * Throws RangeError where the commits of `step` are none, have gaps, do not follow commit `newest` (0 before the
 * first), or do not lead to its head: a caller's mistake.
 */
export function assertFollows(step: LedgerStep, newest: number): void {
  const { commits, head } = step
  if (commits.length === 0) throw new RangeError('a step has at least one commit')
  commits.forEach(({ index }, offset) => {
    if (index !== newest + 1 + offset) throw new RangeError(`commit ${index} does not follow ${newest}`)
  })
  if (head.index !== newest + commits.length) throw new RangeError(`the head is not of the last commit`)
}

/** Throws RangeError where `commitsAfter` is asked for what is no index, or no number of commits it gives: a caller's mistake. */
export function assertCommitsRead(index: number, count: number): void {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`no commit has the index ${index}`)
  if (!Number.isInteger(count) || count < 1 || count > COMMITS_PER_READ_MAX)
    throw new RangeError(`1 to ${COMMITS_PER_READ_MAX} commits are read at once`)
}

/** Keeps steps one after the other. */
export class StepQueue {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #closed = false

  /**
   * Runs `keep` once all before it are kept. Where one of them fails it fails with it and never runs, for it builds
   * on what is missing; what comes after the failure starts afresh. Throws `StoreError`, besides what `keep` throws.
   */
  async run(keep: () => Promise<void>): Promise<void> {
    if (this.#closed) throw new StoreError('closed', 'The store is closed.')
    if (this.#waiting >= STEPS_WAITING_MAX)
      throw new StoreError('failed', 'Too many steps wait to be stored.')
    this.#waiting++
    const turn = this.#last.then(async () => {
      try {
        await keep()
      } catch (error) {
        this.#last = Promise.resolve()
        throw error
      }
    })
    this.#last = turn
    await turn.finally(() => this.#waiting--)
  }

  /** Takes no more; resolves once nothing waits and nothing is under way. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#last.catch(() => {})
  }
}
