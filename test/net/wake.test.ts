import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection } from '@libp2p/interface'
import { startRelay, type Relay, type RelayOptions } from '../../src/gateway/relay.ts'
import type { Libp2pNode } from '../../src/net/libp2p.ts'
import { WAKE_EVERY_MS } from '../../src/net/limits.ts'
import { probe } from '../../src/net/probe.ts'
import { Spaced } from '../../src/net/spaced.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { RelayState } from '../../src/ports.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const PATIENCE = { timeout: 15_000, interval: 20 }

/** Longer than any test, give or take a half: whoever pauses so long does not come back by itself. */
const NEVER_MS = 2 ** 30

/** A place is renewed after almost two hours, and lasts two. */
const HOUR_MS = 60 * 60_000

const clock = skippingClock()

describe('a node whose relay', { timeout: 30_000 }, () => {
  const stops: (() => Promise<void>)[] = []

  afterEach(async () => {
    vi.restoreAllMocks()
    vi.useRealTimers()
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function relayAt(port: number, own: Partial<RelayOptions> = {}): Promise<Relay> {
    const relay = await startRelay({ listen: [{ host: '127.0.0.1', port }], clock, ...own })
    stops.push(() => relay.stop())
    return relay
  }

  async function join(seed: number, relay: Relay, timings: Partial<typeof SHORT> = {}) {
    const states: RelayState[] = []
    const transport = libp2pTransport({
      network: NETWORK,
      signer: testSigner(seed),
      clock,
      random: testRandom,
      findRelays: async () => relay.multiaddrs,
      listen: ['/p2p-circuit'],
      timings: { ...SHORT, ...timings },
    })
    stops.push(() => transport.stop())
    await transport.start({ ...unusedHandlers, onReachable: (state) => states.push(state) })
    const becomes = (type: RelayState['type']) =>
      vi.waitFor(() => expect(states.at(-1)?.type).toBe(type), PATIENCE)
    return { transport, becomes }
  }

  it('went and came back while it slept finds it at once when it wakes up', async () => {
    const privateKey = await generateKeyPair('Ed25519')
    const relay = await relayAt(0, { privateKey })
    const port = Number(/\/tcp\/(\d+)\//.exec(relay.multiaddrs[0] ?? '')?.[1])
    const patient = { backoffMinMs: NEVER_MS, backoffMaxMs: NEVER_MS, findRelaysMs: NEVER_MS }
    const { transport, becomes } = await join(1, relay, patient)
    await becomes('connected')
    await relay.stop()
    await becomes('connecting')
    const back = await relayAt(port, { privateKey })
    expect(back.multiaddrs).toEqual(relay.multiaddrs)
    await vi.waitFor(() => {
      // libp2p's own attempt may be under way, which the first waking up joins and fails with.
      transport.wake()
      expect(transport.multiaddrs()).not.toEqual([])
    }, PATIENCE)
    await becomes('connected')
  })

  it('gives its place to another connects again until there is one for it', async () => {
    const { renewals, ends } = lastingTimers()
    const relay = await relayAt(0, { maxReservations: 1 })
    const a = await join(1, relay)
    await a.becomes('connected')
    ends[0]?.()
    const b = await join(2, relay)
    await b.becomes('connected')
    vi.setSystemTime(Date.now() + 2 * HOUR_MS)
    renewals[0]?.()
    await a.becomes('connecting')
    vi.useRealTimers()
    ends[1]?.()
    await a.becomes('connected')
  })
})

/** Catches the timers by which a node renews its place at a relay and the relay ends it, for a test to fire them. */
function lastingTimers() {
  const renewals: (() => void)[] = []
  const ends: (() => void)[] = []
  const { setTimeout } = globalThis
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((task: () => void, ms: number) => {
    if (ms > HOUR_MS) renewals.push(task)
    return setTimeout(task, ms)
  }) as typeof setTimeout)
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    if (ms <= HOUR_MS) return timeout(ms)
    const place = new AbortController()
    ends.push(() => place.abort())
    return place.signal
  })
  return { renewals, ends }
}

describe('a connection', () => {
  function fake(newStream: (signal: AbortSignal) => Promise<object>) {
    const aborted: Error[] = []
    const connection = {
      newStream: (_: string, { signal }: { signal: AbortSignal }) => newStream(signal),
      abort: (error: Error) => aborted.push(error),
    }
    return { connection: connection as unknown as Connection, aborted }
  }

  it('that gives no sign of life is ended, and one that does is kept', async () => {
    const alive = fake(async () => ({ abort: () => undefined }))
    const refusing = fake(() =>
      Promise.reject(Object.assign(new Error(), { name: 'UnsupportedProtocolError' })),
    )
    const dead = fake(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error))
        }),
    )
    const all = [alive, refusing, dead]
    const node = { getConnections: () => all.map(({ connection }) => connection) } as Partial<Libp2pNode>
    await probe(node as Libp2pNode, 20)
    expect(all.map(({ aborted }) => aborted.length)).toEqual([0, 0, 1])
  })
})

describe('waking up in a loop', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is heard at once, then seldom, and never lost', () => {
    let count = 0
    const spaced = new Spaced(() => count++, WAKE_EVERY_MS)
    for (let call = 0; call < 1000; call++) spaced.call()
    expect(count).toBe(1)
    vi.advanceTimersByTime(WAKE_EVERY_MS)
    expect(count).toBe(2)
    vi.advanceTimersByTime(10 * WAKE_EVERY_MS)
    expect(count).toBe(2)
    spaced.call()
    expect(count).toBe(3)
  })

  it('is forgotten when the transport stops', () => {
    let count = 0
    const spaced = new Spaced(() => count++, WAKE_EVERY_MS)
    spaced.call()
    spaced.call()
    spaced.stop()
    vi.advanceTimersByTime(10 * WAKE_EVERY_MS)
    expect(count).toBe(1)
  })
})
