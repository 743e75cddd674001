/** What the app says about the outputs behind a balance. Pure. */
import type { BalancePart, BalanceParts, BalanceView } from '../node/api.ts'
import { dayWords } from './moments.ts'
import { plural } from './words.ts'

/** The kinds of money in a balance, in the order they are shown. */
export const BALANCE_KINDS = ['spendable', 'leaving', 'locked', 'refundable'] as const

/** What a kind is called. */
export function kindWords(kind: keyof BalanceView): string {
  return {
    spendable: 'To spend now',
    leaving: 'In payments under way',
    locked: 'Locked until later or by a secret',
    refundable: 'Sent, and back unless claimed',
  }[kind]
}

/** What a kind means, in a sentence. */
export function kindSentence(kind: keyof BalanceView): string {
  return {
    spendable: 'Everything that a payment can spend right now.',
    leaving: 'These are being spent. What is left of them is change, which can be spent already.',
    locked: 'This is yours, and there is something to wait for or to show first.',
    refundable: 'This is with others, and comes back to you if they do not take it in time.',
  }[kind]
}

/** Where a part comes from, before the names of those it was from or for. */
export function originWords(
  kind: keyof BalanceView,
  { who, pending, first, atMs }: Pick<BalancePart, 'who' | 'pending' | 'first' | 'atMs'>,
): string {
  if (pending) return 'Change of a payment under way'
  if (kind === 'refundable') return 'Sent to'
  if (first) return 'There when the network began'
  if (who.length > 0) return 'From'
  return atMs === undefined ? 'From long ago' : 'Change of a payment of yours'
}

/** Since when a part is there; nothing where that is not known. */
export function sinceWords(atMs: number | undefined, locale?: string): string | undefined {
  return atMs === undefined ? undefined : `since ${dayWords(atMs, locale)}`
}

/** What stands in the way of a part, or will, one sentence each. */
export function conditionWords(
  kind: keyof BalanceView,
  { notBeforeMs, hashlocked, expiresAtMs }: BalancePart,
  nowMs: number,
  locale?: string,
): readonly string[] {
  const words: string[] = []
  if (hashlocked && kind !== 'spendable')
    words.push(kind === 'locked' ? 'Claim it with its secret.' : 'It is claimed with a secret.')
  if (notBeforeMs !== undefined && notBeforeMs > nowMs)
    words.push(`It can be spent from ${dayWords(notBeforeMs, locale)}.`)
  if (expiresAtMs !== undefined && expiresAtMs > nowMs)
    words.push(
      kind === 'refundable'
        ? `It comes back on ${dayWords(expiresAtMs, locale)}.`
        : `It goes back to who sent it on ${dayWords(expiresAtMs, locale)}.`,
    )
  return words
}

/** The parts that are not listed one by one. */
export function restWords({ count }: BalanceParts['rest']): string {
  return `${plural(count, 'smaller part')} together`
}
