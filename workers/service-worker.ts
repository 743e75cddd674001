/**
 * The service worker: the app as it was built, for when there is no network. It keeps nothing but the build's own
 * files; `relay.json` and everything else that is not in the build always comes from the network.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { showScreen } from '../src/app/notification-click.ts'

declare const self: ServiceWorkerGlobalScope & {
  /** The list of the build's files, put in by the build. */
  readonly __WB_MANIFEST: (PrecacheEntry | string)[]
}

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()
// every path is the one page, except files: a missing file should say so
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/\.[a-z0-9]+$/i] }))

// a first visit is served from here at once, so that even its first reload works offline
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

// another version waits until the person says so in one of the tabs
self.addEventListener('message', (event) => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})

// shown by the worker where a page has no notifications of its own: Chrome on Android
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(showScreen(self.clients, event.notification.data))
})
