import type { Connection } from '@libp2p/interface'
import type { Clock, PeerId, PeerInfo } from '../ports.ts'
import { keyOf } from './key.ts'
import type { Libp2pNode } from './libp2p.ts'
import { RELAYED_OVERLAP_MS, RELAYED_PEERS_MAX, RELAYED_RESERVE_BYTES } from './limits.ts'

/**
 * Bytes that requests and answers may still put on a connection: unlimited on a direct one; on one through a relay what
 * the relay still carries, both ways together, less the reserve for signalling.
 */
export function roomOn({ limits }: Connection): number {
  if (limits?.bytes === undefined) return Infinity
  return Math.max(0, Number(limits.bytes) - RELAYED_RESERVE_BYTES)
}

/** What is told of a peer: with what the newest ping took, which libp2p's monitor sends over each connection by itself. */
export function infoOf({
  info,
  connection: { rtt },
}: {
  readonly info: PeerInfo
  readonly connection: Pick<Connection, 'rtt'>
}): PeerInfo {
  return rtt === undefined ? info : { ...info, rttMs: rtt }
}

/** What the relayed connections need from the rest of the transport. */
export interface RelayedOptions {
  readonly node: Libp2pNode
  readonly clock: Clock
  /** When the direct connection to a peer came up; `undefined` where there is none. */
  readonly directSinceMs: (peer: PeerId) => number | undefined
  /** A connection to a peer without a direct one came into use, or went. */
  readonly changed: (peer: PeerInfo, change: 'connected' | 'disconnected') => void
}

interface Entry {
  readonly info: PeerInfo
  readonly connection: Connection
}

/**
 * Connections through a relay over which blocks may be asked for, because no direct one could be made. Most relayed
 * connections are none of these: they carry one WebRTC handshake. Either side brings one into use, the caller when its
 * handshakes have failed, the called one when it is asked something on it.
 */
export class Relayed {
  readonly #options: RelayedOptions
  readonly #inUse = new Map<PeerId, Entry>()

  constructor(options: RelayedOptions) {
    this.#options = options
    options.node.addEventListener('connection:close', ({ detail }) => this.#closed(detail))
  }

  /** The connection in use to `peer`, while it has room. */
  to(peer: PeerId): Connection | undefined {
    const connection = this.#inUse.get(peer)?.connection
    return connection !== undefined && roomOn(connection) > 0 ? connection : undefined
  }

  /** The peers of those in use. */
  list(): PeerInfo[] {
    return [...this.#inUse.values()].map(infoOf)
  }

  /** Whether one more may come into use. */
  get hasPlace(): boolean {
    return this.#inUse.size < RELAYED_PEERS_MAX
  }

  /** A relayed connection to `peer` that is open and has room, in use or not. */
  openTo(peer: PeerId): Connection | undefined {
    return this.#all().find(
      (connection) =>
        connection.remotePeer.toString() === peer && connection.status === 'open' && roomOn(connection) > 0,
    )
  }

  /** Brings a connection into use. Returns whether it is: not without limits, room or a free place. */
  use(connection: Connection): boolean {
    if (connection.limits === undefined || connection.status !== 'open' || roomOn(connection) === 0)
      return false
    const { remotePeer } = connection
    const id = remotePeer.toString()
    // Both sides may have called: a peer's second connection is as good as its first.
    if (this.#inUse.has(id)) return true
    const { clock, directSinceMs, changed } = this.#options
    // What was asked before the direct connection came is still answered.
    if (directSinceMs(id) !== undefined) return true
    if (!this.hasPlace) return false
    const info = { id, key: keyOf(remotePeer), direct: false, connectedAtMs: clock.nowMs() }
    this.#inUse.set(id, { info, connection })
    changed(info, 'connected')
    return true
  }

  /** A direct connection to `peer` is there: nothing new is asked over the relay. */
  replaced(peer: PeerId): void {
    this.#inUse.delete(peer)
  }

  /**
   * Closes what is used up, and relayed connections of peers that have had a direct one for a while. To be called every
   * second or so.
   */
  sweep(): void {
    const { clock, directSinceMs } = this.#options
    const nowMs = clock.nowMs()
    for (const connection of this.#all()) {
      const id = connection.remotePeer.toString()
      const sinceMs = directSinceMs(id)
      const isReplaced = sinceMs !== undefined && nowMs - sinceMs >= RELAYED_OVERLAP_MS
      const isUsedUp = this.#inUse.get(id)?.connection === connection && roomOn(connection) === 0
      if (isReplaced || isUsedUp) connection.close().catch((error: Error) => connection.abort(error))
    }
  }

  #all(): Connection[] {
    return this.#options.node.getConnections().filter(({ limits }) => limits !== undefined)
  }

  #closed(connection: Connection): void {
    const id = connection.remotePeer.toString()
    const known = this.#inUse.get(id)
    if (known?.connection !== connection) return
    this.#inUse.delete(id)
    this.#options.changed(known.info, 'disconnected')
  }
}
