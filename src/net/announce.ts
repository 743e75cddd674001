import { peerIdFromString } from '@libp2p/peer-id'
import type { PeerId as Libp2pPeerId } from '@libp2p/interface'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import * as v from 'valibot'
import type { Clock, GossipVerdict, PeerId, Random } from '../ports.ts'
import { Budget } from './chance.ts'
import type { DirectRule } from './direct.ts'
import type { Libp2pNode } from './libp2p.ts'
import {
  ADDRESSES_PER_PEER_MAX,
  ANNOUNCEMENT_BYTES_MAX,
  ANNOUNCEMENTS_PER_SECOND_MAX,
  type Timings,
} from './limits.ts'
import type { Names } from './names.ts'

/** Who can be reached where. It is nobody's word but the sender's: dialling shows whether it is true. */
export interface Announcement {
  readonly peer: Libp2pPeerId
  readonly addresses: readonly Multiaddr[]
}

/**
 * An announcement on the wire is JSON: a peer id, its multiaddrs, and some random digits. Gossip carries equal bytes
 * once in two minutes, and a peer whose address has not changed must be heard more often than that.
 */
const WIRE = v.object({
  peer: v.string(),
  addresses: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(ADDRESSES_PER_PEER_MAX)),
  salt: v.string(),
})

/** Bytes of the salt: two announcements of one peer are the same once in 2^64. */
const SALT_BYTES = 8

/** Writes an announcement of `peer`. */
export function encodeAnnouncement(
  peer: PeerId,
  addresses: readonly Multiaddr[],
  random: Random,
): Uint8Array {
  const wire: v.InferOutput<typeof WIRE> = {
    peer,
    addresses: addresses.map(String),
    salt: bytesToHex(random.bytes(SALT_BYTES)),
  }
  return utf8ToBytes(JSON.stringify(wire))
}

/** Reads an announcement; `undefined` where the bytes are none, or too many. */
export function decodeAnnouncement(bytes: Uint8Array): Announcement | undefined {
  if (bytes.length > ANNOUNCEMENT_BYTES_MAX) return undefined
  try {
    const { peer, addresses } = v.parse(WIRE, JSON.parse(new TextDecoder().decode(bytes)))
    return { peer: peerIdFromString(peer), addresses: addresses.map((address) => multiaddr(address)) }
  } catch {
    return undefined
  }
}

/** Judges announcements on the peers topic: their form, and how many a neighbour may pass on. */
export class AnnouncementGate {
  readonly #clock: Clock
  readonly #budgets = new Map<PeerId, Budget>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The verdict on a message, and what it says where it may pass. */
  judge(data: Uint8Array, from: PeerId): { readonly verdict: GossipVerdict; readonly heard?: Announcement } {
    let budget = this.#budgets.get(from)
    if (budget === undefined) {
      budget = new Budget(this.#clock, ANNOUNCEMENTS_PER_SECOND_MAX, 1000)
      this.#budgets.set(from, budget)
    }
    if (!budget.take()) return { verdict: 'ignore' }
    const heard = decodeAnnouncement(data)
    return heard === undefined ? { verdict: 'reject' } : { verdict: 'forward', heard }
  }

  /** Forgets what it counted about a peer that went. */
  forget(peer: PeerId): void {
    this.#budgets.delete(peer)
  }
}

/** What announcing needs from the rest of the transport. */
export interface AnnouncerOptions {
  readonly node: Libp2pNode
  readonly names: Names
  readonly rule: DirectRule
  readonly random: Random
  readonly timings: Timings
  /** A fault of our own. */
  readonly fault: (error: unknown) => void
}

/** Tells the network now and then where this node can be reached, and sooner when somebody waits to hear it. */
export class Announcer {
  readonly #options: AnnouncerOptions
  #regular: ReturnType<typeof setInterval> | undefined
  #soon: ReturnType<typeof setTimeout> | undefined

  constructor(options: AnnouncerOptions) {
    this.#options = options
  }

  /** Begins; the node must run. */
  start(): void {
    const { node, names, timings } = this.#options
    const { pubsub } = node.services
    // A relay has reserved a place. (`self:peer:update` says so too, a second later.)
    node.addEventListener('transport:listening', () => this.soon())
    pubsub.addEventListener('subscription-change', ({ detail }) => {
      if (detail.subscriptions.some(({ topic, subscribe }) => subscribe && topic === names.peers)) this.soon()
    })
    pubsub.subscribe(names.peers)
    this.#regular = setInterval(() => this.soon(), timings.announceMs)
  }

  /** Announces in a moment, once for all who ask until then. */
  soon(): void {
    if (this.#regular === undefined || this.#soon !== undefined) return
    this.#soon = setTimeout(() => {
      this.#soon = undefined
      this.#announce().catch((error: unknown) => {
        // Gossip that stops meanwhile refuses the message, and nobody is to hear it any more.
        if (this.#regular !== undefined) this.#options.fault(error)
      })
    }, this.#options.timings.announceSoonMs)
  }

  stop(): void {
    clearInterval(this.#regular)
    clearTimeout(this.#soon)
    this.#regular = undefined
  }

  async #announce(): Promise<void> {
    const { node, names, rule, random } = this.#options
    const addresses = node.getMultiaddrs().filter((address) => rule.isDialable(address))
    if (addresses.length === 0) return
    const some = addresses.slice(0, ADDRESSES_PER_PEER_MAX)
    await node.services.pubsub.publish(names.peers, encodeAnnouncement(node.peerId.toString(), some, random))
  }
}
