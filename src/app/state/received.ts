import type { PaymentView, ThingView } from '../../node/api.ts'

/** How long a payment that came is news: what is caught up with after a week is no reason to ring. */
const NEWS_MS = 10 * 60_000

/** Finds the payments that have just come for good. */
export class ReceivedState {
  readonly #now: () => number
  /** Those in the last list that are final; undefined before the first. */
  #known: ReadonlySet<string> | undefined

  /** @param now the wall clock, Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Takes the payments of a new snapshot, and returns what others paid and has become final since the last one. */
  follow(payments: readonly PaymentView[]): readonly PaymentView[] {
    const known = this.#known
    const nowMs = this.#now()
    const come = payments.filter(isReceived)
    this.#known = new Set(come.map(({ id }) => id))
    if (known === undefined) return []
    return come.filter(({ id, atMs }) => !known.has(id) && nowMs - atMs < NEWS_MS)
  }
}

/** Whether somebody else has paid this device, for good. */
export function isReceived({ direction, state }: PaymentView): boolean {
  return direction === 'received' && state.type === 'final'
}

/** Whether a thing of this device has readings that its person would miss. */
export function isWorthKeeping({ mine, kind, blocks }: Pick<ThingView, 'mine' | 'kind' | 'blocks'>): boolean {
  return mine && kind !== 'simulated' && blocks.total > 0
}

/** Whether a thing is of a sensor that its person has brought: the first one the app gives by itself. */
export function isPaired({ mine, kind }: ThingView): boolean {
  return mine && kind !== 'simulated' && kind !== 'motion' && kind !== 'unknown'
}
