import { describe, expect, it } from 'vitest'
import type { BlockId, Hash } from '../../src/core/model/id.ts'
import { HistoryFollower } from '../../src/node/history-follower.ts'
import { readHistory, type HistoryStores } from '../../src/node/history.ts'
import { Deletions } from '../../src/node/deletions.ts'
import { Historian } from '../../src/node/historian.ts'
import { LiveStreams } from '../../src/node/live-streams.ts'
import type { RecordReader } from '../../src/node/record-reader.ts'
import { measured } from '../../src/reading/measured.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { createMemoryBlockStore, createMemoryNoteStore, memoryPageStore } from '../../src/store/memory.ts'
import { HistoryIndex, type RecordRow } from '../../src/stream/history-index.ts'
import { digits, KEY, OWN, record as recordOf, START_MS, STREAM, temperature } from '../stream/make-index.ts'
import { eachWithWorld, HeldMiner, until, type World } from './make-peer.ts'
import { all, CSV_HEAD, HOUR_MS, INVITATION, rowsAt, strap, valuesOf } from './make-strap.ts'

let world: World
eachWithWorld((made) => (world = made))

describe('A clock that is set back', () => {
  it('does not keep readings from their blocks', async () => {
    const [a, thing] = await strap(world)
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 60, world.clock.nowMs())] })
    world.clock.advance(-HOUR_MS)
    await world.pass(1000)
    expect(a.snapshot().things[0]).toMatchObject({ waiting: 0, blocks: { total: 1 } })
  })

  it('shows what comes now, and not for ever what came before', async () => {
    const [a, thing] = await strap(world)
    const log = (value: number) =>
      a.peer.logReadings({ thing, readings: [measured('heart-rate', value, world.clock.nowMs())] })
    await log(60)
    world.clock.advance(-HOUR_MS)
    await log(61)
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 50, world.clock.nowMs() - 1000)] })
    await world.quiet()
    expect(a.snapshot().things[0]).toMatchObject({ latest: [{ value: 61 }], spark: [60, 61] })
  })

  it('does not put off what failed once', async () => {
    const miner = new HeldMiner()
    const [a, thing] = await strap(world, { miner })
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 60, world.clock.nowMs())] })
    const cancel = new AbortController()
    const flushing = a.peer.flush({ thing }, { signal: cancel.signal })
    await until(() => miner.tasks === 1)
    cancel.abort()
    await expect(flushing).rejects.toMatchObject({ kind: 'cancelled' })
    await world.quiet()
    world.clock.advance(-HOUR_MS)
    a.peer.tick()
    await until(() => miner.tasks === 2)
    miner.finish()
    await world.quiet()
    expect(a.snapshot().things[0]).toMatchObject({ waiting: 0, blocks: { total: 1 } })
  })
})

describe('A history', () => {
  it('of thousands of readings a minute is drawn', async () => {
    const row = { id: digits(1), readable: true } as unknown as RecordRow
    const readings = Array.from({ length: 1000 }, (_, i) => temperature(START_MS + i, i))
    const stores = {
      index: {
        series: async () => ({ series: [], readings: 0, missing: 0, exact: false }),
        records: async function* () {
          yield Array<RecordRow>(256).fill(row)
        },
      },
      blocks: { read: async (ids: readonly BlockId[]) => ids.map(() => new Uint8Array()) },
      records: { readStored: async () => ({ type: 'readings', kind: 'custom', readings }) },
    } as unknown as HistoryStores
    const query = { thing: KEY, fromMs: START_MS, toMs: START_MS + 1000, buckets: 10 }
    expect((await readHistory(stores, query)).readings).toBe(256_000)
  })

  it('ends with what was measured last, though older readings came after it', async () => {
    const [a, thing] = await strap(world)
    const nowMs = world.clock.nowMs()
    await a.peer.logReadings({ thing, readings: [measured('heart-rate', 70, nowMs)] })
    await a.peer.flush({ thing })
    const file = new Blob([CSV_HEAD + rowsAt(nowMs - 5000, 60, 61)])
    await a.peer.importHistory({ thing, format: 'csv', file })
    expect(await valuesOf(a, thing, 1)).toEqual([70])
    expect(await valuesOf(a, thing, 2)).toEqual([61, 70])
  })

  it('of which nothing can be read goes out as an empty file, with progress in numbers', async () => {
    const index = {
      summary: () => ({ readings: 0 }),
      records: async function* () {
        yield [{ id: digits(1), readable: false }]
      },
    }
    const place = {
      index,
      blocks: { read: async (ids: readonly BlockId[]) => ids.map(() => undefined) },
      records: { readStored: async () => undefined },
      follower: { follow: async () => undefined },
    }
    const historian = new Historian({ place: () => place } as unknown as ConstructorParameters<
      typeof Historian
    >[0])
    const told: number[] = []
    await historian.export({ ...all(KEY), format: 'csv' }, { onProgress: (done) => told.push(done) })
    expect(told.filter((done) => !(done >= 0 && done <= 1))).toEqual([])
  })
})

describe('Deleting', () => {
  it('takes the content of what comes while it goes on, too', async () => {
    const index = await HistoryIndex.open(memoryPageStore(), OWN)
    const add = (block: number) =>
      index.add(STREAM, recordOf({ index: block, block }, [temperature(START_MS - block, 1)]))
    await add(0)
    const erased: string[] = []
    const erase = async (ids: readonly BlockId[]) => {
      if (erased.length === 0) await add(1)
      erased.push(...ids)
    }
    const follower = { follow: async () => undefined, flush: () => index.flush(2) }
    const node = { isOpen: () => false, holders: { forget: () => undefined } }
    const deletions = new Deletions({
      notes: createMemoryNoteStore(),
      clock: { nowMs: () => START_MS },
      place: () => ({ network: { id: digits(7) }, index, blocks: { erase }, follower, node }),
      onChanged: () => undefined,
    } as unknown as ConstructorParameters<typeof Deletions>[0])
    await deletions.delete(KEY, START_MS + HOUR_MS)
    expect(index.summary(KEY)).toBeUndefined()
    expect(new Set(erased)).toEqual(new Set([digits(0), digits(1)]))
  })
})

describe('Whoever follows the blocks', () => {
  async function follower(index?: Partial<HistoryIndex>) {
    return new HistoryFollower({
      blocks: createMemoryBlockStore(),
      index: (index ?? (await HistoryIndex.open(memoryPageStore(), OWN))) as HistoryIndex,
      records: undefined as unknown as RecordReader,
      onRecord: () => undefined,
    })
  }

  it('says after its end that it follows no more: an index counted then would be used twice', async () => {
    const ended = await follower()
    await ended.follow()
    await ended.stop()
    await expect(ended.follow()).rejects.toMatchObject({ kind: 'closed' })
  })

  it('goes on after it began again, though it was just about to go on anyway', async () => {
    const calls: string[] = []
    const blocks = createMemoryBlockStore()
    const watched = new HistoryFollower({
      blocks: {
        since: (place, count) => {
          calls.push(`since ${place}`)
          return blocks.since(place, count)
        },
      },
      index: { place: 0, clear: async () => void calls.push('clear') } as unknown as HistoryIndex,
      records: undefined as unknown as RecordReader,
      onRecord: () => undefined,
    })
    void watched.follow()
    watched.startOver()
    await watched.flush()
    expect(calls.slice(-2)).toEqual(['clear', 'since 0'])
  })
})

describe('A stranger’s stream', () => {
  it('of records without end for one moment does not hold up a start', async () => {
    const read: BlockId[] = []
    const rows = (readable: boolean) =>
      Array.from({ length: 256 }, () => ({ id: digits(1) as BlockId, readable }) as RecordRow)
    const parts = {
      index: {
        summary: () => ({ lastMs: START_MS }),
        records: async function* () {
          for (let i = 0; i < 20; i++) yield rows(i % 2 === 0)
        },
      },
      blocks: {
        read: async (ids: readonly BlockId[]) => {
          read.push(...ids)
          return ids.map(() => undefined)
        },
      },
      records: { readStored: async () => undefined },
      things: { get: () => undefined },
      clock: { nowMs: () => START_MS },
      device: OWN,
    }
    const live = new LiveStreams(parts as unknown as ConstructorParameters<typeof LiveStreams>[0])
    await live.readNewest([{ key: KEY }] as unknown as Parameters<typeof live.readNewest>[0])
    expect(read.length).toBeGreaterThan(0)
    expect(read.length).toBeLessThanOrEqual(256)
  })

  it('that goes by the id of a thing of ours is not described as ours', async () => {
    const [a, thing] = await strap(world)
    const b = await world.peer('b', { invitation: INVITATION })
    const streamId = thing.slice(thing.indexOf(':') + 1) as Hash
    const foreign = `${b.keys.publicKey}:${streamId}`
    await expect(a.peer.describeThing({ thing: foreign })).rejects.toMatchObject({ kind: 'unknown-thing' })
  })
})

describe('A thing that came from another device', () => {
  it('is there after the next start, though its note could not be written', async () => {
    const [a, thing] = await strap(world)
    await a.peer.logReadings({
      thing,
      readings: [measured('heart-rate', 60, world.clock.nowMs())] as Reading[],
    })
    await a.peer.flush({ thing })
    const notes = createMemoryNoteStore()
    let isFull = true
    const full = {
      ...notes,
      put: (entries: Parameters<typeof notes.put>[0]) =>
        isFull && entries.some(([key]) => key.startsWith('things/'))
          ? Promise.reject(new Error('full'))
          : notes.put(entries),
    }
    const b = await world.peer('b', { invitation: INVITATION, keys: a.keys, notes: full })
    await world.link(a, b)
    await world.pass(1000)
    expect(b.snapshot().things.map(({ key }) => key)).toEqual([thing])
    isFull = false
    await b.peer.stop()
    await world.openPeer(b)
    expect(b.snapshot().things.map(({ key }) => key)).toEqual([thing])
  })
})
