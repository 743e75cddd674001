import { ApiError, READINGS_PER_CALL_MAX } from '../node/api.ts'
import type { Reading } from '../reading/reading.ts'
import { storageText } from './texts/storage/text.ts'

/** Readings that wait for the peer at most. A strap fills it in half an hour; a peer moves in under a second. */
export const OUTBOX_READINGS_MAX = 5000

export interface OutboxHandlers {
  /** Hands readings to the peer; rejects with `ApiError`. */
  send(readings: readonly Reading[]): Promise<void>
  /** `count` readings could not be handed over and are gone; `message` says why, for people. */
  onLost(count: number, message: string): void
}

/** Hands readings to the peer in order, one call at a time, and holds on to them while the peer changes tabs. */
export class Outbox {
  readonly #handlers: OutboxHandlers
  #waiting: Reading[] = []
  #sending = false

  constructor(handlers: OutboxHandlers) {
    this.#handlers = handlers
  }

  push(readings: readonly Reading[]): void {
    this.#waiting.push(...readings)
    const over = this.#waiting.length - OUTBOX_READINGS_MAX
    if (over > 0) {
      this.#waiting.splice(0, over)
      this.#handlers.onLost(over, storageText().outboxFull)
    }
    if (!this.#sending) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#sending = true
    try {
      while (this.#waiting.length > 0) await this.#sendSome()
    } finally {
      this.#sending = false
    }
  }

  async #sendSome(): Promise<void> {
    const batch = this.#waiting.splice(0, READINGS_PER_CALL_MAX)
    try {
      await this.#handlers.send(batch)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // the call was under way when the peer moved: the old one took it along, and the new one lets it be
      if (error.kind === 'peer-moved') this.#waiting.unshift(...batch)
      // a thing just forgotten, or a device just locked, of which its person was told: the last readings have nowhere to go
      else if (error.kind !== 'unknown-thing' && error.kind !== 'locked')
        this.#handlers.onLost(batch.length, error.message)
    }
  }
}
