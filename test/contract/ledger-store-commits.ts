/** The part of the contract of `LedgerStore` (src/ports.ts) that is about reading commits on from an index. */
import { COMMITS_PER_READ_MAX, type LedgerStore, type StoredCommit } from '../../src/ports.ts'
import { check, checkRejects, checkSame, seededWords, type ContractCase } from '../store/cases.ts'
import { LedgerStory } from '../store/ledger-story.ts'

/** Reads on from `index` until there is no more, `count` at a time. */
async function readOn(store: LedgerStore, index: number, count: number): Promise<readonly StoredCommit[]> {
  const read: StoredCommit[] = []
  for (;;) {
    const commits = await store.commitsAfter(index + read.length, count)
    check(commits.length <= count, 'no more than asked')
    if (commits.length === 0) return read
    read.push(...commits)
  }
}

/** Throws unless the two are the same commits. Texts of many blocks are not compared whole: that takes seconds. */
function checkCommits(got: readonly StoredCommit[], wanted: readonly StoredCommit[], what: string): void {
  const facts = (commits: readonly StoredCommit[]) =>
    commits.map(({ blocks, ...facts }) => ({ ...facts, blocks: blocks.length }))
  checkSame(facts(got), facts(wanted), what)
  const isSame = got.every(({ blocks }, at) => blocks.every((id, place) => id === wanted[at]?.blocks[place]))
  check(isSame, `${what}: their blocks`)
}

async function checkMistaken(store: LedgerStore, index: number, count: number): Promise<void> {
  const outcome = await store.commitsAfter(index, count).then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  )
  check(outcome instanceof RangeError, `after ${index}, ${count}: got ${String(outcome)}`)
}

/** What every ledger store does. */
export const commitsAfterCases: readonly ContractCase<LedgerStore>[] = [
  {
    name: 'has no commit after any index before the first step',
    run: async (open) => {
      const store = await open('ledger-after-empty')
      for (const index of [0, 1, 1000]) checkSame(await store.commitsAfter(index, 10), [], `after ${index}`)
      await store.close()
    },
  },
  {
    name: 'reads commits on from any index, oldest first',
    run: async (open) => {
      const store = await open('ledger-after')
      const story = new LedgerStory(41)
      for (let step = 0; step < 3; step++) await store.append(story.step({ commits: 200, blocks: step }))
      const { commits } = story
      for (const index of [0, 1, 299, 598, 599]) {
        const wanted = commits.slice(index, index + COMMITS_PER_READ_MAX)
        checkCommits(await store.commitsAfter(index, COMMITS_PER_READ_MAX), wanted, `after ${index}`)
        checkCommits(await store.commitsAfter(index, 1), wanted.slice(0, 1), `the one after ${index}`)
      }
      checkSame(await store.commitsAfter(600, 10), [], 'after the newest')
      checkSame(await store.commitsAfter(Number.MAX_SAFE_INTEGER, 10), [], 'long after the newest')
      for (const count of [1, 7, COMMITS_PER_READ_MAX])
        checkCommits(await readOn(store, 0, count), commits, `${count} at a time`)
      await store.close()
    },
  },
  {
    name: 'reads on where commits were added meanwhile',
    run: async (open) => {
      const store = await open('ledger-after-growing')
      const story = new LedgerStory(42)
      await store.append(story.step({ commits: 3, blocks: 1501 }))
      checkCommits(await readOn(store, 1, 2), story.commits.slice(1), 'what there is')
      await store.append(story.step({ commits: 4, blocks: 1501 }))
      checkCommits(await readOn(store, 3, 2), story.commits.slice(3), 'what was added')
      checkCommits(await readOn(store, 0, 2), story.commits, 'all of it')
      await store.close()
    },
  },
  {
    name: 'finds any commit among some with thousands of blocks and some with none',
    run: async (open) => {
      const store = await open('ledger-after-large')
      const story = new LedgerStory(43)
      const words = seededWords(43)
      for (let step = 0; step < 12; step++) {
        const blocks = [0, 3, 1500, 1501, 4501][words() % 5] ?? 0
        await store.append(story.step({ commits: 1 + (words() % 3), blocks }))
      }
      const { commits } = story
      for (const index of commits.keys()) {
        const after = await store.commitsAfter(index, 1 + (words() % 4))
        check(after.length > 0, `there is one after ${index}`)
        checkCommits(after, commits.slice(index, index + after.length), `after ${index}`)
      }
      for (const count of [2, COMMITS_PER_READ_MAX])
        checkCommits(await readOn(store, 0, count), commits, `${count} at a time`)
      await store.close()
    },
  },
  {
    name: 'serves several who read on from different places',
    run: async (open) => {
      const store = await open('ledger-after-several')
      const story = new LedgerStory(44)
      for (const blocks of [1600, 2, 3100, 0, 1600]) await store.append(story.step({ commits: 3, blocks }))
      const readers = [0, 4, 9, 0].map(async (index) => {
        checkCommits(await readOn(store, index, 2), story.commits.slice(index), `from ${index}`)
      })
      await Promise.all(readers)
      await store.close()
    },
  },
  {
    name: 'has no commit left once it is cleared, and reads the new ones from the first',
    run: async (open) => {
      const store = await open('ledger-after-cleared')
      const before = new LedgerStory(45)
      await store.append(before.step({ commits: 2, blocks: 1600 }))
      await readOn(store, 0, 1)
      await store.clear()
      checkSame(await store.commitsAfter(0, 10), [], 'none is left')
      const story = new LedgerStory(46)
      await store.append(story.step({ commits: 4, blocks: 1 }))
      checkCommits(await store.commitsAfter(2, 10), story.commits.slice(2), 'where the old ones ended')
      checkCommits(await readOn(store, 0, 10), story.commits, 'all of them')
      await store.close()
    },
  },
  {
    name: 'refuses to read what there cannot be',
    run: async (open) => {
      const store = await open('ledger-after-mistaken')
      await store.append(new LedgerStory(47).step())
      for (const index of [-1, 0.5, Number.NaN, 2 ** 53]) await checkMistaken(store, index, 1)
      for (const count of [0, -1, 1.5, Number.NaN, COMMITS_PER_READ_MAX + 1])
        await checkMistaken(store, 0, count)
      await store.close()
      await checkRejects(store.commitsAfter(0, 1), 'closed')
    },
  },
]
