import type { BlockId, NetworkId } from '../core/model/id.ts'
import type {
  Blame,
  Clock,
  CommitCursor,
  CommittedBlocks,
  Greetings,
  MineAnswer,
  MineRequest,
  Pairing,
  PeerId,
  PeerInfo,
  Random,
  Signer,
  Transport,
  TransportHandlers,
} from '../ports.ts'
import { answerAll } from './answering.ts'
import { Asking } from './asking.ts'
import { assemble, disassemble, type Running } from './assembly.ts'
import { Bans, Silences } from './blame.ts'
import { webRtcOnly, type DirectRule } from './direct.ts'
import { StrangerError, TransportError, type TransportErrorKind } from './error.ts'
import { blameFor } from './exchange.ts'
import { gaterOf } from './gater.ts'
import { guarded } from './handlers.ts'
import { privateKeyOf } from './key.ts'
import { createNode, type Libp2pNode } from './libp2p.ts'
import { DIRECT_PEERS_MAX, TIMINGS, WAKE_EVERY_MS, type Timings } from './limits.ts'
import { namesOf, type Names } from './names.ts'
import type { PairingOptions } from './pairing/desk.ts'
import { probe } from './probe.ts'
import { Spaced } from './spaced.ts'

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
  /** Opens the WebRTC connection of a pairing; by default the platform's. */
  readonly openRtc?: PairingOptions['openRtc']
  readonly timings?: Partial<Timings>
  /** Hears of what handlers threw, and of nothing that a peer did. */
  readonly fault?: (error: unknown) => void
}

const LISTEN = ['/p2p-circuit', '/webrtc'] as const

/** The transport over libp2p: what peers say to each other by protocol §8, discovery, dialling, relays and pairing. */
export function libp2pTransport(
  options: Libp2pTransportOptions,
): Transport & { multiaddrs(): readonly string[]; wake(): void } {
  return new Libp2pTransport(options)
}

class Libp2pTransport implements Transport {
  readonly #options: Libp2pTransportOptions
  readonly #names: Names
  readonly #rule: DirectRule
  readonly #timings: Timings
  readonly #bans: Bans
  readonly #silences: Silences
  readonly #stopping = new AbortController()
  readonly #waking = new Spaced(() => this.#wake(), WAKE_EVERY_MS)
  readonly #listen: readonly string[]
  readonly #asking: Asking
  #running: Running | undefined

  constructor(options: Libp2pTransportOptions) {
    this.#options = options
    this.#names = namesOf(options.network)
    this.#rule = options.direct ?? webRtcOnly
    this.#listen = options.listen ?? LISTEN
    this.#timings = { ...TIMINGS, ...options.timings }
    this.#bans = new Bans(options.clock)
    this.#silences = new Silences(options.clock)
    this.#asking = new Asking({
      network: options.network,
      names: this.#names,
      clock: options.clock,
      timings: this.#timings,
      stopping: this.#stopping.signal,
      handlers: () => this.#parts().handlers,
      connectionTo: (peer) => this.#parts().book.connectionTo(peer),
      failed: (peer, error, isPrompt) => this.#failed(peer, error, isPrompt),
    })
  }

  async start(unguarded: TransportHandlers): Promise<void> {
    if (this.#running !== undefined || this.#stopping.signal.aborted) {
      throw new TransportError('stopped', 'A transport starts once.')
    }
    const handlers = guarded(unguarded, (error) => this.#fault(error))
    const node = await this.#createNode()
    const running = assemble({
      ...this.#options,
      node,
      names: this.#names,
      handlers,
      rule: this.#rule,
      timings: this.#timings,
      reserve: this.#listen.some((address) => address.includes('/p2p-circuit')),
      isBanned: (peer) => this.#bans.has(peer),
      blame: (peer, reason) => this.blame(peer, reason),
      avoid: (peer) => this.#bans.add(peer, 'silent'),
      fault: (error) => this.#fault(error),
    })
    this.#running = running
    await answerAll(node, {
      network: this.#options.network,
      names: this.#names,
      clock: this.#options.clock,
      timings: this.#timings,
      handlers,
      admits: (connection) => running.book.admits(connection),
      failed: (peer, error) => this.#failed(peer, error),
    })
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
    return this.#asking.fetch(peer, ids, signal)
  }

  exchangeTips(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#asking.exchangeTips(peer, ids, signal)
  }

  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    return this.#asking.greet(peer, signal)
  }

  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks> {
    return this.#asking.commits(peer, cursor, upTo, signal)
  }

  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#asking.reconcile(peer, signal)
  }

  mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer> {
    return this.#asking.mine(peer, request, signal)
  }

  blame(peer: PeerId, reason: Blame): void {
    this.#bans.add(peer, reason)
    this.#running?.book.cut(peer, `Blamed: ${reason}.`)
  }

  peers(): readonly PeerInfo[] {
    return this.#running?.book.list() ?? []
  }

  /** The device woke up, or is online again: connections may be dead, and what failed may work. In a loop it costs little. */
  wake(): void {
    this.#waking.call()
  }

  get pairing(): Pairing | undefined {
    return this.#running?.node.services.pairing
  }

  /** The addresses this node is known by at the moment. */
  multiaddrs(): readonly string[] {
    return this.#running?.node.getMultiaddrs().map(String) ?? []
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new TransportError('stopped', 'The transport stops.'))
    const running = this.#running
    if (running === undefined) return
    this.#waking.stop()
    await disassemble(running)
    this.#running = undefined
  }

  #wake(): void {
    if (this.#running === undefined) return
    const { node, keeper, dialler, announcer } = this.#running
    void probe(node, this.#timings.probeMs)
    keeper.wake()
    dialler.wake()
    announcer.soon()
  }

  #createNode(): Promise<Libp2pNode> {
    return createNode({
      privateKey: privateKeyOf(this.#options.signer),
      names: this.#names,
      listen: this.#listen,
      timings: this.#timings,
      gater: gaterOf({
        isBanned: (peer) => this.#bans.has(peer),
        isFullFor: (peer) => {
          const book = this.#running?.book
          return book !== undefined && book.directCount >= DIRECT_PEERS_MAX && !book.isDirect(peer)
        },
      }),
      pairing: {
        ...this.#options,
        connectMs: this.#timings.dialMs,
        isFull: () => (this.#running?.book.directCount ?? 0) >= DIRECT_PEERS_MAX,
      },
    })
  }

  #failed(peer: PeerId, error: unknown, silences: readonly TransportErrorKind[] = ['silent']): void {
    const running = this.#running
    if (running === undefined) return
    if (error instanceof StrangerError) return running.partFromStranger(error.stranger, peer)
    // through a relay it may be the relay that carries no more
    const isSilence =
      running.book.isDirect(peer) && error instanceof TransportError && silences.includes(error.kind)
    const reason = isSilence && this.#silences.add(peer) ? 'silent' : blameFor(error)
    if (reason !== undefined) this.blame(peer, reason)
  }

  #parts(): Running {
    if (this.#running === undefined) throw new TransportError('stopped', 'The transport is not running.')
    return this.#running
  }

  #fault(error: unknown): void {
    this.#options.fault?.(error)
  }
}
