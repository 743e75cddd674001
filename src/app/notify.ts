/** Notifications of the browser's own. Nothing here throws where there are none. */
import { screenAskedFor } from './notification-click.ts'

/** Whether the person lets this page notify them. */
export function mayNotify(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'granted'
}

/** What the person has said; `none` where pages have no notifications. */
export function permissionNow(): NotificationPermission | 'none' {
  return 'Notification' in globalThis ? Notification.permission : 'none'
}

/** Calls `onChange` whenever the person says something else, in this page or in the browser's settings. Returns what ends it. */
export function followPermission(onChange: () => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  const follow = (status: PermissionStatus) => status.addEventListener('change', onChange, { signal })
  // where it cannot be asked for, coming back to the page is the next best
  navigator.permissions.query({ name: 'notifications' }).then(follow, () => undefined)
  document.addEventListener('visibilitychange', onChange, { signal })
  return () => ended.abort()
}

/** Asks the person, where they have not said before. Call it in a click. Resolves with `mayNotify`. */
export async function askToNotify(): Promise<boolean> {
  try {
    if (Notification.permission === 'default') await Notification.requestPermission()
  } catch {
    // there are none, or the browser asks in a way of its own
  }
  return mayNotify()
}

/** What a notification says, and where it leads. */
interface Told {
  readonly title: string
  readonly body: string
  /** Another of the same takes its place. */
  readonly tag: string
  /** The address of the screen that it is about, `#/…`. */
  readonly screen: string
}

/** Shows a notification; whoever taps it is brought to its screen. Resolves false where that cannot be done. */
export async function notify({ title, screen, ...options }: Told): Promise<boolean> {
  if (!mayNotify()) return false
  try {
    const shown = new Notification(title, options)
    shown.onclick = () => {
      window.focus()
      location.hash = screen
      shown.close()
    }
    return true
  } catch {
    // Chrome on Android: a page has none of its own, and asks its service worker
    return notifyByWorker(title, { ...options, data: screen })
  }
}

async function notifyByWorker(title: string, options: NotificationOptions): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.getRegistration()
    await registration?.showNotification(title, options)
    return registration !== undefined
  } catch {
    return false
  }
}

/** Follows what the service worker says of notifications that were tapped. */
export function followTaps(): void {
  if (!('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const screen = screenAskedFor(data)
    if (screen !== undefined) location.hash = screen
  })
}
