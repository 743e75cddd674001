import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, describe, expect, it } from 'vitest'
import type { PageStore } from '../../src/ports.ts'
import { openPageDatabase } from '../../src/store/indexed-db.ts'
import { checkRejects } from './cases.ts'
import { refuseWrite, watchTransactions } from './failures.ts'

const KEYS = Array.from({ length: 10 }, (_, index) => `page/${index}`)

let restore = () => {}

afterEach(() => restore())

async function openWithPages(name: string): Promise<PageStore> {
  const pages = await openPageDatabase(name)
  await pages.put(KEYS.map((key, index) => [key, Uint8Array.of(index)]))
  return pages
}

/** Puts what is no page under these keys, behind the store's back. */
async function spoil(name: string, keys: readonly string[]): Promise<void> {
  const database = await openDB(name)
  for (const [index, key] of keys.entries())
    await database.put('pages', ['text', 7, { a: 1 }, [1, 2]][index % 4], key)
  database.close()
}

describe('a value that is no page', () => {
  it('counts as absent, and takes no page out of a range', async () => {
    for (const spoilt of [KEYS.slice(0, 1), KEYS.slice(0, 4), KEYS.slice(2, 7), KEYS.slice(9), KEYS]) {
      const name = `pages-spoilt-${spoilt.join()}`
      const pages = await openWithPages(name)
      await spoil(name, spoilt)
      const left = KEYS.filter((key) => !spoilt.includes(key))
      const found = await pages.get(KEYS)
      expect(KEYS.filter((_, index) => found[index] !== undefined)).toEqual(left)
      for (const count of [1, 3, 10, 20]) {
        const range = await pages.range('page/0', 'page/:', count)
        expect(range.map(([key]) => key)).toEqual(left.slice(0, count))
      }
      await pages.close()
    }
  })
})

describe('writes of pages', () => {
  it('are relaxed, for pages can be made again', async () => {
    const pages = await openPageDatabase('pages-relaxed')
    const seen: IDBTransactionDurability[] = []
    restore = watchTransactions(({ mode, durability }) => {
      if (mode === 'readwrite') seen.push(durability)
    })
    await pages.put([['a', Uint8Array.of(1)]])
    await pages.clear()
    expect(seen).toEqual(['relaxed', 'relaxed'])
    await pages.close()
  })

  it('put all entries or none where there is no room', async () => {
    const pages = await openPageDatabase('pages-quota')
    await pages.put([['a', Uint8Array.of(1)]])
    ;({ restore } = refuseWrite(1, 'at the end'))
    const put = pages.put([
      ['a', Uint8Array.of(2)],
      ['b', Uint8Array.of(2)],
    ])
    await checkRejects(put, 'quota-exceeded')
    expect(await pages.range('', '~', 10)).toEqual([['a', Uint8Array.of(1)]])
    await pages.close()
  })
})
