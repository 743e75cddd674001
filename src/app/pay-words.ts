/** What a payment that is about to be made will do, in whole sentences. Pure. */
import type { PayInput } from '../node/api.ts'
import { amountWords } from './amount.ts'
import { dayWords } from './moments.ts'

/** A payment of more than this part of what can be spent is asked about once more. */
const LARGE_PART = 1 / 2

/** Why a person is to look again before it is paid: for its conditions, or its size. */
export type ReviewReason = 'conditions' | 'large'

/** Whether a payment is asked about once more. @param spendable units; undefined where only the peer can tell */
export function reviewReason(
  { amount, notBeforeMs, refundAtMs, hashlock }: PayInput,
  spendable: number | undefined,
): ReviewReason | undefined {
  if (notBeforeMs !== undefined || refundAtMs !== undefined || hashlock !== undefined) return 'conditions'
  return spendable !== undefined && amount > LARGE_PART * spendable ? 'large' : undefined
}

/**
 * What will happen, one sentence each, in the order it happens.
 *
 * @param payee a name or the chip of an id
 */
export function summaryWords(
  { amount, notBeforeMs, refundAtMs, hashlock }: PayInput,
  payee: string,
  locale?: string,
): readonly string[] {
  const words = [`You pay ${amountWords(amount)} to ${payee}.`]
  if (hashlock !== undefined) words.push('It can be claimed only with the secret.')
  if (notBeforeMs !== undefined) words.push(`It can be spent from ${dayWords(notBeforeMs, locale)}.`)
  if (refundAtMs !== undefined)
    words.push(
      hashlock === undefined
        ? `It comes back on ${dayWords(refundAtMs, locale)} unless it is spent before.`
        : `It comes back on ${dayWords(refundAtMs, locale)} unless it is claimed before.`,
    )
  else if (hashlock !== undefined)
    words.push('It never comes back: without the secret it stays locked for good.')
  return words
}

/** What is left afterwards, of so many units that can be spent. */
export function leftOverWords(amount: number, spendable: number): string {
  return `${amountWords(Math.max(0, spendable - amount))} are left to spend.`
}
