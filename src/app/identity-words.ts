/** What the app says about locks, words and backups. Pure. */
import { PASSPHRASE_CHARACTERS_MIN, type IdentityView, type Snapshot } from '../node/api.ts'
import { amountWords } from './amount.ts'
import { clip, count, plural } from './words.ts'

/** When a device may lock itself; 0 is never. */
export const LOCK_CHOICES: readonly { readonly value: number; readonly words: string }[] = [
  { value: 0, words: 'Never' },
  { value: 5 * 60_000, words: 'After 5 minutes without use' },
  { value: 30 * 60_000, words: 'After 30 minutes without use' },
  { value: 60 * 60_000, words: 'After an hour without use' },
]

/** What is wrong with a new passphrase, if anything. */
export function passphraseFault(next: string, again: string): string | undefined {
  if (next.length < PASSPHRASE_CHARACTERS_MIN)
    return `At least ${PASSPHRASE_CHARACTERS_MIN} characters. A few words are better than one.`
  return next === again ? undefined : 'The two are not the same.'
}

/** Whether the words have been checked. */
export function backupWords(view: Pick<IdentityView, 'verifiedAtMs'>): string {
  return view.verifiedAtMs === undefined
    ? 'Not backed up yet: if this device is lost, so is all that is its own.'
    : 'Backed up: you have the twelve words.'
}

/** Said where another identity would take the place of one that nobody could bring back. */
export const GIVE_UP =
  'If the words are another device’s: what this one has made so far may be lost for good.'

/** Said of a typed word that is none of the 2048. */
export function unknownWords(typed: string): string {
  return `“${clip(typed.trim(), WORD_CHARACTERS_MAX)}” is none of the words there are. Look at its letters again.`
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
  const seconds = Math.ceil((waitUntilMs - nowMs) / 1000)
  return `Too many wrong passphrases in a row. Try again in ${plural(seconds, 'second')}.`
}

/** How far a restored device has got, a line each. */
export function restoredWords({ network, things, wallet }: Snapshot): readonly string[] {
  const { catchingUp, order } = network
  const upTo = Math.max(order.index, catchingUp?.upTo ?? 0)
  const own = things.filter(({ mine }) => mine).length
  return [
    `Commits: ${count(order.index)} of ${count(upTo)}`,
    `Things found: ${count(own)}`,
    `Balance: ${amountWords(wallet.balance.spendable)}`,
  ]
}
