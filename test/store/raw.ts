/** The block database's bytes behind the store's back: to copy them, and to damage them. */
import crc32 from 'crc-32'
import { openDB } from 'idb'

const STORES = ['records', 'pages', 'filters', 'damaged'] as const

export type StoreName = (typeof STORES)[number]

/** All keys and values of a block database. */
export type RawDatabase = Readonly<Record<StoreName, readonly (readonly [key: number, value: unknown])[]>>

export async function readRaw(name: string): Promise<RawDatabase> {
  const database = await openDB(name)
  const all = async (store: StoreName) => {
    const [keys, values] = await Promise.all([database.getAllKeys(store), database.getAll(store)])
    return keys.map((key, index) => [Number(key), values[index] as unknown] as const)
  }
  const raw = {
    records: await all('records'),
    pages: await all('pages'),
    filters: await all('filters'),
    damaged: await all('damaged'),
  }
  database.close()
  return raw
}

/** Makes the database called `name` hold exactly this. */
export async function writeRaw(name: string, raw: RawDatabase): Promise<void> {
  const database = await openDB(name, 1, {
    upgrade(fresh) {
      for (const store of STORES) fresh.createObjectStore(store)
    },
  })
  const transaction = database.transaction(STORES, 'readwrite')
  for (const store of STORES) {
    await transaction.objectStore(store).clear()
    for (const [key, value] of raw[store]) await transaction.objectStore(store).put(value, key)
  }
  await transaction.done
  database.close()
}

/** `raw` with one value replaced. */
export function withValue(raw: RawDatabase, store: StoreName, key: number, value: unknown): RawDatabase {
  return { ...raw, [store]: raw[store].map(([known, kept]) => [known, known === key ? value : kept]) }
}

/** The byte string under a key. */
export function bytesAt(raw: RawDatabase, store: StoreName, key: number): Uint8Array {
  const value = raw[store].find(([known]) => known === key)?.[1]
  if (!(value instanceof Uint8Array)) throw new Error(`no bytes in ${store} at ${key}`)
  return value
}

/** A copy with one byte changed. */
export function flipped(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = bytes.slice()
  copy[offset] = (copy[offset] ?? 0) ^ 0x5a
  return copy
}

/** A line for each value in the database: where it is, how long, and the checksum of its bytes. */
export function fingerprint(raw: RawDatabase): readonly string[] {
  return STORES.flatMap((store) =>
    raw[store].map(([key]) => {
      const bytes = bytesAt(raw, store, key)
      return `${store} ${key}: ${bytes.length} bytes, ${crc32.buf(bytes)}`
    }),
  )
}
