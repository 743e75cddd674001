/** What this browser can do, each asked for in one place. Nothing here throws where a browser lacks it. */
import type { SensorTime } from '../sensor/sensor.ts'

/** Puts `text` on the clipboard. Resolves false where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Whether `shareLink` can be tried here. */
export function canShare(): boolean {
  return 'share' in navigator
}

/** Offers a link to the other apps of this device. Call it from a click. Resolves false where the browser refuses. */
export async function shareLink(title: string, url: string): Promise<boolean> {
  try {
    await navigator.share({ title, url })
    return true
  } catch (error) {
    // whoever closes the list has seen it
    return error instanceof DOMException && error.name === 'AbortError'
  }
}

/** Asks the browser to keep what is stored even when space runs short. It may decide by itself or ask. */
export async function askPersistence(): Promise<void> {
  try {
    await navigator.storage.persist()
  } catch {
    // without it storage is best effort, as it was
  }
}

/** Bytes that nobody can guess. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

const WELCOMED = 'weft.welcomed'

/** Whether this browser has met its person before. Without local storage every visit counts as a later one. */
export function wasWelcomed(): boolean {
  try {
    return localStorage.getItem(WELCOMED) !== null
  } catch {
    return true
  }
}

/** Remembers that the first visit is over. */
export function rememberWelcome(): void {
  try {
    localStorage.setItem(WELCOMED, 'yes')
  } catch {
    // `wasWelcomed` says the same where nothing can be remembered
  }
}

/** The page's clock and timers. */
export const pageTime: SensorTime = {
  nowMs: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Whether the person has allowed it for good, so that it can be used without asking. */
export async function isGranted(name: PermissionName): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name })).state === 'granted'
  } catch {
    return false
  }
}

/** Has the person choose a file. Call it from a click. Resolves with nothing where they close the list. */
export function pickFile(): Promise<File | undefined> {
  const input = document.createElement('input')
  input.type = 'file'
  const { promise, resolve } = Promise.withResolvers<File | undefined>()
  input.addEventListener('change', () => resolve(input.files?.[0]))
  input.addEventListener('cancel', () => resolve(undefined))
  input.click()
  return promise
}
