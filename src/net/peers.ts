import type { Connection } from '@libp2p/interface'
import type { Clock, PeerId, PeerInfo } from '../ports.ts'
import type { DirectRule } from './direct.ts'
import { keyOf } from './key.ts'
import { hasGossipStream, type Libp2pNode } from './libp2p.ts'
import { infoOf, Relayed } from './relayed.ts'

/** A direct connection that has no outgoing gossip stream after this long will get none. */
const GOSSIP_STREAM_DUE_MS = 15_000

/** What is known of one peer. */
interface Entry {
  readonly info: PeerInfo
  readonly connection: Connection
  /** Whether a gossip stream was seen on the connection. */
  spoke: boolean
}

/** What the book needs from the rest of the transport. */
export interface PeerBookOptions {
  readonly node: Libp2pNode
  readonly clock: Clock
  readonly rule: DirectRule
  /** A peer's first direct connection came, or its last one went; or a relayed one in place of it. */
  readonly changed: (peer: PeerInfo, change: 'connected' | 'disconnected') => void
}

/** Knows which peers there is a direct connection to: one each, the newest. And which are reached through a relay. */
export class PeerBook {
  readonly relayed: Relayed
  readonly #options: PeerBookOptions
  readonly #direct = new Map<PeerId, Entry>()

  constructor(options: PeerBookOptions) {
    this.#options = options
    const { node, clock, changed } = options
    const directSinceMs = (peer: PeerId) => this.#direct.get(peer)?.info.connectedAtMs
    this.relayed = new Relayed({ node, clock, directSinceMs, changed })
    node.addEventListener('connection:open', ({ detail }) => this.#opened(detail))
    node.addEventListener('connection:close', ({ detail }) => this.#closed(detail))
  }

  get directCount(): number {
    return this.#direct.size
  }

  isDirect(peer: PeerId): boolean {
    return this.#direct.has(peer)
  }

  /** The connection to ask `peer` over: the direct one, else one through a relay that is in use. */
  connectionTo(peer: PeerId): Connection | undefined {
    return this.#direct.get(peer)?.connection ?? this.relayed.to(peer)
  }

  /** Whether what is asked on a connection is to be answered. */
  admits(connection: Connection): boolean {
    return this.#options.rule.isDirect(connection) || this.relayed.use(connection)
  }

  /** Everyone whose coming was told and whose going was not: first the direct ones, then those reached through a relay. */
  list(): PeerInfo[] {
    return [...[...this.#direct.values()].map(infoOf), ...this.relayed.list()]
  }

  /** Cuts every connection to `peer`. */
  cut(peer: PeerId, reason: string): void {
    for (const connection of this.#options.node.getConnections()) {
      if (connection.remotePeer.toString() === peer) connection.abort(new Error(reason))
    }
  }

  /**
   * Cuts connections whose gossip stream ended or never came. To be called every second or so. A gossip stream lasts
   * as long as its connection, so its end is the first sign of that one's: WebRTC tells of a closed data channel at
   * once, and of a closed connection after many seconds. And gossipsub does not open it again, so that the peer would
   * stay connected and silent.
   */
  sweep(): void {
    this.relayed.sweep()
    const nowMs = this.#options.clock.nowMs()
    for (const entry of [...this.#direct.values()]) {
      const speaks = hasGossipStream(this.#options.node, entry.connection, 'outbound')
      const due = entry.spoke || nowMs - entry.info.connectedAtMs >= GOSSIP_STREAM_DUE_MS
      if (speaks) entry.spoke = true
      else if (due) entry.connection.abort(new Error('It has no gossip stream.'))
    }
  }

  #opened(connection: Connection): void {
    const { rule, clock, changed } = this.#options
    if (!rule.isDirect(connection)) return
    const { remotePeer } = connection
    const id = remotePeer.toString()
    const known = this.#direct.get(id)
    const info = { id, key: keyOf(remotePeer), direct: true, connectedAtMs: clock.nowMs() }
    this.#direct.set(id, { info, connection, spoke: false })
    this.relayed.replaced(id)
    // Who connects again has lost the old connection, which takes us some seconds more to notice.
    if (known !== undefined) known.connection.abort(new Error('The peer has a newer connection.'))
    else changed(info, 'connected')
  }

  #closed(connection: Connection): void {
    const id = connection.remotePeer.toString()
    const known = this.#direct.get(id)
    if (known?.connection !== connection) return
    this.#direct.delete(id)
    this.#options.changed(known.info, 'disconnected')
  }
}
