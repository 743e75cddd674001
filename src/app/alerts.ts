/** Tells a person of alerts while the app runs: by the browser where they let it, else in the app. */
import type { ApiClient } from '../node/rpc.ts'
import { firedWords, ruleWords } from './alert-words.ts'
import { mayNotify, notify } from './notify.ts'
import { AlertsState } from './state/alerts.ts'
import type { NoticesState } from './state/notices.svelte.ts'
import { thingHref } from './state/router.svelte.ts'
import { alertsText } from './texts/alerts/text.ts'
import { nameWords } from './words.ts'

const TOLD = 'weft.alerts-told'

/**
 * Starts telling.
 *
 * @param notifies whether this tab is the one that notifies
 */
export function startAlerts(
  client: Pick<ApiClient, 'onSnapshot'>,
  notices: NoticesState,
  now: () => number,
  notifies: () => boolean,
): void {
  const alerts = new AlertsState({
    now,
    tell: (thing, rule, tag) => {
      const inApp = () => notices.add('info', firedWords(thing.name, rule))
      if (!mayNotify()) inApp()
      else if (notifies())
        void notify({
          title: nameWords(thing.name),
          body: alertsText().firedHere(ruleWords(rule)),
          tag,
          screen: thingHref(thing.key),
        }).then((shown) => shown || inApp())
    },
    remembered: remembered(),
    remember,
  })
  client.onSnapshot(({ things }) => alerts.follow(things))
}

function remembered(): readonly string[] {
  try {
    const tags: unknown = JSON.parse(localStorage.getItem(TOLD) ?? '[]')
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []
  } catch {
    return []
  }
}

function remember(tags: readonly string[]): void {
  try {
    localStorage.setItem(TOLD, JSON.stringify(tags))
  } catch {
    // what still holds is told again after a reload
  }
}
