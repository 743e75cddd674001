/** What a payment that is about to be made will do, in whole sentences. */
import type { PayInput } from '../node/api.ts'
import { amountWords } from './amount-words.ts'
import { dayWords } from './moments.ts'
import { payingText } from './texts/paying/text.ts'

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
): readonly string[] {
  const text = payingText()
  const words = [text.youPay(amountWords(amount), payee)]
  if (hashlock !== undefined) words.push(text.onlyWithSecret)
  if (notBeforeMs !== undefined) words.push(text.spendFrom(dayWords(notBeforeMs)))
  if (refundAtMs !== undefined) {
    const day = dayWords(refundAtMs)
    words.push(hashlock === undefined ? text.backUnlessSpent(day) : text.backUnlessClaimed(day))
  } else if (hashlock !== undefined) words.push(text.neverBack)
  return words
}

/** What is left afterwards, of so many units that can be spent. */
export function leftOverWords(amount: number, spendable: number): string {
  return payingText().leftOver(amountWords(Math.max(0, spendable - amount)))
}
