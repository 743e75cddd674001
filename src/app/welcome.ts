/** What the app does by itself: a first thing on the first visit, and saving before it is loaded anew. */
import type { Api, Snapshot, ThingView } from '../node/api.ts'
import type { ApiClient } from '../node/rpc.ts'
import type { SensorsState } from './state/sensors.ts'
import { thingsText } from './texts/things/text.ts'

/** Saving before an update is given up after this long: a block takes a second, a full disk for ever. */
const SAVE_MS = 10_000

/**
 * Gives a person who has no things a live one: this phone's motion if it moves, else a simulated room. Resolves
 * when that is settled; with things there already it adds nothing.
 *
 * @param named resolves when there are words to name it with
 */
export async function welcome(
  client: Pick<ApiClient, 'onSnapshot'>,
  sensors: Pick<SensorsState, 'add'>,
  named: Promise<void>,
): Promise<void> {
  const { things } = await nextSnapshot(client)
  if (things.length > 0) return
  await named
  const motion = await sensors.add('motion')
  if (typeof motion === 'object') await sensors.add('simulated', { name: thingsText().simulatedRoom })
}

/** The first snapshot to come from now on. */
export async function nextSnapshot(client: Pick<ApiClient, 'onSnapshot'>): Promise<Snapshot> {
  const { promise, resolve } = Promise.withResolvers<Snapshot>()
  const stop = client.onSnapshot(resolve)
  const snapshot = await promise
  stop()
  return snapshot
}

/** How often a payment that is being worked at is looked after: nobody sees the difference to at once. */
const PAYING_LOOK_MS = 500

/** Resolves once `isPaying` says no. */
export async function paid(isPaying: () => boolean): Promise<void> {
  while (isPaying()) await new Promise((resolve) => setTimeout(resolve, PAYING_LOOK_MS))
}

/** Makes blocks of what waits in memory. Never rejects: what cannot be saved now has been said elsewhere. */
export async function saveWaiting(api: Pick<Api, 'flush'>, things: readonly ThingView[]): Promise<void> {
  const waiting = things.filter((thing) => thing.mine && thing.waiting > 0)
  const signal = AbortSignal.timeout(SAVE_MS)
  await Promise.allSettled(waiting.map(({ key }) => api.flush({ thing: key }, { signal })))
}
