/** Notifications of the browser's own. Nothing here throws where there are none. */

/** Whether the person lets this page notify them. */
export function mayNotify(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'granted'
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

/** Shows a notification; another of the same `tag` takes its place. Resolves false where that cannot be done. */
export async function notify(title: string, body: string, tag: string): Promise<boolean> {
  if (!mayNotify()) return false
  try {
    const shown = new Notification(title, { body, tag })
    shown.onclick = () => {
      window.focus()
      shown.close()
    }
    return true
  } catch {
    // Chrome on Android: a page has none of its own, and asks its service worker
    return notifyByWorker(title, body, tag)
  }
}

async function notifyByWorker(title: string, body: string, tag: string): Promise<boolean> {
  try {
    const registration = await navigator.serviceWorker.getRegistration()
    await registration?.showNotification(title, { body, tag })
    return registration !== undefined
  } catch {
    return false
  }
}
