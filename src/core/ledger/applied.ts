import { forgetOldest } from '../model/forget-oldest.ts'
import type { TransactionId } from '../model/transaction.ts'

/**
 * Applied transactions a ledger remembers: almost two hours at ten a second, in 7 MB (measured). Older ones are
 * for `settle.ts`.
 */
export const APPLIED_MAX = 65_536

/** How many outputs each of the newest applied transactions has; the oldest is forgotten first. */
export class AppliedTransactions {
  readonly #outputs = new Map<TransactionId, number>()

  outputsOf(id: TransactionId): number | undefined {
    return this.#outputs.get(id)
  }

  /** Remembers a transaction that was never applied before. */
  add(id: TransactionId, outputs: number): void {
    this.#outputs.set(id, outputs)
    forgetOldest(this.#outputs, APPLIED_MAX)
  }
}
