/** What the app says about the outputs behind a balance. */
import type { BalancePart, BalanceParts, BalanceView } from '../node/api.ts'
import { dayWords } from './moments.ts'
import { walletText } from './texts/wallet/text.ts'

/** The kinds of money in a balance, in the order they are shown. */
export const BALANCE_KINDS = ['spendable', 'leaving', 'locked', 'refundable'] as const

/** What a kind is called. */
export function kindWords(kind: keyof BalanceView): string {
  return walletText().kinds[kind]
}

/** What a kind means, in a sentence. */
export function kindSentence(kind: keyof BalanceView): string {
  return walletText().kindSentences[kind]
}

/** Where a part comes from, before the names of those it was from or for. */
export function originWords(
  kind: keyof BalanceView,
  { who, pending, first, atMs }: Pick<BalancePart, 'who' | 'pending' | 'first' | 'atMs'>,
): string {
  const text = walletText()
  if (pending) return text.changeUnderWay
  if (kind === 'refundable') return text.sentTo
  if (first) return text.first
  if (who.length > 0) return text.from
  return atMs === undefined ? text.longAgo : text.change
}

/** Since when a part is there; nothing where that is not known. */
export function sinceWords(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : walletText().since(dayWords(atMs))
}

/** What stands in the way of a part, or will, one sentence each. */
export function conditionWords(
  kind: keyof BalanceView,
  { notBeforeMs, hashlocked, expiresAtMs }: BalancePart,
  nowMs: number,
): readonly string[] {
  const text = walletText()
  const words: string[] = []
  if (hashlocked && kind !== 'spendable')
    words.push(kind === 'locked' ? text.claimIt : text.claimedWithSecret)
  if (notBeforeMs !== undefined && notBeforeMs > nowMs) words.push(text.spendFrom(dayWords(notBeforeMs)))
  if (expiresAtMs !== undefined && expiresAtMs > nowMs) {
    const day = dayWords(expiresAtMs)
    words.push(kind === 'refundable' ? text.comesBackOn(day) : text.goesBackOn(day))
  }
  return words
}

/** The parts that are not listed one by one. */
export function restWords({ count }: BalanceParts['rest']): string {
  return walletText().smallerParts(count)
}
