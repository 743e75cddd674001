import type { Connection } from '@libp2p/interface'
import type { BlockId, NetworkId } from '../core/model/id.ts'
import {
  COMMITTED_BYTES_MAX,
  type Clock,
  type CommitCursor,
  type CommittedBlocks,
  type Greetings,
  type MineAnswer,
  type MineRequest,
  type PeerId,
  type Transport,
  type TransportHandlers,
} from '../ports.ts'
import { TransportError, type TransportErrorKind } from './error.ts'
import { checkCount, converse } from './exchange.ts'
import type { Frames } from './frames.ts'
import { requestBlocks } from './fetch.ts'
import { SYNC_BUFFER_BYTES_MAX, type Timings } from './limits.ts'
import { MINE_ANSWER_BYTES_MAX, requestMine } from './mine.ts'
import type { Names } from './names.ts'
import { reconcile } from './reconciling.ts'
import { greet, requestCommits, SYNC_FRAME_BYTES_MAX } from './sync.ts'
import { requestTips, type ClockPair } from './tips.ts'

interface AskingParts {
  readonly network: NetworkId
  readonly names: Names
  readonly clock: Clock
  readonly timings: Timings
  /** Aborts when the transport stops. */
  readonly stopping: AbortSignal
  /** These two throw `TransportError` `stopped` while the transport does not run. */
  readonly handlers: () => TransportHandlers
  readonly connectionTo: (peer: PeerId) => Connection | undefined
  /** A request failed. `silences` are the kinds of error by which the peer kept us waiting, for such a request. */
  readonly failed: (peer: PeerId, error: unknown, silences: readonly TransportErrorKind[]) => void
}

/** What a transport asks of connected peers, each exchange on a stream of its own. Protocol §8. */
export class Asking implements Pick<
  Transport,
  'fetch' | 'exchangeTips' | 'greet' | 'commits' | 'reconcile' | 'mine'
> {
  readonly #parts: AskingParts

  constructor(parts: AskingParts) {
    this.#parts = parts
  }

  fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    return this.#ask(peer, signal, async (connection, both) => {
      checkCount(ids)
      if (ids.length === 0) return []
      const { names, timings } = this.#parts
      return requestBlocks(connection, names.fetch, ids, timings.fetchMs, both)
    })
  }

  exchangeTips(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly BlockId[]> {
    const ask = async (connection: Connection, both: AbortSignal) => {
      checkCount(ids)
      const { names, timings } = this.#parts
      return requestTips(connection, names.tips, ids, this.#clocks(peer), timings.tipsMs, both)
    }
    // who is silent may be fetching what was named
    return this.#ask(peer, signal, ask, [])
  }

  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    const talk = (frames: Frames, handlers: TransportHandlers) =>
      greet(frames, this.#parts.network, handlers, this.#clocks(peer))
    return this.#sync(peer, signal, talk, { timeoutMs: this.#parts.timings.tipsMs })
  }

  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks> {
    const { commitsMs: timeoutMs } = this.#parts.timings
    const own = { timeoutMs, bufferBytesMax: 2 * COMMITTED_BYTES_MAX }
    const ask = (frames: Frames) => requestCommits(frames, cursor, upTo)
    // all others wait for it, so who is slow is as bad as who is silent
    return this.#sync(peer, signal, ask, own, ['silent', 'timeout'])
  }

  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#sync(peer, signal, (frames, handlers) => reconcile(frames, handlers, peer))
  }

  mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer> {
    const bytesMax = MINE_ANSWER_BYTES_MAX
    const limits = { frameBytesMax: bytesMax, bufferBytesMax: 2 * bytesMax, timeoutMs: request.withinMs }
    const ask = (connection: Connection, both: AbortSignal) =>
      converse(connection, this.#parts.names.mine, limits, both, (frames) => requestMine(frames, request))
    // who is silent may be at work
    return this.#ask(peer, signal, ask, [])
  }

  #sync<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    talk: (frames: Frames, handlers: TransportHandlers) => Promise<T>,
    own: { readonly timeoutMs?: number; readonly bufferBytesMax?: number } = {},
    silences?: readonly TransportErrorKind[],
  ): Promise<T> {
    const { names, timings, handlers } = this.#parts
    const limits = {
      frameBytesMax: SYNC_FRAME_BYTES_MAX,
      bufferBytesMax: SYNC_BUFFER_BYTES_MAX,
      timeoutMs: timings.syncMs,
      idleMs: timings.syncIdleMs,
      ...own,
    }
    const ask = (connection: Connection, both: AbortSignal) =>
      converse(connection, names.sync, limits, both, (frames) => talk(frames, handlers()))
    return this.#ask(peer, signal, ask, silences)
  }

  /** Asks a connected peer; what fails is told. */
  async #ask<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    ask: (connection: Connection, signal: AbortSignal) => Promise<T>,
    silences: readonly TransportErrorKind[] = ['silent'],
  ): Promise<T> {
    const { connectionTo, stopping, failed } = this.#parts
    const connection = connectionTo(peer)
    if (connection === undefined) throw new TransportError('not-connected', 'No connection to the peer.')
    try {
      return await ask(connection, signal === undefined ? stopping : AbortSignal.any([signal, stopping]))
    } catch (error) {
      failed(peer, error, silences)
      throw error
    }
  }

  #clocks(peer: PeerId): ClockPair {
    const handlers = this.#parts.handlers()
    return { clock: this.#parts.clock, heard: (offsetMs) => handlers.onClock(offsetMs, peer) }
  }
}
