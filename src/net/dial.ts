import type { Multiaddr } from '@multiformats/multiaddr'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { Clock, PeerId, Random } from '../ports.ts'
import type { Announcement } from './announce.ts'
import { backoff, Budget, jittered } from './chance.ts'
import { leadsThrough, relayedPart, type DirectRule } from './direct.ts'
import type { Libp2pNode } from './libp2p.ts'
import {
  CANDIDATES_MAX,
  DIALS_AT_ONCE_MAX,
  DIALS_PER_MINUTE_MAX,
  DIRECT_PEERS_WANTED,
  FAILURES_BEFORE_RELAYED,
  type Timings,
} from './limits.ts'
import type { PeerBook } from './peers.ts'

/** What dialling needs from the rest of the transport. */
export interface DiallerOptions {
  readonly node: Libp2pNode
  readonly book: PeerBook
  readonly rule: DirectRule
  readonly clock: Clock
  readonly random: Random
  readonly timings: Timings
  readonly isBanned: (peer: PeerId) => boolean
  /** Whether this node keeps that relay and is connected to it. */
  readonly isOurRelay: (peer: PeerId) => boolean
  /** A newcomer was left to dial us, and so must hear of us. */
  readonly yielded: () => void
}

interface Candidate {
  /** Not to be dialled before. */
  notBeforeMs: number
  failures: number
}

/**
 * Dials announced peers until there are enough direct ones. Announcements come again every few seconds, so they are
 * its only clock: what may not be dialled now is looked at again when it is announced again.
 */
export class Dialler {
  readonly #options: DiallerOptions
  readonly #perMinute: Budget
  readonly #stopping = new AbortController()
  readonly #dialling = new Set<PeerId>()
  /** By peer and addresses: a false announcement of a peer's must not delay the true one. In order of use. */
  readonly #candidates = new Map<string, Candidate>()

  constructor(options: DiallerOptions) {
    this.#options = options
    this.#perMinute = new Budget(options.clock, DIALS_PER_MINUTE_MAX, 60_000)
  }

  /** Dials an announced peer if it is wanted and it is our turn. Never rejects. */
  async consider({ peer: id, addresses: announced }: Announcement): Promise<void> {
    const peer = id.toString()
    const { node, book, rule, isBanned, isOurRelay } = this.#options
    if (this.#stopping.signal.aborted || id.equals(node.peerId)) return
    if (book.isDirect(peer) || isBanned(peer) || this.#dialling.has(peer)) return
    if (book.directCount + this.#dialling.size >= DIRECT_PEERS_WANTED) return
    if (this.#dialling.size >= DIALS_AT_ONCE_MAX) return
    // Strangers write announcements: they must not choose which hosts this node connects to.
    const addresses = announced.filter(
      (address) => rule.isDialable(address) && leadsThrough(address, isOurRelay),
    )
    if (addresses.length === 0) return
    const key = `${peer} ${addresses.map(String).join(' ')}`
    const candidate = this.#candidateOf(key, peer)
    if (this.#options.clock.nowMs() < candidate.notBeforeMs || !this.#perMinute.take()) return
    await this.#dial(peer, addresses, key, candidate)
  }

  /** Forgets failures: the device woke up or is in another network, where what failed may work. */
  wake(): void {
    for (const candidate of this.#candidates.values())
      if (candidate.failures > 0) Object.assign(candidate, { failures: 0, notBeforeMs: 0 })
  }

  /** Gives up what is under way. */
  stop(): void {
    this.#stopping.abort(new Error('The transport stops.'))
  }

  async #dial(peer: PeerId, addresses: Multiaddr[], key: string, candidate: Candidate): Promise<void> {
    const { node, clock, random, timings, book } = this.#options
    this.#dialling.add(peer)
    try {
      await node.dial(addresses, { signal: this.#soon() })
      if (!book.isDirect(peer)) throw new Error('Only a relay leads there.')
      this.#candidates.delete(key)
    } catch {
      // Whatever the cause (gone, full, no way through): it may work later, and costs little until then.
      candidate.failures++
      const pauseMs = backoff(candidate.failures, timings.backoffMinMs, timings.backoffMaxMs, random)
      candidate.notBeforeMs = clock.nowMs() + pauseMs
      if (candidate.failures >= FAILURES_BEFORE_RELAYED) await this.#relay(peer, addresses)
    } finally {
      this.#dialling.delete(peer)
    }
  }

  /** Makes do with a connection through the relay, until a direct one can be had. */
  async #relay(peer: PeerId, addresses: Multiaddr[]): Promise<void> {
    const { node, book } = this.#options
    const circuits = addresses.flatMap(relayedPart)
    if (circuits.length === 0 || book.connectionTo(peer) !== undefined || !book.relayed.hasPlace) return
    try {
      // The failed attempt may have left one open.
      book.relayed.use(book.relayed.openTo(peer) ?? (await node.dial(circuits, { signal: this.#soon() })))
    } catch {
      // The peer or the relay is gone; its next announcement leads here again.
    }
  }

  #soon(): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(this.#options.timings.dialMs)])
  }

  #candidateOf(key: string, peer: PeerId): Candidate {
    const candidate = this.#candidates.get(key) ?? this.#newcomer(peer)
    this.#candidates.delete(key)
    this.#candidates.set(key, candidate)
    forgetOldest(this.#candidates, CANDIDATES_MAX)
    return candidate
  }

  /** Both hear of each other at about the same time, and two connections are one too many: the smaller id dials. */
  #newcomer(peer: PeerId): Candidate {
    const { node, clock, random, timings, yielded } = this.#options
    const nowMs = clock.nowMs()
    if (node.peerId.toString() < peer) return { notBeforeMs: nowMs, failures: 0 }
    yielded()
    return { notBeforeMs: nowMs + jittered(timings.yieldMs, random), failures: 0 }
  }
}
