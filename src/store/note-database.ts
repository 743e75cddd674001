import type { NoteStore } from '../ports.ts'
import { Connection } from './connection.ts'

const NOTES = 'notes'

/** The name of the database with the notes of this browser's device. */
export const DEVICE_NOTES = 'weft-device'

/**
 * Opens the notes database called `name`, made where there is none. It is a database of its own, because notes
 * outlive any one network, while every network has its own blocks. Throws `StoreError`.
 */
export async function openNoteDatabase(name: string): Promise<NoteStore> {
  const connection = await Connection.open(name, { version: 1, stores: [NOTES] })
  return {
    async get(key) {
      const [value] = await connection.read<[unknown]>(
        [NOTES],
        [(transaction) => transaction.objectStore(NOTES).get(key)],
      )
      return value
    },
    async list(prefix) {
      const range = prefixRange(prefix)
      const [keys, values] = await connection.read<[IDBValidKey[], unknown[]]>(
        [NOTES],
        [
          (transaction) => transaction.objectStore(NOTES).getAllKeys(range),
          (transaction) => transaction.objectStore(NOTES).getAll(range),
        ],
      )
      return keys.flatMap((key, index) => (typeof key === 'string' ? [[key, values[index]] as const] : []))
    },
    async put(entries) {
      await connection.write(
        [NOTES],
        'strict',
        entries.map(([key, value]) => async (transaction) => {
          const notes = transaction.objectStore(NOTES)
          await (value === undefined ? notes.delete(key) : notes.put(value, key))
        }),
      )
    },
    async close() {
      connection.close()
    },
  }
}

/** The keys that start with `prefix`; IndexedDB orders strings by UTF-16 code units, as JavaScript does. */
function prefixRange(prefix: string): IDBKeyRange | undefined {
  for (let length = prefix.length; length > 0; length--) {
    const unit = prefix.charCodeAt(length - 1)
    if (unit === 0xffff) continue
    const after = prefix.slice(0, length - 1) + String.fromCharCode(unit + 1)
    return IDBKeyRange.bound(prefix, after, false, true)
  }
  return prefix === '' ? undefined : IDBKeyRange.lowerBound(prefix)
}
