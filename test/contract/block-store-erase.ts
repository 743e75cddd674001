/** The contract of `BlockStore.erase` (src/ports.ts): the payload is gone, the block stays where it was. */
import type { BlockStore, StoredBlock } from '../../src/ports.ts'
import {
  allSince,
  appendAll,
  checkHolds,
  checkRejects,
  checkSame,
  checkSameBlocks,
  erasedStandIn,
  seededWords,
  standInBlock,
  standInBlocks,
  standInId,
  type ContractCase,
} from '../store/cases.ts'

type BlockStoreCase = ContractCase<BlockStore>

/** `blocks` as they are where every one that `isErased` names by its index has been erased. */
function withErased(
  blocks: readonly StoredBlock[],
  isErased: (index: number) => boolean,
): readonly StoredBlock[] {
  return blocks.map((block, index) => (isErased(index) ? erasedStandIn(block) : block))
}

function idsOf(blocks: readonly StoredBlock[]) {
  return blocks.map(({ id }) => id)
}

async function checkLeft(store: BlockStore, left: readonly StoredBlock[]): Promise<void> {
  await checkHolds(store, left)
  checkSameBlocks((await allSince(store, 0, 200)).blocks, left, 'blocks since the first')
}

/** What every block store does. */
export const eraseCases: readonly BlockStoreCase[] = [
  {
    name: 'keeps the header of what it erased, in its place',
    run: async (open) => {
      const store = await open('erase')
      const blocks = standInBlocks(81, 200)
      await appendAll(store, blocks)
      // Of the first records, of a whole record, and of what was appended last.
      const isErased = (index: number) => index === 3 || (index >= 64 && index < 128) || index === 199
      await store.erase(idsOf(blocks.filter((_, index) => isErased(index))))
      await checkLeft(store, withErased(blocks, isErased))
      await store.close()
    },
  },
  {
    name: 'has nothing to erase twice, of what it does not hold, and where there is no payload',
    run: async (open) => {
      const store = await open('erase-nothing')
      const words = seededWords(82)
      const blocks = [standInBlock(words, 0), ...standInBlocks(83, 70), standInBlock(words, 0)]
      await appendAll(store, blocks)
      const isErased = (index: number) => index === 5 || index === 70
      const ids = idsOf(blocks.filter((_, index) => isErased(index)))
      await store.erase(ids)
      await store.erase([])
      await store.erase([
        ...ids,
        standInId(words),
        ...ids,
        ...idsOf([blocks[0], blocks[71]] as StoredBlock[]),
      ])
      await checkLeft(store, withErased(blocks, isErased))
      await store.close()
    },
  },
  {
    name: 'goes on appending after it',
    run: async (open) => {
      const store = await open('erase-append')
      const blocks = standInBlocks(84, 300)
      const places: number[] = []
      for (let first = 0; first < blocks.length; first += 20) {
        await store.append(blocks.slice(first, first + 20), 'relaxed')
        await store.erase(idsOf(blocks.slice(first + 15, first + 20)))
        places.push((await allSince(store, 0, 1000)).places.at(-1) ?? 0)
      }
      const left = withErased(blocks, (index) => index % 20 >= 15)
      await checkLeft(store, left)
      for (const [turn, place] of places.entries()) {
        const rest = await allSince(store, place, 100)
        checkSameBlocks(rest.blocks, left.slice((turn + 1) * 20), `blocks since turn ${turn}`)
      }
      await store.close()
    },
  },
  {
    name: 'erases thousands of old ones among others',
    run: async (open) => {
      const store = await open('erase-thousands')
      const blocks = standInBlocks(85, 9000)
      await appendAll(store, blocks, 1000)
      const isErased = (index: number) => index % 3 === 0 && index < 8500
      await store.erase(idsOf(blocks.filter((_, index) => isErased(index))))
      await checkLeft(store, withErased(blocks, isErased))
      await store.close()
    },
  },
  {
    name: 'erases for several at once, while it is read and written',
    run: async (open) => {
      const store = await open('erase-at-once')
      const blocks = standInBlocks(86, 600)
      await appendAll(store, blocks.slice(0, 300))
      const ids = idsOf(blocks)
      const erased = [0, 1, 2].map((turn) => (index: number) => index < 300 && index % 7 === turn)
      await Promise.all([
        ...erased.map((isErased) => store.erase(ids.filter((_, index) => isErased(index)))),
        appendAll(store, blocks.slice(300), 11),
        ...Array.from({ length: 8 }, () => store.read(ids.slice(0, 300))),
      ])
      await checkLeft(
        store,
        withErased(blocks, (index) => erased.some((isErased) => isErased(index))),
      )
      await store.close()
    },
  },
  {
    name: 'holds a header that was given without its payload as erased',
    run: async (open) => {
      const store = await open('erase-given')
      const whole = [standInBlock(seededWords(89), 0), ...standInBlocks(90, 200)]
      const isErased = (index: number) => index % 4 === 1
      const held = withErased(whole, isErased)
      await appendAll(
        store,
        held.map(({ id, bytes }) => ({ id, bytes })),
      )
      await checkLeft(store, held)
      await store.erase(idsOf(whole.slice(0, 3)))
      await checkLeft(
        store,
        withErased(whole, (index) => isErased(index) || index === 2),
      )
      await store.close()
    },
  },
  {
    name: 'erases nothing once it is closed',
    run: async (open) => {
      const store = await open('erase-closed')
      const blocks = standInBlocks(87, 3)
      await store.append(blocks, 'strict')
      await store.close()
      await checkRejects(store.erase(idsOf(blocks)), 'closed')
      await checkRejects(store.find(idsOf(blocks)), 'closed')
      await checkRejects(store.since(0, 1), 'closed')
    },
  },
]

/** What a block store does that outlives the program. */
export const lastingEraseCases: readonly BlockStoreCase[] = [
  {
    name: 'knows after a restart what it erased, and erases what it held before',
    run: async (open) => {
      const blocks = standInBlocks(88, 4600)
      const first = await open('erase-restart')
      await appendAll(first, blocks.slice(0, 4500))
      await first.erase(idsOf(blocks.filter((_, index) => index % 5 === 0)))
      const stats = first.stats()
      await first.close()
      const second = await open('erase-restart')
      checkSame(second.stats(), stats, 'stats after the restart')
      await checkLeft(
        second,
        withErased(blocks.slice(0, 4500), (index) => index % 5 === 0),
      )
      await second.erase(idsOf(blocks.filter((_, index) => index % 5 === 1)))
      await second.append(blocks.slice(4500), 'strict')
      const left = withErased(blocks, (index) => index < 4500 && index % 5 <= 1)
      await checkLeft(second, left)
      await second.close()
      const third = await open('erase-restart')
      await checkLeft(third, left)
      await third.close()
    },
  },
]
