import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import { startRelay, type Relay } from '../../src/gateway/relay.ts'
import { webRtcOnly, type DirectRule } from '../../src/net/direct.ts'
import { peerIdOf } from '../../src/net/key.ts'
import { RELAYED_RESERVE_BYTES } from '../../src/net/limits.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import { IDS_PER_MESSAGE_MAX, type PeerInfo, type StoredBlock, type Transport } from '../../src/ports.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'
import { stranger } from './stranger.ts'
import { unusedHandlers } from './unused-handlers.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

/** What a relay of ours carries for one connection. */
const CIRCUIT_BYTES = 128 * 1024

const BLOCK_BYTES = 8 * 1024

const idsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => index.toString(16).padStart(64, '0') as BlockId)

/** Peers that cannot connect directly: what they announce leads through the relay, and no further. */
const circuitsOnly: DirectRule = {
  isDirect: (connection) => webRtcOnly.isDirect(connection),
  isDialable: (address) => address.getComponents().some(({ name }) => name === 'p2p-circuit'),
}

describe('peers between whom there is only a relay', { timeout: 60_000 }, () => {
  const stops: (() => Promise<void>)[] = []
  const clock = skippingClock()

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function relayed(): Promise<Relay> {
    const relay = await startRelay({ listen: [{ host: '127.0.0.1', port: 0 }], clock })
    stops.push(() => relay.stop())
    return relay
  }

  async function join(seed: number, relay: Relay, rule: DirectRule = circuitsOnly) {
    const changes: string[] = []
    const relays: string[] = []
    const gossip: Uint8Array[] = []
    const named: (readonly BlockId[])[] = []
    const held = new Map<BlockId, StoredBlock>()
    const signer = testSigner(seed)
    const transport: Transport = libp2pTransport({
      network: NETWORK,
      signer,
      clock,
      random: testRandom,
      findRelays: async () => relay.multiaddrs,
      listen: ['/p2p-circuit', '/ip4/127.0.0.1/tcp/0/ws'],
      direct: rule,
      timings: SHORT,
    })
    stops.push(() => transport.stop())
    await transport.start({
      ...unusedHandlers,
      async onGossip(bytes) {
        gossip.push(bytes)
        return 'forward'
      },
      onFetch: async (ids) => ids.flatMap((id) => held.get(id) ?? []),
      async onTips(ids) {
        named.push(ids)
        return idsOf(2)
      },
      onReachable: ({ type }) => void relays.push(type),
      onPeer: ({ id, direct }: PeerInfo, change) => {
        if (!relay.multiaddrs.some((address) => address.endsWith(id)))
          changes.push(`${change}, ${direct ? 'direct' : 'relayed'}`)
      },
    })
    return { id: peerIdOf(signer.publicKey), transport, changes, relays, gossip, named, held }
  }

  it('ask each other through it, and gossip nothing', async () => {
    const relay = await relayed()
    const a = await join(1, relay)
    const b = await join(2, relay)
    await vi.waitFor(() => expect(a.changes).toEqual(['connected, relayed']), PATIENCE)
    expect(a.transport.peers()).toMatchObject([{ id: b.id, direct: false }])
    b.held.set(idsOf(1)[0]!, { id: idsOf(1)[0]!, bytes: new Uint8Array(BLOCK_BYTES) })
    await a.transport.publish(Uint8Array.of(1))
    expect(await a.transport.exchangeTips(b.id, idsOf(3))).toEqual(idsOf(2))
    expect(b.named).toEqual([idsOf(3)])
    expect((await a.transport.fetch(b.id, idsOf(1))).map(({ length }) => length)).toEqual([BLOCK_BYTES])
    // Who was asked may ask back.
    expect(b.changes).toEqual(['connected, relayed'])
    expect(await b.transport.exchangeTips(a.id, [])).toEqual(idsOf(2))
    expect(b.gossip).toEqual([])
  })

  it('are none to each other while nothing is asked', async () => {
    const relay = await relayed()
    const a = await join(1, relay)
    await vi.waitFor(() => expect(a.relays.at(-1)).toBe('connected'), PATIENCE)
    const them = await stranger()
    stops.push(async () => them.stop())
    const connection = await them.dial(multiaddr(`${relay.multiaddrs[0]}/p2p-circuit/p2p/${a.id}`))
    // who refuses a protocol has the connection
    await expect(
      connection.newStream('/weft-test/1.0.0', { runOnLimitedConnection: true }),
    ).rejects.toMatchObject({ name: 'UnsupportedProtocolError' })
    expect(a.transport.peers()).toEqual([])
    expect(a.changes).toEqual([])
  })

  it('stay below what the relay carries, part when it is used up, and meet again', async () => {
    const relay = await relayed()
    const a = await join(1, relay)
    const b = await join(2, relay)
    await vi.waitFor(() => expect(a.changes).toEqual(['connected, relayed']), PATIENCE)
    const ids = idsOf(IDS_PER_MESSAGE_MAX)
    for (const id of ids) b.held.set(id, { id, bytes: new Uint8Array(BLOCK_BYTES) })
    const blocks = await a.transport.fetch(b.id, ids)
    expect(blocks.length).toBeGreaterThan(0)
    // What does not fit is left, and the answer still ends as one should.
    expect(blocks.length * BLOCK_BYTES).toBeLessThan(CIRCUIT_BYTES - RELAYED_RESERVE_BYTES)
    const again = () => a.transport.fetch(b.id, ids.slice(-4))
    await vi.waitFor(async () => {
      await again().catch(() => undefined)
      expect(a.changes).toContain('disconnected, relayed')
    }, PATIENCE)
    await vi.waitFor(() => expect(a.changes.at(-1)).toBe('connected, relayed'), PATIENCE)
    expect(a.changes.slice(0, 3)).toEqual([
      'connected, relayed',
      'disconnected, relayed',
      'connected, relayed',
    ])
    await vi.waitFor(async () => expect((await again()).length).toBe(4), PATIENCE)
  })

  it('change over to a direct connection when one can be had', async () => {
    const relay = await relayed()
    let canConnect = false
    const rule: DirectRule = {
      isDirect: (connection) => websocketsCount.isDirect(connection),
      isDialable: (address) => (canConnect ? websocketsCount : circuitsOnly).isDialable(address),
    }
    const a = await join(1, relay, rule)
    const b = await join(2, relay, rule)
    await vi.waitFor(() => expect(a.changes).toEqual(['connected, relayed']), PATIENCE)
    canConnect = true
    await vi.waitFor(() => expect(a.changes).toHaveLength(2), PATIENCE)
    expect(a.transport.peers().filter(({ id }) => id === b.id)).toMatchObject([{ direct: true }])
    expect(a.changes).toEqual(['connected, relayed', 'connected, direct'])
    const ids = idsOf(IDS_PER_MESSAGE_MAX)
    for (const id of ids) b.held.set(id, { id, bytes: new Uint8Array(BLOCK_BYTES) })
    // As many as one answer takes, which is more than the relay would carry.
    const blocks = await a.transport.fetch(b.id, ids)
    expect(blocks.length * BLOCK_BYTES).toBeGreaterThan(CIRCUIT_BYTES)
  })
})
