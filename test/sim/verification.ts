import type { PublicKey } from '../../src/core/model/id.ts'
import { SYNC_PACE, SYNC_REQUEST_BYTES } from '../../src/net/limits.ts'
import { Pace } from '../../src/net/pace.ts'
import { answer } from '../../src/net/reconcile.ts'
import { ReconcileSet } from '../../src/net/reconcile-set.ts'
import { FairQueue, type Claim } from '../../src/node/fair-queue.ts'
import type { SimNode } from './node.ts'

/** What it costs a node to check blocks, where a run is about that. */
export interface Verification {
  /** Signatures a node verifies in a second if it does nothing else. */
  readonly perSecond: number
  /** A planted fault: all blocks wait in one line, whoever sent and issued them. */
  readonly isFirstCome: boolean
}

/**
 * What else costs time, in verifications by noble, the slowest engine. Measured on one machine: 417 µs to verify a
 * block, 19 µs to hash it, 1.5 ms to answer a message of reconciling and 0.9 ms more for each KiB of it.
 */
const HASH_COST = 0.05
const RANGES_COST = 4
const RANGES_COST_PER_KIB = 2.2

/** Who has been sent away is back under a new name after this: WebRTC connects no sooner. */
const RETURN_MS = 100

/** What a node let go of, and what waited at most. */
export interface StageCounts {
  /** From a peer that has been sent away. */
  cutOff: number
  badWork: number
  badSignature: number
  /** Of peers that sent something false, not verified any more. */
  forgotten: number
  /** Beyond a bound of the queue. */
  busy: number
  verified: number
  /** Messages of reconciling. */
  answered: number
  queuedMax: number
  queuedBytesMax: number
  parkedMax: number
}

interface Waiting extends Claim {
  readonly block: Uint8Array
  readonly peer: number
}

/**
 * The check in isolation as a node's shell does it, in virtual time: what comes is hashed at once, then waits in the
 * shell's own queue for one verifier. Who sends what is false is sent away, and comes back.
 */
export class VerificationStage {
  readonly counts: StageCounts = {
    cutOff: 0,
    badWork: 0,
    badSignature: 0,
    forgotten: 0,
    busy: 0,
    verified: 0,
    answered: 0,
    queuedMax: 0,
    queuedBytesMax: 0,
    parkedMax: 0,
  }
  readonly #node: SimNode
  readonly #options: Verification
  readonly #judge: (block: Uint8Array, peer: number) => void
  readonly #queue = new FairQueue<Waiting>()
  /** Gossip comes once: a copy is dropped even where the first could not be taken. */
  readonly #seen = new WeakSet<Uint8Array>()
  readonly #pace: Pace
  readonly #awayUntilMs = new Map<number, number>()
  /** When the verifier is done with what it has begun; not a whole millisecond. */
  #freeAtMs = 0
  #isBusy = false

  constructor(node: SimNode, options: Verification, judge: (block: Uint8Array, peer: number) => void) {
    this.#node = node
    this.#options = options
    this.#judge = judge
    this.#pace = new Pace({ nowMs: () => this.#nowMs }, SYNC_PACE)
  }

  /** Takes a block from a peer, gossiped or asked for. */
  take(block: Uint8Array, peer: number, isGossip: boolean): void {
    const { counts } = this
    if (this.#isAway(peer)) return void counts.cutOff++
    if (isGossip && this.#seen.has(block)) return
    if (isGossip) this.#seen.add(block)
    this.#spend(HASH_COST)
    const checked = this.#node.world.forge.withWork(block)
    if (checked === undefined) {
      counts.badWork++
      return this.#sendAway(peer)
    }
    if (this.#node.holds(checked.id)) return
    const { isFirstCome } = this.#options
    const gone = this.#queue.add({
      block,
      peer,
      from: isFirstCome ? 'all' : `${peer}`,
      issuer: isFirstCome ? ('all' as PublicKey) : checked.block.issuer,
      bytes: block.length,
      cost: 1,
    })
    counts.busy += gone.length
    counts.queuedMax = Math.max(counts.queuedMax, this.#queue.count)
    counts.queuedBytesMax = Math.max(counts.queuedBytesMax, this.#queue.bytes)
    if (!this.#isBusy) this.#serve()
  }

  /** Answers a message of reconciling, at the pace its sender is given. */
  answer(message: Uint8Array, peer: number, reply: (answer: Uint8Array) => void): void {
    if (this.#isAway(peer)) return void this.counts.cutOff++
    this.#node.after(this.#pace.delayMs(`${peer}`, SYNC_REQUEST_BYTES + message.length), () => {
      this.#spend(RANGES_COST + (RANGES_COST_PER_KIB * message.length) / 1024)
      this.counts.answered++
      const answered = answer(new ReconcileSet(this.#node.engine.uncommitted()), message)
      if ('reason' in answered) this.#sendAway(peer)
      else this.#node.after(this.#freeAtMs - this.#nowMs, () => reply(answered))
    })
  }

  #isAway(peer: number): boolean {
    return (this.#awayUntilMs.get(peer) ?? 0) > this.#nowMs
  }

  get #nowMs(): number {
    return this.#node.world.queue.nowMs
  }

  #spend(cost: number): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.#nowMs) + (cost * 1000) / this.#options.perSecond
  }

  /** Begins what fits into this moment, and comes back when that is done. */
  #serve(): void {
    this.#isBusy = false
    while (this.#freeAtMs < this.#nowMs + 1) {
      const waiting = this.#queue.next()
      if (waiting === undefined) return
      this.#verify(waiting)
    }
    this.#isBusy = true
    this.#node.after(this.#freeAtMs - this.#nowMs, () => this.#serve())
  }

  #verify({ block, peer }: Waiting): void {
    const { counts } = this
    this.#spend(1)
    if (this.#node.world.forge.inspect(block) === undefined) {
      counts.badSignature++
      return this.#sendAway(peer)
    }
    counts.verified++
    this.#node.after(this.#freeAtMs - this.#nowMs, () => {
      this.#judge(block, peer)
      counts.parkedMax = Math.max(counts.parkedMax, this.#node.engine.parked)
    })
  }

  #sendAway(peer: number): void {
    this.#awayUntilMs.set(peer, this.#nowMs + RETURN_MS)
    if (!this.#options.isFirstCome) this.counts.forgotten += this.#queue.remove(`${peer}`).length
  }
}
