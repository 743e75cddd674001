/** What the app says on its settings screen, and in what asks for attention. Pure. */
import type { PaymentView } from '../node/api.ts'
import { amountWords } from './amount.ts'
import type { Freed, FreeRule } from './free-space.ts'
import { deletedWords } from './history-words.ts'
import type { InstallWay } from './state/install.svelte.ts'
import type { StorageUse } from './state/storage.svelte.ts'
import type { Appearance } from './state/theme.svelte.ts'
import { bytesWords, count, plural } from './words.ts'

export const APPEARANCES: readonly { readonly value: Appearance; readonly words: string }[] = [
  { value: 'system', words: 'System' },
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
]

/** How much is used of what there is, in a sentence. */
export function useWords({ usedBytes, quotaBytes }: StorageUse): string {
  return `${bytesWords(usedBytes)} used of ${bytesWords(quotaBytes)} that the browser allows.`
}

/** How much of that the blocks are. */
export function blocksTakeWords({
  blocks,
  bytes,
}: {
  readonly blocks: number
  readonly bytes: number
}): string {
  return `Blocks take ${bytesWords(bytes)} of it (${count(blocks)}).`
}

/** Whether what is stored stays. */
export function persistWords(use: StorageUse | undefined, refused: boolean): string {
  if (use?.persisted) return 'The browser keeps it even when space runs short.'
  return refused
    ? 'The browser did not agree. Many do once Weft is installed or used often. Until then it may clear everything when space runs short.'
    : 'The browser may clear it when space runs short, or when Weft is not opened for a long time.'
}

export const FREE_RULES: readonly { readonly value: FreeRule; readonly words: string }[] = [
  { value: 'settings', words: 'What each thing keeps no longer' },
  { value: 'week', words: 'Older than a week' },
  { value: 'month', words: 'Older than 30 days' },
  { value: 'quarter', words: 'Older than 90 days' },
  { value: 'year', words: 'Older than a year' },
]

/** Said where a rule reaches no thing. */
export function nothingToFreeWords(rule: FreeRule): string {
  return rule === 'settings'
    ? 'Every thing keeps its readings for good, so there is nothing to delete.'
    : 'No thing of this device has saved anything yet.'
}

/** What became of making room. */
export function freedWords({ blocks, left, notReached }: Freed): string {
  const done = deletedWords(blocks, left)
  return notReached === 0 ? done : `${done} ${plural(notReached, 'thing')} left as before.`
}

/** What came in while nobody looked. What a payer wrote is left out: it would be on a locked screen. */
export function receivedWords(payments: readonly PaymentView[]): string {
  const sum = amountWords(payments.reduce((all, { amount }) => all + amount, 0))
  return payments.length === 1
    ? `${sum} came, for good.`
    : `${sum} came in ${payments.length} payments, for good.`
}

export const RECEIVED_TITLE = 'Payment received'

/** What a page may do about notifications; `none`: this browser has no notifications for pages. */
export type NotifyPermission = NotificationPermission | 'none'

const NOTIFY: Readonly<Record<NotifyPermission, string>> = {
  granted: 'Allowed. You are told of alerts, and of payments that come while Weft is out of sight.',
  default:
    'Not asked for yet. You would be told of alerts, and of payments that come while Weft is out of sight.',
  denied:
    'Not allowed. Weft says things here instead. To change it, open this page’s settings at the address bar.',
  none: 'This browser has none for pages. On an iPhone or iPad they come with Weft on the Home Screen. Until then Weft says things here.',
}

/** What notifications do here, in a sentence or two. */
export function notifyWords(permission: NotifyPermission): string {
  return NOTIFY[permission]
}

export const WAKE_MEANS =
  'The screen stays on while Weft is in sight, until you switch this off or close Weft. It takes more of the battery.'
export const WAKE_CANNOT = 'This browser cannot keep the screen on. The device’s own settings can.'
export const WAKE_REFUSED = 'The browser did not agree: the battery is low, or it saves power.'
export const HIDDEN_TABS =
  'Out of sight, browsers slow pages down within a minute and may stop them: readings then come late or not at all. On iPhones and iPads they stop at once. What was read before is kept.'

const INSTALL: Readonly<Record<InstallWay, string>> = {
  installed: 'Weft runs as an app on this device.',
  offer:
    'As an app Weft has its own window and icon, and what it stores is safer. Nothing is moved or copied.',
  ios: 'On an iPhone or iPad, Safari deletes what a page stored if it is not opened for a week, and lets only installed apps notify. Tap Share, then Add to Home Screen. The app there begins anew: bring your twelve words.',
  menu: 'Where this browser can install apps, its menu says Install or Add to Home Screen. Weft works the same without.',
}

/** How Weft gets on the home screen, and why one would. */
export function installWords(way: InstallWay): string {
  return INSTALL[way]
}

export const INSTALL_HINT =
  'Weft can be an app of its own on this device, and what it stores is safer then. It is in Settings, under Install.'

export const DIAGNOSTICS_MEANS =
  'How Weft is doing here, for somebody who helps you. No names, readings, notes, keys or ids are in it. It goes nowhere unless you copy or save it.'
