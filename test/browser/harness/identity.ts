import type { Page } from '@playwright/test'
import { DEVICE_NOTES } from '../../../src/store/note-database.ts'

/** Whose device it is, by what is behind its twelve words. */
export interface GivenIdentity {
  /** 16 bytes. */
  readonly entropy: Uint8Array
  /** Whether the words were typed in, as on every device but the first. */
  readonly typedIn: boolean
}

/**
 * Writes an identity where the app keeps it, before the app has run: the stand-in for typing twelve words, in the form that
 * `openVault` reads. The page is on the app's origin, and not on the app.
 */
export async function giveIdentity(page: Page, { entropy, typedIn }: GivenIdentity): Promise<void> {
  await page.evaluate(
    async ({ database, bytes, restored }) => {
      const algorithm = { name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) }
      const wrappingKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
        'encrypt',
        'decrypt',
      ])
      const wrapped = new Uint8Array(
        await crypto.subtle.encrypt(algorithm, wrappingKey, Uint8Array.from(bytes)),
      )
      const opened = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(database, 1)
        request.onupgradeneeded = () => request.result.createObjectStore('notes')
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('no database'))
      })
      const note = { version: 1, wrappingKey, iv: algorithm.iv, wrapped, ...(restored && { restored }) }
      const transaction = opened.transaction('notes', 'readwrite')
      transaction.objectStore('notes').put(note, 'identity')
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onerror = () => reject(transaction.error ?? new Error('not written'))
      })
      opened.close()
    },
    { database: DEVICE_NOTES, bytes: [...entropy], restored: typedIn },
  )
}
