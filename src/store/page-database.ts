import type { PageStore } from '../ports.ts'
import { Connection } from './connection.ts'

const PAGES = 'pages'

/**
 * Opens the database of pages called `name`, made where there is none. Its writes are relaxed: what a power cut takes can
 * be made again. A value that is no byte string counts as absent. Throws `StoreError`.
 */
export async function openPageDatabase(name: string): Promise<PageStore> {
  const connection = await Connection.open(name, { version: 1, stores: [PAGES] })
  return {
    async get(keys) {
      const values = await connection.read<unknown[]>(
        [PAGES],
        keys.map((key) => (transaction) => transaction.objectStore(PAGES).get(key)),
      )
      return values.map((value) => (value instanceof Uint8Array ? value : undefined))
    },
    range: (from, before, count) => pagesIn(connection, from, before, count),
    async put(entries) {
      await connection.write(
        [PAGES],
        'relaxed',
        entries.map(([key, page]) => async (transaction) => {
          const pages = transaction.objectStore(PAGES)
          // A view would be stored with all of its buffer.
          await (page === undefined ? pages.delete(key) : pages.put(page.slice(), key))
        }),
      )
    },
    async clear() {
      await connection.write([PAGES], 'relaxed', [(transaction) => transaction.objectStore(PAGES).clear()])
    },
    async close() {
      connection.close()
    },
  }
}

async function pagesIn(
  connection: Connection,
  from: string,
  before: string,
  count: number,
): Promise<readonly (readonly [key: string, page: Uint8Array])[]> {
  connection.assertOpen()
  const found: (readonly [key: string, page: Uint8Array])[] = []
  let start = from
  let isSeen = false
  let wanted = count
  while (wanted > 0 && start < before) {
    const range = IDBKeyRange.bound(start, before, isSeen, true)
    const [keys, values] = await connection.read<[IDBValidKey[], unknown[]]>(
      [PAGES],
      [
        (transaction) => transaction.objectStore(PAGES).getAllKeys(range, wanted),
        (transaction) => transaction.objectStore(PAGES).getAll(range, wanted),
      ],
    )
    keys.forEach((key, index) => {
      const value = values[index]
      if (typeof key === 'string' && value instanceof Uint8Array) found.push([key, value])
    })
    const last = keys.at(-1)
    if (keys.length < wanted || typeof last !== 'string') break
    start = last
    isSeen = true
    wanted = count - found.length
  }
  return found
}
