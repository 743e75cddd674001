import type { GossipsubMessage } from '@libp2p/gossipsub'
import { BLOCK_BYTES_MAX } from '../core/model/block.ts'
import type { Blame, Clock, GossipVerdict, PeerId } from '../ports.ts'
import { AnnouncementGate, type Announcement } from './announce.ts'
import { Budget } from './chance.ts'
import type { Gossip } from './libp2p.ts'
import { GOSSIP_BLOCKS_PER_SECOND_MAX, VALIDATIONS_MAX, VALIDATIONS_PER_PEER_MAX } from './limits.ts'
import type { Names } from './names.ts'

/** What the gossip of blocks needs from the rest of the transport. */
export interface GossipOptions {
  readonly pubsub: Gossip
  readonly names: Names
  readonly clock: Clock
  readonly isDirect: (peer: PeerId) => boolean
  /** The node's judgement of a block. */
  readonly judge: (bytes: Uint8Array, from: PeerId) => Promise<GossipVerdict>
  /** A peer sent what no peer may. */
  readonly blame: (peer: PeerId, reason: Blame) => void
  /** A peer was announced. */
  readonly heard: (announcement: Announcement) => void
  /** A fault of our own: what `judge` threw. */
  readonly fault: (error: unknown) => void
}

/** A verdict in gossipsub's words. */
export const ANSWERS = { forward: 'accept', ignore: 'ignore', reject: 'reject' } as const

/** Blocks in and out by gossip. A message is passed on only when the node has said so. Protocol §8. */
export class BlockGossip {
  readonly #options: GossipOptions
  readonly #announcements: AnnouncementGate
  #validating = 0
  readonly #validatingFrom = new Map<PeerId, number>()
  readonly #budgets = new Map<PeerId, Budget>()

  constructor(options: GossipOptions) {
    this.#options = options
    this.#announcements = new AnnouncementGate(options.clock)
    options.pubsub.addEventListener('gossipsub:message', ({ detail }) => {
      void this.#receive(detail)
    })
  }

  /** Joins the topic; the node must run. */
  start(): void {
    this.#options.pubsub.subscribe(this.#options.names.blocks)
  }

  /** Sends one block to every peer on the topic. */
  async publish(bytes: Uint8Array): Promise<void> {
    await this.#options.pubsub.publish(this.#options.names.blocks, bytes)
  }

  /** Forgets what it counted about a peer that went. */
  forget(peer: PeerId): void {
    this.#announcements.forget(peer)
    this.#budgets.delete(peer)
  }

  async #receive({ msgId, msg, propagationSource }: GossipsubMessage): Promise<void> {
    const { pubsub, names, fault } = this.#options
    const from = propagationSource.toString()
    let verdict: GossipVerdict = 'ignore'
    try {
      if (msg.topic === names.peers) verdict = this.#judgeAnnouncement(msg.data, from)
      else if (msg.topic === names.blocks) verdict = await this.#judgeBlock(msg.data, from)
    } catch (error) {
      fault(error)
    }
    pubsub.reportMessageValidationResult(msgId, from, ANSWERS[verdict])
  }

  async #judgeBlock(data: Uint8Array, from: PeerId): Promise<GossipVerdict> {
    const { isDirect, judge, blame } = this.#options
    // A relay has no business with blocks.
    if (!isDirect(from)) return 'ignore'
    if (data.length > BLOCK_BYTES_MAX) {
      blame(from, 'too-much')
      return 'reject'
    }
    if (!this.#budgetOf(from).take()) return 'ignore'
    const before = this.#validatingFrom.get(from) ?? 0
    if (this.#validating >= VALIDATIONS_MAX || before >= VALIDATIONS_PER_PEER_MAX) return 'ignore'
    this.#count(from, 1)
    try {
      // A copy, because the message is a view of the whole frame it came in, and storing it would store all of that.
      return await judge(data.slice(), from)
    } finally {
      this.#count(from, -1)
    }
  }

  #budgetOf(from: PeerId): Budget {
    const budget =
      this.#budgets.get(from) ?? new Budget(this.#options.clock, GOSSIP_BLOCKS_PER_SECOND_MAX, 1000)
    this.#budgets.set(from, budget)
    return budget
  }

  #count(from: PeerId, change: 1 | -1): void {
    this.#validating += change
    const validating = (this.#validatingFrom.get(from) ?? 0) + change
    if (validating > 0) this.#validatingFrom.set(from, validating)
    else this.#validatingFrom.delete(from)
  }

  #judgeAnnouncement(data: Uint8Array, from: PeerId): GossipVerdict {
    const { verdict, heard } = this.#announcements.judge(data, from)
    if (heard !== undefined) this.#options.heard(heard)
    return verdict
  }
}
