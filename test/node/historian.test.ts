import { describe, expect, it } from 'vitest'
import type { ImportReport, StreamKey } from '../../src/node/api.ts'
import { measured } from '../../src/reading/measured.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { DEFAULT_SETTINGS } from '../../src/reading/thing-settings.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'
import { all, committedStrap, CSV_HEAD, INVITATION, strap, valuesOf } from './make-strap.ts'

const FORMATS = ['csv', 'json', 'senml'] as const
const DAY_MS = 86_400_000

let world: World
eachWithWorld((made) => (world = made))

/** Heart rates a second apart, the last of them now. */
function rates(...bpm: readonly number[]): Reading[] {
  const nowMs = world.clock.nowMs()
  return bpm.map((value, i) => measured('heart-rate', value, nowMs - (bpm.length - 1 - i) * 1000))
}

async function record({ peer }: TestPeer, thing: StreamKey, readings: readonly Reading[]): Promise<void> {
  await peer.logReadings({ thing, readings })
  await peer.flush({ thing })
  await world.quiet()
}

function importText(
  { peer }: TestPeer,
  thing: StreamKey,
  format: 'csv' | 'json' | 'senml',
  text: string,
): Promise<ImportReport> {
  return peer.importHistory({ thing, format, file: new Blob([text]) })
}

describe('A history as a file', () => {
  it.each(FORMATS)('goes out as %s, and into another thing, where it is the same', async (format) => {
    const [a, thing] = await strap(world)
    const readings = [...rates(60, 61, 62), measured('skin-contact', true, world.clock.nowMs())]
    await record(a, thing, readings)
    const file = await a.peer.exportHistory({ ...all(thing), format })
    const other = await a.peer.addThing({ name: 'Other', kind: 'heart-rate' })
    expect(await a.peer.importHistory({ thing: other, format, file })).toEqual({
      taken: 4,
      known: 0,
      bad: 0,
      badRows: [],
    })
    await world.quiet()
    const again = await a.peer.exportHistory({ ...all(other), format })
    expect(await again.text()).toBe(await file.text())
  })

  it('adds nothing the second time', async () => {
    const [a, thing] = await strap(world)
    await record(a, thing, rates(60, 61, 62))
    const file = await a.peer.exportHistory({ ...all(thing), format: 'csv' })
    expect(await a.peer.importHistory({ thing, format: 'csv', file })).toMatchObject({ taken: 0, known: 3 })
  })

  it('with bad rows gives its good ones, and says which were bad', async () => {
    const [a, thing] = await strap(world)
    const text = `${CSV_HEAD}2020-01-01T00:00:00Z,heart-rate,beat/min,60\nnever,heart-rate,beat/min,1\n2020-01-01T00:00:01Z,heart-rate,beat/min,sixty\n`
    expect(await importText(a, thing, 'csv', text)).toEqual({
      taken: 1,
      known: 0,
      bad: 2,
      badRows: [
        { row: 3, reason: 'bad-time' },
        { row: 4, reason: 'not-understood' },
      ],
    })
  })

  it('that says in its last row what is not understood here is refused whole', async () => {
    const [a, thing] = await strap(world)
    const text = '[{"bt":1e9,"n":"heart-rate","u":"beat/min","v":60},{"n":"heart-rate","v":61,"if_":"ill"}]'
    expect(await importText(a, thing, 'senml', text)).toEqual({
      taken: 0,
      known: 0,
      bad: 1,
      badRows: [{ row: 2, reason: 'must-understand' }],
    })
    expect(a.snapshot().things[0]?.blocks.total).toBe(0)
  })

  it('that is cancelled leaves what was taken till then', async () => {
    const [a, thing] = await strap(world)
    const cancel = AbortSignal.abort()
    const file = new Blob([`${CSV_HEAD}2020-01-01T00:00:00Z,heart-rate,beat/min,60\n`])
    expect(await a.peer.importHistory({ thing, format: 'csv', file }, { signal: cancel })).toMatchObject({
      taken: 0,
    })
    const going = a.peer.exportHistory({ ...all(thing), format: 'csv' }, { signal: cancel })
    await expect(going).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

describe('The newest readings', () => {
  it('come oldest first, as many as were asked for, however long ago', async () => {
    const [a, thing] = await strap(world)
    await record(a, thing, rates(50, 51, 52))
    world.clock.advance(40 * DAY_MS)
    await record(a, thing, rates(60, 61))
    const values = (count: number) => valuesOf(a, thing, count)
    expect([await values(2), await values(4), await values(9)]).toEqual([
      [60, 61],
      [51, 52, 60, 61],
      [50, 51, 52, 60, 61],
    ])
  })
})

describe('Deleting', () => {
  it('takes what was measured before a time from this device, and nothing that came after', async () => {
    const [a, thing] = await committedStrap(world)
    await record(a, thing, rates(50, 51))
    await world.pass(60_000)
    world.clock.advance(2 * DAY_MS)
    await record(a, thing, rates(60, 61))
    const beforeMs = world.clock.nowMs() - DAY_MS
    expect(await a.peer.deleteHistory({ thing, beforeMs })).toEqual({ blocks: 1, left: 0 })
    expect(await valuesOf(a, thing)).toEqual([60, 61])
    expect(a.snapshot().things[0]?.blocks).toMatchObject({ total: 1, hereOnly: 1 })
    await a.peer.stop()
    await world.openPeer(a)
    expect(await valuesOf(a, thing)).toEqual([60, 61])
    await record(a, thing, rates(70))
    expect(await valuesOf(a, thing)).toEqual([60, 61, 70])
  })

  it('waits for what is in no commit yet, over a restart, and goes on by itself', async () => {
    const [a, thing] = await committedStrap(world)
    await record(a, thing, rates(50))
    world.clock.advance(1000)
    await record(a, thing, rates(51))
    const beforeMs = world.clock.nowMs() + 1
    expect(await a.peer.deleteHistory({ thing, beforeMs })).toEqual({ blocks: 1, left: 1 })
    expect(await valuesOf(a, thing)).toEqual([51])
    await a.peer.stop()
    await world.openPeer(a)
    world.clock.advance(1000)
    await record(a, thing, rates(60))
    await world.pass(180_000)
    expect(await valuesOf(a, thing)).toEqual([60])
  })

  it('touches nothing where nobody commits', async () => {
    const [a, thing] = await strap(world)
    await record(a, thing, rates(50))
    expect(await a.peer.deleteHistory({ thing, beforeMs: 4e12 })).toEqual({ blocks: 0, left: 1 })
    expect(await valuesOf(a, thing)).toEqual([50])
  })

  it('happens by itself where a thing keeps readings for a while only', async () => {
    const [a, thing] = await committedStrap(world)
    await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, keepMs: DAY_MS } })
    await record(a, thing, rates(50, 51))
    await world.pass(60_000)
    for (let half = 0; half < 4; half++) {
      world.clock.advance(DAY_MS / 2)
      await world.pass(1000)
    }
    await record(a, thing, rates(60))
    await world.pass(60_000)
    expect(await valuesOf(a, thing)).toEqual([60])
  })

  it('does not happen by a clock that is years ahead, if that is put right within a day', async () => {
    const [a, thing] = await committedStrap(world)
    await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, keepMs: DAY_MS } })
    await record(a, thing, rates(50, 51))
    await world.pass(60_000)
    world.clock.advance(1000 * DAY_MS)
    await world.pass(120_000)
    await a.peer.stop()
    await world.openPeer(a)
    world.clock.advance(DAY_MS / 2)
    await world.pass(120_000)
    expect(await valuesOf(a, thing)).toEqual([50, 51])
    world.clock.advance(-1000 * DAY_MS)
    await world.pass(120_000)
    expect(await valuesOf(a, thing)).toEqual([50, 51])
  })

  it('happens a day late where the app was closed for long, for that is what a wrong clock looks like', async () => {
    const [a, thing] = await committedStrap(world)
    await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, keepMs: DAY_MS } })
    await record(a, thing, rates(50, 51))
    await world.pass(60_000)
    await a.peer.stop()
    world.clock.advance(30 * DAY_MS)
    await world.openPeer(a)
    await world.pass(120_000)
    expect(await valuesOf(a, thing)).toEqual([50, 51])
    world.clock.advance(DAY_MS)
    await world.pass(120_000)
    expect(await valuesOf(a, thing)).toEqual([])
  })
})

describe('A thing’s settings', () => {
  it('hold from then on, and over a restart', async () => {
    const [a, thing] = await strap(world)
    const settings = {
      ...DEFAULT_SETTINGS,
      shaping: { 'heart-rate': { everyMs: 2000, offset: 1 } },
      alerts: [{ type: 'over', quantity: 'heart-rate', value: 62 }],
    } as const
    await a.peer.setThing({ thing, settings, source: '{"version":1}' })
    await record(a, thing, rates(60, 61, 62))
    expect(await valuesOf(a, thing)).toEqual([61, 63])
    const view = () => a.snapshot().things[0]
    expect(view()).toMatchObject({
      settings,
      source: '{"version":1}',
      alerts: [{ rule: settings.alerts[0] }],
    })
    await a.peer.stop()
    await world.openPeer(a)
    expect(view()).toMatchObject({
      settings,
      source: '{"version":1}',
      alerts: [{ rule: settings.alerts[0] }],
    })
  })

  it('that make no sense are refused, and nothing changes', async () => {
    const [a, thing] = await strap(world)
    for (const wrong of [
      { saveEveryMs: 1 },
      { keepMs: 5 },
      { alerts: [{ type: 'louder' }] },
      { shaping: { 'a b': {} } },
    ])
      await expect(
        a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, ...wrong } }),
      ).rejects.toMatchObject({ kind: 'bad-input' })
    expect(a.snapshot().things[0]?.settings).toEqual(DEFAULT_SETTINGS)
  })

  it('say after a while that nothing came', async () => {
    const [a, thing] = await strap(world)
    const rule = { type: 'stale', quantity: 'heart-rate', afterMs: 60_000 } as const
    await a.peer.setThing({ thing, settings: { ...DEFAULT_SETTINGS, alerts: [rule] } })
    await record(a, thing, rates(60))
    expect(a.snapshot().things[0]?.alerts).toBeUndefined()
    world.clock.advance(61_000)
    a.peer.tick()
    expect(a.snapshot().things[0]?.alerts).toMatchObject([{ rule }])
  })
})

describe('The chart of a thing with a deadband', () => {
  it('shows no gap while its value is steady, and neither does it to others', async () => {
    const [a, thing] = await strap(world)
    await a.peer.shareThing({ thing, open: true })
    const settings = { ...DEFAULT_SETTINGS, shaping: { 'heart-rate': { deadband: 2 } } }
    await a.peer.setThing({ thing, settings })
    const bpm = Array.from({ length: 900 }, (_, second) => 60 + 2 * Math.min(second, 60))
    const readings = rates(...bpm)
    await record(a, thing, readings)
    const b = await world.peer('b', { invitation: INVITATION })
    await world.link(a, b)
    await world.pass(1000)
    const toMs = world.clock.nowMs()
    for (const { peer } of [a, b])
      for (const buckets of [900, 90]) {
        const history = await peer.readHistory({ thing, fromMs: toMs - 900_000, toMs, buckets })
        expect(history.readings).toBeGreaterThan(70)
        expect(history.series.map(({ mean }) => mean.filter(Number.isNaN).length)).toEqual([0])
      }
  })
})

describe('A thing’s description for other programs', () => {
  it('is a Thing Description with what it has measured', async () => {
    const [a, thing] = await strap(world)
    await record(a, thing, rates(60))
    expect(JSON.parse(await a.peer.describeThing({ thing }))).toMatchObject({
      '@context': ['https://www.w3.org/2022/wot/td/v1.1', { weft: 'urn:weft:' }],
      id: `urn:weft:stream:${thing}`,
      title: 'Strap',
      properties: { 'heart-rate': { type: 'number', unit: 'beat/min', readOnly: true } },
      securityDefinitions: { epoch_key_sc: { scheme: 'weft:epoch-key' } },
      security: ['epoch_key_sc'],
    })
  })

  it('says of a shared thing that nothing is needed to read it', async () => {
    const [a, thing] = await strap(world)
    await a.peer.shareThing({ thing, open: true })
    await record(a, thing, rates(60))
    expect(JSON.parse(await a.peer.describeThing({ thing }))).toMatchObject({
      '@context': ['https://www.w3.org/2022/wot/td/v1.1'],
      securityDefinitions: { nosec_sc: { scheme: 'nosec' } },
      security: ['nosec_sc'],
    })
  })
})

describe('A device with the same words as another', () => {
  it('shows the things of the other with all they measured, and not one that was forgotten here', async () => {
    const [a, thing] = await strap(world)
    const gone = await a.peer.addThing({ name: 'Old strap', kind: 'heart-rate' })
    await record(a, thing, rates(60, 61))
    await record(a, gone, rates(70))
    const b = await world.peer('b', { invitation: INVITATION, keys: a.keys })
    await world.link(a, b)
    await world.pass(1000)
    const found = () => b.snapshot().things.map(({ key, name, mine }) => ({ key, name, mine }))
    expect(found()).toEqual([
      { key: thing, name: 'Heart rate', mine: true },
      { key: gone, name: 'Heart rate', mine: true },
    ])
    expect(await b.peer.readHistory({ ...all(thing), buckets: 10 })).toMatchObject({
      readings: 2,
      missing: 0,
    })
    await b.peer.forgetThing({ thing: gone })
    await b.peer.stop()
    b.pages.clear() // the index is made again from the blocks
    await world.openPeer(b)
    await b.peer.readHistory({ ...all(thing), buckets: 10 })
    expect(found().map(({ key }) => key)).toEqual([thing])
  })
})
