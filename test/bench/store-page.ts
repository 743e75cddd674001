/** Measures the block store on a real browser's IndexedDB. Bundled into a page by the bench runner. */
import { deleteDB, openDB } from 'idb'
import type { StoredBlock } from '../../src/ports.ts'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { seededWords, standInBlock } from '../store/cases.ts'

/** What one run measured. Rates are blocks a second, times milliseconds. */
export interface StoreBench {
  readonly blocks: number
  readonly writeMs: number
  readonly writeRate: number
  /** From `openBlockDatabase` until `newest` has handed over every block. */
  readonly reopenMs: number
  /** Of that, until the store was open. */
  readonly openMs: number
  /** 1000 blocks read by id, from all over the history. */
  readonly readMs: number
  /** 1000 ids asked for that are not there. */
  readonly missMs: number
  /** Bytes of a block as given, and as the browser counts its storage. */
  readonly blockBytes: number
  readonly storedBytes: number
  /** The same blocks with a record each, 256 a transaction: what packing is worth, as ratios of one run. */
  readonly timesUnpackedWrite: number
  readonly timesUnpackedReopen: number
}

const DATABASE = 'store-bench'
const BATCH = 256
const BATCHES_UNDER_WAY = 4
/** 184 bytes of header, parent and signature, and a payload like a pack of readings: 400 bytes. */
const PAYLOAD_BYTES = 216

/** Writes, reopens and reads `count` stand-in blocks of 400 bytes. */
async function runStoreBench(count: number): Promise<StoreBench> {
  await deleteDB(DATABASE)
  const usedBefore = await storageBytes()
  const words = seededWords(1)
  const blocks = Array.from({ length: count }, () => standInBlock(words, PAYLOAD_BYTES))
  const first = await openBlockDatabase(DATABASE)
  const written = await timed(() => write(first.append.bind(first), blocks))
  const { bytes } = first.stats()
  await first.close()
  const used = (await storageBytes()) - usedBefore
  const opened = await timed(() => openBlockDatabase(DATABASE))
  const streamed = await timed(async () => {
    let held = 0
    for await (const batch of opened.result.newest(count)) held += batch.length
    return held
  })
  const step = Math.max(1, Math.floor(count / 1000))
  const known = blocks.filter((_, index) => index % step === 0).map(({ id }) => id)
  const read = await timed(() => opened.result.read(known))
  const strangers = known.map((id) => [...id].reverse().join('') as typeof id)
  const missed = await timed(() => opened.result.read(strangers))
  await opened.result.close()
  await deleteDB(DATABASE)
  const unpacked = await runUnpacked(blocks)
  if (streamed.result !== count || read.result.includes(undefined)) throw new Error('a block was lost')
  return {
    blocks: count,
    writeMs: written.ms,
    writeRate: Math.round((count / written.ms) * 1000),
    reopenMs: opened.ms + streamed.ms,
    openMs: opened.ms,
    readMs: read.ms,
    missMs: missed.ms,
    blockBytes: bytes / count,
    storedBytes: used / count,
    timesUnpackedWrite: unpacked.writeMs / written.ms,
    timesUnpackedReopen: unpacked.reopenMs / (opened.ms + streamed.ms),
  }
}

/** As a node that receives history does: while some batches are being stored, the next ones come in. */
async function write(
  append: (blocks: readonly StoredBlock[], durability: 'relaxed') => Promise<void>,
  blocks: readonly StoredBlock[],
): Promise<void> {
  const underWay: Promise<void>[] = []
  for (let start = 0; start < blocks.length; start += BATCH) {
    underWay.push(append(blocks.slice(start, start + BATCH), 'relaxed'))
    if (underWay.length === BATCHES_UNDER_WAY) await underWay.shift()
  }
  await Promise.all(underWay)
}

/** A record a block under an integer key, relaxed; reopened by reading them all. */
async function runUnpacked(
  blocks: readonly StoredBlock[],
): Promise<{ readonly writeMs: number; readonly reopenMs: number }> {
  const open = () => openDB(DATABASE, 1, { upgrade: (database) => void database.createObjectStore('blocks') })
  await deleteDB(DATABASE)
  const first = await open()
  const written = await timed(async () => {
    for (let start = 0; start < blocks.length; start += BATCH) {
      const transaction = first.transaction('blocks', 'readwrite', { durability: 'relaxed' })
      for (const [i, { bytes }] of blocks.slice(start, start + BATCH).entries())
        void transaction.store.put(bytes, start + i)
      await transaction.done
    }
  })
  first.close()
  const reopened = await timed(async () => {
    const again = await open()
    await again.getAll('blocks')
    again.close()
  })
  await deleteDB(DATABASE)
  return { writeMs: written.ms, reopenMs: reopened.ms }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const start = performance.now()
  const result = await work()
  return { ms: Math.round(performance.now() - start), result }
}

async function storageBytes(): Promise<number> {
  const { usage = 0 } = await navigator.storage.estimate()
  return usage
}

Object.assign(globalThis, { runStoreBench })
