import { afterEach, describe, expect, it, vi } from 'vitest'
import type { BlockId, PublicKey } from '../../src/core/model/id.ts'
import { TransportError, type TransportErrorKind } from '../../src/net/error.ts'
import { BAN_MS } from '../../src/net/limits.ts'
import {
  IDS_PER_MESSAGE_MAX,
  type GossipVerdict,
  type PeerId,
  type PeerInfo,
  type Transport,
  type TransportHandlers,
} from '../../src/ports.ts'
import { unusedHandlers } from '../net/unused-handlers.ts'

/** A started transport under test and what its handlers saw. */
interface Peer extends StartedPeer {
  readonly seen: Seen
}

interface StartedPeer {
  readonly id: PeerId
  readonly key: PublicKey
  readonly transport: Transport
}

/** Makes started transports of one implementation. */
export interface TransportRig {
  /**
   * Starts a transport that gets itself connected to `linkedTo`, now and whenever that is possible again. Its clock is
   * `aheadMs` ahead of the rig's.
   */
  peer(handlers: TransportHandlers, linkedTo: readonly StartedPeer[], aheadMs: number): Promise<StartedPeer>
  /** Lets the clock that bans go by jump ahead. */
  skipMs(ms: number): void
  /** What handlers threw, as the implementation reported it. */
  readonly faults: readonly unknown[]
  close(): Promise<void>
}

/** What one peer's handlers were called with. */
class Seen {
  readonly gossip: { readonly text: string; readonly from: PeerId }[] = []
  readonly served: { readonly ids: readonly BlockId[]; readonly peer: PeerId }[] = []
  readonly clocks: { readonly offsetMs: number; readonly from: PeerId }[] = []
  readonly changes: { readonly peer: PeerInfo; readonly change: 'connected' | 'disconnected' }[] = []

  get texts(): string[] {
    return this.gossip.map(({ text }) => text)
  }

  connectedTo(peer: PeerId): boolean {
    return this.changes.findLast((entry) => entry.peer.id === peer)?.change === 'connected'
  }
}

/** How long something may take to be seen on a busy machine. */
const PATIENCE = { timeout: 15_000, interval: 20 }

const DAY_MS = 86_400_000

/** Longer than any exchange here may last: what is measured of another clock may be behind by as much. */
const LATENCY_MS_MAX = 60_000

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const idOf = (number: number) => number.toString(16).padStart(64, '0') as BlockId
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => idOf(index))

/** Expects `work` to be refused with a typed error. */
async function refusal(work: Promise<unknown>, kind: TransportErrorKind): Promise<void> {
  const error: unknown = await work.then(
    () => 'it was not refused',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TransportError)
  expect((error as TransportError).kind).toBe(kind)
}

/** What every transport does, whatever it is made of. `open` gives a rig with requests that time out after 1 s. */
export function transportContract(name: string, open: () => Promise<TransportRig>): void {
  describe(`${name} as a transport`, { timeout: 30_000 }, () => {
    let rig: TransportRig | undefined

    afterEach(async () => {
      await rig?.close()
      rig = undefined
    })

    async function start(
      linkedTo: readonly Peer[] = [],
      own: Partial<TransportHandlers> = {},
      aheadMs = 0,
    ): Promise<Peer> {
      rig ??= await open()
      const seen = new Seen()
      const made = await rig.peer(
        {
          ...unusedHandlers,
          async onGossip(bytes, from): Promise<GossipVerdict> {
            seen.gossip.push({ text: textOf(bytes), from })
            return 'forward'
          },
          onServed: (ids, peer) => seen.served.push({ ids, peer }),
          onClock: (offsetMs, from) => seen.clocks.push({ offsetMs, from }),
          ...own,
          onPeer(peer, change) {
            seen.changes.push({ peer, change })
            own.onPeer?.(peer, change)
          },
        },
        linkedTo,
        aheadMs,
      )
      const peer = { ...made, seen }
      for (const other of linkedTo) await connected(peer, other)
      return peer
    }

    async function connected(a: Peer, b: Peer): Promise<void> {
      await vi.waitFor(() => {
        expect(a.seen.connectedTo(b.id)).toBe(true)
        expect(b.seen.connectedTo(a.id)).toBe(true)
      }, PATIENCE)
    }

    /** Gossip takes a moment to begin on a new connection, and says nothing when it does. */
    async function gossipReaches(from: Peer, to: Peer): Promise<void> {
      let attempt = 0
      await vi.waitFor(async () => {
        await from.transport.publish(bytesOf(`warm-up ${attempt++}`))
        expect(to.seen.texts.some((text) => text.startsWith('warm-up'))).toBe(true)
      }, PATIENCE)
    }

    it('tells both sides once when they are connected, and when they no longer are', async () => {
      const a = await start()
      const b = await start([a])
      expect(a.transport.peers()).toMatchObject([{ id: b.id, key: b.key, direct: true }])
      expect(b.transport.peers()).toMatchObject([{ id: a.id, key: a.key, direct: true }])
      await b.transport.stop()
      await vi.waitFor(() => expect(a.seen.connectedTo(b.id)).toBe(false), PATIENCE)
      const peer = { id: b.id, key: b.key }
      expect(a.seen.changes).toMatchObject([
        { peer, change: 'connected' },
        { peer, change: 'disconnected' },
      ])
      expect(a.seen.changes).toHaveLength(2)
      expect(a.transport.peers()).toEqual([])
    })

    it('carries a published block to neighbours, and on to theirs once they say forward', async () => {
      const a = await start()
      const b = await start([a])
      const c = await start([b])
      await gossipReaches(a, c)
      await a.transport.publish(bytesOf('a block'))
      await vi.waitFor(() => expect(c.seen.texts).toContain('a block'), PATIENCE)
      expect(b.seen.gossip.find(({ text }) => text === 'a block')?.from).toBe(a.id)
      expect(c.seen.gossip.find(({ text }) => text === 'a block')?.from).toBe(b.id)
      expect(a.seen.texts).not.toContain('a block')
    })

    it.each(['ignore', 'reject'] as const)('passes nothing on that a node says %s to', async (verdict) => {
      const a = await start()
      const got: string[] = []
      const b = await start([a], {
        async onGossip(bytes) {
          got.push(textOf(bytes))
          return textOf(bytes) === 'bad' ? verdict : 'forward'
        },
      })
      const c = await start([b])
      await gossipReaches(a, c)
      await a.transport.publish(bytesOf('bad'))
      await a.transport.publish(bytesOf('good'))
      await vi.waitFor(() => expect(c.seen.texts).toContain('good'), PATIENCE)
      expect(got).toContain('bad')
      expect(c.seen.texts).not.toContain('bad')
    })

    it('waits with forwarding until the node has made up its mind', async () => {
      const a = await start()
      const decision = Promise.withResolvers<GossipVerdict>()
      const asked = Promise.withResolvers<void>()
      const b = await start([a], {
        async onGossip(bytes) {
          if (textOf(bytes) !== 'slow') return 'forward'
          asked.resolve()
          return decision.promise
        },
      })
      const c = await start([b])
      await gossipReaches(a, c)
      await a.transport.publish(bytesOf('slow'))
      await asked.promise
      await a.transport.publish(bytesOf('quick'))
      await vi.waitFor(() => expect(c.seen.texts).toContain('quick'), PATIENCE)
      expect(c.seen.texts).not.toContain('slow')
      decision.resolve('forward')
      await vi.waitFor(() => expect(c.seen.texts).toContain('slow'), PATIENCE)
    })

    it('delivers the same bytes once, whatever happens to be published again', async () => {
      const a = await start()
      const b = await start([a])
      await gossipReaches(a, b)
      await a.transport.publish(bytesOf('twice'))
      await a.transport.publish(bytesOf('twice'))
      await a.transport.publish(bytesOf('after'))
      await vi.waitFor(() => expect(b.seen.texts).toContain('after'), PATIENCE)
      expect(b.seen.texts.filter((text) => text === 'twice')).toHaveLength(1)
    })

    it('publishes into the void without complaint', async () => {
      const alone = await start()
      await expect(alone.transport.publish(bytesOf('hello'))).resolves.toBeUndefined()
    })

    it('fetches what the other holds, up to a full message of ids', async () => {
      const asked: (readonly BlockId[])[] = []
      const a = await start([], {
        async onFetch(ids) {
          asked.push(ids)
          return ids
            .filter((_, index) => index % 2 === 0)
            .map((id) => ({ id, bytes: bytesOf(`block ${id}`) }))
        },
      })
      const b = await start([a])
      const ids = idsOf(IDS_PER_MESSAGE_MAX)
      const blocks = await b.transport.fetch(a.id, ids)
      expect(asked).toEqual([ids])
      expect(blocks.map(textOf)).toEqual(ids.filter((_, index) => index % 2 === 0).map((id) => `block ${id}`))
    })

    it('carries the largest blocks whole, and no more of them in one answer than a mebibyte', async () => {
      const large = new Uint8Array(24_000).map((_, index) => index % 251)
      const a = await start([], { onFetch: async (ids) => ids.map((id) => ({ id, bytes: large })) })
      const b = await start([a])
      const blocks = await b.transport.fetch(a.id, idsOf(64))
      expect(blocks).toHaveLength(Math.floor(2 ** 20 / large.length))
      expect(blocks.every((block) => Buffer.compare(block, large) === 0)).toBe(true)
    })

    it('says which blocks arrived: those that were sent, once the other has them', async () => {
      const large = new Uint8Array(24_000)
      const a = await start([], { onFetch: async (ids) => ids.map((id) => ({ id, bytes: large })) })
      const b = await start([a])
      const ids = idsOf(64)
      const { length } = await b.transport.fetch(a.id, ids)
      expect(length).toBeLessThan(64)
      const expected = [{ ids: ids.slice(0, length), peer: b.id }]
      await vi.waitFor(() => expect(a.seen.served).toEqual(expected), PATIENCE)
      expect(b.seen.served).toEqual([])
    })

    it('says of no block that it arrived when the exchange was cut half-way', async () => {
      const controller = new AbortController()
      const a = await start([], {
        async onFetch(ids) {
          if (ids.includes(idOf(1))) controller.abort(new Error('gone'))
          return ids.map((id) => ({ id, bytes: bytesOf(id) }))
        },
      })
      const b = await start([a])
      await expect(b.transport.fetch(a.id, [idOf(1)], controller.signal)).rejects.toThrow('gone')
      await b.transport.fetch(a.id, [idOf(2)])
      await vi.waitFor(() => expect(a.seen.served).toContainEqual({ ids: [idOf(2)], peer: b.id }), PATIENCE)
      expect(a.seen.served).toHaveLength(1)
    })

    it('says of no block that it arrived when the other was cut off before it came', async () => {
      const a: Peer = await start([], {
        async onFetch(ids, from) {
          if (ids.includes(idOf(1))) a.transport.blame(from, 'too-much')
          return ids.map((id) => ({ id, bytes: bytesOf(id) }))
        },
      })
      const b = await start([a])
      const c = await start([a])
      await refusal(b.transport.fetch(a.id, [idOf(1)]), 'lost-peer')
      await c.transport.fetch(a.id, [idOf(2)])
      await vi.waitFor(() => expect(a.seen.served).toContainEqual({ ids: [idOf(2)], peer: c.id }), PATIENCE)
      expect(a.seen.served).toHaveLength(1)
    })

    it('exchanges tips once the other has dealt with ours', async () => {
      const dealt: string[] = []
      const a = await start([], {
        async onTips(ids, from) {
          await Promise.resolve()
          dealt.push(`${from} ${ids.join()}`)
          return [idOf(7), idOf(8)]
        },
      })
      const b = await start([a])
      expect(await b.transport.exchangeTips(a.id, [idOf(1)])).toEqual([idOf(7), idOf(8)])
      expect(dealt).toEqual([`${b.id} ${idOf(1)}`])
      expect(await a.transport.exchangeTips(b.id, [])).toEqual([])
    })

    it('exchanges a full message of tips each way', async () => {
      const named: (readonly BlockId[])[] = []
      const full = idsOf(IDS_PER_MESSAGE_MAX)
      const a = await start([], {
        async onTips(ids) {
          named.push(ids)
          return idsOf(IDS_PER_MESSAGE_MAX + 1)
        },
      })
      const b = await start([a])
      expect(await b.transport.exchangeTips(a.id, full)).toEqual(full)
      expect(named).toEqual([full])
    })

    it('tells both sides of an exchange once how far the clock of the other is off, and then of tips', async () => {
      const heard: string[] = []
      const a: Peer = await start(
        [],
        {
          async onTips(_, from) {
            heard.push(...a.seen.clocks.map((clock) => `clock of ${clock.from}`), `tips of ${from}`)
            return []
          },
        },
        DAY_MS,
      )
      const b = await start([a])
      await b.transport.exchangeTips(a.id, [])
      expect(heard).toEqual([`clock of ${b.id}`, `tips of ${b.id}`])
      expect(a.seen.clocks).toHaveLength(1)
      expect(b.seen.clocks).toMatchObject([{ from: a.id }])
      for (const [{ clocks }, aheadMs] of [[a.seen, -DAY_MS] as const, [b.seen, DAY_MS] as const]) {
        expect(clocks[0]?.offsetMs).toBeLessThanOrEqual(aheadMs)
        expect(clocks[0]?.offsetMs).toBeGreaterThan(aheadMs - LATENCY_MS_MAX)
      }
    })

    it('refuses to name more ids than a message may', async () => {
      const a = await start()
      const b = await start([a])
      await refusal(b.transport.fetch(a.id, idsOf(IDS_PER_MESSAGE_MAX + 1)), 'bad-request')
      await refusal(b.transport.exchangeTips(a.id, idsOf(IDS_PER_MESSAGE_MAX + 1)), 'bad-request')
      expect(await b.transport.fetch(a.id, idsOf(1))).toEqual([])
    })

    it('refuses requests to whom it is not connected', async () => {
      const a = await start()
      await refusal(a.transport.fetch('12D3KooWNobody', idsOf(1)), 'not-connected')
      await refusal(a.transport.exchangeTips('12D3KooWNobody', []), 'not-connected')
    })

    it('gives up on a silent peer', async () => {
      const a = await start([], {
        onFetch: () => new Promise(() => undefined),
        onTips: () => new Promise(() => undefined),
      })
      const b = await start([a])
      await refusal(b.transport.fetch(a.id, idsOf(1)), 'silent')
      await refusal(b.transport.exchangeTips(a.id, []), 'silent')
      expect(b.transport.peers()).toMatchObject([{ id: a.id }])
    })

    it('gives up when the caller does, with the reason the caller gave', async () => {
      const asked = Promise.withResolvers<void>()
      const a = await start([], {
        onFetch() {
          asked.resolve()
          return new Promise(() => undefined)
        },
      })
      const b = await start([a])
      const controller = new AbortController()
      const fetched = b.transport.fetch(a.id, idsOf(1), controller.signal)
      await asked.promise
      controller.abort(new Error('changed my mind'))
      await expect(fetched).rejects.toThrow('changed my mind')
      await expect(b.transport.fetch(a.id, idsOf(1), controller.signal)).rejects.toThrow('changed my mind')
    })

    it('cuts a blamed peer off and takes it back when its ban is over', async () => {
      const a = await start()
      const b = await start([a])
      b.transport.blame(a.id, 'bad-work')
      await vi.waitFor(() => {
        expect(a.seen.connectedTo(b.id)).toBe(false)
        expect(b.seen.connectedTo(a.id)).toBe(false)
      }, PATIENCE)
      await refusal(b.transport.fetch(a.id, idsOf(1)), 'not-connected')
      const c = await start([a, b])
      expect(b.transport.peers()).toMatchObject([{ id: c.id }])
      rig?.skipMs(BAN_MS)
      await connected(a, b)
    })

    it('survives handlers that throw, says so, and blames nobody for it', async () => {
      const a = await start([], {
        onGossip: async () => Promise.reject(new Error('gossip fault')),
        onFetch: () => {
          throw new Error('fetch fault')
        },
        onClock: () => {
          throw new Error('clock fault')
        },
        onTips: async () => Promise.reject(new Error('tips fault')),
        onPeer: () => {
          throw new Error('peer fault')
        },
        onReachable: () => {
          throw new Error('reachable fault')
        },
      })
      const b = await start([a])
      await refusal(b.transport.fetch(a.id, idsOf(1)), 'lost-peer')
      await refusal(b.transport.exchangeTips(a.id, []), 'lost-peer')
      let attempt = 0
      await vi.waitFor(async () => {
        await b.transport.publish(bytesOf(`block ${attempt++}`))
        expect(rig?.faults.map(String)).toContain('Error: gossip fault')
      }, PATIENCE)
      expect(rig?.faults.map(String)).toEqual(
        expect.arrayContaining([
          'Error: fetch fault',
          'Error: clock fault',
          'Error: tips fault',
          'Error: peer fault',
          'Error: reachable fault',
        ]),
      )
      expect(await a.transport.exchangeTips(b.id, [])).toEqual([])
    })

    it('ends requests under way when it stops, and takes no more', async () => {
      const asked = Promise.withResolvers<void>()
      const a = await start([], {
        onFetch() {
          asked.resolve()
          return new Promise(() => undefined)
        },
      })
      const b = await start([a])
      const fetched = refusal(b.transport.fetch(a.id, idsOf(1)), 'stopped')
      await asked.promise
      await b.transport.stop()
      await fetched
      await refusal(b.transport.publish(bytesOf('late')), 'stopped')
      expect(b.transport.peers()).toEqual([])
      await expect(b.transport.stop()).resolves.toBeUndefined()
    })
  })
}
