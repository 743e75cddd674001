import type { PublicKey } from '../model/id.ts'
import type { NamedOutput, Output } from '../model/transaction.ts'

/** What a key may do with an unspent output, at some commit time. Protocol §5. */
export type Standing =
  /** Spend it with a signature alone. */
  | 'spendable'
  /** Not before a later time. */
  | 'time-locked'
  /** Only with the preimage. */
  | 'hash-locked'
  /** It comes back to the key at its expiry, unless its owner spends it first. */
  | 'refundable'
  /** Nothing, now or ever. */
  | 'none'

/** Amounts by what stands in the way. Together they are no promise: only `spendable` is money. */
export interface Balance {
  readonly spendable: number
  readonly timeLocked: number
  readonly hashLocked: number
  readonly refundable: number
}

/** What `key` may do with an output in a commit at `atMs`. Of two locks the one that holds it up first. */
export function standingOf(output: Output, key: PublicKey, atMs: number): Standing {
  const { owner, notBeforeMs = 0, hashlock, expiry } = output
  const expired = expiry !== undefined && atMs >= expiry.atMs
  if (expired) {
    if (expiry.refundTo !== key) return 'none'
    return notBeforeMs > atMs ? 'time-locked' : 'spendable'
  }
  // an output that expires before it may be spent was never its owner's, whatever it seems to pay
  const reachable = expiry === undefined || notBeforeMs < expiry.atMs
  if (owner === key && reachable) {
    if (notBeforeMs > atMs) return 'time-locked'
    return hashlock === undefined ? 'spendable' : 'hash-locked'
  }
  return expiry?.refundTo === key ? 'refundable' : 'none'
}

/** Sums of these outputs (`Ledger.unspentOf(key)`) by what the key may do with them in a commit at `atMs`. */
export function balanceOf(outputs: readonly NamedOutput[], key: PublicKey, atMs: number): Balance {
  const sumOf = (standing: Standing) =>
    outputs
      .filter(([, output]) => standingOf(output, key, atMs) === standing)
      .reduce((sum, [, { amount }]) => sum + amount, 0)
  return {
    spendable: sumOf('spendable'),
    timeLocked: sumOf('time-locked'),
    hashLocked: sumOf('hash-locked'),
    refundable: sumOf('refundable'),
  }
}
