/** Measures the block store on a real browser's IndexedDB. Bundled into a page by the bench runner. */
import { deleteDB, openDB } from 'idb'
import type { BlockId } from '../../src/core/model/id.ts'
import type { BlockStore, StoredBlock } from '../../src/ports.ts'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { seededWords, standInBlock, standInId } from '../store/cases.ts'
import { median } from './median.ts'

/** What a store of one size does. Times are milliseconds. */
interface StoreSize {
  readonly blocks: number
  /** Blocks a second, the middle of the turns that made it grow to this. */
  readonly writeRate: number
  readonly openMs: number
  /** From opening on until `newest` has handed over every block. */
  readonly reopenMs: number
  /** 1000 blocks read by id, from all over the history. */
  readonly readMs: number
  /** 1000 ids asked for that are not there. */
  readonly missMs: number
  /** Bytes of a block as the browser counts its storage; as given it has 400. */
  readonly storedBytes: number
}

/** Blocks a second of two stores that took turns. */
interface GrownTurn {
  /** Written to a store that is empty, and to the one that has grown. */
  readonly empty: number
  readonly grown: number
}

/** The same of blocks in records of many, and of a record for each. */
interface PackedTurn {
  readonly packed: number
  readonly unpacked: number
  /** Opened again and all read. */
  readonly packedReopened: number
  readonly unpackedReopened: number
}

export interface StoreBench {
  readonly sizes: readonly StoreSize[]
  /** With the last of the sizes. */
  readonly grown: readonly GrownTurn[]
  readonly packed: readonly PackedTurn[]
}

const GROWN = 'store-bench-grown'
const FRESH = 'store-bench-fresh'
const UNPACKED = 'store-bench-unpacked'

/** Where a store that grows further is looked at. */
const SIZES = [10_000, 100_000]

/** Blocks written in a turn, and the step by which a store grows. */
const TURN_BLOCKS = 10_000
const ROUNDS = 5

const BATCH = 256
const BATCHES_UNDER_WAY = 4
/** 184 bytes of header, parent and signature, and a payload like a pack of readings: 400 bytes. */
const PAYLOAD_BYTES = 216

/** One id of so many is kept, to ask for. */
const ASKED_OF = 10
const ASKED = 1000

const words = seededWords(1)
const known: BlockId[] = []

/** Makes a store grow to so many blocks and looks at it then, and at sizes on the way. */
async function runStoreBench(count: number): Promise<StoreBench> {
  await warmUp()
  const usedBefore = await storageBytes()
  let grown = await openBlockDatabase(GROWN)
  const found: StoreSize[] = []
  for (const blocks of [...SIZES.filter((size) => size < count), count]) {
    const rates: number[] = []
    while (grown.stats().blocks < blocks) rates.push(await growth(grown, blocks))
    await grown.close()
    const opened = await timed(() => openBlockDatabase(GROWN))
    grown = opened.result
    const streamed = await timed(() => readAll(grown))
    found.push({
      blocks: streamed.result,
      writeRate: Math.round(median(rates)),
      openMs: Math.round(opened.ms),
      reopenMs: Math.round(opened.ms + streamed.ms),
      ...(await lookUps(grown)),
      storedBytes: ((await storageBytes()) - usedBefore) / streamed.result,
    })
  }
  const turns: GrownTurn[] = []
  while (turns.length < ROUNDS) turns.push(await grownTurn(grown, turns.length % 2 === 0))
  await grown.close()
  await deleteDB(GROWN)
  const packed: PackedTurn[] = []
  while (packed.length < ROUNDS) packed.push(await packedTurn())
  return { sizes: found, grown: turns, packed }
}

/** Lets the engine compile what is to be measured. */
async function warmUp(): Promise<void> {
  await deleteDB(GROWN)
  const store = await openBlockDatabase(GROWN)
  await grownTurn(store, true)
  await store.close()
  await deleteDB(GROWN)
  await packedTurn()
}

/** Writes a turn's blocks, or as many as it lacks to its size; how many it takes in a second. */
async function growth(store: BlockStore, size: number): Promise<number> {
  const blocks = makeBlocks(Math.min(TURN_BLOCKS, size - store.stats().blocks))
  blocks.forEach(({ id }, index) => index % ASKED_OF === 0 && known.push(id))
  return rateOf(blocks.length, () => write(store, blocks))
}

/** @param isEmptyFirst the other way round in every other turn: each leaves work behind that the next waits for */
async function grownTurn(grown: BlockStore, isEmptyFirst: boolean): Promise<GrownTurn> {
  const store = await openBlockDatabase(FRESH)
  const writeTo = async (to: BlockStore) => {
    const blocks = makeBlocks(TURN_BLOCKS)
    return rateOf(TURN_BLOCKS, () => write(to, blocks))
  }
  const first = await writeTo(isEmptyFirst ? store : grown)
  const second = await writeTo(isEmptyFirst ? grown : store)
  await store.close()
  await deleteDB(FRESH)
  return isEmptyFirst ? { empty: first, grown: second } : { empty: second, grown: first }
}

async function packedTurn(): Promise<PackedTurn> {
  const blocks = makeBlocks(TURN_BLOCKS)
  const store = await openBlockDatabase(FRESH)
  const packed = await rateOf(TURN_BLOCKS, () => write(store, blocks))
  await store.close()
  const unpacked = await rateOf(TURN_BLOCKS, () => writeUnpacked(blocks))
  const packedReopened = await rateOf(TURN_BLOCKS, async () => {
    const again = await openBlockDatabase(FRESH)
    await readAll(again)
    await again.close()
  })
  const unpackedReopened = await rateOf(TURN_BLOCKS, readUnpacked)
  await deleteDB(FRESH)
  await deleteDB(UNPACKED)
  return { packed, unpacked, packedReopened, unpackedReopened }
}

async function lookUps(store: BlockStore): Promise<Pick<StoreSize, 'readMs' | 'missMs'>> {
  const step = Math.max(1, Math.floor(known.length / ASKED))
  const asked = known.filter((_, index) => index % step === 0).slice(0, ASKED)
  const read = await timed(() => store.read(asked))
  if (read.result.includes(undefined)) throw new Error('a block was lost')
  const strangers = Array.from({ length: ASKED }, () => standInId(words))
  const missed = await timed(() => store.read(strangers))
  return { readMs: Math.round(read.ms), missMs: Math.round(missed.ms) }
}

function makeBlocks(count: number): readonly StoredBlock[] {
  return Array.from({ length: count }, () => standInBlock(words, PAYLOAD_BYTES))
}

/** As a node that receives history does: while some batches are being stored, the next ones come in. */
async function write(store: BlockStore, blocks: readonly StoredBlock[]): Promise<void> {
  const underWay: Promise<void>[] = []
  for (let start = 0; start < blocks.length; start += BATCH) {
    underWay.push(store.append(blocks.slice(start, start + BATCH), 'relaxed'))
    if (underWay.length === BATCHES_UNDER_WAY) await underWay.shift()
  }
  await Promise.all(underWay)
}

async function readAll(store: BlockStore): Promise<number> {
  let held = 0
  for await (const batch of store.newest(store.stats().blocks)) held += batch.length
  if (held !== store.stats().blocks) throw new Error('a block was lost')
  return held
}

const openUnpacked = () =>
  openDB(UNPACKED, 1, { upgrade: (database) => void database.createObjectStore('blocks') })

/** A record a block under an integer key, relaxed. */
async function writeUnpacked(blocks: readonly StoredBlock[]): Promise<void> {
  const database = await openUnpacked()
  for (let start = 0; start < blocks.length; start += BATCH) {
    const transaction = database.transaction('blocks', 'readwrite', { durability: 'relaxed' })
    for (const [i, { bytes }] of blocks.slice(start, start + BATCH).entries())
      void transaction.store.put(bytes, start + i)
    await transaction.done
  }
  database.close()
}

async function readUnpacked(): Promise<void> {
  const database = await openUnpacked()
  await database.getAll('blocks')
  database.close()
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now()
  const result = await work()
  return { ms: performance.now() - start, result }
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  return (1000 * count) / (await timed(work)).ms
}

async function storageBytes(): Promise<number> {
  const { usage = 0 } = await navigator.storage.estimate()
  return usage
}

Object.assign(globalThis, { runStoreBench })
