/**
 * Five devices in a mesh, each a browser context with its own storage and its own WebRTC connections, and one relay. The
 * relay dies, a tab dies, and the network is parted for a minute. In the end all hold the same graph and the same order.
 *
 * The network is parted by the harness (see `Lan`): datagrams of WebRTC between the two halves vanish, within a half they
 * pass. The relay, which a browser reaches past it, is dead meanwhile. The first device is the network's only validator:
 * its half goes on committing, and what the other half logs waits for the two to meet.
 */
import type { BlockId } from '../../src/core/model/id.ts'
import type { StreamKey } from '../../src/node/api.ts'
import { heldGraph, heldIds, type HeldGraph } from './harness/held.ts'
import type { Lan } from './harness/lan.ts'
import type { Peer } from './harness/peer.ts'
import { expect, test, type Stage } from './harness/stage.ts'

const DEVICES = 5

/** Devices in the half with the validator. */
const SMALLER_HALF = 2

const PARTED_MS = 60_000

const STORY_TIMEOUT_MS = 300_000

/** Silent connections are noticed by their pings, and peers dialled again after pauses that grow to a minute. */
const MEETING_TIMEOUT_MS = 90_000

/** A device, and the thing it measures with. */
interface Device {
  readonly peer: Peer
  readonly thing: StreamKey
  /** Its did:key. */
  readonly key: string
}

type Devices = readonly Device[]

/** Gives a device a thing that everybody may read, and that measures only what a test has it measure. */
async function deviceOf(peer: Peer): Promise<Device> {
  const thing = await peer.page.evaluate(async () => {
    const key = await weftTest.api.addThing({ name: 'Strap', kind: 'heart-rate' })
    await weftTest.api.shareThing({ thing: key, open: true })
    return key
  })
  return { peer, thing, key: (await peer.snapshot()).device }
}

/** The founder, its network's validator, first. */
async function openDevices(stage: Stage, url: string, lan: Lan): Promise<Devices> {
  const founder = await stage.peer(url, { lan })
  await relayIs('connected', founder)
  const invitation = await founder.invitation()
  const devices = [await deviceOf(founder)]
  while (devices.length < DEVICES) devices.push(await deviceOf(await stage.peer(invitation, { lan })))
  return devices
}

/** Has a device measure `value` and make a block of it; resolves once that is stored. */
function measure({ peer, thing }: Device, value: number): Promise<void> {
  return peer.page.evaluate(
    async ([key, bpm]) => {
      const reading = { quantity: 'heart-rate', unit: '/min', value: bpm, atMs: Date.now() } as const
      await weftTest.api.logReadings({ thing: key, readings: [reading] })
      await weftTest.api.flush({ thing: key })
    },
    [thing, value] as const,
  )
}

/** Waits until each of `readers` reads `value` as the newest of each of `sources`. */
async function read(readers: Devices, sources: Devices, value: number): Promise<void> {
  for (const { peer } of readers) {
    const unread = async () => {
      const { things } = await peer.snapshot()
      const found = things.filter(({ latest }) => latest[0]?.value === value).map(({ owner }) => owner)
      return sources.filter(({ key }) => !found.includes(key)).length
    }
    await expect.poll(unread, { timeout: MEETING_TIMEOUT_MS }).toBe(0)
  }
}

/** One round: each measures `value`, and each reads that of all. */
async function round(devices: Devices, value: number): Promise<void> {
  await Promise.all(devices.map((device) => measure(device, value)))
  await read(devices, devices, value)
}

/** Waits until each of `devices` is connected directly to all the others, and to nobody else. */
async function connected(devices: Devices): Promise<void> {
  for (const { peer } of devices)
    await expect.poll(() => peer.peers(), { timeout: MEETING_TIMEOUT_MS }).toBe(devices.length - 1)
}

async function relayIs(state: 'connected' | 'connecting', peer: Peer): Promise<void> {
  await expect.poll(async () => (await peer.snapshot()).network.relay.type).toBe(state)
}

/** Waits until all of them hold the same blocks and the same newest commit; resolves with what they hold. */
async function equal(devices: Devices): Promise<HeldGraph> {
  const graphs = () =>
    Promise.all(devices.map(async ({ peer }) => heldGraph(peer.page, await peer.network())))
  let found = await graphs()
  await expect(async () => {
    found = await graphs()
    for (const graph of found) expect(graph).toEqual(found[0])
  }).toPass({ timeout: MEETING_TIMEOUT_MS, intervals: [500] })
  const [graph] = found
  if (graph === undefined) throw new Error('nobody is equal to nobody')
  return graph
}

/** Waits until everything that anybody logged is committed where `device` is. */
async function committed({ peer }: Device): Promise<void> {
  await peer.page.evaluate(() =>
    weftTest.snapshot(({ things }) => things.every(({ blocks }) => blocks.committed === blocks.total)),
  )
}

/** What a half of the network came to while it was alone. */
interface Alone {
  readonly half: Devices
  /** What was measured last. */
  readonly value: number
  readonly graph: HeldGraph
  /** Its data blocks. */
  readonly ids: readonly BlockId[]
}

/** Round after round in one half until `untilMs`, with values from `value` on; then it is equal within. */
async function goOnAlone(half: Devices, value: number, untilMs: number): Promise<Alone> {
  const [one] = half
  if (one === undefined) throw new Error('a half is somebody')
  let last = value
  await round(half, last)
  while (Date.now() < untilMs) await round(half, ++last)
  await connected(half)
  const graph = await equal(half)
  return { half, value: last, graph, ids: await heldIds(one.peer.page, await one.peer.network()) }
}

/** Opens a crashed tab again. */
async function reopened(stage: Stage, device: Device): Promise<Device> {
  const again = { ...device, peer: await stage.tab(device.peer) }
  expect((await again.peer.snapshot()).device).toBe(device.key)
  return again
}

test('five devices lose their relay, a tab and each other, and end equal', async ({ stage }, info) => {
  test.setTimeout(STORY_TIMEOUT_MS)
  const lan = stage.lan()
  const keyFolder = info.outputPath('relay')
  let relay = await stage.relay(undefined, keyFolder)
  const app = await stage.app({ relays: [relay.multiaddr] })
  let devices = await openDevices(stage, app.url, lan)

  await test.step('they meet, and what each of them measures reaches all', async () => {
    await connected(devices)
    await round(devices, 60)
    await equal(devices)
  })

  await test.step('the relay is killed: what is direct stays, and all still reaches all', async () => {
    await relay.kill()
    for (const { peer } of devices) await relayIs('connecting', peer)
    await round(devices, 61)
    await connected(devices)
  })

  await test.step('a tab is killed; opened again it is the same peer, and equal', async () => {
    const others = devices.slice(0, -1)
    const killed = devices[DEVICES - 1]
    if (killed === undefined) throw new Error('five were opened')
    await killed.peer.crash()
    await round(others, 62)
    await connected(others)
    relay = await stage.relay(relay.port, keyFolder)
    const again = await reopened(stage, killed)
    await read([again], others, 62)
    devices = [...others, again]
    await connected(devices)
    await equal(devices)
  })

  const halves = await test.step('two halves are parted for a minute, and each goes on', async () => {
    const before = await equal(devices)
    const [smaller, larger] = [devices.slice(0, SMALLER_HALF), devices.slice(SMALLER_HALF)]
    await relay.kill()
    lan.part(
      smaller.map(({ peer }) => peer.context),
      larger.map(({ peer }) => peer.context),
    )
    const untilMs = Date.now() + PARTED_MS
    const halves = await Promise.all([goOnAlone(smaller, 63, untilMs), goOnAlone(larger, 163, untilMs)])
    const [withValidator, without] = halves
    expect(withValidator.graph.commit.index).toBeGreaterThan(before.commit.index)
    expect(without.graph.commit).toEqual(before.commit)
    expect(without.graph.ids).not.toBe(withValidator.graph.ids)
    return halves
  })

  await test.step('the halves meet again, and all is everywhere and in one order', async () => {
    lan.heal()
    await stage.relay(relay.port, keyFolder)
    // left alone they look for the relay again within a minute
    for (const { peer } of devices) await peer.wakeUp()
    await connected(devices)
    for (const { half, value } of halves) await read(devices, half, value)
    await Promise.all(devices.map(committed))
    const { commit } = await equal(devices)
    expect(commit.index).toBeGreaterThan(halves[0].graph.commit.index)
    for (const { peer } of devices) {
      const held = new Set(await heldIds(peer.page, await peer.network()))
      for (const { ids } of halves) expect(ids.filter((id) => !held.has(id))).toEqual([])
    }
  })
})
