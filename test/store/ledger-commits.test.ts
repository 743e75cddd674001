import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { openDB } from 'idb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { LedgerStore } from '../../src/ports.ts'
import { openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { PART_BLOCKS_MAX } from '../../src/store/ledger-record.ts'
import { watchTransactions } from './failures.ts'
import { LedgerStory } from './ledger-story.ts'
import { flipped } from './raw.ts'

const SEED = { seed: 20_261_124 }

/** Blocks of each commit: eleven records in all. */
const BLOCKS = [1, PART_BLOCKS_MAX + 1, 0, 3 * PART_BLOCKS_MAX, 2, PART_BLOCKS_MAX, 2 * PART_BLOCKS_MAX]
const RECORDS = 11

let restore = () => {}

afterEach(() => {
  restore()
  vi.restoreAllMocks()
})

async function openFilled(name: string): Promise<{ store: LedgerStore; story: LedgerStory }> {
  const store = await openLedgerDatabase(name)
  const story = new LedgerStory(61)
  for (const blocks of BLOCKS) await store.append(story.step({ blocks }))
  return { store, story }
}

describe('commits read on from an index', () => {
  it('cost one transaction, and where one reads on no search', async () => {
    const { store, story } = await openFilled('ledger-commits-cost')
    let transactions = 0
    restore = watchTransactions(() => transactions++)
    const searched = vi.spyOn(IDBObjectStore.prototype, 'get')
    const read = vi.spyOn(IDBObjectStore.prototype, 'getAll')
    expect(await store.commitsAfter(4, 1)).toEqual(story.commits.slice(4, 5))
    const once = searched.mock.calls.length
    expect(once).toBeGreaterThan(0)
    expect(await store.commitsAfter(5, 1)).toEqual(story.commits.slice(5, 6))
    expect(await store.commitsAfter(6, 1)).toEqual(story.commits.slice(6, 7))
    expect(searched).toHaveBeenCalledTimes(once)
    expect(transactions).toBe(3)
    expect(read.mock.calls.length).toBeLessThanOrEqual(4)
    await store.close()
  })

  it('need no search at all where every commit is one record', async () => {
    const store = await openLedgerDatabase('ledger-commits-single')
    const story = new LedgerStory(62)
    await store.append(story.step({ commits: 100 }))
    const searched = vi.spyOn(IDBObjectStore.prototype, 'get')
    expect(await store.commitsAfter(71, 5)).toEqual(story.commits.slice(71, 76))
    expect(searched).not.toHaveBeenCalled()
    await store.close()
  })

  it('are either what was written or said to be damaged, whatever became of one record', async () => {
    const { store, story } = await openFilled('ledger-commits-damaged')
    const database = await openDB('ledger-commits-damaged')
    expect(await database.count('commits')).toBe(RECORDS)
    const damaged = expect.objectContaining({ name: 'StoreError', kind: 'damaged' }) as unknown
    let [refused, read] = [0, 0]
    const damages = fc.record({
      record: fc.nat(RECORDS - 1),
      byte: fc.nat(),
      change: fc.constantFrom('flip', 'cut', 'take away'),
      index: fc.nat(BLOCKS.length - 1),
      count: fc.integer({ min: 1, max: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(damages, async ({ record, byte, change, index, count }) => {
        const kept = (await database.get('commits', record)) as Uint8Array
        if (change === 'flip') await database.put('commits', flipped(kept, byte % kept.length), record)
        else if (change === 'cut') await database.put('commits', kept.slice(0, -1), record)
        else await database.delete('commits', record)
        const outcome = await store.commitsAfter(index, count).catch((error: unknown) => error)
        await database.put('commits', kept, record)
        if (Array.isArray(outcome)) {
          read++
          expect(outcome).toEqual(story.commits.slice(index, index + outcome.length))
          expect(outcome.length).toBeGreaterThan(0)
        } else {
          refused++
          expect(outcome).toEqual(damaged)
        }
      }),
      { ...SEED, numRuns: 300 },
    )
    expect(refused).toBeGreaterThan(50)
    expect(read).toBeGreaterThan(50)
    database.close()
    await store.close()
  })
})
