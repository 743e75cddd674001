/** A node among peers that speak its sync protocol by hand, and an honest one that has to be served all the while. */
import type { Connection } from '@libp2p/interface'
import { lpStream, type LengthPrefixedStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, vi } from 'vitest'
import type { Hash, NetworkId } from '../../src/core/model/id.ts'
import { encodeGreeting } from '../../src/net/greeting.ts'
import { peerIdOf } from '../../src/net/key.ts'
import { namesOf } from '../../src/net/names.ts'
import { libp2pTransport } from '../../src/net/transport.ts'
import type { Blame, Clock, PeerId, TimedIds, Transport, TransportHandlers } from '../../src/ports.ts'
import { stranger } from './stranger.ts'
import { NETWORK, SHORT, skippingClock, testRandom, testSigner, websocketsCount } from './support.ts'
import { unusedHandlers } from './unused-handlers.ts'

const SYNC = namesOf(NETWORK).sync

/** How long something may take to be seen on a busy machine. */
export const PATIENCE = { timeout: 15_000, interval: 20 }

/** Who keeps silent is waited for this long where it is not what is told of, */
const PATIENT_MS = 20_000
/** and where it is. */
export const IMPATIENT_MS = 400

/** A node that met somebody who does with libp2p what they like. */
export interface Meeting {
  readonly transport: Transport
  readonly clock: Clock & { skipMs(ms: number): void }
  /** The stranger, and its connection to the node. */
  readonly id: PeerId
  readonly connection: Connection
  /** Begins an exchange of the sync protocol. */
  readonly open: () => Promise<LengthPrefixedStream>
  /** Waits until the stranger is gone, having been blamed for this, or for nothing. */
  readonly expectGone: (reason?: Blame) => Promise<void>
  /** Nobody was blamed, and the stranger is still there. */
  readonly expectNoBlame: () => void
  /** The honest peer is there and is answered. */
  readonly expectOthersServed: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * @param own the node's handlers
 * @param answer what the stranger does with a stream of the sync protocol
 * @param silenceMs how long the node waits for a frame
 */
export async function meet(
  own: Partial<TransportHandlers>,
  answer?: (frames: LengthPrefixedStream) => Promise<void>,
  silenceMs = PATIENT_MS,
): Promise<Meeting> {
  const stops: (() => Promise<unknown>)[] = []
  const faults: unknown[] = []
  const clock = skippingClock()
  const common = { network: NETWORK, clock, random: testRandom, listen: ['/ip4/127.0.0.1/tcp/0/ws'] }
  const timings = { ...SHORT, requestMs: silenceMs, syncIdleMs: silenceMs }
  const transport = libp2pTransport({
    ...common,
    timings,
    signer: testSigner(1),
    findRelays: async () => [],
    direct: websocketsCount,
    fault: (error) => faults.push(error),
  })
  stops.push(() => transport.stop())
  const blame = vi.spyOn(transport, 'blame')
  await transport.start({ ...unusedHandlers, ...own })
  const honest = libp2pTransport({
    ...common,
    timings: SHORT,
    signer: testSigner(2),
    findRelays: async () => transport.multiaddrs(),
    direct: { ...websocketsCount, isDialable: () => false },
  })
  stops.push(() => honest.stop())
  await honest.start(unusedHandlers)
  const them = await stranger()
  stops.push(() => Promise.resolve(them.stop()))
  if (answer) await them.handle(SYNC, (stream) => answer(lpStream(stream)).catch(() => undefined))
  const connection = await them.dial(transport.multiaddrs().map((address) => multiaddr(address)))
  const id = them.peerId.toString()
  await vi.waitFor(() => expect(transport.peers()).toHaveLength(2), PATIENCE)
  return {
    transport,
    clock,
    id,
    connection,
    open: async () => lpStream(await connection.newStream(SYNC)),
    async expectGone(reason) {
      const others = () => transport.peers().map((peer) => peer.id)
      await vi.waitFor(() => expect(others()).toEqual([peerIdOf(testSigner(2).publicKey)]), PATIENCE)
      expect(new Set(blame.mock.calls.map(String))).toEqual(new Set(reason && [`${id},${reason}`]))
    },
    expectNoBlame() {
      expect(blame).not.toHaveBeenCalled()
      expect(transport.peers()).toHaveLength(2)
    },
    async expectOthersServed() {
      const to = peerIdOf(testSigner(1).publicKey)
      expect(await honest.commits(to, { after: 1, skip: 2 }, 3)).toEqual({
        blocks: [],
        next: { after: 1, skip: 2 },
      })
      expect((await honest.greet(to)).theirs.index).toBeGreaterThanOrEqual(0)
      expect(faults).toEqual([])
    },
    stop: async () => void (await Promise.all(stops.map((stop) => stop()))),
  }
}

/** Blocks in no commit, one a millisecond: id and time tell the same number. */
export function uncommitted(count: number): TimedIds {
  const ids = new Uint8Array(32 * count)
  const view = new DataView(ids.buffer)
  for (let i = 0; i < count; i++) for (const at of [0, 4]) view.setUint32(32 * i + at, i)
  return { times: Float64Array.from({ length: count }, (_, i) => 1_700_000_000_000 + i), ids }
}

/** A frame that says how long it is, and half of it. */
export const HALF_A_FRAME = Uint8Array.of(100, ...new Uint8Array(50))

/** Ends what is sent frame by frame. */
export const END = new Uint8Array(0)

/** Messages of Negentropy v1. All there is, and it is nothing: */
export const EMPTY = Uint8Array.of(0x61, 0, 0, 2, 0)
/** A fingerprint of everything that is nobody's: */
export const NEVER = Uint8Array.of(0x61, 0, 0, 1, ...new Uint8Array(16).fill(9))

/** Where a peer stands that has nothing. */
export const NOWHERE = {
  index: 0,
  digest: '00'.repeat(32) as Hash,
  uncommitted: 0,
  fingerprint: new Uint8Array(16),
}

/** Another network, whose protocols have the same names. */
export const OTHER_NETWORK = `${NETWORK.slice(0, 32)}${'cd'.repeat(16)}` as NetworkId

/** The greeting of a peer that has nothing. */
export function greetingFrame(network: NetworkId = NETWORK): Uint8Array {
  return encodeGreeting(NOWHERE, network, Date.now())
}
