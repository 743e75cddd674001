import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { BlockId, NetworkId, PublicKey } from '../core/model/id.ts'
import {
  IDS_PER_MESSAGE_MAX,
  type Blame,
  type Clock,
  type CommitCursor,
  type CommittedBlocks,
  type Greetings,
  type MineAnswer,
  type MineRequest,
  type PeerId,
  type PeerInfo,
  type StoredBlock,
  type Transport,
  type TransportHandlers,
} from '../ports.ts'
import { Bans } from './blame.ts'
import { TransportError } from './error.ts'
import { blameFor, checkCount } from './exchange.ts'
import type { Frames } from './frames.ts'
import { oneAnswer } from './fetch.ts'
import { converseInMemory, within } from './memory-stream.ts'
import type { Timings } from './limits.ts'
import { answerMine, requestMine } from './mine.ts'
import { reconcile } from './reconciling.ts'
import { answerSync, greet, requestCommits } from './sync.ts'
import type { ClockPair } from './tips.ts'

/** A hub is one network; no genesis has this id. */
const NETWORK = '00'.repeat(32) as NetworkId

/** What a transport needs of the hub it is of. */
export interface Hub {
  readonly timings: Pick<Timings, 'fetchMs' | 'tipsMs' | 'syncMs'>
  /** Hears of what handlers threw. */
  readonly fault: (error: unknown) => void
  /** Cuts the connection of two transports, if there is one. */
  unlink(a: PeerId, b: PeerId): void
  /** Delivers after everything sent before. */
  post(deliver: () => void): void
}

interface Link {
  readonly peer: MemoryTransport
  readonly info: PeerInfo
  /** Aborts when the connection is cut. */
  readonly cut: AbortController
}

/** One member of a hub. */
export class MemoryTransport implements Transport {
  readonly id: PeerId
  readonly key: PublicKey | undefined
  readonly #hub: Hub
  readonly #clock: Clock
  readonly #bans: Bans
  readonly #links = new Map<PeerId, Link>()
  readonly #seen = new Set<string>()
  #lost = new AbortController()
  #handlers: TransportHandlers | undefined

  constructor(hub: Hub, id: PeerId, key: PublicKey | undefined, clock: Clock) {
    this.#hub = hub
    this.id = id
    this.key = key
    this.#clock = clock
    this.#bans = new Bans(clock)
  }

  async start(handlers: TransportHandlers): Promise<void> {
    if (this.#handlers !== undefined || this.#lost.signal.aborted) {
      throw new TransportError('stopped', 'A transport starts once.')
    }
    this.#handlers = handlers
    this.#guard(() => handlers.onReachable({ type: 'none' }))
  }

  async publish(bytes: Uint8Array): Promise<void> {
    this.#started()
    if (this.#isNew(bytes)) this.#spread(bytes, undefined)
  }

  async fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    const link = this.#links.get(peer)
    const answer = await this.#ask(peer, ids, this.#hub.timings.fetchMs, signal, async (handlers) =>
      ids.length === 0 ? [] : oneAnswer(await handlers.onFetch(ids, this.id)),
    )
    if (link !== undefined && ids.length > 0) link.peer.#acknowledge(answer, this.id)
    return answer.map(({ bytes }) => bytes.slice())
  }

  async exchangeTips(
    peer: PeerId,
    ids: readonly BlockId[],
    signal?: AbortSignal,
  ): Promise<readonly BlockId[]> {
    const oursMs = this.#clock.nowMs()
    const { tips, theirsMs } = await this.#ask(
      peer,
      ids,
      this.#hub.timings.tipsMs,
      signal,
      async (handlers, other) => {
        other.#hearClock(oursMs, this.id)
        const tips = (await handlers.onTips(ids, this.id)).slice(0, IDS_PER_MESSAGE_MAX)
        return { tips, theirsMs: other.#clock.nowMs() }
      },
    )
    this.#hearClock(theirsMs, peer)
    return tips
  }

  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    return this.#sync(peer, signal, (frames, handlers) =>
      greet(frames, NETWORK, handlers, this.#clocks(handlers, peer)),
    )
  }

  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks> {
    return this.#sync(peer, signal, (frames) => requestCommits(frames, cursor, upTo))
  }

  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#sync(peer, signal, (frames, handlers) => reconcile(frames, handlers, peer))
  }

  async mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer> {
    const over = new AbortController()
    const ask = async (theirs: TransportHandlers, other: MemoryTransport) =>
      converseInMemory(
        {
          ask: (frames) => requestMine(frames, request),
          answer: (frames) => answerMine(frames, (asked, ended) => theirs.onMine(asked, this.id, ended)),
          asked: (error) => this.#judge(peer, error),
          answered: (error) => other.#judge(this.id, error),
        },
        over.signal,
      )
    try {
      return await this.#ask(peer, [], request.withinMs, signal, ask)
    } finally {
      // however it ended here, it is over for the other side
      over.abort(new TransportError('lost-peer', 'The exchange is over.'))
    }
  }

  blame(peer: PeerId, reason: Blame): void {
    this.#bans.add(peer, reason)
    if (this.#links.has(peer)) this.#hub.unlink(this.id, peer)
  }

  peers(): readonly PeerInfo[] {
    return [...this.#links.values()].map(({ info }) => info)
  }

  async stop(): Promise<void> {
    this.#lost.abort(new TransportError('stopped', 'The transport stops.'))
    for (const peer of [...this.#links.keys()]) this.#hub.unlink(this.id, peer)
    this.#handlers = undefined
  }

  welcomes(peer: PeerId): boolean {
    return this.#handlers !== undefined && !this.#bans.has(peer)
  }

  connect(peer: MemoryTransport): void {
    if (this.#links.has(peer.id)) return
    const info = { id: peer.id, key: peer.key, direct: true, connectedAtMs: this.#clock.nowMs() }
    this.#links.set(peer.id, { peer, info, cut: new AbortController() })
    this.#hub.post(() => this.#guard(() => this.#handlers?.onPeer(info, 'connected')))
  }

  disconnect(peer: PeerId): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    this.#links.delete(peer)
    link.cut.abort(new TransportError('lost-peer', 'The connection was cut.'))
    const handlers = this.#handlers
    this.#hub.post(() => this.#guard(() => handlers?.onPeer(link.info, 'disconnected')))
  }

  /** An answer of ours has reached `peer`. */
  #acknowledge(answer: readonly StoredBlock[], peer: PeerId): void {
    const served = answer.map(({ id }) => id)
    this.#hub.post(() => this.#guard(() => this.#handlers?.onServed(served, peer)))
  }

  #hearClock(clockMs: number, from: PeerId): void {
    this.#guard(() => this.#handlers?.onClock(clockMs - this.#clock.nowMs(), from))
  }

  async #receive(bytes: Uint8Array, from: PeerId): Promise<void> {
    if (this.#handlers === undefined || !this.#links.has(from) || !this.#isNew(bytes)) return
    try {
      if ((await this.#handlers.onGossip(bytes.slice(), from)) === 'forward') this.#spread(bytes, from)
    } catch (error) {
      this.#hub.fault(error)
    }
  }

  #spread(bytes: Uint8Array, from: PeerId | undefined): void {
    for (const { peer } of this.#links.values()) {
      if (peer.id !== from) this.#hub.post(() => void peer.#receive(bytes, this.id))
    }
  }

  /** Whether these bytes come for the first time, as gossipsub's cache of seen messages has it. */
  #isNew(bytes: Uint8Array): boolean {
    const id = bytesToHex(sha256(bytes))
    if (this.#seen.has(id)) return false
    this.#seen.add(id)
    return true
  }

  /** Both sides of an exchange of the sync protocol, over a stream in memory. */
  #sync<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    talk: (frames: Frames, handlers: TransportHandlers) => Promise<T>,
  ): Promise<T> {
    const handlers = this.#handlers
    return this.#ask(peer, [], this.#hub.timings.syncMs, signal, async (theirs, other) => {
      if (handlers === undefined) throw new TransportError('stopped', 'The transport is not running.')
      return converseInMemory({
        ask: (frames) => talk(frames, handlers),
        answer: (frames) =>
          answerSync(frames, NETWORK, theirs, other.#clocks(theirs, this.id), this.id, async () => undefined),
        asked: (error) => this.#judge(peer, error),
        answered: (error) => other.#judge(this.id, error),
      })
    })
  }

  /** Blames a peer that broke the protocol; what is no fault of a peer's is one of a handler. */
  #judge(peer: PeerId, error: unknown): void {
    const reason = blameFor(error)
    if (reason !== undefined) this.blame(peer, reason)
    else if (!(error instanceof TransportError)) this.#hub.fault(error)
  }

  #clocks(handlers: TransportHandlers, from: PeerId): ClockPair {
    return {
      clock: this.#clock,
      heard: (offsetMs) => this.#guard(() => handlers.onClock(offsetMs, from)),
    }
  }

  async #ask<T>(
    peer: PeerId,
    ids: readonly BlockId[],
    timeoutMs: number,
    signal: AbortSignal | undefined,
    ask: (handlers: TransportHandlers, other: MemoryTransport) => Promise<T>,
  ): Promise<T> {
    this.#started()
    const link = this.#links.get(peer)
    const handlers = link && link.peer.#handlers
    if (link === undefined || handlers === undefined)
      throw new TransportError('not-connected', 'No direct connection to the peer.')
    checkCount(ids)
    signal?.throwIfAborted()
    const asked = new Promise<T>((resolve, reject) => {
      this.#hub.post(() => {
        void (async () => ask(handlers, link.peer))().then(resolve, (error: unknown) => {
          if (error instanceof TransportError) return reject(error)
          this.#hub.fault(error)
          reject(new TransportError('lost-peer', 'The peer gave no answer.'))
        })
      })
    })
    const ends = [this.#lost.signal, link.cut.signal, ...(signal ? [signal] : [])]
    return within(asked, timeoutMs, AbortSignal.any(ends))
  }

  #started(): void {
    if (this.#handlers === undefined) throw new TransportError('stopped', 'The transport is not running.')
  }

  #guard(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#hub.fault(error)
    }
  }
}
