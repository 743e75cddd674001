/** The contract of `BlockStore` (src/ports.ts), as cases that run under vitest and in a browser page alike. */
import type { BlockId } from '../../src/core/model/id.ts'
import type { BlockStore, StoredBlock } from '../../src/ports.ts'
import {
  appendAll,
  check,
  checkHolds,
  checkRejects,
  checkSame,
  checkSameBlocks,
  newestInOrder,
  seededWords,
  standInBlock,
  standInBlocks,
  standInId,
  type ContractCase,
} from '../store/cases.ts'

/** Blocks that fill an index page of any store that has such pages, and begin another. */
const MORE_THAN_A_PAGE = 4500

type BlockStoreCase = ContractCase<BlockStore>

/** What every block store does. */
export const blockStoreCases: readonly BlockStoreCase[] = [
  {
    name: 'holds nothing at first',
    run: async (open) => {
      const store = await open('empty')
      checkSame(store.stats(), { blocks: 0, bytes: 0, damaged: 0 }, 'stats')
      checkSame(await newestInOrder(store, 10), [], 'newest')
      checkSame((await store.read([standInId(seededWords(1))])).length, 1, 'answers')
      await store.close()
    },
  },
  {
    name: 'answers in the order asked, with nothing for what it does not hold',
    run: async (open) => {
      const store = await open('order')
      const [a, b, stranger] = standInBlocks(2, 3) as [StoredBlock, StoredBlock, StoredBlock]
      await store.append([a, b], 'strict')
      const found = await store.read([b.id, stranger.id, a.id, b.id])
      checkSame(found, [b.bytes, undefined, a.bytes, b.bytes], 'bytes read')
      checkSame(await store.read([]), [], 'no ids')
      await store.append([], 'strict')
      await store.close()
    },
  },
  {
    name: 'keeps its own copy of the bytes',
    run: async (open) => {
      const store = await open('copies')
      const [block] = standInBlocks(3, 1) as [StoredBlock]
      const kept = block.bytes.slice()
      await store.append([block], 'relaxed')
      block.bytes.fill(0)
      const [found] = await store.read([block.id])
      checkSame(found, kept, 'after the appended bytes were overwritten')
      found?.fill(0)
      for await (const [streamed] of store.newest(1)) streamed?.bytes.fill(0)
      checkSame(await store.read([block.id]), [kept], 'after the answers were overwritten')
      await store.close()
    },
  },
  {
    name: 'finds and streams thousands of blocks',
    run: async (open) => {
      const store = await open('thousands')
      const blocks = standInBlocks(4, MORE_THAN_A_PAGE)
      await appendAll(store, blocks)
      await checkHolds(store, blocks)
      const strangers = standInBlocks(5, 500).map(({ id }) => id)
      check(
        (await store.read(strangers)).every((bytes) => bytes === undefined),
        'a block that was never appended was found',
      )
      await store.close()
    },
  },
  {
    name: 'streams exactly as many of the newest as asked for',
    run: async (open) => {
      const store = await open('newest')
      const blocks = standInBlocks(6, 3000)
      await appendAll(store, blocks, 100)
      for (const count of [0, 1, 63, 64, 65, 2900, 3000, 9000]) {
        const expected = count === 0 ? [] : blocks.slice(-count)
        checkSameBlocks(await newestInOrder(store, count), expected, `newest(${count})`)
      }
      await store.close()
    },
  },
  {
    name: 'takes blocks of every size',
    run: async (open) => {
      const store = await open('sizes')
      const words = seededWords(7)
      const sizes = [0, 16_384, 24_512, 1, 24_512, 24_512, 5000, 0, 16_384, 300]
      const blocks = Array.from({ length: 300 }, (_, index) =>
        standInBlock(words, sizes[index % sizes.length] ?? 0),
      )
      await appendAll(store, blocks, 37)
      await checkHolds(store, blocks)
      await store.close()
    },
  },
  {
    name: 'keeps appends made at once, in the order made',
    run: async (open) => {
      const store = await open('at-once')
      const blocks = standInBlocks(8, 900)
      const calls: Promise<void>[] = []
      for (let first = 0; first < blocks.length; first += 30) {
        calls.push(store.append(blocks.slice(first, first + 30), first % 60 === 0 ? 'strict' : 'relaxed'))
      }
      await Promise.all(calls)
      await checkHolds(store, blocks)
      await store.close()
    },
  },
  {
    name: 'tells ids apart that begin alike',
    run: async (open) => {
      const store = await open('alike')
      const blocks = standInBlocks(9, MORE_THAN_A_PAGE)
      const twins = standInBlocks(10, 3).map(({ id, bytes }, index) => ({
        id: `${blocks[index]?.id.slice(0, 62)}${id.slice(62)}` as BlockId,
        bytes,
      }))
      const all = [...twins.slice(0, 2), ...blocks]
      await appendAll(store, all)
      await checkHolds(store, all)
      checkSame(await store.read([twins[2]?.id as BlockId]), [undefined], 'a twin that was never appended')
      await store.close()
    },
  },
  {
    name: 'reads while it is being written',
    run: async (open) => {
      const store = await open('meanwhile')
      const blocks = standInBlocks(11, 1000)
      await appendAll(store, blocks.slice(0, 500))
      const writing = appendAll(store, blocks.slice(500), 20)
      const found = await store.read(blocks.slice(0, 500).map(({ id }) => id))
      check(
        found.every((bytes) => bytes !== undefined),
        'a block was lost for a moment',
      )
      const streamed = await newestInOrder(store, 1000)
      checkSameBlocks(streamed, blocks.slice(0, streamed.length), 'the stream')
      await writing
      await checkHolds(store, blocks)
      await store.close()
    },
  },
  {
    name: 'is closed after it was closed',
    run: async (open) => {
      const store = await open('closed')
      const blocks = standInBlocks(12, 2)
      const appended = store.append(blocks, 'relaxed')
      await store.close()
      await appended
      await checkRejects(store.append(standInBlocks(13, 1), 'strict'), 'closed')
      await checkRejects(store.read(blocks.map(({ id }) => id)), 'closed')
      await checkRejects(newestInOrder(store, 1), 'closed')
      await store.close()
    },
  },
]

/** What a block store does that outlives the program. */
export const lastingBlockStoreCases: readonly BlockStoreCase[] = [
  {
    name: 'holds after a restart what was appended before it',
    run: async (open) => {
      const blocks = standInBlocks(20, MORE_THAN_A_PAGE)
      const first = await open('restart')
      await appendAll(first, blocks.slice(0, 4200), 700)
      await first.close()
      const second = await open('restart')
      await checkHolds(second, blocks.slice(0, 4200))
      await appendAll(second, blocks.slice(4200), 1)
      await second.close()
      const third = await open('restart')
      await checkHolds(third, blocks)
      await third.close()
    },
  },
  {
    name: 'finishes what is under way before it closes',
    run: async (open) => {
      const blocks = standInBlocks(21, 600)
      const first = await open('under-way')
      const calls = [0, 200, 400].map((start) => first.append(blocks.slice(start, start + 200), 'relaxed'))
      await first.close()
      await Promise.all(calls)
      const second = await open('under-way')
      await checkHolds(second, blocks)
      await second.close()
    },
  },
  {
    name: 'keeps stores of different names apart',
    run: async (open) => {
      const [a, b] = standInBlocks(22, 2) as [StoredBlock, StoredBlock]
      const [first, second] = [await open('apart-1'), await open('apart-2')]
      await first.append([a], 'strict')
      await second.append([b], 'strict')
      checkSame(await first.read([a.id, b.id]), [a.bytes, undefined], 'the first')
      checkSame(await second.read([a.id, b.id]), [undefined, b.bytes], 'the second')
      await first.close()
      await second.close()
    },
  },
]
