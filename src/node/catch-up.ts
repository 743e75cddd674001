import type { BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX, type Clock, type PeerId, type Transport } from '../ports.ts'

/** Requests under way at once. More would only wait in the peers' queues. */
const PURSUITS_MAX = 16

/** A block nobody had is not asked for again before this, so that a silent peer costs little. */
const RETRY_MS = 10_000

/** Blocks remembered as not to be had for now. */
const GIVEN_UP_MAX = 4096

/** How often `obtain` starts over while blocks keep coming: a chain longer than the unsolid buffer comes in parts. */
const ROUNDS_MAX = 64

interface CatchUpParts {
  readonly clock: Clock
  readonly transport: Transport
  /** Whether a block is in the graph. */
  has(id: BlockId): boolean
  /** Finds blocks in the node's own store, lets the engine recall them, and resolves with the ids not there. */
  recall(ids: readonly BlockId[]): Promise<readonly BlockId[]>
  /** Takes what a peer sent for a request; returns the id it has, if any. */
  deliver(bytes: Uint8Array, from: PeerId): Promise<BlockId | undefined>
  /** A peer sent a block it was not asked for. */
  unasked(from: PeerId): void
}

/**
 * Gets missing blocks: from the own store first, then from whoever named them, then from the others; each block is
 * asked for once at a time. Protocol §8.
 */
export class CatchUp {
  readonly #parts: CatchUpParts
  readonly #asked = new Set<BlockId>()
  readonly #givenUp = new Map<BlockId, number>()
  readonly #pursuits = new Set<Promise<void>>()
  /** Blocks that came when asked for, ever: tells whether a round brought anything. */
  #delivered = 0

  constructor(parts: CatchUpParts) {
    this.#parts = parts
  }

  /** Starts getting what is neither here nor on its way. Never throws; what nobody has is tried again later. */
  want(ids: readonly BlockId[], from: PeerId | undefined): void {
    const nowMs = this.#parts.clock.nowMs()
    const open = ids.filter((id) => !this.#asked.has(id) && (this.#givenUp.get(id) ?? 0) <= nowMs)
    for (let at = 0; at < open.length && this.#pursuits.size < PURSUITS_MAX; at += IDS_PER_MESSAGE_MAX)
      this.#start(open.slice(at, at + IDS_PER_MESSAGE_MAX), from)
  }

  /** Waits until the blocks and their past are here or cannot be had now. */
  async obtain(ids: readonly BlockId[], from: PeerId): Promise<void> {
    for (let round = 0, before = Infinity; round < ROUNDS_MAX; round++) {
      const lacking = ids.filter((id) => !this.#parts.has(id))
      if (lacking.length === 0) return
      const seen = this.#delivered
      this.want(lacking, from)
      while (this.#pursuits.size > 0) await Promise.allSettled(this.#pursuits)
      if (this.#delivered === seen && lacking.length >= before) return
      before = lacking.length
    }
  }

  #start(ids: readonly BlockId[], from: PeerId | undefined): void {
    for (const id of ids) this.#asked.add(id)
    const pursuit = this.#pursue(ids, from).finally(() => {
      for (const id of ids) this.#asked.delete(id)
      this.#pursuits.delete(pursuit)
    })
    this.#pursuits.add(pursuit)
  }

  async #pursue(ids: readonly BlockId[], from: PeerId | undefined): Promise<void> {
    let lacking = await this.#parts.recall(ids).catch(() => ids) // the store was closed under it
    const others = this.#parts.transport.peers().map(({ id }) => id)
    for (const peer of new Set([...others.filter((id) => id === from), ...others])) {
      if (lacking.length === 0) return
      lacking = await this.#ask(peer, lacking)
    }
    for (const id of lacking) this.#giveUp(id)
  }

  /** Returns the ids this peer did not bring. */
  async #ask(peer: PeerId, ids: readonly BlockId[]): Promise<readonly BlockId[]> {
    let answers: readonly Uint8Array[]
    try {
      answers = await this.#parts.transport.fetch(peer, ids)
    } catch {
      return ids // it timed out or went away: the next one may have them
    }
    const lacking = new Set(ids)
    for (const bytes of answers) {
      const id = await this.#parts.deliver(bytes, peer)
      if (id === undefined) continue
      if (lacking.delete(id)) this.#delivered++
      else this.#parts.unasked(peer)
    }
    return [...lacking]
  }

  #giveUp(id: BlockId): void {
    this.#givenUp.delete(id)
    this.#givenUp.set(id, this.#parts.clock.nowMs() + RETRY_MS)
    for (const oldest of this.#givenUp.keys()) {
      if (this.#givenUp.size <= GIVEN_UP_MAX) return
      this.#givenUp.delete(oldest)
    }
  }
}
