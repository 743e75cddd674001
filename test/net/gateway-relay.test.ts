import { afterEach, describe, expect, it, vi } from 'vitest'
import { startRelay, type Relay } from '../../src/gateway/relay.ts'
import { peerIdOf } from '../../src/net/key.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { RelayState, Transport } from '../../src/ports.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

/** Peers that meet through a relay: they are announced there and then dial each other. */
describe('a relay', { timeout: 30_000 }, () => {
  const stops: (() => Promise<void>)[] = []
  const clock = skippingClock()

  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop()
  })

  async function relayAt(port: number, maxReservations?: number): Promise<Relay> {
    const listen = [{ host: '127.0.0.1', port }]
    const relay = await startRelay({ listen, clock, ...(maxReservations && { maxReservations }) })
    stops.push(() => relay.stop())
    return relay
  }

  type Named = Pick<Relay, 'multiaddrs'>

  async function join(seed: number, relay: Named | (() => Named | undefined), listen?: readonly string[]) {
    const states: RelayState[] = []
    const gossip: string[] = []
    const signer = testSigner(seed)
    const transport: Transport & { multiaddrs(): readonly string[] } = libp2pTransport({
      network: NETWORK,
      signer,
      clock,
      random: testRandom,
      findRelays: async () => {
        const found = typeof relay === 'function' ? relay() : relay
        return found ? [...found.multiaddrs, 'no multiaddr', '/ip4/127.0.0.1/tcp/1/ws'] : []
      },
      listen: listen ?? ['/p2p-circuit', '/ip4/127.0.0.1/tcp/0/ws'],
      direct: websocketsCount,
      // The relay itself speaks yamux over websockets; here it must not be taken for a peer.
      timings: SHORT,
    })
    stops.push(() => transport.stop())
    await transport.start({
      ...unusedHandlers,
      async onGossip(bytes) {
        gossip.push(new TextDecoder().decode(bytes))
        return 'forward'
      },
      onReachable: (state) => states.push(state),
    })
    return { id: peerIdOf(signer.publicKey), transport, states, gossip }
  }

  it('is found when it appears after the node, and again when it comes back under another name', async () => {
    let relay: Relay | undefined
    const { states } = await join(1, () => relay)
    await vi.waitFor(() => expect(states.at(-1)).toEqual({ type: 'none' }), PATIENCE)
    relay = await relayAt(0)
    await vi.waitFor(() => expect(states.at(-1)?.type).toBe('connected'), PATIENCE)
    await relay.stop()
    await vi.waitFor(() => expect(states.at(-1)?.type).toBe('connecting'), PATIENCE)
    const renamed = await relayAt(0)
    relay = renamed
    const state = { type: 'connected', multiaddrs: renamed.multiaddrs }
    await vi.waitFor(() => expect(states.at(-1)).toEqual(state), PATIENCE)
  })

  it('reserves places, and the node says which relay an invitation can name', async () => {
    const relay = await relayAt(0)
    const { transport, states } = await join(1, relay)
    await vi.waitFor(
      () => expect(states.at(-1)).toEqual({ type: 'connected', multiaddrs: relay.multiaddrs }),
      PATIENCE,
    )
    expect(states[0]).toEqual({ type: 'connecting', attempt: 1 })
    expect(transport.multiaddrs().some((address) => address.includes('/p2p-circuit'))).toBe(true)
  })

  it('has as many places as it was given, and one of them is free again when its holder goes', async () => {
    const relay = await relayAt(0, 1)
    const first = await join(1, relay)
    await vi.waitFor(() => expect(first.states.at(-1)?.type).toBe('connected'), PATIENCE)
    const second = await join(2, relay)
    await vi.waitFor(() => {
      const last = second.states.at(-1)
      expect(last?.type === 'connecting' && last.attempt > 2).toBe(true)
    }, PATIENCE)
    expect(second.states.some(({ type }) => type === 'connected')).toBe(false)
    expect(relay.figures()).toMatchObject({ reservations: 1, reservationsMax: 1 })
    await first.transport.stop()
    await vi.waitFor(() => expect(second.states.at(-1)?.type).toBe('connected'), PATIENCE)
  })

  it('counts what it passes on, and what it does not', async () => {
    const relay = await relayAt(0)
    const a = await join(1, relay)
    await vi.waitFor(() => expect(relay.figures().announcements.forward).toBeGreaterThan(0), PATIENCE)
    expect(relay.figures()).toMatchObject({ connections: 1, reservations: 1, topics: 1, circuits: 0 })
    expect(relay.figures().announcements).toMatchObject({ ignore: 0, reject: 0 })
    await a.transport.stop()
    await vi.waitFor(
      () => expect(relay.figures()).toMatchObject({ connections: 0, reservations: 0 }),
      PATIENCE,
    )
  })

  it('brings peers together who then do without it', async () => {
    const relay = await relayAt(0)
    const a = await join(1, relay)
    const b = await join(2, relay)
    await vi.waitFor(() => {
      expect(a.transport.peers().some(({ id }) => id === b.id)).toBe(true)
      expect(b.transport.peers().some(({ id }) => id === a.id)).toBe(true)
    }, PATIENCE)
    await relay.stop()
    await vi.waitFor(() => expect(a.states.at(-1)?.type).toBe('connecting'), PATIENCE)
    let attempt = 0
    await vi.waitFor(async () => {
      await a.transport.publish(new TextEncoder().encode(`block ${attempt++}`))
      expect(b.gossip.length).toBeGreaterThan(0)
    }, PATIENCE)
  })

  it('is tried again until it is back', async () => {
    const relay = await relayAt(0)
    const port = Number(/\/tcp\/(\d+)\//.exec(relay.multiaddrs[0] ?? '')?.[1])
    const { states } = await join(1, relay)
    await vi.waitFor(() => expect(states.at(-1)?.type).toBe('connected'), PATIENCE)
    await relay.stop()
    await vi.waitFor(() => {
      const last = states.at(-1)
      expect(last?.type === 'connecting' && last.attempt > 2).toBe(true)
    }, PATIENCE)
    // Its key is new, so this is another relay at the same address: it must not be taken for the old one.
    await relayAt(port)
    const before = states.length
    await vi.waitFor(() => expect(states.length).toBeGreaterThan(before + 1), PATIENCE)
    expect(states.at(-1)?.type).toBe('connecting')
  })

  it('hears a node again that comes back before its old connection is gone', async () => {
    const relay = await relayAt(0)
    const before = await join(1, relay)
    await vi.waitFor(() => expect(before.states.at(-1)?.type).toBe('connected'), PATIENCE)
    const again = await join(1, relay)
    await vi.waitFor(() => expect(again.states.at(-1)?.type).toBe('connected'), PATIENCE)
    await before.transport.stop()
    const other = await join(2, relay)
    await vi.waitFor(() => {
      expect(again.transport.peers().some(({ id }) => id === other.id)).toBe(true)
    }, PATIENCE)
  })

  it('sees the end of a connection that libp2p aborts', async () => {
    const relay = await relayAt(0)
    const [, host, port] = /^\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(relay.multiaddrs[0] ?? '') ?? []
    const socket = new WebSocket(`ws://${host}:${port}`)
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
    // as `@libp2p/websockets` does: browsers and Node refuse the code
    socket.close(1006)
    expect((await closed).wasClean).toBe(true)
  })

  it('is none where none is named', async () => {
    const { states } = await join(1, { multiaddrs: [] }, ['/ip4/127.0.0.1/tcp/0/ws'])
    expect(states).toEqual([{ type: 'none' }])
  })

  it('takes no part in the gossip of blocks', async () => {
    const relay = await relayAt(0)
    const a = await join(1, relay)
    await vi.waitFor(() => expect(a.states.at(-1)?.type).toBe('connected'), PATIENCE)
    const b = await join(2, relay)
    await vi.waitFor(() => expect(b.transport.peers().some(({ id }) => id === a.id)).toBe(true), PATIENCE)
    a.transport.blame(b.id, 'bad-work')
    await vi.waitFor(() => expect(a.transport.peers().some(({ id }) => id === b.id)).toBe(false), PATIENCE)
    await a.transport.publish(new TextEncoder().encode('over the relay?'))
    const c = await join(3, relay)
    await vi.waitFor(() => expect(c.transport.peers().length).toBeGreaterThan(1), PATIENCE)
    expect(b.gossip).not.toContain('over the relay?')
  })
})
