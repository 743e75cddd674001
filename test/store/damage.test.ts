import 'fake-indexeddb/auto'
import crc32 from 'crc-32'
import { beforeAll, describe, expect, it } from 'vitest'
import type { BlockStore, DamageReport, StoredBlock } from '../../src/ports.ts'
import { openBlockDatabase } from '../../src/store/indexed-db.ts'
import { encodeRecord } from '../../src/store/record.ts'
import {
  allSince,
  appendAll,
  checkHolds,
  checkRejects,
  checkSameBlocks,
  newestInOrder,
  standInBlocks,
} from './cases.ts'
import {
  bytesAt,
  fingerprint,
  flipped,
  readRaw,
  withValue,
  writeRaw,
  type RawDatabase,
  type StoreName,
} from './raw.ts'

/** Many databases are opened, which takes a while where the machine has other work. */
const TIMEOUT_MS = 30_000

const PER_RECORD = 64
/** Records 0 to 63 lie under an index page, 64 to 66 after it; 67, the tail, has the last 12 blocks. */
const BLOCKS = standInBlocks(51, 67 * PER_RECORD + 12)
const BYTES = BLOCKS.reduce((sum, { bytes }) => sum + bytes.length, 0)
const PAGED = 20
const SEALED = 65
const TAIL = 67

let whole: RawDatabase
let databases = 0

beforeAll(async () => {
  const store = await openBlockDatabase('damage-before')
  await appendAll(store, BLOCKS)
  await store.close()
  whole = await readRaw('damage-before')
})

/** Opens a copy of the whole database in which one value is another, and collects what is reported. */
async function openWith(
  store: StoreName,
  key: number,
  value: unknown,
): Promise<{ readonly name: string; readonly store: BlockStore; readonly reports: DamageReport[] }> {
  const name = `damage-${databases++}`
  await writeRaw(name, withValue(whole, store, key, value))
  const reports: DamageReport[] = []
  const opened = await openBlockDatabase(name, { onDamage: (report) => reports.push(report) })
  return { name, store: opened, reports }
}

function blocksOf(record: number): readonly StoredBlock[] {
  return BLOCKS.slice(record * PER_RECORD, (record + 1) * PER_RECORD)
}

/** A record as it should be, but of a later version. */
function newerRecord(): Uint8Array {
  const { record } = encodeRecord(blocksOf(TAIL))
  record[4] = 3
  new DataView(record.buffer).setUint32(0, crc32.buf(record.subarray(4)) >>> 0, true)
  return record
}

function without(record: number): readonly StoredBlock[] {
  return BLOCKS.filter((_, index) => Math.floor(index / PER_RECORD) !== record)
}

describe('a record that fails its checksum', () => {
  for (const [where, record] of [
    ['under an index page', PAGED],
    ['after the last page', SEALED],
    ['at the end', TAIL],
  ] as const) {
    it(
      `${where} is set aside, reported once, and can be appended again`,
      async () => {
        const lost = blocksOf(record)
        const { name, store, reports } = await openWith(
          'records',
          record,
          flipped(bytesAt(whole, 'records', record), 5),
        )
        await newestInOrder(store, BLOCKS.length)
        await checkHolds(store, without(record))
        expect(reports).toEqual([{ candidates: lost.map(({ bytes }) => bytes) }])
        expect(store.stats().damaged).toBe(1)
        expect(await store.read(lost.map(({ id }) => id))).toEqual(lost.map(() => undefined))
        await store.append(lost, 'strict')
        await checkHolds(store, [...without(record), ...lost])
        await store.close()
        const again = await openBlockDatabase(name, { onDamage: (report) => reports.push(report) })
        await checkHolds(again, [...without(record), ...lost])
        expect(again.stats().damaged).toBe(1)
        expect(reports).toHaveLength(1)
        await again.close()
      },
      TIMEOUT_MS,
    )
  }

  it(
    'is noticed whichever byte is wrong, and gives up every block but the one it is in',
    async () => {
      const record = bytesAt(whole, 'records', SEALED)
      const offsets = [0, 3, 4, 5, 6, 40, 41, 6 + 36 * PER_RECORD, record.length - 1]
      for (let offset = 50; offset < record.length; offset += 997) offsets.push(offset)
      for (const offset of offsets) {
        const { store, reports } = await openWith('records', SEALED, flipped(record, offset))
        const salvaged = new Set(reports.flatMap(({ candidates }) => candidates.map(String)))
        const intact = blocksOf(SEALED).filter(({ bytes }) => salvaged.has(String(bytes)))
        expect(reports, `byte ${offset}`).toHaveLength(1)
        expect(intact.length, `byte ${offset}`).toBeGreaterThanOrEqual(PER_RECORD - 1)
        await store.close()
      }
    },
    TIMEOUT_MS,
  )

  it('may be cut short, empty, or no bytes at all', async () => {
    const record = bytesAt(whole, 'records', SEALED)
    for (const value of [record.slice(0, 9000), record.slice(0, 5), new Uint8Array(), 'text', { a: 1 }, 7]) {
      const { store, reports } = await openWith('records', SEALED, value)
      expect(reports).toHaveLength(1)
      expect(store.stats()).toMatchObject({ blocks: BLOCKS.length - PER_RECORD, damaged: 1 })
      await store.close()
    }
  })

  it('is met by a reader who asks for its blocks', async () => {
    const { store, reports } = await openWith(
      'records',
      PAGED,
      flipped(bytesAt(whole, 'records', PAGED), 9000),
    )
    expect(reports).toEqual([])
    const asked = BLOCKS.slice(PAGED * PER_RECORD - 1, PAGED * PER_RECORD + 3)
    const found = await store.read(asked.map(({ id }) => id))
    expect(found).toEqual([asked[0]?.bytes, undefined, undefined, undefined])
    expect(reports).toHaveLength(1)
    expect(store.stats()).toMatchObject({ blocks: BLOCKS.length - PER_RECORD, damaged: 1 })
    await store.close()
  })

  it(
    'is passed over by a reader who follows, and the rest still comes',
    async () => {
      for (const record of [PAGED, SEALED, TAIL])
        for (const count of [1, 100, 9000]) {
          const { store, reports } = await openWith(
            'records',
            record,
            flipped(bytesAt(whole, 'records', record), 9),
          )
          checkSameBlocks((await allSince(store, 0, count)).blocks, without(record), `without ${record}`)
          expect(reports).toHaveLength(1)
          const { places } = await allSince(store, 0, 9000)
          await store.append(blocksOf(record), 'relaxed')
          checkSameBlocks(
            (await allSince(store, places.at(-1) ?? 0, count)).blocks,
            blocksOf(record),
            'came back',
          )
          await store.close()
        }
    },
    TIMEOUT_MS,
  )

  it('is met by two readers at once, and reported once', async () => {
    const { store, reports } = await openWith(
      'records',
      PAGED,
      flipped(bytesAt(whole, 'records', PAGED), 9000),
    )
    const ids = blocksOf(PAGED).map(({ id }) => id)
    await Promise.all([store.read(ids), newestInOrder(store, BLOCKS.length), store.read(ids)])
    expect(reports).toHaveLength(1)
    expect(store.stats().damaged).toBe(1)
    await store.close()
  })
})

describe('an index that fails its checksum', () => {
  it(
    'is derived again from the records',
    async () => {
      for (const store of ['pages', 'filters'] as const) {
        const bytes = bytesAt(whole, store, 64)
        for (const value of [
          flipped(bytes, 0),
          flipped(bytes, 1000),
          bytes.slice(0, 900),
          undefined,
          'text',
        ]) {
          const opened = await openWith(store, 64, value)
          const sample = BLOCKS.filter((_, index) => index % 20 === 0).map(({ id }) => id)
          expect(opened.store.stats()).toEqual({ blocks: BLOCKS.length, bytes: BYTES, damaged: 0 })
          expect(await opened.store.read(sample)).not.toContain(undefined)
          expect(opened.reports).toEqual([])
          await opened.store.close()
        }
      }
    },
    TIMEOUT_MS,
  )
})

describe('a database of a newer program', () => {
  it('with a record version we do not know is not touched', async () => {
    const newer = newerRecord()
    const name = `damage-${databases++}`
    await writeRaw(name, withValue(whole, 'records', TAIL, newer))
    const before = fingerprint(await readRaw(name))
    await checkRejects(openBlockDatabase(name), 'newer-version')
    expect(fingerprint(await readRaw(name))).toEqual(before)
  })

  it('with such a record in its history refuses to read it', async () => {
    const { store, reports } = await openWith('records', PAGED, newerRecord())
    await checkRejects(store.read(blocksOf(PAGED).map(({ id }) => id)), 'newer-version')
    await checkRejects(newestInOrder(store, BLOCKS.length), 'newer-version')
    expect(reports).toEqual([])
    await store.close()
  })
})
