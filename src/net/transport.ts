import type { Connection } from '@libp2p/interface'
import type { BlockId, NetworkId } from '../core/model/id.ts'
import type {
  Blame,
  Clock,
  GossipVerdict,
  PeerId,
  PeerInfo,
  Random,
  Signer,
  Transport,
  TransportHandlers,
} from '../ports.ts'
import { Announcer } from './announce.ts'
import { Bans } from './blame.ts'
import { Dialler } from './dial.ts'
import { webRtcOnly, type DirectRule } from './direct.ts'
import { TransportError } from './error.ts'
import { blameFor, checkCount, IDS_BYTES_MAX } from './exchange.ts'
import { answerFetch, requestBlocks } from './fetch.ts'
import { gaterOf } from './gater.ts'
import { BlockGossip } from './gossip.ts'
import { guarded } from './handlers.ts'
import { privateKeyOf } from './key.ts'
import { createNode, type Libp2pNode } from './libp2p.ts'
import { DIRECT_PEERS_MAX, SWEEP_MS, TIMINGS, type Timings } from './limits.ts'
import { namesOf, type Names } from './names.ts'
import { PeerBook } from './peers.ts'
import { RelayKeeper } from './relays.ts'
import { serve } from './serve.ts'
import { answerTips, requestTips, TIPS_BYTES_MAX, type ClockPair } from './tips.ts'

/** What a transport over libp2p is made from. */
export interface Libp2pTransportOptions {
  readonly network: NetworkId
  /** Its key becomes the peer id. */
  readonly signer: Signer
  readonly clock: Clock
  readonly random: Random
  /**
   * Multiaddrs of relays, `/ip4/…/ws/p2p/…`, as far as they are known now. Asked at the start, and again while none
   * is connected. It must not reject.
   */
  findRelays(): Promise<readonly string[]>
  /** Multiaddrs to listen on; by default whatever a relay reserves, and WebRTC through it. */
  readonly listen?: readonly string[]
  /** Which connections are direct; by default WebRTC only. */
  readonly direct?: DirectRule
  readonly timings?: Partial<Timings>
  /** Hears of what handlers threw, and of nothing that a peer did. */
  readonly fault?: (error: unknown) => void
}

/** The parts of a running transport. */
interface Running {
  readonly handlers: TransportHandlers
  readonly node: Libp2pNode
  readonly book: PeerBook
  readonly gossip: BlockGossip
  readonly announcer: Announcer
  readonly dialler: Dialler
  readonly keeper: RelayKeeper
  readonly sweep: ReturnType<typeof setInterval>
}

const LISTEN = ['/p2p-circuit', '/webrtc'] as const

/** The transport over libp2p: gossip, fetch and tips of protocol §8, discovery, dialling and relays. */
export function libp2pTransport(
  options: Libp2pTransportOptions,
): Transport & { multiaddrs(): readonly string[] } {
  return new Libp2pTransport(options)
}

class Libp2pTransport implements Transport {
  readonly #options: Libp2pTransportOptions
  readonly #names: Names
  readonly #rule: DirectRule
  readonly #timings: Timings
  readonly #bans: Bans
  readonly #stopping = new AbortController()
  #running: Running | undefined

  constructor(options: Libp2pTransportOptions) {
    this.#options = options
    this.#names = namesOf(options.network)
    this.#rule = options.direct ?? webRtcOnly
    this.#timings = { ...TIMINGS, ...options.timings }
    this.#bans = new Bans(options.clock)
  }

  async start(unguarded: TransportHandlers): Promise<void> {
    if (this.#running !== undefined || this.#stopping.signal.aborted) {
      throw new TransportError('stopped', 'A transport starts once.')
    }
    const handlers = guarded(unguarded, (error) => this.#fault(error))
    const node = await this.#createNode()
    const running = this.#assemble(node, handlers)
    this.#running = running
    await this.#serve(node, handlers)
    await node.start()
    if (this.#stopping.signal.aborted) {
      await this.stop()
      return
    }
    running.gossip.start()
    running.announcer.start()
    running.keeper.start()
  }

  async publish(bytes: Uint8Array): Promise<void> {
    await this.#parts().gossip.publish(bytes)
  }

  fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    return this.#ask(peer, signal, async (connection, both) => {
      checkCount(ids)
      if (ids.length === 0) return []
      return requestBlocks(connection, this.#names.fetch, ids, this.#timings.fetchMs, both)
    })
  }

  exchangeTips(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#ask(peer, signal, async (connection, both) => {
      checkCount(ids)
      const clocks = this.#clocks(this.#parts().handlers, peer)
      return requestTips(connection, this.#names.tips, ids, clocks, this.#timings.tipsMs, both)
    })
  }

  // The reason is for whoever reads the node's record; every ban is the same.
  blame(peer: PeerId, reason: Blame): void {
    this.#bans.add(peer)
    this.#running?.book.cut(peer, `Blamed: ${reason}.`)
  }

  peers(): readonly PeerInfo[] {
    return this.#running === undefined ? [] : this.#running.book.list(this.#running.keeper.ids)
  }

  /** The addresses this node is known by at the moment. */
  multiaddrs(): readonly string[] {
    return this.#running?.node.getMultiaddrs().map(String) ?? []
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new TransportError('stopped', 'The transport stops.'))
    const running = this.#running
    if (running === undefined) return
    clearInterval(running.sweep)
    running.keeper.stop()
    running.announcer.stop()
    running.dialler.stop()
    await running.node.stop()
    this.#running = undefined
  }

  #createNode(): Promise<Libp2pNode> {
    return createNode({
      privateKey: privateKeyOf(this.#options.signer),
      names: this.#names,
      listen: this.#options.listen ?? LISTEN,
      timings: this.#timings,
      gater: gaterOf({
        isBanned: (peer) => this.#bans.has(peer),
        isFullFor: (peer) => {
          const book = this.#running?.book
          return book !== undefined && book.directCount >= DIRECT_PEERS_MAX && !book.isDirect(peer)
        },
      }),
    })
  }

  #assemble(node: Libp2pNode, handlers: TransportHandlers): Running {
    const { clock, random } = this.#options
    const findRelays = () => this.#options.findRelays()
    const rule = this.#rule
    const timings = this.#timings
    const book = new PeerBook({
      node,
      clock,
      rule,
      changed: (peer, change) => {
        if (change === 'disconnected') {
          gossip.forget(peer.id)
          announcer.soon()
        }
        handlers.onPeer(peer, change)
      },
    })
    const gossip = new BlockGossip({
      pubsub: node.services.pubsub,
      names: this.#names,
      clock,
      isDirect: (peer) => book.isDirect(peer),
      judge: (bytes, from): Promise<GossipVerdict> => handlers.onGossip(bytes, from),
      heard: (announcement) => void dialler.consider(announcement),
      fault: (error) => this.#fault(error),
    })
    const announcer = new Announcer({
      node,
      names: this.#names,
      rule,
      random,
      timings,
      fault: (error) => this.#fault(error),
    })
    const dialler = new Dialler({
      node,
      book,
      rule,
      clock,
      random,
      timings,
      isBanned: (peer) => this.#bans.has(peer),
      isOurRelay: (peer) => keeper.holds(peer),
      yielded: () => announcer.soon(),
    })
    const reserve = (this.#options.listen ?? LISTEN).some((address) => address.includes('/p2p-circuit'))
    const changed: TransportHandlers['onReachable'] = (state) => handlers.onReachable(state)
    const keeper = new RelayKeeper({
      node,
      topic: this.#names.peers,
      findRelays,
      reserve,
      random,
      timings,
      changed,
    })
    const sweep = setInterval(() => {
      book.sweep()
      keeper.sweep()
    }, SWEEP_MS)
    return { handlers, node, book, gossip, announcer, dialler, keeper, sweep }
  }

  async #serve(node: Libp2pNode, handlers: TransportHandlers): Promise<void> {
    const { requestMs, fetchMs, tipsMs } = this.#timings
    const blame = (peer: PeerId, reason: Blame) => this.blame(peer, reason)
    const common = { requestMs, rule: this.#rule, blame }
    await serve(node, {
      ...common,
      protocol: this.#names.fetch,
      requestBytesMax: IDS_BYTES_MAX,
      answerMs: fetchMs,
      answer: (frames, from) =>
        answerFetch(
          frames,
          (ids) => handlers.onFetch(ids, from),
          (ids) => handlers.onServed(ids, from),
        ),
    })
    await serve(node, {
      ...common,
      protocol: this.#names.tips,
      requestBytesMax: TIPS_BYTES_MAX,
      answerMs: tipsMs,
      answer: (frames, from) =>
        answerTips(frames, this.#clocks(handlers, from), (ids) => handlers.onTips(ids, from)),
    })
  }

  #clocks(handlers: TransportHandlers, peer: PeerId): ClockPair {
    return { clock: this.#options.clock, heard: (offsetMs) => handlers.onClock(offsetMs, peer) }
  }

  /** Asks a directly connected peer, and blames it where it breaks the protocol. */
  async #ask<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    ask: (connection: Connection, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const connection = this.#parts().book.connectionTo(peer)
    if (connection === undefined)
      throw new TransportError('not-connected', 'No direct connection to the peer.')
    const stopping = this.#stopping.signal
    try {
      return await ask(connection, signal === undefined ? stopping : AbortSignal.any([signal, stopping]))
    } catch (error) {
      const reason = blameFor(error)
      if (reason !== undefined) this.blame(peer, reason)
      throw error
    }
  }

  #parts(): Running {
    if (this.#running === undefined) throw new TransportError('stopped', 'The transport is not running.')
    return this.#running
  }

  #fault(error: unknown): void {
    this.#options.fault?.(error)
  }
}
