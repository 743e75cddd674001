import 'fake-indexeddb/auto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import type { BlockStore, StoredBlock } from '../../src/ports.ts'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { decodeRecord, encodeRecord } from '../../src/store/record.ts'
import { appendAll, checkHolds, erasedStandIn, newestInOrder, standInBlocks } from './cases.ts'
import { dieAtRequest, refuseWrite, watchTransactions, type Fate } from './failures.ts'
import { bytesAt, flipped, readRaw, withValue, writeRaw, type RawDatabase } from './raw.ts'

/** Many databases are opened, which takes a while where the machine has other work. */
const TIMEOUT_MS = 60_000

const PER_RECORD = 64
/** Records 0 to 63 lie under an index page, 64 and 65 after it; 66, the tail, has the last 12 blocks. */
const BLOCKS = standInBlocks(91, 66 * PER_RECORD + 12)
const ERASED = new Set([5, 6, 20 * PER_RECORD, 64 * PER_RECORD + 1, 66 * PER_RECORD + 3])
const IDS = idsAt(ERASED)
const LEFT = BLOCKS.map((block, index) => (ERASED.has(index) ? erasedStandIn(block) : block))

let whole: RawDatabase
let restore = () => {}

beforeAll(async () => {
  const store = await openBlockDatabase('erase-before')
  await appendAll(store, BLOCKS, 1000)
  await store.close()
  whole = await readRaw('erase-before')
})

afterEach(() => restore())

function idsAt(indexes: Iterable<number>): readonly BlockId[] {
  return [...indexes].flatMap((index) => BLOCKS[index]?.id ?? [])
}

async function openCopy(name: string, raw = whole): Promise<BlockStore> {
  await writeRaw(name, raw)
  return openBlockDatabase(name)
}

/** Every byte in the database, one character each. */
async function textOf(name: string): Promise<string> {
  const values = Object.values(await readRaw(name)).flat()
  return values
    .flatMap(([, value]) => (value instanceof Uint8Array ? [Buffer.from(value).toString('latin1')] : []))
    .join('|')
}

function payloadOf({ bytes }: StoredBlock): string {
  return Buffer.from(bytes.subarray(184)).toString('latin1')
}

describe('an erased payload', () => {
  it('is in none of the bytes of the database any more, those of other blocks are', async () => {
    const store = await openCopy('erase-bytes')
    expect(await textOf('erase-bytes')).toContain(payloadOf(BLOCKS[5] as StoredBlock))
    await store.erase(IDS)
    const text = await textOf('erase-bytes')
    for (const [index, block] of BLOCKS.entries())
      if (ERASED.has(index) || index % 97 === 0)
        expect(text.includes(payloadOf(block)), `block ${index}`).toBe(!ERASED.has(index))
    await store.close()
  })

  it('is not in what was set aside either', async () => {
    const name = 'erase-damaged'
    const broken = flipped(bytesAt(whole, 'records', 20), 5)
    const store = await openCopy(name, withValue(whole, 'records', 20, broken))
    await newestInOrder(store, BLOCKS.length)
    expect(await textOf(name)).toContain(payloadOf(BLOCKS[20 * PER_RECORD] as StoredBlock))
    await store.erase(IDS)
    expect(await textOf(name)).not.toContain(payloadOf(BLOCKS[20 * PER_RECORD] as StoredBlock))
    await store.close()
    const again = await openBlockDatabase(name)
    expect(again.stats()).toMatchObject({ blocks: BLOCKS.length - PER_RECORD, damaged: 1 })
    await again.close()
  })

  it('leads an erasure to a record that is damaged, which is set aside', async () => {
    const name = 'erase-meets-damage'
    const broken = flipped(bytesAt(whole, 'records', 20), 5)
    const store = await openCopy(name, withValue(whole, 'records', 20, broken))
    await store.erase(IDS)
    await checkHolds(
      store,
      LEFT.filter((_, index) => Math.floor(index / PER_RECORD) !== 20),
    )
    expect(await textOf(name)).not.toContain(payloadOf(BLOCKS[20 * PER_RECORD] as StoredBlock))
    await store.close()
  })

  it('is not brought back by a read that was under way', async () => {
    const broken = flipped(bytesAt(whole, 'records', 30), 5)
    const store = await openCopy('erase-under-way', withValue(whole, 'records', 30, broken))
    const ids = idsAt([20 * PER_RECORD, 30 * PER_RECORD])
    // It has read the record when it meets the damaged one, and then waits for the erasure to set that aside.
    await Promise.all([store.read(ids), store.erase(ids)])
    expect(await store.read(ids)).toEqual([undefined, undefined])
    await store.close()
  })

  it('is gone for good once that is answered', async () => {
    const store = await openCopy('erase-strict')
    const seen: IDBTransactionDurability[] = []
    restore = watchTransactions(({ mode, durability }) => {
      if (mode === 'readwrite') seen.push(durability)
    })
    await store.erase(IDS)
    expect(seen).toEqual(['strict'])
    await store.close()
  })
})

describe('an erasure that fails', () => {
  it(
    'leaves all as it was where the browser refuses, and may be repeated',
    async () => {
      for (let at = 0; ; at++) {
        const store = await openCopy(`erase-refused-${at}`)
        const failure = refuseWrite(at, 'at the end')
        const outcome = await store.erase(IDS).catch((error: unknown) => error)
        failure.restore()
        if (!failure.happened()) break
        expect(outcome).toMatchObject({ name: 'StoreError', kind: 'quota-exceeded' })
        if (at === 0) await checkHolds(store, BLOCKS)
        await store.erase(IDS)
        await checkHolds(store, LEFT)
        await store.close()
      }
    },
    TIMEOUT_MS,
  )

  for (const fate of ['rolled back', 'rolled back at the end', 'completed'] satisfies Fate[]) {
    it(
      `with the program, at any one request, the transaction ${fate}, leaves a whole store`,
      async () => {
        for (let at = 0; ; at++) {
          const name = `erase-${fate}-${at}`
          await writeRaw(name, whole)
          const failure = dieAtRequest(at, fate)
          await openBlockDatabase(name)
            .then((store) => store.erase(IDS))
            .catch(() => undefined)
          failure.restore()
          const store = await openBlockDatabase(name)
          const [some] = await store.find(IDS.slice(0, 1))
          // One transaction has all of these.
          await checkHolds(store, some?.erased ? LEFT : BLOCKS)
          await store.close()
          if (!failure.happened()) break
        }
      },
      TIMEOUT_MS,
    )
  }
})

describe('a record with erased blocks', () => {
  const blocks = BLOCKS.slice(0, 10)
  const left = blocks.map((block, index) => (index % 2 === 0 ? erasedStandIn(block) : block))

  it('gives back which were erased, and is of a version that a program without erasing refuses', () => {
    const { record, blocks: views } = encodeRecord(left)
    expect(record[4]).toBe(2)
    expect(views).toEqual(left)
    expect(decodeRecord(record)).toEqual({ type: 'blocks', blocks: left })
    expect(encodeRecord(blocks).record[4]).toBe(1)
  })

  it('gives up the others when it is damaged', () => {
    const { record } = encodeRecord(left)
    expect(decodeRecord(flipped(record, 10))).toEqual({
      type: 'damaged',
      candidates: left.filter(({ erased }) => !erased).map(({ bytes }) => bytes),
    })
  })
})
