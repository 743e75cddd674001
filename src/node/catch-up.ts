import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { BlockId } from '../core/model/id.ts'
import { IDS_PER_MESSAGE_MAX, StoreError, type Clock, type PeerId, type Transport } from '../ports.ts'
import type { Outcome } from './outcome.ts'

/** Requests under way at once. More would only wait in the peers' queues. */
const PURSUITS_MAX = 16

/** Of them for blocks that one peer named, so that one who names what nobody has leaves room for the others. */
const PURSUITS_PER_PEER_MAX = 4

/** Answers taken to one request: 256 of the largest blocks fill five, since one answer is at most 1 MiB. */
const ANSWERS_MAX = 8

/** A block nobody had is not asked for again before this, so that a silent peer costs little. */
const RETRY_MS = 10_000

/** Blocks remembered as not to be had for now. */
const GIVEN_UP_MAX = 4096

/** How often `obtain` starts over while blocks keep coming: a chain longer than the unsolid buffer comes in parts. */
const ROUNDS_MAX = 64

/** Ids on the trail: what `obtain` brings at most, at 256 blocks a round. */
const TRAIL_MAX = ROUNDS_MAX * IDS_PER_MESSAGE_MAX

interface CatchUpParts {
  readonly clock: Clock
  readonly transport: Transport
  /** Whether a block is in the graph. */
  has(id: BlockId): boolean
  /** Whether it is in the graph, or waits to join it. */
  knows(id: BlockId): boolean
  /** Finds blocks in the node's own store, lets the engine recall them, and resolves with the ids not there. */
  recall(ids: readonly BlockId[]): Promise<readonly BlockId[]>
  /** Takes what a peer sent for a request through every check; outcomes in its order. */
  deliver(all: readonly Uint8Array[], from: PeerId): Promise<readonly Outcome[]>
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
  /** When nobody had it. */
  readonly #givenUp = new Map<BlockId, number>()
  readonly #pursuits = new Map<Promise<void>, PeerId | undefined>()
  /**
   * Blocks that came and had to wait, by who sent them; the way back from a tip, so the last are the oldest. What the
   * unsolid buffer had to let go of is asked for again from here, many at a time.
   */
  readonly #trail = new Map<BlockId, PeerId>()
  /** Blocks that came when asked for and were new, ever: tells whether a round brought anything. */
  #arrived = 0

  constructor(parts: CatchUpParts) {
    this.#parts = parts
  }

  /** Starts getting what is neither here nor on its way. Never throws; what nobody has is tried again later. */
  want(ids: readonly BlockId[], from: PeerId | undefined): void {
    const nowMs = this.#parts.clock.nowMs()
    // a peer may name one twice, and whoever then gives it twice is not to blame
    const open = [...new Set(ids)].filter(
      (id) =>
        !this.#parts.knows(id) &&
        !this.#asked.has(id) &&
        Math.abs(nowMs - (this.#givenUp.get(id) ?? -Infinity)) >= RETRY_MS,
    )
    const free = Math.min(
      PURSUITS_MAX - this.#pursuits.size,
      PURSUITS_PER_PEER_MAX - this.#pursuitsFor(from).length,
    )
    for (let i = 0; i < free && i * IDS_PER_MESSAGE_MAX < open.length; i++)
      this.#start(open.slice(i * IDS_PER_MESSAGE_MAX, (i + 1) * IDS_PER_MESSAGE_MAX), from)
  }

  /** Those of the blocks that nobody is asked for; they count as asked for until `release`. */
  claim(ids: readonly BlockId[]): readonly BlockId[] {
    const free = ids.filter((id) => !this.#asked.has(id))
    for (const id of free) this.#asked.add(id)
    return free
  }

  release(ids: readonly BlockId[]): void {
    for (const id of ids) this.#asked.delete(id)
  }

  /** Waits until the blocks and their past are here or cannot be had now. */
  async obtain(ids: readonly BlockId[], from: PeerId): Promise<void> {
    for (let round = 0, before = Infinity; round < ROUNDS_MAX; round++) {
      const lacking = ids.filter((id) => !this.#parts.has(id))
      if (lacking.length === 0) return
      const arrived = this.#arrived
      const oldest = this.#oldestOnTrail(from)
      this.want(oldest.length > 0 ? oldest : lacking, from)
      for (let under = this.#pursuitsFor(from); under.length > 0; under = this.#pursuitsFor(from))
        await Promise.allSettled(under)
      if (oldest.length === 0 && this.#arrived === arrived && lacking.length >= before) return
      before = lacking.length
    }
  }

  /** Somebody new is there: what nobody had may be had now. */
  freshPeer(): void {
    this.#givenUp.clear()
  }

  #pursuitsFor(from: PeerId | undefined): readonly Promise<void>[] {
    return [...this.#pursuits].filter(([, named]) => named === from).map(([pursuit]) => pursuit)
  }

  /** The blocks a peer sent that had to be let go of, oldest first, as many as one request names. They leave the trail. */
  #oldestOnTrail(from: PeerId): readonly BlockId[] {
    const oldest: BlockId[] = []
    for (const [id, sender] of [...this.#trail].reverse()) {
      if (oldest.length === IDS_PER_MESSAGE_MAX) break
      if (this.#parts.has(id)) this.#trail.delete(id)
      else if (sender === from && !this.#parts.knows(id) && this.#trail.delete(id)) oldest.push(id)
    }
    return oldest
  }

  #start(ids: readonly BlockId[], from: PeerId | undefined): void {
    for (const id of ids) this.#asked.add(id)
    const pursuit = this.#pursue(ids, from)
      .catch((error: unknown) => {
        if (!(error instanceof StoreError)) throw error // the store was closed under it
      })
      .finally(() => {
        for (const id of ids) this.#asked.delete(id)
        this.#pursuits.delete(pursuit)
      })
    this.#pursuits.set(pursuit, from)
  }

  async #pursue(ids: readonly BlockId[], from: PeerId | undefined): Promise<void> {
    let lacking = await this.#parts.recall(ids)
    const others = this.#parts.transport.peers().map(({ id }) => id)
    for (const peer of new Set([...others.filter((id) => id === from), ...others]))
      lacking = await this.#askRepeatedly(peer, lacking)
    for (const id of lacking) this.#giveUp(id)
  }

  /** Asks one peer until it brings nothing more. Returns the ids it did not bring. */
  async #askRepeatedly(peer: PeerId, ids: readonly BlockId[]): Promise<readonly BlockId[]> {
    let lacking = ids
    for (let answers = 0; answers < ANSWERS_MAX && lacking.length > 0; answers++) {
      const before = lacking.length
      lacking = await this.#ask(peer, lacking)
      if (lacking.length === before) break
    }
    return lacking
  }

  async #ask(peer: PeerId, ids: readonly BlockId[]): Promise<readonly BlockId[]> {
    let answers: readonly Uint8Array[]
    try {
      answers = await this.#parts.transport.fetch(peer, ids)
    } catch {
      return ids // it timed out or went away: the next one may have them
    }
    const unanswered = new Set(ids)
    const lacking = new Set(ids)
    let isUnasked = answers.length > ids.length
    for (const outcome of await this.#parts.deliver(answers.slice(0, ids.length), peer)) {
      const id = 'id' in outcome ? outcome.id : undefined
      if (id === undefined) continue // the node is busy, or the peer has been blamed already
      if (!unanswered.delete(id)) isUnasked = true
      else if (isHere(outcome)) lacking.delete(id)
      if (outcome.type === 'attached' || outcome.type === 'waiting') this.#arrived++
      if (outcome.type === 'waiting') this.#follow(id, peer)
    }
    if (isUnasked) this.#parts.unasked(peer)
    return [...lacking]
  }

  #follow(id: BlockId, from: PeerId): void {
    this.#trail.delete(id)
    this.#trail.set(id, from)
    if (this.#trail.size > TRAIL_MAX) this.#trail.clear() // it starts over from the tip
  }

  #giveUp(id: BlockId): void {
    this.#givenUp.delete(id)
    this.#givenUp.set(id, this.#parts.clock.nowMs())
    forgetOldest(this.#givenUp, GIVEN_UP_MAX)
  }
}

/** Whether nobody else need be asked for the block. Bad bytes say nothing of the id, and a dropped block may come again. */
function isHere(outcome: Outcome): boolean {
  return outcome.type === 'attached' || outcome.type === 'known' || outcome.type === 'waiting'
}
