import { difficultyOf, targetOf } from '../core/crypto/work.ts'
import { networkKeyOf } from '../core/crypto/hash.ts'
import { PAYLOAD_BYTES_MAX } from '../core/model/block.ts'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { Network } from '../core/model/genesis.ts'
import type { Clock, MineAnswer, MineRefusal, MineRequest, Miner, PeerId, Random } from '../ports.ts'
import { randomFraction } from './chance.ts'
import { WorkShare, type ShareLimits } from './work-share.ts'

/** What all others get together: half a minute at once, then a quarter of the time, so that a phone stays cool. */
const ALL_SHARE: ShareLimits = { burstMs: 30_000, part: 1 / 4 }

/** What one peer gets of that: the half, so that it is not the only one. */
const PEER_SHARE: ShareLimits = { burstMs: 15_000, part: 1 / 8 }

/** What a piece of work counts for at least: to wake the workers costs too, and a flood of easy ones is a flood. */
const LEAST_WORK_MS = 100

/** Peers whose shares are remembered. Beyond it the one that came first goes: the share of all holds on. */
const SHARES_MAX = 64

interface MiningForOthersParts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly miner: Miner
  /** Whether this device works for others at all, just now. */
  readonly minesForOthers: () => boolean
}

/** The piece of work under way, and why it is given up, once it is. */
interface Job {
  readonly stop: AbortController
  readonly sinceMs: number
  readonly withinMs: number
  reason: MineRefusal
}

/**
 * Mines what peers ask for, where the person wants that: one piece at a time, no more than a block of this network takes,
 * for a share of the time, and never while there is work of our own. What it is of nobody here can know. Protocol §4.
 */
export class MiningForOthers {
  readonly #parts: MiningForOthersParts
  readonly #key: Uint8Array
  readonly #leastTarget: number
  readonly #all = new WorkShare(ALL_SHARE)
  readonly #shares = new Map<PeerId, WorkShare>()
  #job: Job | undefined
  #ownWork = 0

  constructor(parts: MiningForOthersParts) {
    this.#parts = parts
    this.#key = networkKeyOf(parts.network.id)
    this.#leastTarget = leastTargetOf(parts.network)
  }

  /** Finds a nonce for a peer, or says why it does not. Never rejects. */
  async answer(request: MineRequest, from: PeerId, signal: AbortSignal): Promise<MineAnswer> {
    const { clock, miner, random } = this.#parts
    const sinceMs = clock.nowMs()
    const refusal = this.#refusalOf(request, from, sinceMs)
    if (refusal !== undefined) return { type: 'refused', reason: refusal }
    const { digest, target, withinMs } = request
    const job: Job = { stop: new AbortController(), sinceMs, withinMs, reason: 'unfinished' }
    this.#job = job
    // who asks may be at it from 0 on: nothing is to be tried twice
    const start = Math.floor(randomFraction(random) * STARTS_END)
    const both = AbortSignal.any([signal, job.stop.signal])
    try {
      const nonce = await miner.mine({ key: this.#key, digest, target, start }, { signal: both })
      return { type: 'found', nonce }
    } catch {
      // given up, or the miner failed: the one who asked is at work too
      return { type: 'refused', reason: job.reason }
    } finally {
      this.#job = undefined
      this.#count(from, sinceMs, withinMs)
    }
  }

  /** Does work of our own: what is under way for others is given up, and nothing is begun. */
  async ownFirst<T>(work: () => Promise<T>): Promise<T> {
    this.#ownWork++
    this.#giveUp('busy')
    try {
      return await work()
    } finally {
      this.#ownWork--
    }
  }

  /** Gives up what nobody waits for any more, or the person does not want any more. */
  tick(nowMs: number): void {
    const job = this.#job
    if (!this.#parts.minesForOthers()) this.#giveUp('off')
    else if (job && Math.abs(nowMs - job.sinceMs) >= job.withinMs) this.#giveUp('unfinished')
  }

  #giveUp(reason: MineRefusal): void {
    if (this.#job === undefined) return
    this.#job.reason = reason
    this.#job.stop.abort()
  }

  #refusalOf({ target }: MineRequest, from: PeerId, nowMs: number): MineRefusal | undefined {
    if (!this.#parts.minesForOthers()) return 'off'
    if (target < this.#leastTarget) return 'too-much'
    if (this.#ownWork > 0 || this.#job !== undefined) return 'busy'
    const isLeft = this.#all.has(nowMs) && (this.#shares.get(from)?.has(nowMs) ?? true)
    return isLeft ? undefined : 'too-often'
  }

  #count(from: PeerId, sinceMs: number, withinMs: number): void {
    const nowMs = this.#parts.clock.nowMs()
    // whatever a clock does meanwhile, it was at work and not for longer than this
    const workMs = Math.min(Math.max(nowMs - sinceMs, LEAST_WORK_MS), Math.max(withinMs, LEAST_WORK_MS))
    for (const [peer, share] of this.#shares) if (share.isWhole(nowMs)) this.#shares.delete(peer)
    const share = this.#shares.get(from) ?? new WorkShare(PEER_SHARE)
    this.#shares.set(from, share)
    for (const each of [this.#all, share]) each.take(workMs, nowMs)
    forgetOldest(this.#shares, SHARES_MAX)
  }
}

/** Starts are drawn below this: a search from there on has half of all nonces before it. */
const STARTS_END = 2 ** 52

/** The target of the dearest block that is mined for in this network: a full payload. Protocol §4. */
function leastTargetOf({ genesis }: Network): number {
  return targetOf(difficultyOf({ kind: 'data', payloadBytes: PAYLOAD_BYTES_MAX, parents: [] }, genesis))
}
