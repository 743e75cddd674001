import { describe, expect, it } from 'vitest'
import type { DeviceApi, Snapshot, StreamKey, ThingView } from '../../src/node/api.ts'
import { encodeInvitation } from '../../src/node/invitation.ts'
import { networkOf } from '../../src/core/codec/genesis.ts'
import { measured } from '../../src/reading/measured.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { at, GENESIS, NETWORK } from '../core/make.ts'
import { eachWithWorld, HeldMiner, until, type World, type TestPeer } from './make-peer.ts'

const INVITATION = encodeInvitation({ network: NETWORK, relays: ['/dns4/relay.example/tcp/443/wss'] })
const OTHER = networkOf({ ...GENESIS, name: 'other' })
const OTHER_INVITATION = encodeInvitation({ network: OTHER, relays: [] })

let world: World
eachWithWorld((made) => (world = made))

/** Heart rates one second apart, the last of them now. */
function rates(...bpm: readonly number[]): Reading[] {
  return bpm.map((value, i) =>
    measured('heart-rate', value, world.clock.nowMs() - (bpm.length - 1 - i) * 1000),
  )
}

const strap = { name: "Ada's secret strap", kind: 'heart-rate' } as const

function view(peer: TestPeer, key: StreamKey): ThingView {
  const found = peer.snapshot().things.find((thing) => thing.key === key)
  if (found === undefined) throw new Error('no such thing in the snapshot')
  return found
}

async function logAndFlush(peer: TestPeer, thing: StreamKey, readings: readonly Reading[]): Promise<void> {
  await peer.peer.logReadings({ thing, readings })
  await peer.peer.flush({ thing })
  await world.quiet()
}

const history = (peer: TestPeer, thing: StreamKey, fromMs = 0, toMs = world.clock.nowMs() + 1000) =>
  peer.peer.readHistory({ thing, fromMs, toMs, buckets: 100 })

describe('A first run', () => {
  it('makes a network of one, the same again after a restart', async () => {
    const a = await world.peer('a')
    const { network, device, things } = a.snapshot()
    expect(network).toMatchObject({ name: 'My network', peers: [], relay: { type: 'none' } })
    expect(device).toMatch(/^did:key:z6Mk/)
    expect(things).toEqual([])
    await a.peer.stop()
    await world.openPeer(a, INVITATION)
    expect(a.snapshot().network.id).toBe(network.id)
    expect(a.snapshot().device).toBe(device)
  })

  it('with an invitation joins that network', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    expect(a.snapshot().network.id).toBe(NETWORK.id)
  })

  it('with a bad invitation makes a network of one', async () => {
    const a = await world.peer('a', { invitation: 'no such thing' })
    expect(a.snapshot().network.name).toBe('My network')
  })
})

describe('Mining for others', () => {
  it('is off until its person wants it, which is kept over restarts and networks', async () => {
    const a = await world.peer('a')
    const s = await world.stranger('s')
    await world.link(a, s)
    const request = { digest: new Uint8Array(32), target: 2 ** 32, withinMs: 1000 }
    const ask = () => s.transport.mine('a', request)
    expect(await ask()).toEqual({ type: 'refused', reason: 'off' })
    expect(a.snapshot()).not.toHaveProperty('minesForOthers')

    const easy = { ...request, target: 2 ** 10 }
    await a.peer.mineForOthers({ on: true })
    expect(await s.transport.mine('a', easy)).toEqual({ type: 'found', nonce: 0 })
    expect(a.snapshot().minesForOthers).toBe(true)
    await a.peer.join({ invitation: INVITATION })
    expect(a.snapshot().minesForOthers).toBe(true)
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().minesForOthers).toBe(true)

    await a.peer.mineForOthers({ on: false })
    await world.link(a, s)
    expect(await ask()).toEqual({ type: 'refused', reason: 'off' })
    await expect(a.peer.mineForOthers({ on: 1 })).rejects.toMatchObject({ kind: 'bad-input' })
  })
})

describe('An invitation', () => {
  it('leads others to the network it was made in', async () => {
    const a = await world.peer('a')
    const b = await world.peer('b', { invitation: await a.peer.invite() })
    expect(b.snapshot().network.id).toBe(a.snapshot().network.id)
    expect(await b.peer.inspectInvitation({ invitation: await a.peer.invite() })).toMatchObject({
      name: 'My network',
      current: true,
    })
    expect(await b.peer.inspectInvitation({ invitation: INVITATION })).toMatchObject({ current: false })
  })

  it.each([
    ['is empty', ''],
    ['is no base64url', 'a+b/'],
    ['is cut short', INVITATION.slice(0, -9)],
    ['has something behind it', `${INVITATION}AAAA`],
    ['is far too long', 'A'.repeat(200_000)],
  ])('that %s is refused and changes nothing', async (_, invitation) => {
    const a = await world.peer('a')
    const before = a.snapshot()
    await expect(a.peer.join({ invitation })).rejects.toMatchObject({
      name: 'ApiError',
      kind: 'bad-invitation',
    })
    await expect(a.peer.inspectInvitation({ invitation })).rejects.toMatchObject({ kind: 'bad-invitation' })
    expect(a.snapshot()).toEqual(before)
    expect(a.transports).toHaveLength(1)
  })
})

describe('Joining', () => {
  it('takes the things and what waits along, and leaves the blocks', async () => {
    const a = await world.peer('a')
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(60, 61))
    await a.peer.logReadings({ thing, readings: rates(70) })
    expect(view(a, thing)).toMatchObject({ waiting: 1, blocks: { total: 1 } })

    await a.peer.join({ invitation: INVITATION })
    expect(a.snapshot().network.id).toBe(NETWORK.id)
    expect(view(a, thing)).toMatchObject({ name: strap.name, waiting: 1, blocks: { total: 0 } })
    await world.pass(5000)
    expect(view(a, thing)).toMatchObject({ waiting: 0, blocks: { total: 1 } })
    // the network of one has committed its block with three proposals
    expect([...a.disks.values()].map((disk) => disk.open().stats().blocks)).toEqual([4, 1])

    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().network.id).toBe(NETWORK.id)
  })

  it('takes a block under way along: it is made again in the new network, once', async () => {
    const miner = new HeldMiner()
    const a = await world.peer('a', { miner })
    const thing = await a.peer.addThing(strap)
    await a.peer.logReadings({ thing, readings: rates(60) })
    const flushing = a.peer.flush({ thing })
    flushing.catch(() => undefined)
    await until(() => miner.tasks === 1)
    const joining = a.peer.join({ invitation: INVITATION })
    await world.quiet()
    miner.finish()
    await joining
    await expect(flushing).rejects.toThrow()
    expect(view(a, thing).waiting).toBe(1)
    await world.pass(5000)
    await until(() => miner.tasks === 2)
    miner.finish()
    await world.quiet()
    expect(view(a, thing)).toMatchObject({ waiting: 0, blocks: { total: 1 } })
    expect([...a.disks.values()].map((disk) => disk.open().stats().blocks)).toEqual([0, 1])
  })

  it('the network it is in changes nothing', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    await a.peer.join({ invitation: INVITATION })
    expect(a.transports).toHaveLength(1)
  })

  it('asked for by two tabs at once happens once, and the last asked for is where it ends', async () => {
    const a = await world.peer('a')
    await Promise.all([a.peer.join({ invitation: INVITATION }), a.peer.join({ invitation: INVITATION })])
    expect(a.transports).toHaveLength(2)
    await Promise.all([
      a.peer.join({ invitation: OTHER_INVITATION }),
      a.peer.join({ invitation: INVITATION }),
    ])
    expect(a.snapshot().network.id).toBe(NETWORK.id)
    expect(a.transports).toHaveLength(4)
    expect(a.transports.filter((transport) => !transport.stopped)).toHaveLength(1)
  })

  it('there and back finds the old blocks again', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(60, 61, 62))
    await a.peer.join({ invitation: OTHER_INVITATION })
    await a.peer.join({ invitation: INVITATION })
    expect(view(a, thing)).toMatchObject({ blocks: { total: 1 }, spark: [60, 61, 62] })
  })
})

describe('Readings', () => {
  it('become a block when there are enough of them, or when the first is old enough', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await a.peer.logReadings({ thing, readings: rates(60, 61) })
    await world.pass(4000)
    expect(view(a, thing)).toMatchObject({ waiting: 2, blocks: { total: 0 } })
    await world.pass(1000)
    expect(view(a, thing)).toMatchObject({ waiting: 0, blocks: { total: 1, hereOnly: 1, newestHeldBy: 0 } })
    await a.peer.logReadings({
      thing,
      readings: rates(...Array.from({ length: 70 }, (_, i) => 60 + (i % 9))),
    })
    await world.quiet()
    expect(view(a, thing)).toMatchObject({ waiting: 6, blocks: { total: 2 } })
  })

  it('survive a restart as values, sparkline, counts and next index', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const b = await world.peer('b', { invitation: INVITATION })
    await world.link(a, b)
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(60, 61))
    await logAndFlush(a, thing, rates(62))
    await world.pass(1000)
    const before = view(a, thing)
    expect(before).toMatchObject({ spark: [60, 61, 62], blocks: { total: 2, hereOnly: 0, newestHeldBy: 1 } })
    await a.peer.stop()
    await world.openPeer(a)
    expect(view(a, thing)).toEqual(before)
    await logAndFlush(a, thing, rates(63))
    expect(await history(a, thing)).toMatchObject({ readings: 4, missing: 0 })
    expect([...a.disks.values()].flatMap(({ twice }) => twice)).toEqual([])
  })

  it('show progress while they become a block, and are kept when that is cancelled', async () => {
    const miner = new HeldMiner()
    const a = await world.peer('a', { invitation: INVITATION, miner })
    const thing = await a.peer.addThing(strap)
    await a.peer.logReadings({ thing, readings: rates(60, 61) })
    const stop = new AbortController()
    const progress: number[] = []
    const flushing = a.peer.flush(
      { thing },
      { signal: stop.signal, onProgress: (done) => progress.push(done) },
    )
    flushing.catch(() => undefined)
    await until(() => miner.tasks === 1)
    miner.progress(1)
    expect(view(a, thing).sealing).toBeCloseTo(0.63)
    stop.abort()
    await expect(flushing).rejects.toMatchObject({ name: 'ApiError', kind: 'cancelled' })
    expect(view(a, thing)).toMatchObject({ waiting: 2, blocks: { total: 0 } })
    expect(view(a, thing).sealing).toBeUndefined()
    expect(progress).toHaveLength(1)

    await world.pass(500)
    expect(miner.tasks).toBe(1) // what was cancelled does not start over at once
    await world.pass(5000)
    await until(() => miner.tasks === 2)
    miner.finish()
    await world.quiet()
    expect(view(a, thing)).toMatchObject({ waiting: 0, blocks: { total: 1 } })
  })

  it('wait in memory while the disk is full; a flush says so, and can be cancelled half-way', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const disk = a.disks.get(NETWORK.id)
    if (disk === undefined) throw new Error('no disk')
    const thing = await a.peer.addThing(strap)
    disk.refusal = 'quota-exceeded'
    await a.peer.logReadings({ thing, readings: rates(60) })
    const stop = new AbortController()
    const first = a.peer.flush({ thing }, { signal: stop.signal })
    first.catch(() => undefined)
    await until(() => a.snapshot().storage.state === 'full')
    stop.abort()
    await expect(first).rejects.toMatchObject({ kind: 'cancelled' })
    expect(view(a, thing)).toMatchObject({ waiting: 1, blocks: { total: 0 } })
    await a.peer.logReadings({ thing, readings: rates(61) })
    await expect(a.peer.flush({ thing })).rejects.toMatchObject({ kind: 'storage-full' })
    expect(view(a, thing).waiting).toBe(2)
    expect(a.snapshot().storage).toMatchObject({ state: 'full', waitingBlocks: 1 })

    disk.refusal = undefined
    await world.pass(5000)
    expect(view(a, thing)).toMatchObject({ waiting: 0, blocks: { total: 2 } })
    expect(await history(a, thing)).toMatchObject({ readings: 2, missing: 0 })
    expect(a.snapshot().storage.state).toBe('ok')
  })

  it('beyond what may wait are refused, and the earlier ones kept', async () => {
    const a = await world.peer('a', { invitation: INVITATION, miner: new HeldMiner() })
    const thing = await a.peer.addThing(strap)
    const many = rates(...new Array<number>(1000).fill(60))
    for (let i = 0; i < 32; i++) await a.peer.logReadings({ thing, readings: many })
    await expect(a.peer.logReadings({ thing, readings: many })).rejects.toMatchObject({
      kind: 'storage-full',
    })
    expect(view(a, thing).waiting).toBeGreaterThanOrEqual(32_768)
  })
})

describe('What others see of a thing', () => {
  it('is ciphertext unless it is shared, then what follows, until it is closed again', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const b = await world.peer('b', { invitation: INVITATION })
    await world.link(a, b)
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(61, 62))
    expect(view(a, thing).access).toBe('private')
    expect(view(b, thing)).toMatchObject({
      mine: false,
      access: 'sealed',
      kind: 'unknown',
      latest: [],
      spark: [],
    })
    expect(await history(b, thing)).toMatchObject({ series: [], readings: 0, missing: 0 })

    await a.peer.logReadings({ thing, readings: rates(63) }) // waits, and is private
    await a.peer.shareThing({ thing, open: true })
    world.clock.advance(1000)
    await logAndFlush(a, thing, rates(64))
    expect(view(b, thing)).toMatchObject({
      access: 'open',
      kind: 'heart-rate',
      name: 'Heart rate',
      spark: [64],
    })
    expect(await history(b, thing)).toMatchObject({ readings: 1 })
    expect(await history(a, thing)).toMatchObject({ readings: 4 })

    await a.peer.shareThing({ thing, open: false })
    world.clock.advance(1000)
    await logAndFlush(a, thing, rates(65))
    expect(view(b, thing)).toMatchObject({ access: 'sealed', spark: [64], blocks: { total: 4 } })
    await b.peer.stop()
    await world.openPeer(b)
    expect(view(b, thing)).toMatchObject({ spark: [64], blocks: { total: 4 } })
  })

  it('is never its name, nor a reading while it is private', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const b = await world.peer('b', { invitation: INVITATION })
    await world.link(a, b)
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(61, 62))
    await a.peer.shareThing({ thing, open: true })
    await logAndFlush(a, thing, rates(63))
    await a.peer.renameThing({ thing, name: 'Wristband of Ada' })
    await logAndFlush(a, thing, rates(64))
    await world.pass(10_000)
    const sent = Buffer.concat(a.transports.flatMap((transport) => transport.sent)).toString('latin1')
    expect(sent.length).toBeGreaterThan(500)
    expect(sent).toContain('heart-rate') // what is shared is there to be found
    for (const word of ['Ada', 'secret', 'strap', 'Wristband']) expect(sent).not.toContain(word)
    const invitation = Buffer.from(await a.peer.invite(), 'base64url').toString('latin1')
    expect(invitation).not.toContain('Ada')
  })
})

describe('A history', () => {
  it('shows records that are known to exist and are not here, and only those', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    const times: number[] = []
    for (let i = 0; i < 6; i++) {
      times.push(world.clock.nowMs())
      await logAndFlush(a, thing, rates(60 + i))
      world.clock.advance(60_000)
    }
    expect(await history(a, thing)).toMatchObject({ readings: 6, missing: 0 })
    // the first three of this hour are older than what is asked for; they are not missing
    expect(await history(a, thing, at(times, 3))).toMatchObject({ readings: 3, missing: 0 })
    expect(await history(a, thing, at(times, 1), at(times, 3))).toMatchObject({ readings: 2, missing: 0 })

    const disk = a.disks.get(NETWORK.id)
    const ids = (await disk?.ids()) ?? []
    await a.peer.stop()
    await disk?.damage(ids.slice(2, 4))
    world.damageReports.push({ candidates: [] })
    await world.openPeer(a)
    expect(await history(a, thing)).toMatchObject({ readings: 4, missing: 2 })
  })

  it('can be cancelled, and is empty for a stream nobody heard of', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(60))
    const input = { thing, fromMs: 0, toMs: world.clock.nowMs() + 1, buckets: 10 }
    await expect(a.peer.readHistory(input, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'cancelled',
    })
    const unknown = `${'0'.repeat(64)}:${'1'.repeat(64)}`
    expect(await history(a, unknown)).toEqual({ series: [], readings: 0, missing: 0 })
  })
})

describe('A record that is damaged when the peer opens', () => {
  it('is salvaged, forged bytes are not, and neither stops the peer', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    for (const bpm of [60, 61, 62]) {
      await logAndFlush(a, thing, rates(bpm))
      world.clock.advance(1000)
    }
    const disk = a.disks.get(NETWORK.id)
    const ids = (await disk?.ids()) ?? []
    await a.peer.stop()
    const [good, bad] = (await disk?.damage(ids.slice(0, 2))) ?? []
    const forged = Uint8Array.from(bad ?? [])
    forged[80 + 32 + 8] = (forged[80 + 32 + 8] ?? 0) ^ 1 // the first byte of its signature
    world.damageReports.push({ candidates: [forged, good ?? forged] })
    await world.openPeer(a)
    await world.quiet()
    expect(await disk?.ids()).toEqual([ids[2], ids[0]])
    expect(a.snapshot().storage).toMatchObject({ state: 'ok', damaged: 1 })
    expect(await history(a, thing)).toMatchObject({ readings: 2, missing: 1 })
  })
})

describe('A thing', () => {
  it('can be renamed and forgotten; its blocks stay', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await logAndFlush(a, thing, rates(60))
    await a.peer.renameThing({ thing, name: '  Left wrist ' })
    expect(view(a, thing).name).toBe('Left wrist')
    await a.peer.forgetThing({ thing })
    expect(a.snapshot().things).toEqual([])
    expect(a.snapshot().storage.blocks).toBe(1)
    await expect(a.peer.flush({ thing })).rejects.toMatchObject({ kind: 'unknown-thing' })
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().things).toEqual([])
  })

  it('keeps every change of several made at once', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await a.peer.shareThing({ thing, open: true })
    await Promise.all([a.peer.shareThing({ thing, open: false }), a.peer.renameThing({ thing, name: 'new' })])
    await a.peer.stop()
    await world.openPeer(a)
    expect(view(a, thing)).toMatchObject({ name: 'new', access: 'private' })
  })

  it('that is forgotten while it is renamed stays forgotten', async () => {
    const a = await world.peer('a', { invitation: INVITATION })
    const thing = await a.peer.addThing(strap)
    await Promise.allSettled([a.peer.forgetThing({ thing }), a.peer.renameThing({ thing, name: 'new' })])
    await a.peer.stop()
    await world.openPeer(a)
    expect(a.snapshot().things).toEqual([])
  })
})

describe('An input that makes no sense', () => {
  const thing = `${'0'.repeat(64)}:${'1'.repeat(64)}`
  const range = { thing, fromMs: 0, toMs: 1, buckets: 1 }
  const reading = { quantity: 'heart-rate', unit: 'beat/min', value: 1, atMs: 1_700_000_000_000 }
  const CASES: readonly (readonly [method: keyof DeviceApi, what: string, input: unknown])[] = [
    ['addThing', 'nothing', undefined],
    ['addThing', 'an empty name', { name: '   ', kind: 'motion' }],
    ['addThing', 'a long name', { name: 'x'.repeat(61), kind: 'motion' }],
    ['addThing', 'a kind there is not', { name: 'x', kind: 'toString' }],
    ['addThing', 'a number for a name', { name: 7, kind: 'motion' }],
    ['logReadings', 'no key', { thing: 'x', readings: [] }],
    ['logReadings', 'no list', { thing, readings: reading }],
    ['logReadings', 'no number', { thing, readings: [{ ...reading, value: NaN }] }],
    ['logReadings', 'text for a value', { thing, readings: [{ ...reading, value: '1' }] }],
    ['logReadings', 'a quantity with a space', { thing, readings: [{ ...reading, quantity: 'a b' }] }],
    ['logReadings', 'a time too early', { thing, readings: [{ ...reading, atMs: 1 }] }],
    ['logReadings', 'too many', { thing, readings: new Array<Reading>(1001).fill(reading) }],
    ['flush', 'no key', {}],
    ['flush', 'a long key', { thing: `${thing}0` }],
    ['renameThing', 'an empty name', { thing, name: '' }],
    ['renameThing', 'null for a key', { thing: null, name: 'x' }],
    ['forgetThing', 'a key in capitals', { thing: thing.replaceAll('0', 'A') }],
    ['shareThing', 'a number for a truth value', { thing, open: 1 }],
    ['readHistory', 'an empty range', { ...range, fromMs: 1 }],
    ['readHistory', 'an endless range', { ...range, toMs: Infinity }],
    ['readHistory', 'no buckets', { ...range, buckets: 0 }],
    ['readHistory', 'too many buckets', { ...range, buckets: 2001 }],
    ['readHistory', 'half a bucket', { ...range, buckets: 1.5 }],
    ['inspectInvitation', 'a number', { invitation: 1 }],
    ['join', 'null', null],
  ]

  it.each(CASES)('to %s, %s, is bad input and changes nothing', async (method, _, input) => {
    const a = await world.peer('a')
    const before: Snapshot = a.snapshot()
    const call = a.peer[method].bind(a.peer) as (input: unknown) => Promise<unknown>
    await expect(call(input)).rejects.toMatchObject({ name: 'ApiError', kind: 'bad-input' })
    expect(a.snapshot()).toEqual(before)
  })

  it('names a thing that is not here: unknown thing', async () => {
    const a = await world.peer('a')
    for (const call of [
      a.peer.flush({ thing }),
      a.peer.forgetThing({ thing }),
      a.peer.renameThing({ thing, name: 'x' }),
      a.peer.shareThing({ thing, open: true }),
      a.peer.logReadings({ thing, readings: [] }),
    ])
      await expect(call).rejects.toMatchObject({ kind: 'unknown-thing' })
  })
})
