import { expectedMsOf, wins } from '../core/crypto/work.ts'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import {
  MINE_MS_MAX,
  type Clock,
  type MineRefusal,
  type Miner,
  type MiningOptions,
  type MiningProgress,
  type MiningTask,
  type PeerId,
  type Transport,
} from '../ports.ts'
import type { MiningForOthers } from './mining-for-others.ts'

/** Work of our own that takes longer is worth asking for: below, it is done about when a person begins to wait. */
const ASK_ABOVE_MS = 2000

/** Peers asked one after the other between two reports: of those nobody knows who helps until asked. */
const ASKED_MAX = 4

const MINUTE_MS = 60_000

/**
 * How long a peer is not asked again, by what came of it. What a person chose changes seldom; who is busy is free in a moment.
 * A wrong nonce costs one hash, since we go on mining meanwhile, and says nothing of the blocks a peer sends: so nobody is
 * banned for it. It is only asked less and less, for the pause doubles with each.
 */
const PAUSES_MS: Readonly<Record<MineRefusal | 'failed' | 'wrong', number>> = {
  off: 10 * MINUTE_MS,
  'too-much': 10 * MINUTE_MS,
  busy: MINUTE_MS / 2,
  'too-often': MINUTE_MS,
  unfinished: MINUTE_MS,
  failed: MINUTE_MS,
  wrong: 10 * MINUTE_MS,
}

/** The longest pause, after wrong nonces again and again: the peer may have been mended by tomorrow. */
const PAUSE_MS_MAX = 24 * 60 * MINUTE_MS

/** Peers of which is remembered what came of asking. Beyond it the one that was asked longest ago goes. */
const NOTES_MAX = 64

/** What came of asking a peer. */
interface Note {
  readonly sinceMs: number
  readonly pauseMs: number
  readonly wrong: number
  /** Whether the newest nonce it found was right. */
  readonly helps: boolean
}

interface AssistedMinerParts {
  readonly clock: Clock
  /** This device's own. */
  readonly miner: Miner
  readonly transport: Pick<Transport, 'mine' | 'peers'>
  readonly others: Pick<MiningForOthers, 'ownFirst'>
}

/**
 * Mines on this device, and where that takes long by the measured rate, asks direct peers one after the other to search too:
 * the first nonce ends it for all. Whatever peers answer, it is found here in the end. Protocol §4.
 */
export class AssistedMiner implements Pick<Miner, 'mine'> {
  readonly #parts: AssistedMinerParts
  /** In the order of asking. */
  readonly #notes = new Map<PeerId, Note>()

  constructor(parts: AssistedMinerParts) {
    this.#parts = parts
  }

  /** As `Miner` says. */
  mine(task: MiningTask, options: MiningOptions = {}): Promise<number> {
    // the caller may reuse its bytes before a peer is asked
    const own = { ...task, key: task.key.slice(), digest: task.digest.slice() }
    return this.#parts.others.ownFirst(() => this.#race(own, options))
  }

  async #race(task: MiningTask, { signal, onProgress }: MiningOptions): Promise<number> {
    const over = new AbortController()
    const both = signal ? AbortSignal.any([signal, over.signal]) : over.signal
    const helped = Promise.withResolvers<number>()
    let isAsking = false
    const report = (progress: MiningProgress) => {
      onProgress?.(progress)
      const leftMs = expectedMsOf(task.target, progress.hashesPerSecond)
      if (isAsking || leftMs <= ASK_ABOVE_MS) return
      isAsking = true
      // who comes later may be asked by a later report
      void this.#ask(task, leftMs, both, helped.resolve).then(() => {
        isAsking = false
      })
    }
    try {
      const found = this.#parts.miner.mine(task, { signal: both, onProgress: report })
      return await Promise.race([found, helped.promise])
    } finally {
      over.abort(new Error('The nonce is found, or not wanted any more.'))
    }
  }

  /** Asks until one has helped. Never rejects. */
  async #ask(
    task: MiningTask,
    leftMs: number,
    signal: AbortSignal,
    found: (nonce: number) => void,
  ): Promise<void> {
    // who has not found it by then is no faster than this device, and the next may be
    const withinMs = Math.min(Math.ceil(leftMs), MINE_MS_MAX)
    for (let asked = 0; asked < ASKED_MAX && !signal.aborted; asked++) {
      // whoever was asked and did not help is none any more; others may have come
      const peer = this.#candidate()
      if (peer === undefined) return
      const nonce = await this.#askOne(peer, task, withinMs, signal)
      if (nonce !== undefined) return found(nonce)
    }
  }

  async #askOne(
    peer: PeerId,
    task: MiningTask,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { digest, target } = task
    try {
      const answer = await this.#parts.transport.mine(peer, { digest, target, withinMs }, signal)
      if (answer.type === 'refused') this.#note(peer, answer.reason)
      else if (!wins(task, answer.nonce)) this.#note(peer, 'wrong')
      else {
        this.#note(peer, undefined)
        return answer.nonce
      }
    } catch {
      // it went away, fell silent or broke the protocol, unless it is us who want no more
      if (!signal.aborted) this.#note(peer, 'failed')
    }
    return undefined
  }

  /** A direct peer that may be asked now, one that has helped before if there is any. */
  #candidate(): PeerId | undefined {
    const nowMs = this.#parts.clock.nowMs()
    const free = this.#parts.transport
      .peers()
      .filter(({ id, direct }) => direct && !isPaused(this.#notes.get(id), nowMs))
    return (free.find(({ id }) => this.#notes.get(id)?.helps) ?? free[0])?.id
  }

  /** Remembers what came of asking: why it came to nothing, or `undefined` where the peer has helped. */
  #note(peer: PeerId, why: keyof typeof PAUSES_MS | undefined): void {
    const before = this.#notes.get(peer)
    const wrong = (before?.wrong ?? 0) + (why === 'wrong' ? 1 : 0)
    const once = why === undefined ? 0 : PAUSES_MS[why]
    const pauseMs = why === 'wrong' ? Math.min(once * 2 ** (wrong - 1), PAUSE_MS_MAX) : once
    const helps = why === undefined || ((before?.helps ?? false) && why !== 'wrong' && why !== 'off')
    this.#notes.delete(peer)
    this.#notes.set(peer, { sinceMs: this.#parts.clock.nowMs(), pauseMs, wrong, helps })
    forgetOldest(this.#notes, NOTES_MAX)
  }
}

function isPaused(note: Note | undefined, nowMs: number): boolean {
  return note !== undefined && Math.abs(nowMs - note.sinceMs) < note.pauseMs
}
