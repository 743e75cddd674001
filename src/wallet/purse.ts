import { standingOf } from '../core/ledger/balance.ts'
import { PARENTS_MAX } from '../core/model/block.ts'
import type { PublicKey } from '../core/model/id.ts'
import {
  outputIdOf,
  outputOf,
  type NamedOutput,
  type OutputId,
  type TransactionId,
} from '../core/model/transaction.ts'
import type { Coin } from './coins.ts'
import { isOver, type Payment } from './payment-state.ts'

/** Pending coins offered: each may add a parent to the block that spends it, and one parent is left for a tip. */
const PENDING_MAX = PARENTS_MAX - 1

/** A coin about to fall back to somebody else is left alone: a payment that comes too late for it would be rejected. */
const MARGIN_MS = 60_000

/**
 * The coins a new payment may spend: what the ledger has for the key and no payment under way spends, and what payments
 * under way make for it, the largest of those.
 *
 * @param unspent `Ledger.unspentOf(key)`
 */
export function coinsOf(
  unspent: readonly NamedOutput[],
  payments: readonly Payment[],
  key: PublicKey,
  nowMs: number,
): readonly Coin[] {
  const open = payments.filter((payment) => !isOver(payment))
  const taken = new Set(open.flatMap(({ transaction }) => transaction.inputs))
  const free = ([id, output]: NamedOutput) =>
    !taken.has(id) &&
    standingOf(output, key, nowMs) === 'spendable' &&
    standingOf(output, key, nowMs + MARGIN_MS) === 'spendable'
  const unsure = unsureOf(open)
  const pending = open
    .filter(({ id }) => !unsure.has(id))
    .flatMap(madeBy)
    .filter(({ output }) => free(output))
    .sort((a, b) => b.output[1].amount - a.output[1].amount || (a.output[0] < b.output[0] ? -1 : 1))
  return [...unspent.filter(free).map((output) => ({ output })), ...pending.slice(0, PENDING_MAX)]
}

/** What a payment makes, once a block that is not committed carries it. */
function madeBy({ id, transaction, blocks }: Payment): readonly Required<Coin>[] {
  const block = blocks.at(-1)
  if (block === undefined) return []
  return transaction.outputs.map((output, i) => ({ output: [outputIdOf(id, i), output], pendingIn: block }))
}

/** Payments of which at most one can apply, since they share an input, and all that are built on such. */
function unsureOf(open: readonly Payment[]): ReadonlySet<TransactionId> {
  const uses = new Map<OutputId, number>()
  for (const { transaction } of open)
    for (const input of transaction.inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  const unsure = new Set<TransactionId>()
  let before: number
  do {
    before = unsure.size
    for (const { id, transaction } of open)
      if (
        transaction.inputs.some(
          (input) => (uses.get(input) ?? 0) > 1 || unsure.has(outputOf(input).transaction),
        )
      )
        unsure.add(id)
  } while (unsure.size > before)
  return unsure
}
