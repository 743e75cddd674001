import { outputOf, type Executed, type TransactionId } from '../model/transaction.ts'

/**
 * The transactions to look up before `settleRejection`: none where the ledger's memory was enough. It never remembers
 * all applied transactions, so a duplicate of an old one looks to it like one whose inputs are spent or unknown.
 */
export function unsettledIds({ transaction, verdict }: Executed): readonly TransactionId[] {
  if (verdict.type === 'applied') return []
  if (verdict.reason === 'spent-input') return [transaction]
  if (verdict.reason !== 'missing-input') return []
  return [...new Set([transaction, ...verdict.unknown.map((input) => outputOf(input).transaction)])]
}

/**
 * Gives a rejection the reason that holds in the whole history: `missing-input` may turn out `duplicate` or
 * `spent-input`, and `spent-input` `duplicate`. Nothing else changes, and no state depends on it. Protocol §5.
 *
 * @param appliedBefore how many outputs a transaction has if an earlier commit applied it, in the history as it was
 *   before this transaction: one applied later does not count, or a payment that may still succeed would be given up
 */
export function settleRejection(
  executed: Executed,
  appliedBefore: (id: TransactionId) => number | undefined,
): Executed {
  const { transaction, verdict } = executed
  if (verdict.type === 'applied') return executed
  if (verdict.reason !== 'missing-input' && verdict.reason !== 'spent-input') return executed
  if (appliedBefore(transaction) !== undefined)
    return { ...executed, verdict: { type: 'rejected', reason: 'duplicate' } }
  if (verdict.reason === 'spent-input') return executed

  const unknown = verdict.unknown.filter((input) => {
    const { transaction: origin, index } = outputOf(input)
    return index >= (appliedBefore(origin) ?? 0)
  })
  const [input] = unknown
  return {
    ...executed,
    verdict:
      input === undefined
        ? { type: 'rejected', reason: 'spent-input', input: verdict.input }
        : { type: 'rejected', reason: 'missing-input', input, unknown },
  }
}
