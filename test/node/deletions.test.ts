import { describe, expect, it } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import type { StreamKey } from '../../src/node/api.ts'
import { Deletions } from '../../src/node/deletions.ts'
import { AT_MS_MAX } from '../../src/reading/check.ts'
import { measured } from '../../src/reading/measured.ts'
import { DEFAULT_SETTINGS } from '../../src/reading/thing-settings.ts'
import { createMemoryNoteStore, memoryPageStore } from '../../src/store/memory.ts'
import { HistoryIndex } from '../../src/stream/history-index.ts'
import { digits, KEY, OWN, record as recordOf, START_MS, STREAM, temperature } from '../stream/make-index.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'
import { committedStrap, HOUR_MS, INVITATION, valuesOf } from './make-strap.ts'

const EVER_MS = AT_MS_MAX + 1
const DAY_MS = 24 * HOUR_MS

let world: World
eachWithWorld((made) => (world = made))

/** One heart rate a second, each higher than the one before; tells the last. */
async function measure({ peer }: TestPeer, thing: StreamKey, seconds: number, after = 0): Promise<number> {
  for (let value = after + 1; value <= after + seconds; value++) {
    await peer.logReadings({ thing, readings: [measured('heart-rate', value, world.clock.nowMs())] })
    await world.pass(1000)
  }
  return after + seconds
}

/** Stores one reading of now. */
async function save({ peer }: TestPeer, thing: StreamKey, value: number): Promise<void> {
  await peer.logReadings({ thing, readings: [measured('heart-rate', value, world.clock.nowMs())] })
  await peer.flush({ thing })
  await world.quiet()
}

function upTo(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}

describe('Deleting everything', () => {
  it('of a thing that goes on measuring takes what there was, and nothing that comes after', async () => {
    const [a, thing] = await committedStrap(world)
    const asked = await measure(a, thing, 60)
    const { left } = await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })
    expect(left).toBeGreaterThan(0)
    const last = await measure(a, thing, 200, asked)
    await a.peer.flush({ thing })
    await world.quiet()
    const values = await valuesOf(a, thing, 999)
    expect(values.slice(-(last - asked))).toEqual(upTo(asked + 1, last))
    // what waited for its block was no history yet
    expect(values.length).toBeLessThan(last - asked + 10)
    expect((await a.notes.list('deleting/')).length).toBe(0)
  })

  it('takes nothing measured later where the clock was set back meanwhile', async () => {
    const [a, thing] = await committedStrap(world)
    await save(a, thing, 1)
    await world.pass(1000)
    await save(a, thing, 2)
    expect(await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })).toMatchObject({ left: 1 })
    world.clock.advance(-300_000)
    const last = await measure(a, thing, 500, 100)
    await a.peer.flush({ thing })
    await world.quiet()
    expect(await valuesOf(a, thing, 999)).toEqual(expect.arrayContaining(upTo(101, last)))
  })

  it('takes nothing measured later though one reading was from a clock that was far ahead', async () => {
    const [a, thing] = await committedStrap(world)
    await a.peer.logReadings({
      thing,
      readings: [measured('heart-rate', 1, world.clock.nowMs() + 365 * DAY_MS)],
    })
    await a.peer.flush({ thing })
    const asked = await measure(a, thing, 30, 1)
    await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })
    const last = await measure(a, thing, 200, asked)
    await a.peer.flush({ thing })
    await world.quiet()
    expect(await valuesOf(a, thing, 999)).toEqual(expect.arrayContaining(upTo(asked + 1, last)))
  })

  it('that was written down without an end is not gone on with', async () => {
    const [a, thing] = await committedStrap(world)
    const { id } = a.snapshot().network
    const asked = await measure(a, thing, 30)
    await a.notes.put([
      [`deleting/${thing}`, EVER_MS],
      [`deleting/${id}/${thing}`, EVER_MS],
    ])
    const last = await measure(a, thing, 130, asked)
    await a.peer.flush({ thing })
    await world.quiet()
    expect(await valuesOf(a, thing, 999)).toEqual(upTo(1, last))
    expect(await a.notes.get(`deleting/${id}/${thing}`)).toBeUndefined()
  })

  it('goes on though the thing was forgotten meanwhile, and can be asked for after that', async () => {
    const [a, thing] = await committedStrap(world)
    await save(a, thing, 1)
    await world.pass(1000)
    await save(a, thing, 2)
    await a.peer.forgetThing({ thing })
    expect(await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })).toEqual({ blocks: 1, left: 1 })
    const other = await a.peer.addThing({ name: 'Other', kind: 'heart-rate' })
    await save(a, other, 3)
    for (let i = 0; i < 4; i++) await world.pass(60_000)
    expect(await valuesOf(a, thing)).toEqual([])
  })
})

describe('A deletion that waits', () => {
  it('goes on after another network was visited, and takes nothing there', async () => {
    const [a, thing] = await committedStrap(world)
    await save(a, thing, 1)
    await world.pass(1000)
    await save(a, thing, 2)
    const home = await a.peer.invite()
    expect(await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })).toEqual({ blocks: 1, left: 1 })
    await a.peer.join({ invitation: INVITATION })
    await world.pass(120_000)
    await a.peer.join({ invitation: home })
    await save(a, thing, 3)
    for (let i = 0; i < 4; i++) await world.pass(60_000)
    expect(await valuesOf(a, thing)).toEqual([3])
  })

  it('is not forgotten over a lesser one that has nothing to wait for', async () => {
    const [a, thing] = await committedStrap(world)
    await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, keepMs: DAY_MS } })
    await save(a, thing, 1)
    await world.pass(1000)
    await save(a, thing, 2)
    await world.pass(1000)
    expect(await a.peer.deleteHistory({ thing, beforeMs: EVER_MS })).toMatchObject({ left: 1 })
    expect(await a.peer.deleteHistory({ thing, beforeMs: world.clock.nowMs() - DAY_MS })).toMatchObject({
      left: 1,
    })
    await save(a, thing, 3)
    for (let i = 0; i < 4; i++) await world.pass(60_000)
    expect(await valuesOf(a, thing)).toEqual([3])
  })
})

describe('A block that comes while others are deleted', () => {
  it('keeps its content while it is in no commit, for nobody could get it any more', async () => {
    const index = await HistoryIndex.open(memoryPageStore(), OWN)
    const add = (block: number, atMs: number) =>
      index.add(STREAM, recordOf({ index: block, block }, [temperature(atMs, 1)]))
    await add(0, START_MS + 1000)
    await add(1, START_MS + HOUR_MS)
    const erased: string[] = []
    const erase = async (ids: readonly BlockId[]) => {
      if (erased.length === 0) await add(2, START_MS)
      erased.push(...ids)
    }
    const place = {
      network: { id: digits(7) },
      index,
      blocks: { erase },
      follower: { follow: async () => undefined, flush: () => index.flush(3) },
      node: { isOpen: (id: string) => id === digits(2), holders: { forget: () => undefined } },
    }
    const deletions = new Deletions({
      device: OWN,
      clock: { nowMs: () => START_MS + HOUR_MS },
      notes: createMemoryNoteStore(),
      place: () => place,
      onChanged: () => undefined,
    } as unknown as ConstructorParameters<typeof Deletions>[0])
    await deletions.delete(KEY, START_MS + HOUR_MS)
    expect(new Set(erased)).toEqual(new Set([digits(0)]))
  })
})
