/** What the app says about locks, words and backups. Pure. */
import { LOCK_AFTER_MS, PASSPHRASE_CHARACTERS_MIN, type IdentityView, type Snapshot } from '../node/api.ts'
import { amountWords } from './amount-words.ts'
import { identityText } from './texts/identity/text.ts'
import { lockText } from './texts/lock/text.ts'
import { clip } from './words.ts'

/** When a device may lock itself; 0 is never. */
export function lockChoices(): readonly { readonly value: number; readonly words: string }[] {
  const text = lockText()
  return [
    { value: 0, words: text.never },
    ...LOCK_AFTER_MS.map((value) => ({ value, words: text.afterMinutes(value / 60_000) })),
  ]
}

/** What is wrong with a new passphrase, if anything. */
export function passphraseFault(next: string, again: string): string | undefined {
  if (next.length < PASSPHRASE_CHARACTERS_MIN) return lockText().tooShort(PASSPHRASE_CHARACTERS_MIN)
  return next === again ? undefined : lockText().notTheSame
}

/** Whether the words have been checked. */
export function backupWords(view: Pick<IdentityView, 'verifiedAtMs'>): string {
  const text = identityText()
  return view.verifiedAtMs === undefined ? text.notBackedUpMeans : text.backedUpMeans
}

/** Said of a typed word that is none of the 2048. */
export function unknownWords(typed: string): string {
  return identityText().noSuchWord(clip(typed.trim(), WORD_CHARACTERS_MAX))
}

/** Characters of a wrong word that are shown; the right ones have at most 8. */
const WORD_CHARACTERS_MAX = 20

/** Blocks of a device's own below which nobody minds: the first minute of a first visit. */
const WORTH_BLOCKS = 20

/** Whether there is something here that a person would miss: a payment to or from others, or things that were measured for a while. */
export function isWorthKeeping({ wallet, things }: Pick<Snapshot, 'wallet' | 'things'>): boolean {
  if (wallet.payments.some(({ direction }) => direction !== 'self')) return true
  const own = things.filter(({ mine, kind }) => mine && kind !== 'simulated')
  return own.reduce((sum, { blocks }) => sum + blocks.total, 0) >= WORTH_BLOCKS
}

/** How long until a passphrase may be tried again; undefined where it may be now. */
export function waitWords(waitUntilMs: number | undefined, nowMs: number): string | undefined {
  if (waitUntilMs === undefined || waitUntilMs <= nowMs) return undefined
  return lockText().tooManyWrong(Math.ceil((waitUntilMs - nowMs) / 1000))
}

/** How far a restored device has got, a line each. */
export function restoredWords({ network, things, wallet }: Snapshot): readonly string[] {
  const { catchingUp, order } = network
  const upTo = Math.max(order.index, catchingUp?.upTo ?? 0)
  const own = things.filter(({ mine }) => mine).length
  const text = identityText()
  return [
    text.commits(order.index, upTo),
    text.thingsFound(own),
    text.balance(amountWords(wallet.balance.spendable)),
  ]
}
