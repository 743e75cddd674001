import * as v from 'valibot'
import type { Clock } from '../ports.ts'
import {
  giveBack,
  NO_ALLOWANCE,
  spend,
  spentWithinDay,
  type Allowance,
  type SpentHour,
} from '../wallet/allowance.ts'
import { ApiError, type AllowanceView } from './api.ts'
import type { PaymentNotes } from './payment-notes.ts'

const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const Note = v.object({
  version: v.literal(1),
  perPayment: Whole,
  perDay: Whole,
  // as many as `spentLately` leaves
  spent: v.pipe(v.array(v.object({ fromMs: Whole, amount: Whole })), v.maxLength(25)),
})

interface AllowanceBookParts {
  readonly notes: Pick<PaymentNotes, 'loadAllowance' | 'saveAllowance'>
  readonly clock: Clock
}

/**
 * What the app may pay by itself in one network, and what it has paid so. It is written down before a payment is signed, so
 * that no crash has it paid twice over.
 */
export class AllowanceBook {
  readonly #parts: AllowanceBookParts
  #allowance = NO_ALLOWANCE
  #spent: readonly SpentHour[] = []

  constructor(parts: AllowanceBookParts) {
    this.#parts = parts
  }

  /** Takes up what was chosen last. A note that does not parse is as good as none: nothing is paid unasked. */
  async load(): Promise<void> {
    const note = v.safeParse(Note, await this.#parts.notes.loadAllowance())
    if (!note.success) return
    const { perPayment, perDay, spent } = note.output
    this.#allowance = { perPayment, perDay }
    this.#spent = spent
  }

  get view(): AllowanceView {
    return { ...this.#allowance, spent: spentWithinDay(this.#spent, this.#parts.clock.nowMs()) }
  }

  /** Resolves once it is on disk. Throws `StoreError`, and then all is as it was. */
  async set(allowance: Allowance): Promise<void> {
    const before = this.#allowance
    this.#allowance = allowance
    await this.#save().catch((error: unknown) => {
      this.#allowance = before
      throw error
    })
  }

  /**
   * Has `pay` pay so many units. What it refuses or is cancelled in before anything was signed does not count.
   *
   * @throws ApiError `over-limit` where it would be more than may be; StoreError where that cannot be kept; else as `pay`
   */
  async within<T>(amount: number, pay: () => Promise<T>): Promise<T> {
    const nowMs = this.#parts.clock.nowMs()
    const spent = spend(this.#allowance, this.#spent, amount, nowMs)
    if ('type' in spent) throw new ApiError('over-limit', OVER[spent.type])
    this.#spent = spent
    const undo = () => (this.#spent = giveBack(this.#spent, amount, nowMs))
    await this.#save().catch((error: unknown) => {
      undo()
      throw error
    })
    try {
      return await pay()
    } catch (error) {
      if (!isUnpaid(error)) throw error
      undo()
      await this.#save().catch(() => undefined) // it counts until it is a day old
      throw error
    }
  }

  #save(): Promise<void> {
    const note = { version: 1, ...this.#allowance, spent: this.#spent.map((hour) => ({ ...hour })) }
    return this.#parts.notes.saveAllowance(note)
  }
}

const OVER = {
  'over-payment-limit':
    'This is more than Weft may pay at once without asking. Nothing was paid. Pay it yourself, or let Weft pay more: that is set in the wallet.',
  'over-day-limit':
    'With this Weft would have paid more in a day than it may without asking. Nothing was paid. Pay it yourself, wait, or let Weft pay more: that is set in the wallet.',
}

/** Whether nothing was signed, or nothing is left of it. */
function isUnpaid(error: unknown): boolean {
  return error instanceof ApiError && (error.kind === 'cannot-pay' || error.kind === 'cancelled')
}
