/** What the app says on its settings screen, and in what asks for attention. Pure. */
import type { PaymentView } from '../node/api.ts'
import { amountWords } from './amount-words.ts'
import type { Freed, FreeRule } from './free-space.ts'
import { deletedWords } from './history-words.ts'
import type { InstallWay } from './state/install.svelte.ts'
import type { StorageUse } from './state/storage.svelte.ts'
import type { Appearance } from './state/theme.svelte.ts'
import { settingsText } from './texts/settings/text.ts'
import { storageText } from './texts/storage/text.ts'
import { bytesWords } from './words.ts'

export const APPEARANCES: readonly Appearance[] = ['system', 'light', 'dark']

/** How much is used of what there is, in a sentence. */
export function useWords({ usedBytes, quotaBytes }: StorageUse): string {
  return storageText().used(bytesWords(usedBytes), bytesWords(quotaBytes))
}

/** How much of that the blocks are. */
export function blocksTakeWords({
  blocks,
  bytes,
}: {
  readonly blocks: number
  readonly bytes: number
}): string {
  return storageText().blocksTake(bytesWords(bytes), blocks)
}

/** Whether what is stored stays. */
export function persistWords(use: StorageUse | undefined, refused: boolean): string {
  const text = storageText()
  if (use?.persisted) return text.kept
  return refused ? text.keepRefused : text.mayClear
}

const FREE_RULES: readonly FreeRule[] = ['settings', 'week', 'month', 'quarter', 'year']

/** By what rule room can be made, and what each is called. */
export function freeRules(): readonly { readonly value: FreeRule; readonly words: string }[] {
  const { rules } = storageText()
  return FREE_RULES.map((value) => ({ value, words: rules[value] }))
}

/** Said where a rule reaches no thing. */
export function nothingToFreeWords(rule: FreeRule): string {
  return rule === 'settings' ? storageText().keptForGood : storageText().nothingSaved
}

/** What became of making room. */
export function freedWords({ blocks, left, notReached }: Freed): string {
  const done = deletedWords(blocks, left)
  return notReached === 0 ? done : `${done} ${storageText().leftAsBefore(notReached)}`
}

/** What came in while nobody looked. What a payer wrote is left out: it would be on a locked screen. */
export function receivedWords(payments: readonly PaymentView[]): string {
  const text = settingsText()
  const sum = amountWords(payments.reduce((all, { amount }) => all + amount, 0))
  return payments.length === 1 ? text.received(sum) : text.receivedMany(sum, payments.length)
}

/** What a page may do about notifications; `none`: this browser has no notifications for pages. */
export type NotifyPermission = NotificationPermission | 'none'

/** What notifications do here, in a sentence or two. */
export function notifyWords(permission: NotifyPermission): string {
  return settingsText().notify[permission]
}

/** How Weft gets on the home screen, and why one would. */
export function installWords(way: InstallWay): string {
  return settingsText().installWays[way]
}
