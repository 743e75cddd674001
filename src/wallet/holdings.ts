import { standingOf } from '../core/ledger/balance.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { NamedOutput } from '../core/model/transaction.ts'
import { sumOf, type Coin } from './coins.ts'
import { isOver, type Payment } from './payment-state.ts'
import { coinsOf } from './purse.ts'

/** Everything behind a balance, each output in one of the lists. */
export interface Holdings {
  /** What a payment may spend now. Coins that are pending are change of payments under way. */
  readonly spendable: readonly Coin[]
  /** Committed, and spent by payments under way or about to fall back to who sent it. */
  readonly leaving: readonly NamedOutput[]
  /** Its own, and not to be spent yet: locked until a time or by a secret. */
  readonly locked: readonly NamedOutput[]
  /** Sent, and back at a time unless it is claimed before. */
  readonly refundable: readonly NamedOutput[]
}

/**
 * What a key has, by what stands in its way at `nowMs`.
 *
 * @param unspent `Ledger.unspentOf(key)`
 */
export function holdingsOf(
  unspent: readonly NamedOutput[],
  payments: readonly Payment[],
  key: PublicKey,
  nowMs: number,
): Holdings {
  const spendable = coinsOf(unspent, payments, key, nowMs)
  const free = new Set(spendable.map(({ output: [id] }) => id))
  const open = payments.filter((payment) => !isOver(payment))
  const taken = new Set(open.flatMap(({ transaction }) => transaction.inputs))
  const leaving: NamedOutput[] = []
  const locked: NamedOutput[] = []
  const refundable: NamedOutput[] = []
  for (const named of unspent) {
    const standing = standingOf(named[1], key, nowMs)
    if (standing === 'none' || free.has(named[0])) continue
    if (standing === 'spendable' || taken.has(named[0])) leaving.push(named)
    else if (standing === 'refundable') refundable.push(named)
    else locked.push(named)
  }
  return { spendable, leaving, locked, refundable }
}

/**
 * What of the outputs that leave comes back with the same payments and counts as spendable already. Never more than those
 * hold: a ledger that is still catching up may lack what a payment spends.
 */
export function changeOf({ spendable, leaving }: Pick<Holdings, 'spendable' | 'leaving'>): number {
  return Math.min(sumOf(spendable.filter(({ pendingIn }) => pendingIn !== undefined)), amountOf(leaving))
}

/** Sums of the lists, in units; `leaving` is what leaves for good. */
export function balanceOf(holdings: Holdings) {
  return {
    spendable: sumOf(holdings.spendable),
    leaving: amountOf(holdings.leaving) - changeOf(holdings),
    locked: amountOf(holdings.locked),
    refundable: amountOf(holdings.refundable),
  }
}

function amountOf(outputs: readonly NamedOutput[]): number {
  return outputs.reduce((sum, [, { amount }]) => sum + amount, 0)
}
