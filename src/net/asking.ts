import type { Connection } from '@libp2p/interface'
import type { BlockId, NetworkId } from '../core/model/id.ts'
import {
  COMMITTED_BYTES_MAX,
  type Clock,
  type CommitCursor,
  type CommittedBlocks,
  type Greetings,
  type PeerId,
  type Transport,
  type TransportHandlers,
} from '../ports.ts'
import { TransportError } from './error.ts'
import { checkCount, converse, type Frames } from './exchange.ts'
import { requestBlocks } from './fetch.ts'
import { SYNC_BUFFER_BYTES_MAX, type Timings } from './limits.ts'
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
  /** A request failed; a peer that need not be prompt may be silent for a while. */
  readonly failed: (peer: PeerId, error: unknown, isPrompt: boolean) => void
}

/** What a transport asks of connected peers, each exchange on a stream of its own. Protocol §8. */
export class Asking implements Pick<Transport, 'fetch' | 'exchangeTips' | 'greet' | 'commits' | 'reconcile'> {
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
    return this.#ask(peer, signal, ask, false)
  }

  greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    return this.#sync(peer, signal, (frames, handlers) =>
      greet(frames, this.#parts.network, handlers, this.#clocks(peer)),
    )
  }

  commits(peer: PeerId, cursor: CommitCursor, upTo: number, signal?: AbortSignal): Promise<CommittedBlocks> {
    const bufferBytesMax = 2 * COMMITTED_BYTES_MAX
    return this.#sync(peer, signal, (frames) => requestCommits(frames, cursor, upTo), bufferBytesMax)
  }

  reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#sync(peer, signal, (frames, handlers) => reconcile(frames, handlers, peer))
  }

  #sync<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    talk: (frames: Frames, handlers: TransportHandlers) => Promise<T>,
    bufferBytesMax = SYNC_BUFFER_BYTES_MAX,
  ): Promise<T> {
    const { names, timings, handlers } = this.#parts
    const limits = {
      frameBytesMax: SYNC_FRAME_BYTES_MAX,
      bufferBytesMax,
      timeoutMs: timings.syncMs,
      idleMs: timings.syncIdleMs,
    }
    return this.#ask(peer, signal, (connection, both) =>
      converse(connection, names.sync, limits, both, (frames) => talk(frames, handlers())),
    )
  }

  /** Asks a connected peer; what fails is told. */
  async #ask<T>(
    peer: PeerId,
    signal: AbortSignal | undefined,
    ask: (connection: Connection, signal: AbortSignal) => Promise<T>,
    isPrompt = true,
  ): Promise<T> {
    const { connectionTo, stopping, failed } = this.#parts
    const connection = connectionTo(peer)
    if (connection === undefined) throw new TransportError('not-connected', 'No connection to the peer.')
    try {
      return await ask(connection, signal === undefined ? stopping : AbortSignal.any([signal, stopping]))
    } catch (error) {
      failed(peer, error, isPrompt)
      throw error
    }
  }

  #clocks(peer: PeerId): ClockPair {
    const handlers = this.#parts.handlers()
    return { clock: this.#parts.clock, heard: (offsetMs) => handlers.onClock(offsetMs, peer) }
  }
}
