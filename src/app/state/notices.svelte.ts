import { ApiError } from '../../node/api.ts'

/** `error` interrupts a screen reader; `info` waits for a pause. */
export type NoticeTone = 'info' | 'error'

export interface Notice {
  readonly id: number
  readonly tone: NoticeTone
  readonly text: string
}

/** Notices shown at once. A burst of failures is one cause; the newest say enough. */
const NOTICES_MAX = 3

/** What went wrong or right and should be read once, newest last. */
export class NoticesState {
  list = $state.raw<readonly Notice[]>([])
  #count = 0

  add(tone: NoticeTone, text: string): void {
    const others = this.list.filter((notice) => notice.text !== text)
    this.list = [...others, { id: ++this.#count, tone, text }].slice(-NOTICES_MAX)
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id)
  }

  /**
   * Waits for a call to the peer. Resolves true when it is done; false when it was cancelled, or failed, which
   * is then said. Anything but an `ApiError` is our own bug and is thrown on.
   */
  async watch(call: Promise<unknown>): Promise<boolean> {
    try {
      await call
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind !== 'cancelled') this.add('error', error.message)
      return false
    }
  }
}
