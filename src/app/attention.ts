/** What asks for a person's attention while the app runs: alerts, payments that came, and the number on the app's icon. */
import type { Snapshot } from '../node/api.ts'
import type { ApiClient } from '../node/rpc.ts'
import { startAlerts } from './alerts.ts'
import { followTaps, notify } from './notify.ts'
import { receivedWords } from './settings-words.ts'
import type { AppState } from './state/app.ts'
import { HREFS } from './state/router.svelte.ts'
import { countUnseen, looksAt, parseSeen, seenWith } from './state/unseen.ts'
import { isPaired, isWorthKeeping, ReceivedState } from './state/received.ts'
import { settingsText } from './texts/settings/text.ts'

const SEEN = 'weft.seen'
const HINTED = 'weft.install-hinted'

/** Starts all of it. Of all tabs of a browser one notifies: the first that is open. */
export function startAttention(client: Pick<ApiClient, 'onSnapshot' | 'onIdentity'>, app: AppState): void {
  const { notices, now } = app
  let isFirst = false
  const hold = () => {
    isFirst = true
    return new Promise<never>(() => undefined)
  }
  // held until the tab is closed
  navigator.locks.request('weft-alerts', hold).catch(() => undefined)
  startAlerts(client, notices, now, () => isFirst)
  startReceived(client, now, () => isFirst)
  startBadge(client, app)
  startInstallHint(client, app)
  followTaps()
}

/** Notifies of payments that come while nobody looks. */
function startReceived(
  client: Pick<ApiClient, 'onSnapshot'>,
  now: () => number,
  notifies: () => boolean,
): void {
  const received = new ReceivedState(now)
  client.onSnapshot(({ wallet }) => {
    const news = received.follow(wallet.payments)
    if (news.length === 0 || !notifies() || document.visibilityState === 'visible') return
    void notify({
      title: settingsText().receivedTitle,
      body: receivedWords(news),
      tag: 'received',
      screen: HREFS.wallet,
    })
  })
}

/** Shows on the app's icon how much was not looked at, where there is such a number; nothing while Weft is locked. */
function startBadge(
  client: Pick<ApiClient, 'onSnapshot' | 'onIdentity'>,
  { router, identity }: AppState,
): void {
  if (!('setAppBadge' in navigator)) return
  let seen = parseSeen(read(SEEN))
  let newest: Snapshot | undefined
  let shown: number | undefined
  const follow = () => {
    if (newest === undefined) return
    const look = document.visibilityState === 'visible' ? looksAt(router.route) : undefined
    const now = seenWith(seen, newest, look)
    if (now !== seen) write(SEEN, JSON.stringify(now))
    seen = now
    const count = countUnseen(seen, newest)
    if (count === shown) return
    shown = count
    navigator.setAppBadge(count).catch(() => undefined) // not installed: there is no icon
  }
  client.onSnapshot((snapshot) => {
    newest = snapshot
    follow()
  })
  client.onIdentity(() => {
    if (!identity.isLocked) return
    newest = undefined
    shown = undefined
    navigator.clearAppBadge().catch(() => undefined)
  })
  for (const event of ['hashchange', 'focus'] as const) addEventListener(event, follow)
  document.addEventListener('visibilitychange', follow)
  // what was looked at in another tab was looked at
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== SEEN) return
    seen = parseSeen(newValue)
    follow()
  })
}

/**
 * Says once that Weft can be installed, after the first sensor was paired: a person who only looks around is left alone. On
 * an iPhone or iPad, where what a page stored may be deleted within a week, as soon as there is something to miss.
 */
function startInstallHint(client: Pick<ApiClient, 'onSnapshot'>, { install, notices }: AppState): void {
  if (read(HINTED) !== null) return
  let before: number | undefined
  const stop = client.onSnapshot(({ things }) => {
    const paired = things.filter(isPaired).length
    const isPairedNow = before !== undefined && paired > before
    before = paired
    if (install.way === 'ios' ? !things.some(isWorthKeeping) : install.way !== 'offer' || !isPairedNow) return
    notices.add('info', install.way === 'ios' ? settingsText().installHintIos : settingsText().installHint)
    write(HINTED, 'yes')
    stop()
  })
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // it holds until this tab is closed
  }
}
