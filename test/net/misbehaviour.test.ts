import type { Connection, Libp2p } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { BLOCK_BYTES_MAX } from '../../src/core/model/block.ts'
import type { BlockId, NetworkId } from '../../src/core/model/id.ts'
import { TransportError } from '../../src/net/error.ts'
import { SILENCES_APART_MS, SILENCES_MAX, type Timings } from '../../src/net/limits.ts'
import { encodeMineRequest, MINE_REQUEST_BYTES } from '../../src/net/mine.ts'
import { namesOf } from '../../src/net/names.ts'
import { strangerOf } from '../../src/net/strangers.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import {
  FETCH_ANSWER_BYTES_MAX,
  IDS_PER_MESSAGE_MAX,
  type MineAnswer,
  type PeerId,
  type TransportHandlers,
} from '../../src/ports.ts'
import { stranger } from './stranger.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const NAMES = namesOf(NETWORK)
/** The latest clock that a number holds exactly. */
const CLOCK_MAX = 2n ** 53n - 1n

const PATIENCE = { timeout: 15_000, interval: 20 }

/** For whoever is kept waiting on purpose. */
const IMPATIENT = { requestMs: 300, fetchMs: 700 }

const WORK = { digest: new Uint8Array(32), target: 1, withinMs: 20_000 }

/** A frame of tips as it travels: a clock, u64 little-endian, and so many bytes. */
function tipsFrame(clockMs: bigint, listBytes = 0): Uint8Array {
  const frame = new Uint8Array(8 + listBytes)
  new DataView(frame.buffer).setBigUint64(0, clockMs, true)
  return frame
}

describe('a node among strangers', { timeout: 30_000 }, () => {
  const stops: (() => Promise<void>)[] = []

  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()))
  })

  async function meet(
    own: Partial<TransportHandlers> = {},
    prepare?: (them: Libp2p) => Promise<void>,
    timings: Partial<Timings> = {},
  ) {
    const faults: unknown[] = []
    const clock = skippingClock()
    const transport = libp2pTransport({
      network: NETWORK,
      signer: testSigner(1),
      clock,
      random: testRandom,
      findRelays: async () => [],
      listen: ['/ip4/127.0.0.1/tcp/0/ws'],
      direct: websocketsCount,
      timings: { ...SHORT, requestMs: PATIENCE.timeout, ...timings },
      fault: (error) => faults.push(error),
    })
    stops.push(() => transport.stop())
    await transport.start({
      ...unusedHandlers,
      ...own,
    })
    const them = await stranger()
    stops.push(() => Promise.resolve(them.stop()))
    await prepare?.(them)
    const connect = () => them.dial(transport.multiaddrs().map((address) => multiaddr(address)))
    const connection = await connect()
    const id = them.peerId.toString()
    await vi.waitFor(() => expect(transport.peers()).toMatchObject([{ id }]), PATIENCE)
    return { transport, them, id, connection, connect, faults, clock }
  }

  async function send(connection: Connection, protocol: string, frame: Uint8Array) {
    const frames = lpStream(await connection.newStream(protocol))
    await frames.write(frame)
    return frames
  }

  it.each([
    ['a fetch of bytes that are no ids', NAMES.fetch, new Uint8Array(33)],
    ['a fetch of nothing', NAMES.fetch, new Uint8Array(0)],
    ['a fetch of too many blocks', NAMES.fetch, new Uint8Array(32 * (IDS_PER_MESSAGE_MAX + 1))],
    ['tips and no clock', NAMES.tips, new Uint8Array(0)],
    ['half a clock', NAMES.tips, new Uint8Array(7)],
    ['a clock that no number holds', NAMES.tips, tipsFrame(CLOCK_MAX + 1n, 32)],
    ['tips that are no ids', NAMES.tips, tipsFrame(0n, 31)],
    ['too many tips', NAMES.tips, tipsFrame(0n, 32 * (IDS_PER_MESSAGE_MAX + 1))],
    ['half a request for work', NAMES.mine, new Uint8Array(MINE_REQUEST_BYTES - 1).fill(1)],
    ['a request for work that nothing is', NAMES.mine, new Uint8Array(MINE_REQUEST_BYTES)],
    ['more than a request for work', NAMES.mine, new Uint8Array(MINE_REQUEST_BYTES + 1)],
  ])('sends away who asks with %s, and does not take it back', async (_, protocol, frame) => {
    const onFetch = vi.fn(async () => [])
    const onClock = vi.fn()
    const onMine = vi.fn(async (): Promise<MineAnswer> => ({ type: 'refused', reason: 'off' }))
    const { transport, connection, connect } = await meet({ onFetch, onTips: onFetch, onClock, onMine })
    await send(connection, protocol, frame)
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
    expect(onFetch).not.toHaveBeenCalled()
    expect(onClock).not.toHaveBeenCalled()
    expect(onMine).not.toHaveBeenCalled()
    await connect().catch(() => undefined)
    await expect(
      vi.waitFor(() => expect(transport.peers()).not.toEqual([]), { timeout: 300 }),
    ).rejects.toThrow()
  })

  it.each([0n, CLOCK_MAX])('takes a clock of %d from an asker, and answers with its own', async (clockMs) => {
    const offsets: number[] = []
    const { connection, clock } = await meet({
      onClock: (offsetMs) => offsets.push(offsetMs),
      onTips: async (ids) => ids,
    })
    const earliestMs = clock.nowMs()
    const frames = await send(connection, NAMES.tips, tipsFrame(clockMs, 64))
    const answer = new Uint8Array((await frames.read()).subarray())
    const latestMs = clock.nowMs()
    const answeredMs = Number(new DataView(answer.buffer).getBigUint64(0, true))
    expect(answer.slice(8)).toEqual(new Uint8Array(64))
    expect(answeredMs).toBeGreaterThanOrEqual(earliestMs)
    expect(answeredMs).toBeLessThanOrEqual(latestMs)
    expect(offsets).toHaveLength(1)
    expect(Number(clockMs) - offsets[0]!).toBeGreaterThanOrEqual(earliestMs)
    expect(Number(clockMs) - offsets[0]!).toBeLessThanOrEqual(answeredMs)
  })

  it('refuses a clock that no number holds in answer to its tips, and sends away who gave it', async () => {
    const onClock = vi.fn()
    const { transport, id } = await meet({ onClock }, (them) =>
      them.handle(NAMES.tips, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        await frames.write(tipsFrame(CLOCK_MAX + 1n))
      }),
    )
    await expect(transport.exchangeTips(id, [])).rejects.toMatchObject({ kind: 'malformed' })
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
    expect(onClock).not.toHaveBeenCalled()
  })

  it.each([
    ['nothing', 'malformed', new Uint8Array(0)],
    ['a word it does not know', 'malformed', Uint8Array.of(6)],
    ['half a nonce', 'malformed', new Uint8Array(5)],
    ['a nonce that no number holds', 'malformed', new Uint8Array(9).fill(255, 1)],
    ['more than a nonce', 'too-much', new Uint8Array(10)],
  ])('refuses %s in answer to a request for work, and sends away who gave it', async (_, kind, frame) => {
    const { transport, id } = await meet({}, (them) =>
      them.handle(NAMES.mine, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        await frames.write(frame)
      }),
    )
    await expect(transport.mine(id, WORK)).rejects.toMatchObject({ kind })
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
  })

  it('sends away who goes on talking after a request for work, and calls the work off', async () => {
    const calledOff = Promise.withResolvers<void>()
    const { transport, connection } = await meet({
      onMine: (_request, _from, signal) => {
        signal.addEventListener('abort', () => calledOff.resolve())
        return new Promise(() => undefined)
      },
    })
    const frames = await send(connection, NAMES.mine, encodeMineRequest(WORK))
    await frames.write(Uint8Array.of(1))
    await calledOff.promise
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
  })

  it('asks for work whoever does not know of it, and blames nobody', async () => {
    const { transport, id } = await meet()
    await expect(transport.mine(id, WORK)).rejects.toMatchObject({ kind: 'lost-peer' })
    expect(transport.peers()).toMatchObject([{ id }])
  })

  it('does not wait for ever for a request, nor blame who is slow', async () => {
    const { transport, connection, id } = await meet({}, undefined, IMPATIENT)
    const stream = await connection.newStream(NAMES.fetch)
    const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
    stream.send(Uint8Array.of(32))
    await ended
    expect(transport.peers()).toMatchObject([{ id }])
  })

  it('counts no block as arrived for who reads an answer and leaves without a word', async () => {
    const id = '00'.repeat(32) as BlockId
    const served: PeerId[] = []
    const { connection, them } = await meet({
      onFetch: async () => [{ id, bytes: Uint8Array.of(1) }],
      onServed: (_, peer) => served.push(peer),
    })
    const ask = async () => {
      const stream = await connection.newStream(NAMES.fetch)
      const frames = lpStream(stream)
      await frames.write(new Uint8Array(32))
      expect((await frames.read()).length).toBe(1)
      expect((await frames.read()).length).toBe(0)
      return { stream, frames }
    }
    const { stream } = await ask()
    const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
    await stream.close()
    await ended
    expect(served).toEqual([])
    const { frames } = await ask()
    await frames.write(new Uint8Array(0))
    await vi.waitFor(() => expect(served).toEqual([them.peerId.toString()]), PATIENCE)
  })

  it('sends away who acknowledges an answer with anything else', async () => {
    const served = vi.fn()
    const { transport, connection } = await meet({ onServed: served })
    const frames = await send(connection, NAMES.fetch, new Uint8Array(32))
    await frames.write(Uint8Array.of(1))
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
    expect(served).not.toHaveBeenCalled()
  })

  it.each([
    ['more blocks than asked for', 'malformed', [new Uint8Array(10), new Uint8Array(10)]],
    ['a block longer than any', 'too-much', [new Uint8Array(BLOCK_BYTES_MAX + 1)]],
  ])('refuses %s in answer to a fetch, and sends away who gave it', async (_, kind, blocks) => {
    const { transport, id } = await meet({}, (them) =>
      them.handle(NAMES.fetch, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        for (const block of blocks) await frames.write(block)
      }),
    )
    const error: unknown = await transport
      .fetch(id, ['00'.repeat(32) as BlockId])
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(TransportError)
    expect(error).toMatchObject({ kind })
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
  })

  it('refuses an answer that goes on beyond its limit', async () => {
    const { transport, id } = await meet({}, (them) =>
      them.handle(NAMES.fetch, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        for (let bytes = 0; bytes <= FETCH_ANSWER_BYTES_MAX; bytes += 20_000)
          await frames.write(new Uint8Array(20_000))
      }),
    )
    const ids = Array.from({ length: 200 }, (_, index) => index.toString(16).padStart(64, '0') as BlockId)
    await expect(transport.fetch(id, ids)).rejects.toMatchObject({ kind: 'too-much' })
  })

  it('takes an answer cut short for a lost peer, and blames nobody', async () => {
    const { transport, id } = await meet({}, (them) =>
      them.handle(NAMES.fetch, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        await frames.write(new Uint8Array(10))
        await stream.close()
      }),
    )
    await expect(transport.fetch(id, ['00'.repeat(32) as BlockId])).rejects.toMatchObject({
      kind: 'lost-peer',
    })
    expect(transport.peers()).toMatchObject([{ id }])
  })

  it('does not show the node a gossiped block longer than any, and sends away who sent it', async () => {
    const lengths: number[] = []
    const { them, transport } = await meet({
      async onGossip(bytes) {
        lengths.push(bytes.length)
        return 'forward'
      },
    })
    const { pubsub } = them.services
    let salt = 0
    await vi.waitFor(async () => {
      await pubsub.publish(NAMES.blocks, new Uint8Array(BLOCK_BYTES_MAX).fill(salt++))
      expect(lengths).toContain(BLOCK_BYTES_MAX)
    }, PATIENCE)
    await pubsub.publish(NAMES.blocks, new Uint8Array(BLOCK_BYTES_MAX + 1))
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
    expect(lengths).not.toContain(BLOCK_BYTES_MAX + 1)
  })

  it('sends away for a while who lets one request after the other pass without a word', async () => {
    const deaf = (them: Libp2p) => them.handle(NAMES.fetch, () => undefined)
    const { transport, id, clock } = await meet({}, deaf, IMPATIENT)
    const ask = () => transport.fetch(id, ['00'.repeat(32) as BlockId])
    // those that go down together count as one
    const together = await Promise.allSettled(Array.from({ length: SILENCES_MAX }, ask))
    expect(
      together.map((each) => each.status === 'rejected' && (each.reason as TransportError).kind),
    ).toEqual(together.map(() => 'silent'))
    for (let i = 1; i < SILENCES_MAX; i++) {
      expect(transport.peers()).toMatchObject([{ id }])
      clock.skipMs(SILENCES_APART_MS)
      await expect(ask()).rejects.toMatchObject({ kind: 'silent' })
    }
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
  })

  it('counts half a request and then silence, and not the slow end of a long answer', async () => {
    const slow = (them: Libp2p) =>
      them.handle(NAMES.fetch, async (stream) => {
        const frames = lpStream(stream)
        await frames.read()
        await frames.write(new Uint8Array(10))
      })
    const { transport, connection, id, clock } = await meet({}, slow, IMPATIENT)
    for (let i = 0; i < SILENCES_MAX; i++) {
      await expect(transport.fetch(id, ['00'.repeat(32) as BlockId])).rejects.toMatchObject({
        kind: 'timeout',
      })
      clock.skipMs(SILENCES_APART_MS)
    }
    for (let i = 0; i < SILENCES_MAX; i++) {
      expect(transport.peers()).toMatchObject([{ id }])
      const stream = await connection.newStream(NAMES.fetch)
      const ended = new Promise((resolve) => stream.addEventListener('close', resolve))
      stream.send(Uint8Array.of(32))
      await ended
      clock.skipMs(SILENCES_APART_MS)
    }
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
  })

  it('and a node of another network tell each other so, and part', async () => {
    const other = '0123456789abcdef'
    const met: unknown[] = []
    const theirs = namesOf(`${other}${'00'.repeat(24)}` as NetworkId)
    const { transport, id, them, connection } = await meet(
      { onStranger: (stranger, peer) => met.push([stranger, peer]) },
      (them) => them.handle(theirs.fetch, () => undefined),
    )
    await vi.waitFor(() => expect(met).toEqual([[{ type: 'other-network', network: other }, id]]), PATIENCE)
    await vi.waitFor(() => expect(transport.peers()).toEqual([]), PATIENCE)
    await vi.waitFor(async () => {
      const { protocols } = await them.peerStore.get(connection.remotePeer)
      expect(strangerOf(protocols, theirs)).toEqual({
        type: 'other-network',
        network: NETWORK.slice(0, 16),
      })
    }, PATIENCE)
  })

  it.each([
    ['of its own network', ['/ipfs/id/1.0.0', NAMES.fetch], undefined],
    [
      'of another version',
      ['/ipfs/id/1.0.0', NAMES.fetch.replace('1.0.0', '2.0.0')],
      { type: 'other-version' },
    ],
    ['that is no node of ours', ['/ipfs/id/1.0.0', '/meshsub/1.1.0', '/weft/nonsense'], undefined],
  ])('knows a peer %s by its protocols', (_, protocols, stranger) => {
    expect(strangerOf(protocols, NAMES)).toEqual(stranger)
  })

  it('ignores what is no announcement', async () => {
    const { transport, them, id, faults } = await meet()
    const { pubsub } = them.services
    await pubsub.publish(NAMES.peers, new TextEncoder().encode('{"peer":1}'))
    await pubsub.publish(NAMES.peers, new Uint8Array(5000))
    expect(await transport.exchangeTips(id, []).catch((error: TransportError) => error.kind)).toBe(
      'lost-peer',
    )
    expect(faults).toEqual([])
  })
})
