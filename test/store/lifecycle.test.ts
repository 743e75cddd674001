import 'fake-indexeddb/auto'
import { forceCloseDatabase } from 'fake-indexeddb'
import { deleteDB, openDB } from 'idb'
import { afterEach, describe, expect, it } from 'vitest'
import { APPEND_BLOCKS_MAX } from '../../src/ports.ts'
import { openBlockDatabase, openNoteDatabase } from '../../src/store/indexed-db.ts'
import { checkHolds, checkRejects, newestInOrder, standInBlocks } from './cases.ts'
import { watchTransactions } from './failures.ts'

const BLOCKS = standInBlocks(61, APPEND_BLOCKS_MAX + 1)
const IDS = BLOCKS.map(({ id }) => id)

let restore = () => {}

afterEach(() => restore())

/** The durability of each writing transaction from now on. */
function watchDurability(): IDBTransactionDurability[] {
  const seen: IDBTransactionDurability[] = []
  restore = watchTransactions(({ mode, durability }) => {
    if (mode === 'readwrite') seen.push(durability)
  })
  return seen
}

describe('transactions', () => {
  it('are shared by the appends that wait, and strict if one of them is to be', async () => {
    const store = await openBlockDatabase('shared')
    const seen = watchDurability()
    const append = (index: number, durability: 'relaxed' | 'strict') =>
      store.append(BLOCKS.slice(index * 100, (index + 1) * 100), durability)
    await Promise.all([append(0, 'relaxed'), append(1, 'relaxed')])
    expect(seen).toEqual(['relaxed'])
    await Promise.all([append(2, 'relaxed'), append(3, 'strict'), append(4, 'relaxed')])
    expect(seen).toEqual(['relaxed', 'strict'])
    await checkHolds(store, BLOCKS.slice(0, 500))
    await store.close()
  })

  it('hold eight records of several appends, or one append whole', async () => {
    const store = await openBlockDatabase('bounded')
    const seen = watchDurability()
    const calls = [200, 200, 112, 1, 511].map((count, index, counts) => {
      const start = counts.slice(0, index).reduce((sum, earlier) => sum + earlier, 0)
      return store.append(BLOCKS.slice(start, start + count), 'relaxed')
    })
    await Promise.all(calls)
    expect(seen).toHaveLength(2)
    await store.close()
    const other = await openBlockDatabase('bounded-one')
    await other.append(BLOCKS.slice(0, APPEND_BLOCKS_MAX), 'strict')
    expect(seen).toHaveLength(3)
    await other.close()
  })

  it('are never longer than an append may be', async () => {
    const store = await openBlockDatabase('too-long')
    await expect(store.append(BLOCKS, 'relaxed')).rejects.toThrow(RangeError)
    expect(store.stats().blocks).toBe(0)
    await store.close()
  })
})

describe('a store whose database is taken away', () => {
  it('gives way to a newer program, and is closed', async () => {
    const [store, notes] = [await openBlockDatabase('way-blocks'), await openNoteDatabase('way-notes')]
    await store.append(BLOCKS.slice(0, 10), 'strict')
    for (const name of ['way-blocks', 'way-notes']) (await openDB(name, 2)).close()
    await checkRejects(store.append(BLOCKS.slice(10, 11), 'strict'), 'closed')
    await checkRejects(store.read(IDS.slice(0, 1)), 'closed')
    await checkRejects(newestInOrder(store, 1), 'closed')
    await checkRejects(notes.put([['a', 1]]), 'closed')
    expect(store.stats().blocks).toBe(10)
    await store.close()
  })

  it('gives way to its deletion', async () => {
    const store = await openBlockDatabase('deleted')
    await deleteDB('deleted')
    await checkRejects(store.read(IDS.slice(0, 1)), 'closed')
  })

  it('is closed when the browser ends the connection', async () => {
    let connection: IDBDatabase | undefined
    restore = watchTransactions(({ db }) => (connection = db))
    const store = await openBlockDatabase('ended')
    await store.append(BLOCKS.slice(0, 10), 'strict')
    // Its types name the class where the function takes a connection.
    const forceClose = forceCloseDatabase as unknown as (database: IDBDatabase | undefined) => void
    const ended = new Promise((resolve) => connection?.addEventListener('close', resolve))
    forceClose(connection)
    await ended
    await checkRejects(store.append(BLOCKS.slice(10, 11), 'strict'), 'closed')
    await checkRejects(store.read(IDS.slice(0, 1)), 'closed')
  })
})

describe('a database that a newer program has upgraded', () => {
  it('is not opened', async () => {
    ;(await openDB('newer', 2)).close()
    await checkRejects(openBlockDatabase('newer'), 'newer-version')
    await checkRejects(openNoteDatabase('newer'), 'newer-version')
  })
})
