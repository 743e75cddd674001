import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { openDB } from 'idb'
import { afterEach, describe, expect, it } from 'vitest'
import type { LedgerStore } from '../../src/ports.ts'
import { openLedgerDatabase } from '../../src/store/indexed-db.ts'
import { PART_BLOCKS_MAX } from '../../src/store/ledger-record.ts'
import { checkRejects } from './cases.ts'
import {
  dieAtRequest,
  refuseWrite,
  watchTransactions,
  type Failure,
  type Fate,
  type Refusal,
} from './failures.ts'
import { LedgerStory, commitsOf } from './ledger-story.ts'
import { flipped } from './raw.ts'

const SEED = { seed: 20_261_123 }

/** Eight writes: the head, two commits, two outputs, one transaction applied, two entries of the history. */
const REFUSED_STEP = { commits: 2, created: 2, spent: 3 }

let failure: Failure | undefined
let restore = () => {}

afterEach(() => {
  failure?.restore()
  restore()
})

/** A database of its own that holds two steps of this story. */
async function openFilled(name: string, story: LedgerStory): Promise<LedgerStore> {
  const store = await openLedgerDatabase(name)
  await store.append(story.step({ created: 5 }))
  await store.append(story.step({ blocks: PART_BLOCKS_MAX + 1, created: 5 }))
  return store
}

describe('a browser that allows no more storage', () => {
  for (const refusal of ['at the request', 'at the end', 'for the disk'] satisfies Refusal[]) {
    it(`says so ${refusal} of any one write of a step, of which nothing is kept`, async () => {
      let refusals = 0
      for (let at = 0; ; at++) {
        const story = new LedgerStory(31)
        const store = await openFilled(`ledger-quota-${refusal}-${at}`, story)
        const before = structuredClone([await store.load(), await commitsOf(store), await store.history(99)])
        const step = story.step(REFUSED_STEP)
        failure = refuseWrite(at, refusal)
        const outcome = await store.append(step).catch((error: unknown) => error)
        failure.restore()
        if (!failure.happened()) break
        refusals++
        expect(outcome).toMatchObject({ name: 'StoreError', kind: 'quota-exceeded' })
        expect([await store.load(), await commitsOf(store), await store.history(99)]).toEqual(before)
        expect(await store.applied(step.applied.map(([id]) => id))).toEqual([undefined])
        await store.append(step)
        await story.checkHeldBy(store)
        await store.close()
      }
      expect(refusals).toBe(8)
    })
  }

  it('fails the steps that wait behind the one it refuses, and takes them again', async () => {
    const story = new LedgerStory(32)
    const store = await openFilled('ledger-quota-waiting', story)
    const steps = [story.step(), story.step(), story.step()]
    failure = refuseWrite(0, 'at the end')
    await Promise.all(steps.map((step) => checkRejects(store.append(step), 'quota-exceeded')))
    await Promise.all(steps.map((step) => store.append(step)))
    await story.checkHeldBy(store)
    await store.close()
  })
})

describe('a program that dies', () => {
  for (const fate of ['rolled back', 'rolled back at the end', 'completed'] satisfies Fate[]) {
    it(`finds a step whole or not at all, the transaction ${fate}`, async () => {
      for (let at = 0; ; at++) {
        const name = `ledger-death-${fate}-${at}`
        const [before, after] = [new LedgerStory(33), new LedgerStory(33)]
        const store = await openFilled(name, before)
        for (const parts of [{ created: 5 }, { blocks: PART_BLOCKS_MAX + 1, created: 5 }]) after.step(parts)
        const step = after.step(REFUSED_STEP)
        failure = dieAtRequest(at, fate)
        const kept = await store.append(step).then(
          () => true,
          () => false,
        )
        failure.restore()
        const again = await openLedgerDatabase(name)
        const index = (await again.load())?.head.index
        if (kept) expect(index).toBe(after.commits.length)
        await (index === before.commits.length ? before : after).checkHeldBy(again)
        await again.close()
        if (!failure.happened()) break
      }
    })
  }
})

describe('a step', () => {
  it('is one transaction that does not wait for the disk', async () => {
    const story = new LedgerStory(34)
    const store = await openFilled('ledger-transaction', story)
    const seen: IDBTransactionDurability[] = []
    restore = watchTransactions(({ mode, durability }) => {
      if (mode === 'readwrite') seen.push(durability)
    })
    await store.append(story.step(REFUSED_STEP))
    expect(seen).toEqual(['relaxed'])
    await store.close()
  })

  it('is refused where too many wait', async () => {
    const story = new LedgerStory(35)
    const store = await openLedgerDatabase('ledger-waiting')
    const steps = Array.from({ length: 1024 }, () => story.step({ blocks: 0, created: 0 }))
    const kept = steps.map((step) => store.append(step))
    await checkRejects(store.append(new LedgerStory(36).step()), 'failed')
    await Promise.all(kept)
    await story.checkHeldBy(store)
    await store.close()
  })
})

/** What reads each object store. Opening alone reads the head. */
const READS: Readonly<Record<string, (store: LedgerStore) => Promise<unknown>>> = {
  head: (store) => store.load(),
  commits: commitsOf,
  outputs: (store) => store.load(),
  history: (store) => store.history(99),
}

async function readPart(name: string, part: string): Promise<unknown> {
  const store = await openLedgerDatabase(name)
  try {
    return await READS[part]?.(store)
  } finally {
    await store.close()
  }
}

describe('a damaged ledger', () => {
  /** Changes the first value of an object store; undefined takes it away. Then reads all that is in there. */
  async function readChanged(
    name: string,
    part: string,
    change: (value: unknown) => unknown,
  ): Promise<unknown> {
    const database = await openDB(name)
    const [key] = await database.getAllKeys(part)
    if (key === undefined) throw new Error(`nothing in ${part}`)
    const kept: unknown = await database.get(part, key)
    const changed = change(kept)
    await (changed === undefined ? database.delete(part, key) : database.put(part, changed, key))
    const outcome = await readPart(name, part).catch((error: unknown) => error)
    await database.put(part, kept, key)
    database.close()
    return outcome
  }

  for (const part of Object.keys(READS)) {
    it(`is told from a sound one by any byte of its ${part}`, async () => {
      const name = `ledger-damaged-${part}`
      const story = new LedgerStory(37)
      await (await openFilled(name, story)).close()
      const damaged = expect.objectContaining({ name: 'StoreError', kind: 'damaged' }) as unknown
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (at) => {
          const flip = (value: unknown) =>
            value instanceof Uint8Array ? flipped(value, at % value.length) : 0
          expect(await readChanged(name, part, flip)).toEqual(damaged)
        }),
        { ...SEED, numRuns: 40 },
      )
      const cuts = [
        () => 'text',
        () => new Uint8Array(),
        (value: unknown) => (value as Uint8Array).slice(0, -1),
      ]
      for (const cut of cuts) expect(await readChanged(name, part, cut)).toEqual(damaged)
      if (part !== 'history') expect(await readChanged(name, part, () => undefined)).toEqual(damaged)
      const store = await openLedgerDatabase(name)
      await story.checkHeldBy(store)
      await store.close()
    })
  }

  it('counts no outputs of a transaction where there is no count', async () => {
    const story = new LedgerStory(38)
    await (await openFilled('ledger-damaged-applied', story)).close()
    const database = await openDB('ledger-damaged-applied')
    for (const key of await database.getAllKeys('applied')) await database.put('applied', 'two', key)
    database.close()
    const store = await openLedgerDatabase('ledger-damaged-applied')
    await checkRejects(store.applied([...story.applied.keys()]), 'damaged')
    await store.close()
  })

  it('can be cleared and made again from the start', async () => {
    await (await openFilled('ledger-again', new LedgerStory(39))).close()
    const database = await openDB('ledger-again')
    await database.put('head', new Uint8Array(4), 0)
    database.close()
    const store = await openLedgerDatabase('ledger-again')
    await checkRejects(store.load(), 'damaged')
    await store.clear()
    expect(await store.load()).toBeUndefined()
    const story = new LedgerStory(39)
    await store.append(story.step())
    await story.checkHeldBy(store)
    await store.close()
  })
})

describe('a ledger whose database is taken away', () => {
  it('gives way to a newer program, and is closed', async () => {
    const story = new LedgerStory(40)
    const store = await openFilled('ledger-way', story)
    ;(await openDB('ledger-way', 2)).close()
    await checkRejects(store.append(story.step()), 'closed')
    await checkRejects(store.load(), 'closed')
    await checkRejects(commitsOf(store), 'closed')
    await checkRejects(openLedgerDatabase('ledger-way'), 'newer-version')
    await store.close()
  })
})
