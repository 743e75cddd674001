/** From a notification back to the app, from the page's side and from that of its service worker. No types of either. */

/** An open page of the app, as its service worker sees it. */
interface OpenPage {
  readonly visibilityState: string
  focus(): Promise<unknown>
  postMessage(message: unknown): void
}

/** What of the service worker's `clients` is needed. */
interface OpenPages {
  matchAll(options: {
    readonly type: 'window'
    readonly includeUncontrolled: true
  }): Promise<readonly OpenPage[]>
  openWindow(url: string): Promise<unknown>
}

/** The address of a screen. What is shown in the app comes from nowhere else. */
const SCREEN = /^#\//

/**
 * Shows the screen that a notification is about: in a page that is open, the one in sight first, else in a new one. The page
 * is told and not sent there, for a page that loads again lets go of its sensors.
 *
 * @param screen what the notification was shown with: the address of a screen, `#/…`; anything else is the first screen
 */
export async function showScreen(pages: OpenPages, screen: unknown): Promise<void> {
  const href = typeof screen === 'string' && SCREEN.test(screen) ? screen : '#/'
  const open = await pages.matchAll({ type: 'window', includeUncontrolled: true })
  const page = open.find(({ visibilityState }) => visibilityState === 'visible') ?? open[0]
  if (page === undefined) {
    await pages.openWindow(`/${href}`)
    return
  }
  page.postMessage({ type: 'show', screen: href })
  await page.focus().catch(() => undefined) // it is on its screen, and is seen when its person comes to it
}

/** The screen that a message of the service worker asks for, if it is one. */
export function screenAskedFor(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const { type, screen } = message as { readonly type?: unknown; readonly screen?: unknown }
  return type === 'show' && typeof screen === 'string' && SCREEN.test(screen) ? screen : undefined
}
