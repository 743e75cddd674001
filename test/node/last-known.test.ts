import 'fake-indexeddb/auto'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../src/core/codec/genesis.ts'
import type { Snapshot, ThingView } from '../../src/node/api.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { LAST_KNOWN, LastKnown, loadLastKnown } from '../../src/node/last-known.ts'
import { knownLast } from '../../src/node/rpc.ts'
import { StoreError } from '../../src/ports.ts'
import { measured } from '../../src/reading/measured.ts'
import { openNoteDatabase } from '../../src/store/indexed-db.ts'
import { createMemoryNoteStore } from '../../src/store/memory.ts'
import { ANN, keyOf, paymentWith, snapshotWith, thingWith } from '../app/views.ts'
import { GENESIS } from '../core/make.ts'
import { eachWithWorld, type TestPeer, type World } from './make-peer.ts'

const OTHER = encodeInvitation({ network: networkOf({ ...GENESIS, name: 'other' }), relays: [] })

let world: World
eachWithWorld((made) => (world = made))

/** What the next start would show, once all that is under way is written. */
async function kept({
  notes,
  snapshot,
}: Pick<TestPeer, 'notes' | 'snapshot'>): Promise<Snapshot | undefined> {
  snapshot()
  await world.quiet()
  return loadLastKnown(notes)
}

const addStrap = ({ peer }: TestPeer) => peer.addThing({ name: 'Strap', kind: 'heart-rate' })

async function logRate({ peer }: TestPeer, thing: string, bpm: number): Promise<void> {
  await peer.logReadings({ thing, readings: [measured('heart-rate', bpm, world.clock.nowMs())] })
}

const latestOf = (snapshot: Snapshot | undefined) => snapshot?.things[0]?.latest[0]?.value

describe('What a device knew last', () => {
  it('is there before anything else is open, without its peers and what only waited in its memory', async () => {
    const [a, b] = [await world.peer('a'), await world.peer('b')]
    const thing = await addStrap(a)
    await b.peer.join({ invitation: await a.peer.invite() })
    world.hub.link('a', 'b')
    await world.quiet()
    await logRate(a, thing, 61)
    a.peer.hidden()
    const seen = a.snapshot()
    expect(seen.network.peers).toHaveLength(1)
    expect(seen.things[0]?.waiting).toBe(1)
    const things = seen.things.map((view): ThingView => ({ ...view, waiting: 0 }))
    expect(await kept(a)).toEqual({ ...knownLast(seen), things })
  })

  it('is written down now and then, and at once when nobody looks any more', async () => {
    const a = await world.peer('a')
    const thing = await addStrap(a)
    await kept(a)
    await logRate(a, thing, 61)
    expect(latestOf(await kept(a))).toBeUndefined()
    world.clock.advance(10_000)
    await logRate(a, thing, 62)
    expect(latestOf(await kept(a))).toBe(62)
    await logRate(a, thing, 63)
    expect(latestOf(await kept(a))).toBe(62)
    a.peer.hidden()
    expect(latestOf(await kept(a))).toBe(63)
  })

  it('is written down when its time has come, though nothing happens any more, whatever the clock does', async () => {
    const a = await world.peer('a')
    const thing = await addStrap(a)
    await logRate(a, thing, 61)
    await kept(a)
    await logRate(a, thing, 62)
    expect(latestOf(await kept(a))).toBe(61)
    world.clock.advance(10_000)
    a.peer.tick()
    await world.quiet()
    expect(latestOf(await loadLastKnown(a.notes))).toBe(62)
    await logRate(a, thing, 63)
    expect(latestOf(await kept(a))).toBe(62)
    world.clock.advance(-86_400_000)
    a.peer.tick()
    await world.quiet()
    expect(latestOf(await loadLastKnown(a.notes))).toBe(63)
  })

  it('follows at once what a person does to things', async () => {
    const a = await world.peer('a')
    const names = async () => (await kept(a))?.things.map(({ name, access }) => `${name}, ${access}`)
    expect(await names()).toEqual([])
    const thing = await addStrap(a)
    expect(await names()).toEqual(['Strap, private'])
    await a.peer.renameThing({ thing, name: 'Belt' })
    expect(await names()).toEqual(['Belt, private'])
    await a.peer.shareThing({ thing, open: true })
    expect(await names()).toEqual(['Belt, open'])
    await a.peer.forgetThing({ thing })
    expect(await loadLastKnown(a.notes)).toBeUndefined()
    expect(await names()).toEqual([])
  })

  it('goes with the network it was in, in the step that leaves it', async () => {
    const notes = createMemoryNoteStore()
    const a = await world.peer('a', { notes })
    await addStrap(a)
    expect((await kept(a))?.network.name).toBe('My network')
    await a.peer.join({ invitation: OTHER })
    expect(await loadLastKnown(notes)).toBeUndefined()
    expect((await kept(a))?.network.name).toBe('other')
  })
})

describe('The note of it', () => {
  const full = snapshotWith({
    things: [thingWith({ spark: [1, 2], latest: [measured('temperature', 20.5, 1_800_000_000_000)] })],
    order: { validator: { type: 'clock-off', offsetMs: -3 }, diverged: { index: 3, validators: 2 } },
  })
  const payments = [
    paymentWith({ id: 1, state: { type: 'working', done: 0.5 } }),
    paymentWith({ id: 2, state: { type: 'pending', heldBy: 2 } }),
    paymentWith({ id: 3, state: { type: 'final', commit: 7 } }),
    paymentWith({ id: 4, state: { type: 'rejected', reason: 'missing-input' } }),
    paymentWith({ id: 5, state: { type: 'failed', reason: 'already-spent' }, who: [ANN], memo: 'eggs' }),
  ]
  const snapshot: Snapshot = { ...full, wallet: { ...full.wallet, payments } }

  it('is read back by another connection to the database', async () => {
    const [writer, reader] = [await openNoteDatabase('device'), await openNoteDatabase('device')]
    expect(await loadLastKnown(reader)).toBeUndefined()
    new LastKnown(writer).take(snapshot, 0)
    expect(await loadLastKnown(reader)).toEqual(snapshot)
    await Promise.all([writer.close(), reader.close()])
  })

  it('holds every thing there can be, and is gone where there is more than a start could read', async () => {
    const notes = createMemoryNoteStore()
    const spark = Array.from({ length: 60 }, (_, i) => -Math.PI * 10 ** -i)
    const named = (count: number) =>
      snapshotWith({
        things: Array.from({ length: count }, (_, i) =>
          thingWith({ key: keyOf(i), name: 'n'.repeat(60), spark }),
        ),
      })
    new LastKnown(notes).take(named(512), 0)
    expect((await loadLastKnown(notes))?.things).toHaveLength(512)
    new LastKnown(notes).take(named(2048), 0)
    await world.quiet()
    expect(await notes.get(LAST_KNOWN)).toBeUndefined()
  })

  it('that cannot be written is left as it was, and written when the disk takes it again', async () => {
    const notes = createMemoryNoteStore()
    let refused = false
    const known = new LastKnown({
      async put(entries) {
        if (refused) throw new StoreError('quota-exceeded', 'Full.')
        await notes.put(entries)
      },
    })
    const at = (ms: number) => ({ ...snapshot, storage: { ...snapshot.storage, blocks: ms } })
    const blocks = async () => {
      await world.quiet()
      return (await loadLastKnown(notes))?.storage.blocks
    }
    known.take(at(0), 0)
    expect(await blocks()).toBe(0)
    refused = true
    known.take(at(10_000), 10_000)
    expect(await blocks()).toBe(0)
    refused = false
    known.take(at(20_000), 20_000)
    expect(await blocks()).toBe(20_000)
  })

  it('is the newest where one has to wait for the one before, unless it is out of date by then', async () => {
    const disk: (() => void)[] = []
    const written: unknown[] = []
    const known = new LastKnown({
      put: ([entry]) => {
        written.push(entry?.[1])
        return new Promise((resolve) => disk.push(resolve))
      },
    })
    const done = async () => {
      disk.shift()?.()
      await world.quiet()
    }
    for (const atMs of [0, 10_000, 20_000]) known.take({ ...snapshot, device: `at ${atMs}` }, atMs)
    await done()
    expect(written).toEqual([expect.stringContaining('at 0'), expect.stringContaining('at 20000')])
    known.take({ ...snapshot, device: 'of the network before' }, 30_000)
    known.outdate()
    await done()
    expect(written).toHaveLength(2)
  })

  const text = (change: object) => JSON.stringify({ version: 1, snapshot, ...change })
  it.each<[string, unknown]>([
    ['is of another version', text({ version: 2 })],
    ['is cut short', text({}).slice(0, -1)],
    ['is no text', { version: 1, snapshot }],
    ['is longer than it may be', text({}).padEnd(2 ** 20 + 1)],
    ['lacks a part', text({ snapshot: { ...snapshot, wallet: undefined } })],
    [
      'has a thing of a kind that this version does not know',
      text({ snapshot: snapshotOf({ kind: 'sonar' }) }),
    ],
    ['has a thing whose address leads nowhere', text({ snapshot: snapshotOf({ key: 'x' }) })],
    ['has a value that is none', text({ snapshot: snapshotOf({ spark: [null] }) })],
    [
      'has a reading at no time',
      text({ snapshot: snapshotOf({ latest: [{ ...full.things[0]?.latest[0], atMs: -1 }] }) }),
    ],
    [
      'names peers',
      text({
        snapshot: { ...snapshot, network: { ...snapshot.network, peers: [{ id: 'a', direct: true }] } },
      }),
    ],
  ])('is passed over where it %s', async (_, note) => {
    const notes = createMemoryNoteStore()
    await notes.put([[LAST_KNOWN, text({})]])
    expect(await loadLastKnown(notes)).toEqual(snapshot)
    await notes.put([[LAST_KNOWN, note]])
    expect(await loadLastKnown(notes)).toBeUndefined()
  })

  /** The snapshot with one thing, of which something is other. */
  function snapshotOf(change: object): object {
    return { ...snapshot, things: [{ ...thingWith(), ...change }] }
  }
})
