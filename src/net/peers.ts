import type { Connection } from '@libp2p/interface'
import type { Clock, PeerId, PeerInfo } from '../ports.ts'
import type { DirectRule } from './direct.ts'
import type { Node } from './libp2p.ts'

/** A direct connection without an outgoing gossip stream after this long is broken. */
const GOSSIP_STREAM_DUE_MS = 15_000

/** What the book needs from the rest of the transport. */
export interface PeerBookOptions {
  readonly node: Node
  readonly clock: Clock
  readonly rule: DirectRule
  /** A peer's first direct connection came, or its last one went. */
  changed(peer: PeerInfo, change: 'connected' | 'disconnected'): void
}

/** Knows which peers there is a direct connection to, however many connections each has. */
export class PeerBook {
  readonly #options: PeerBookOptions
  readonly #direct = new Map<PeerId, { readonly info: PeerInfo; readonly connections: Set<Connection> }>()

  constructor(options: PeerBookOptions) {
    this.#options = options
    options.node.addEventListener('connection:open', ({ detail }) => this.#opened(detail))
    options.node.addEventListener('connection:close', ({ detail }) => this.#closed(detail))
  }

  get directCount(): number {
    return this.#direct.size
  }

  isDirect(peer: PeerId): boolean {
    return this.#direct.has(peer)
  }

  /** A direct connection to `peer`, the newest. */
  connectionTo(peer: PeerId): Connection | undefined {
    return [...(this.#direct.get(peer)?.connections ?? [])].findLast(({ status }) => status === 'open')
  }

  /** Everyone connected but for `relays`: first the direct ones, then those reached through a relay only. */
  list(relays: ReadonlySet<PeerId>): PeerInfo[] {
    const relayed = new Map<PeerId, PeerInfo>()
    for (const { remotePeer, timeline } of this.#options.node.getConnections()) {
      const id = remotePeer.toString()
      if (relays.has(id) || this.#direct.has(id) || relayed.has(id)) continue
      relayed.set(id, { id, direct: false, connectedAtMs: timeline.open })
    }
    return [...[...this.#direct.values()].map(({ info }) => info), ...relayed.values()]
  }

  /** Cuts every connection to `peer`. */
  cut(peer: PeerId, reason: string): void {
    for (const connection of this.#options.node.getConnections()) {
      if (connection.remotePeer.toString() === peer) connection.abort(new Error(reason))
    }
  }

  /**
   * Cuts connections whose gossip stream was lost: gossipsub opens it once per connection, never again, and such a
   * peer would stay connected and silent. To be called now and then.
   */
  sweep(): void {
    const nowMs = this.#options.clock.nowMs()
    for (const [peer, { info, connections }] of [...this.#direct]) {
      if (nowMs - info.connectedAtMs < GOSSIP_STREAM_DUE_MS) continue
      const streams = [...connections].flatMap((connection) => connection.streams)
      const speaks = streams.some(
        ({ protocol, direction }) => direction === 'outbound' && protocol.startsWith('/meshsub/'),
      )
      if (!speaks) this.cut(peer, 'Its gossip stream is lost.')
    }
  }

  #opened(connection: Connection): void {
    if (!this.#options.rule.isDirect(connection)) return
    const id = connection.remotePeer.toString()
    const known = this.#direct.get(id)
    if (known !== undefined) {
      known.connections.add(connection)
      return
    }
    const info = { id, direct: true, connectedAtMs: this.#options.clock.nowMs() }
    this.#direct.set(id, { info, connections: new Set([connection]) })
    this.#options.changed(info, 'connected')
  }

  #closed(connection: Connection): void {
    const id = connection.remotePeer.toString()
    const known = this.#direct.get(id)
    if (known === undefined || !known.connections.delete(connection)) return
    // gossipsub speaks over one of a peer's connections and does not move to another, so they all go together.
    if (known.connections.size > 0) {
      this.cut(id, 'Another connection to the peer was lost.')
      return
    }
    this.#direct.delete(id)
    this.#options.changed(known.info, 'disconnected')
  }
}
