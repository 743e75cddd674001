/** The contract of `LedgerStore` (src/ports.ts), as cases that run under vitest and in a browser page alike. */
import { WINDOW_BLOCKS_MAX } from '../../src/core/model/limits.ts'
import type { TransactionId } from '../../src/core/model/transaction.ts'
import type { LedgerStep, LedgerStore } from '../../src/ports.ts'
import { check, checkRejects, checkSame, seededWords, standInId, type ContractCase } from '../store/cases.ts'
import { LedgerStory, commitsOf } from '../store/ledger-story.ts'
import { commitsAfterCases } from './ledger-store-commits.ts'

type LedgerStoreCase = ContractCase<LedgerStore>

/** Throws unless the store refuses the step as a mistake of the program. */
async function checkMistaken(store: LedgerStore, step: LedgerStep, what: string): Promise<void> {
  const outcome = await store.append(step).then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  check(outcome instanceof RangeError, `${what}: expected a RangeError, got ${String(outcome)}`)
}

/** What every ledger store does. */
export const ledgerStoreCases: readonly LedgerStoreCase[] = [
  ...commitsAfterCases,
  {
    name: 'holds nothing before the first step',
    run: async (open) => {
      const store = await open('ledger-empty')
      await new LedgerStory(1).checkHeldBy(store)
      const stranger = standInId(seededWords(1)) as string as TransactionId
      checkSame(await store.applied([stranger]), [undefined], 'a transaction nobody made')
      await store.close()
    },
  },
  {
    name: 'gives back a step whole',
    run: async (open) => {
      const store = await open('ledger-step')
      const story = new LedgerStory(2)
      await store.append(story.step({ commits: 3, created: 20, spent: 0 }))
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'begins again once it is cleared',
    run: async (open) => {
      const store = await open('ledger-cleared')
      await store.append(new LedgerStory(2).step({ commits: 3, created: 20, spent: 0 }))
      await store.clear()
      const story = new LedgerStory(3)
      await story.checkHeldBy(store)
      await store.append(story.step())
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'keeps steps called at once in the order of the calls',
    run: async (open) => {
      const store = await open('ledger-many')
      const story = new LedgerStory(3)
      const calls = Array.from({ length: 40 }, (_, step) =>
        store.append(story.step({ commits: 1 + (step % 3) })),
      )
      await Promise.all(calls)
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'forgets what is spent, and only that',
    run: async (open) => {
      const store = await open('ledger-spent')
      const story = new LedgerStory(4)
      await store.append(story.step({ created: 30, spent: 0 }))
      await store.append(story.step({ created: 0, spent: 29 }))
      await story.checkHeldBy(store)
      check(story.unspent.size === 1, 'one output is left')
      await store.append(story.step({ created: 5, spent: 1 }))
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'never shows an output that a step both made and spent',
    run: async (open) => {
      const store = await open('ledger-passing')
      const story = new LedgerStory(5)
      const step = story.step({ created: 1, spent: 0 })
      const [passing] = new LedgerStory(6).step({ created: 1, spent: 0 }).created
      check(passing !== undefined, 'an output')
      await store.append({ ...step, created: [passing, ...step.created], spent: [passing[0]] })
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'hands over thousands of commits, newest first',
    run: async (open) => {
      const store = await open('ledger-commits')
      const story = new LedgerStory(7)
      for (let step = 0; step < 4; step++) await store.append(story.step({ commits: 700, blocks: step }))
      await story.checkHeldBy(store)
      let largest = 0
      for await (const batch of store.newestCommits()) largest = Math.max(largest, batch.length)
      check(largest < 2800, 'the commits come in batches')
      await store.close()
    },
  },
  {
    name: 'takes a commit with more blocks than a node keeps in memory',
    run: async (open) => {
      const store = await open('ledger-large')
      const story = new LedgerStory(8)
      for (const blocks of [1500, 1501, WINDOW_BLOCKS_MAX + 1, 0]) await store.append(story.step({ blocks }))
      const commits = await commitsOf(store)
      checkSame(
        commits.map(({ index, blocks }) => [index, blocks.length]),
        story.commits.map(({ index, blocks }) => [index, blocks.length]).reverse(),
        'how many blocks each has',
      )
      const wanted = [...story.commits].reverse()
      check(
        commits.every(({ blocks }, at) => blocks.every((id, place) => id === wanted[at]?.blocks[place])),
        'the blocks are in the order of the commit',
      )
      await store.close()
    },
  },
  {
    name: 'loads ten thousand outputs',
    run: async (open) => {
      const store = await open('ledger-outputs')
      const story = new LedgerStory(9)
      for (let step = 0; step < 10; step++) await store.append(story.step({ created: 1001, spent: 1 }))
      check(story.unspent.size > 10_000, 'there are as many')
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'pages through the history, newest first',
    run: async (open) => {
      const store = await open('ledger-history')
      const story = new LedgerStory(10)
      for (let step = 0; step < 25; step++) await store.append(story.step())
      const newestFirst = [...story.history].reverse()
      for (const count of [1, 7, 50]) {
        const paged = []
        let page = await store.history(count)
        while (page.length > 0) {
          check(page.length <= count, 'no more than asked')
          paged.push(...page)
          page = await store.history(count, page.at(-1))
        }
        checkSame(paged, newestFirst, `pages of ${count}`)
      }
      checkSame(await store.history(0), [], 'none asked for')
      const between = { commit: 20, place: 0 }
      const earlier = newestFirst.filter(({ commit }) => commit < 20)
      checkSame(await store.history(100, between), earlier, 'before a place where nothing is')
      await store.close()
    },
  },
  {
    name: 'tells which transactions were applied, in the order asked',
    run: async (open) => {
      const store = await open('ledger-applied')
      const story = new LedgerStory(11)
      for (const created of [1, 64, 7]) await store.append(story.step({ created }))
      const [a, b, c] = [...story.applied.keys()] as [TransactionId, TransactionId, TransactionId]
      const stranger = standInId(seededWords(12)) as string as TransactionId
      checkSame(await store.applied([c, stranger, a, b, c]), [7, undefined, 1, 64, 7], 'how many outputs')
      checkSame(await store.applied([]), [], 'none asked for')
      await store.close()
    },
  },
  {
    name: 'keeps its own copy of the bytes',
    run: async (open) => {
      const store = await open('ledger-copies')
      const story = new LedgerStory(13)
      const step = story.step()
      await store.append(structuredClone(step))
      const overwritten = story.step()
      story.newest = {
        ...story.newest,
        ...structuredClone({ head: overwritten.head }),
      } as typeof story.newest
      story.history.splice(2, 2, ...structuredClone(overwritten.history))
      await store.append(overwritten)
      overwritten.head.lanes.fill(0)
      for (const { memo } of overwritten.history) memo.fill(0)
      ;(await store.load())?.head.lanes.fill(0)
      for (const { memo } of await store.history(10)) memo.fill(0)
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'refuses a step that does not follow the newest, and keeps nothing of it',
    run: async (open) => {
      const store = await open('ledger-gap')
      const story = new LedgerStory(14)
      await store.append(story.step({ commits: 2 }))
      const other = new LedgerStory(15)
      await checkMistaken(store, other.step({ commits: 2 }), 'commits that are held')
      await checkMistaken(store, { ...other.step({ commits: 2 }), commits: [] }, 'no commits')
      const late = other.step({ commits: 2 })
      await checkMistaken(store, late, 'a gap before the first')
      const [first, second] = other.step({ commits: 2 }).commits
      check(first !== undefined && second !== undefined, 'two commits')
      const holed = [
        { ...first, index: 3 },
        { ...second, index: 5 },
      ]
      await checkMistaken(store, { ...late, commits: holed }, 'a gap between two')
      const following = [{ ...first, index: 3 }]
      await checkMistaken(store, { ...late, commits: following }, 'the head of another commit')
      await story.checkHeldBy(store)
      await store.append(story.step())
      await story.checkHeldBy(store)
      await store.close()
    },
  },
  {
    name: 'is closed after it was closed',
    run: async (open) => {
      const store = await open('ledger-closed')
      const story = new LedgerStory(16)
      const appended = store.append(story.step())
      await store.close()
      await appended
      await checkRejects(store.append(story.step()), 'closed')
      await checkRejects(store.load(), 'closed')
      await checkRejects(store.applied([]), 'closed')
      await checkRejects(store.history(1), 'closed')
      await checkRejects(commitsOf(store), 'closed')
      await store.close()
    },
  },
]

/** What a ledger store does that outlives the program. */
export const lastingLedgerStoreCases: readonly LedgerStoreCase[] = [
  {
    name: 'holds after a restart what was kept before it, and goes on from there',
    run: async (open) => {
      const story = new LedgerStory(20)
      const first = await open('ledger-restart')
      for (let step = 0; step < 5; step++) await first.append(story.step({ blocks: 1600, created: 5 }))
      await first.close()
      const second = await open('ledger-restart')
      await story.checkHeldBy(second)
      await second.append(story.step({ commits: 2 }))
      await second.close()
      const third = await open('ledger-restart')
      await story.checkHeldBy(third)
      await third.close()
    },
  },
  {
    name: 'finishes what is under way before it closes',
    run: async (open) => {
      const story = new LedgerStory(21)
      const first = await open('ledger-under-way')
      const calls = [1, 2, 3].map((commits) => first.append(story.step({ commits })))
      await first.close()
      await Promise.all(calls)
      const second = await open('ledger-under-way')
      await story.checkHeldBy(second)
      await second.close()
    },
  },
  {
    name: 'keeps stores of different names apart',
    run: async (open) => {
      const [story, other] = [new LedgerStory(22), new LedgerStory(23)]
      const [first, second] = [await open('ledger-apart-1'), await open('ledger-apart-2')]
      await first.append(story.step())
      await story.checkHeldBy(first)
      await other.checkHeldBy(second)
      await first.close()
      await second.close()
    },
  },
]
