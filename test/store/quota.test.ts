import 'fake-indexeddb/auto'
import { afterEach, describe, expect, it } from 'vitest'
import type { BlockStore } from '../../src/ports.ts'
import { openBlockDatabase, openNoteDatabase } from '../../src/store/indexed-db.ts'
import { appendAll, checkHolds, checkRejects, standInBlocks } from './cases.ts'
import { refuseWrite, type Failure, type Refusal } from './failures.ts'
import { readRaw, writeRaw, type RawDatabase } from './raw.ts'

/** Every write is refused once, which takes a while where the machine has other work. */
const TIMEOUT_MS = 30_000

/** The append that is refused fills a record, completes the first index page, and begins two records more. */
const HELD_BEFORE = 4000
const BLOCKS = standInBlocks(41, HELD_BEFORE + 400)
const REFUSED = BLOCKS.slice(HELD_BEFORE, HELD_BEFORE + 250)

let failure: Failure | undefined
let full: RawDatabase | undefined

afterEach(() => failure?.restore())

async function openFilled(name: string): Promise<BlockStore> {
  if (full === undefined) {
    const store = await openBlockDatabase('quota-before')
    await appendAll(store, BLOCKS.slice(0, HELD_BEFORE))
    await store.close()
    full = await readRaw('quota-before')
  }
  await writeRaw(name, full)
  return openBlockDatabase(name)
}

describe('a browser that allows no more storage', () => {
  for (const refusal of ['at the request', 'at the end', 'for the disk'] satisfies Refusal[]) {
    it(
      `says so ${refusal} of any one write, and what was stored is kept`,
      async () => {
        let refusals = 0
        for (let at = 0; ; at++) {
          const name = `quota-${refusal}-${at}`
          const store = await openFilled(name)
          failure = refuseWrite(at, refusal)
          const append = store.append(REFUSED, 'relaxed')
          const outcome = await append.then(
            () => 'stored',
            (error: unknown) => error,
          )
          failure.restore()
          if (!failure.happened()) break
          refusals++
          expect(outcome).toMatchObject({ name: 'StoreError', kind: 'quota-exceeded' })
          expect(store.stats().blocks).toBe(HELD_BEFORE)
          expect(await store.read(REFUSED.map(({ id }) => id))).toEqual(REFUSED.map(() => undefined))
          await store.append(REFUSED, 'strict')
          await store.close()
          const again = await openBlockDatabase(name)
          await checkHolds(again, BLOCKS.slice(0, HELD_BEFORE + REFUSED.length))
          await again.close()
        }
        expect(refusals).toBeGreaterThan(5)
      },
      TIMEOUT_MS,
    )
  }

  it('takes the next append after one that was refused', async () => {
    const store = await openBlockDatabase('quota-next')
    failure = refuseWrite(0, 'at the request')
    const first = checkRejects(store.append(BLOCKS.slice(0, 600), 'relaxed'), 'quota-exceeded')
    const second = store.append(BLOCKS.slice(600, 700), 'strict')
    await first
    await second
    await checkHolds(store, BLOCKS.slice(600, 700))
    await store.close()
  })

  it('refuses notes in the same words', async () => {
    const notes = await openNoteDatabase('quota-notes')
    await notes.put([['a', 'old']])
    failure = refuseWrite(1, 'at the end')
    const put = notes.put([
      ['a', 'new'],
      ['b', 'new'],
    ])
    await checkRejects(put, 'quota-exceeded')
    expect(await notes.list('')).toEqual([['a', 'old']])
    await notes.close()
  })
})
