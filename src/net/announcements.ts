import type { Clock, GossipVerdict, PeerId } from '../ports.ts'
import { Budget } from './chance.ts'
import { ANNOUNCEMENT_BYTES_MAX, ANNOUNCEMENTS_PER_SECOND_MAX } from './limits.ts'

/** Judges announcements on the peers topic by their size and number; what they say is found out by dialling. */
export class AnnouncementGate {
  readonly #clock: Clock
  readonly #budgets = new Map<PeerId, Budget>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  judge(data: Uint8Array, from: PeerId): GossipVerdict {
    if (data.length > ANNOUNCEMENT_BYTES_MAX) return 'reject'
    let budget = this.#budgets.get(from)
    if (budget === undefined) {
      budget = new Budget(this.#clock, ANNOUNCEMENTS_PER_SECOND_MAX, 1000)
      this.#budgets.set(from, budget)
    }
    return budget.take() ? 'forward' : 'ignore'
  }

  /** Forgets what it counted about a peer that went. */
  forget(peer: PeerId): void {
    this.#budgets.delete(peer)
  }
}
