import type { Snapshot } from '../../node/api.ts'
import { isReceived } from './received.ts'
import type { Route } from './router.svelte.ts'

/** Alerts remembered as seen. More hold at once on nobody's device. */
const ALERTS_MAX = 64

/** What a person has looked at. */
export interface Seen {
  /** The network whose payments these are; another one begins anew. */
  readonly network: string
  /** The newest commit whose payments were looked at. */
  readonly commit: number
  /** Names of alerts that hold and were looked at. */
  readonly alerts: readonly string[]
}

/** What a screen shows of what is counted. */
export type Look = 'alerts' | 'payments'

/** What is looked at on a screen. */
export function looksAt({ screen }: Route): Look | undefined {
  if (screen === 'wallet') return 'payments'
  return screen === 'things' || screen === 'thing' ? 'alerts' : undefined
}

/**
 * What was seen, with what a screen shows now. The same object where nothing is new in it.
 *
 * @param seen undefined where nothing is remembered: what came until now counts as seen
 * @param look undefined where nobody looks
 */
export function seenWith(seen: Seen | undefined, snapshot: Snapshot, look: Look | undefined): Seen {
  const { id } = snapshot.network
  const isKnown = seen?.network === id
  const newest = Math.max(0, ...received(snapshot).map(({ commit }) => commit))
  const commit = !isKnown || look === 'payments' ? Math.max(newest, isKnown ? seen.commit : 0) : seen.commit
  const firing = alertsOf(snapshot)
  const alerts = firing
    .filter((alert) => look === 'alerts' || (seen?.alerts.includes(alert) ?? false))
    .slice(-ALERTS_MAX)
  const isSame = isKnown && commit === seen.commit && alerts.join() === seen.alerts.join()
  return isSame ? seen : { network: id, commit, alerts }
}

/** How much was not seen: alerts that hold, and payments that came for good. */
export function countUnseen(seen: Seen, snapshot: Snapshot): number {
  const alerts = alertsOf(snapshot).filter((alert) => !seen.alerts.includes(alert))
  return alerts.length + received(snapshot).filter(({ commit }) => commit > seen.commit).length
}

/** Reads what was remembered; undefined where that is nothing of use. */
export function parseSeen(text: string | null): Seen | undefined {
  try {
    const { network, commit, alerts } = JSON.parse(text ?? '') as Record<keyof Seen, unknown>
    if (typeof network !== 'string' || !Number.isSafeInteger(commit) || !Array.isArray(alerts))
      return undefined
    const names = alerts.filter((alert) => typeof alert === 'string').slice(-ALERTS_MAX)
    return { network, commit: Number(commit), alerts: names }
  } catch {
    return undefined
  }
}

function received({ wallet }: Snapshot): readonly { readonly commit: number }[] {
  return wallet.payments.filter(isReceived).flatMap(({ state }) => (state.type === 'final' ? [state] : []))
}

/** An alert by its thing, its rule and when it began: one that ends and comes again is another. */
function alertsOf({ things }: Snapshot): readonly string[] {
  return things.flatMap(({ key, alerts = [] }) =>
    alerts.map(({ rule, sinceMs }) => `${key} ${JSON.stringify(rule)} ${sinceMs}`),
  )
}
