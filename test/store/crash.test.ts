import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Durability, StoredBlock } from '../../src/ports.ts'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { appendAll, checkHolds, newestInOrder, standInBlocks } from './cases.ts'
import { dieAtRequest, type Failure, type Fate } from './failures.ts'
import { readRaw, writeRaw, type RawDatabase } from './raw.ts'

/** An append, and how durable it is asked to be. */
type Step = readonly [count: number, durability: Durability]

/** The program dies once at every request, which takes a while where the machine has other work. */
const TIMEOUT_MS = 60_000

/** Fills an unfilled record, seals the first index page at 4096 blocks, and goes on behind it. */
const SCRIPT: readonly Step[] = [
  [30, 'relaxed'],
  [1, 'strict'],
  [90, 'relaxed'],
  [1, 'strict'],
  [64, 'strict'],
  [200, 'relaxed'],
]
const FATES: readonly Fate[] = ['rolled back', 'rolled back at the end', 'completed']
const HELD_BEFORE = 3990
const BLOCKS = standInBlocks(31, 6000)

let before: RawDatabase
let failure: Failure | undefined
let databases = 0

beforeAll(async () => {
  const store = await openBlockDatabase('crash-before')
  await appendAll(store, BLOCKS.slice(0, HELD_BEFORE))
  await store.close()
  before = await readRaw('crash-before')
})

afterEach(() => failure?.restore())

/**
 * Opens the store and appends step by step until the program dies or the script ends. Returns how many blocks it
 * was told are stored, and how many there are after each step: what a store may hold if steps are all or none.
 */
async function liveThrough(
  name: string,
  blocks: readonly StoredBlock[],
  heldBefore: number,
  steps: readonly Step[],
  isDead: () => boolean,
): Promise<{ readonly acknowledged: number; readonly possible: readonly number[] }> {
  const possible = [heldBefore]
  for (const [count] of steps) possible.push((possible.at(-1) ?? 0) + count)
  let acknowledged = heldBefore
  try {
    const store = await openBlockDatabase(name)
    const calls = steps.map(async ([count, durability], index) => {
      const start = possible[index] ?? 0
      await store.append(blocks.slice(start, start + count), durability)
      if (!isDead()) acknowledged = start + count
    })
    await Promise.allSettled(calls)
  } catch {
    // It died while opening.
  }
  return { acknowledged, possible }
}

/** Reopens what the dead program left, checks it, and goes on with it. */
async function expectWhole(
  name: string,
  blocks: readonly StoredBlock[],
  { acknowledged, possible }: Awaited<ReturnType<typeof liveThrough>>,
): Promise<void> {
  const damage: unknown[] = []
  const store = await openBlockDatabase(name, { onDamage: (report) => damage.push(report) })
  const held = store.stats().blocks
  expect(held).toBeGreaterThanOrEqual(acknowledged)
  expect(possible).toContain(held)
  expect(damage).toEqual([])
  await checkHolds(store, blocks.slice(0, held))
  await store.append(blocks.slice(held, held + 70), 'strict')
  await store.close()
  const again = await openBlockDatabase(name)
  expect(again.stats().blocks).toBe(held + 70)
  expect((await newestInOrder(again, 140)).map(({ id }) => id)).toEqual(
    blocks.slice(Math.max(0, held - 70), held + 70).map(({ id }) => id),
  )
  await again.close()
}

describe('a program that dies', () => {
  for (const fate of FATES) {
    it(
      `at any one request, the transaction ${fate}, leaves what it acknowledged and nothing half-written`,
      async () => {
        let deaths = 0
        for (let at = 0; ; at++) {
          const name = `crash-${fate}-${at}`
          await writeRaw(name, before)
          failure = dieAtRequest(at, fate)
          const outcome = await liveThrough(name, BLOCKS, HELD_BEFORE, SCRIPT, failure.happened)
          failure.restore()
          if (!failure.happened()) break
          deaths++
          await expectWhole(name, BLOCKS, outcome)
        }
        expect(deaths).toBeGreaterThan(15)
      },
      TIMEOUT_MS,
    )
  }

  it(
    'at a random request of random appends leaves a whole store',
    async () => {
      const step = fc.tuple(
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom<Durability>('relaxed', 'strict'),
      )
      const death = fc.tuple(fc.nat(40), fc.constantFrom(...FATES))
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 12 }),
          death,
          async (steps, [at, fate]) => {
            const name = `crash-random-${databases++}`
            failure = dieAtRequest(at, fate)
            const outcome = await liveThrough(name, BLOCKS, 0, steps, failure.happened)
            failure.restore()
            await expectWhole(name, BLOCKS, outcome)
          },
        ),
        { seed: 20_260_101, numRuns: 60 },
      )
    },
    TIMEOUT_MS,
  )
})
