/** The contract of `BlockStore.since` (src/ports.ts): whoever follows a store misses nothing and sees nothing twice. */
import type { BlockStore, StoredBlock } from '../../src/ports.ts'
import {
  allSince,
  appendAll,
  check,
  checkSame,
  checkSameBlocks,
  seededWords,
  standInBlock,
  standInBlocks,
  type ContractCase,
} from '../store/cases.ts'

type BlockStoreCase = ContractCase<BlockStore>

/** What every block store does. */
export const sinceCases: readonly BlockStoreCase[] = [
  {
    name: 'has nothing after the first place while it is empty',
    run: async (open) => {
      const store = await open('since-empty')
      checkSame(await store.since(0, 10), { blocks: [], next: 0 }, 'the answer')
      await store.close()
    },
  },
  {
    name: 'hands over every block in the order appended, from the start and from any place met',
    run: async (open) => {
      const store = await open('since-places')
      const blocks = standInBlocks(71, 3000)
      await appendAll(store, blocks, 100)
      for (const count of [1, 64, 65, 500, 9000]) {
        const all = await allSince(store, 0, count)
        checkSameBlocks(all.blocks, blocks, `since(0, ${count})`)
      }
      const { places } = await allSince(store, 0, 200)
      check(places.length > 3, 'all came in a few answers')
      for (const place of places) {
        const rest = await allSince(store, place, 1000)
        checkSameBlocks(rest.blocks, blocks.slice(blocks.length - rest.blocks.length), `since(${place})`)
      }
      checkSame((await allSince(store, places.at(-1) ?? 0, 10)).blocks, [], 'after the last place')
      await store.close()
    },
  },
  {
    name: 'goes on from where it ended, however few blocks come at a time',
    run: async (open) => {
      const store = await open('since-follow')
      const words = seededWords(72)
      const sizes = [40, 16_384, 60, 24_512, 0, 24_512]
      const blocks = Array.from({ length: 700 }, (_, i) => standInBlock(words, sizes[i % sizes.length] ?? 0))
      const followed: StoredBlock[] = []
      let place = 0
      for (let first = 0; first < blocks.length;) {
        const count = 1 + (words() % 90)
        await store.append(blocks.slice(first, first + count), 'relaxed')
        first += count
        const answer = await store.since(place, 50)
        followed.push(...answer.blocks)
        place = answer.next
      }
      followed.push(...(await allSince(store, place, 50)).blocks)
      checkSameBlocks(followed, blocks, 'what was followed')
      await store.close()
    },
  },
  {
    name: 'may be followed while it is being written',
    run: async (open) => {
      const store = await open('since-meanwhile')
      const blocks = standInBlocks(73, 1000)
      const followed: StoredBlock[] = []
      let place = 0
      const follow = async () => {
        const answer = await store.since(place, 30)
        followed.push(...answer.blocks)
        place = answer.next
      }
      for (let first = 0; first < blocks.length; first += 7)
        await Promise.all([store.append(blocks.slice(first, first + 7), 'relaxed'), follow()])
      followed.push(...(await allSince(store, place, 30)).blocks)
      checkSameBlocks(followed, blocks, 'what was followed')
      await store.close()
    },
  },
  {
    name: 'keeps its own bytes from whoever follows it',
    run: async (open) => {
      const store = await open('since-copies')
      const blocks = standInBlocks(74, 70)
      await appendAll(store, blocks)
      for (const block of (await allSince(store, 0, 100)).blocks) block.bytes.fill(0)
      checkSameBlocks((await allSince(store, 0, 100)).blocks, blocks, 'after the answers were overwritten')
      await store.close()
    },
  },
  {
    name: 'says where its end is to whoever is ahead of it',
    run: async (open) => {
      const store = await open('since-ahead')
      await store.append(standInBlocks(75, 100), 'relaxed')
      const { places } = await allSince(store, 0, 1000)
      const end = places.at(-1) ?? 0
      for (const ahead of [1, 30, 64, 100_000])
        checkSame(await store.since(end + ahead, 10), { blocks: [], next: end }, `${ahead} ahead`)
      await store.close()
    },
  },
]

/** What a block store does that outlives the program. */
export const lastingSinceCases: readonly BlockStoreCase[] = [
  {
    name: 'knows after a restart the places of before',
    run: async (open) => {
      const blocks = standInBlocks(76, 5000)
      const first = await open('since-restart')
      await appendAll(first, blocks.slice(0, 4500), 300)
      const { places } = await allSince(first, 0, 700)
      await first.close()
      const second = await open('since-restart')
      const end = places.at(-1) ?? 0
      checkSame(await second.since(end, 10), { blocks: [], next: end }, 'at the end')
      await appendAll(second, blocks.slice(4500), 1)
      for (const place of [0, ...places]) {
        const rest = await allSince(second, place, 1000)
        checkSameBlocks(rest.blocks, blocks.slice(blocks.length - rest.blocks.length), `since(${place})`)
      }
      checkSameBlocks((await allSince(second, end, 100)).blocks, blocks.slice(4500), 'what came later')
      await second.close()
    },
  },
]
