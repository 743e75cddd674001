import type {
  Blame,
  CommitCursor,
  CommittedBlocks,
  Greetings,
  MineAnswer,
  MineRequest,
  Pairing,
  PeerId,
  PeerInfo,
  Transport,
  TransportHandlers,
} from '../ports.ts'
import { PairingError } from '../ports.ts'
import type { BlockId } from '../core/model/id.ts'
import { TransportError } from './error.ts'
import { guarded } from './handlers.ts'
import { LOAD_MS, LOAD_RETRY_MS, WAKE_EVERY_MS } from './limits.ts'
import { Spaced } from './spaced.ts'

/** A transport that can be told that its device woke up, or is online again. */
export interface WakingTransport extends Transport {
  wake(): void
}

export interface LazyTransportOptions {
  /** Loads what a transport is made of and makes one, not started. Where it rejects it is asked again. */
  load(): Promise<WakingTransport>
  /** Nothing is loaded before this resolves. */
  readonly due: Promise<unknown>
  /** Hears why it could not be loaded or started. */
  readonly fault: (error: unknown) => void
}

/**
 * A transport whose code is loaded once it is started: a device shows what it has and takes readings before it can
 * speak to anybody, and where the code does not come it goes on without. Loading is tried again, for ever; until then
 * it is a transport that nobody is connected to.
 */
export class LazyTransport implements WakingTransport {
  readonly #options: LazyTransportOptions
  readonly #waking = new Spaced(() => this.#hurry(), WAKE_EVERY_MS)
  #inner: WakingTransport | undefined
  #state: 'new' | 'loading' | 'running' | 'stopped' = 'new'
  /** Ends the pause between two attempts. */
  #hurry: () => void = () => undefined

  constructor(options: LazyTransportOptions) {
    this.#options = options
  }

  /** Resolves at once; `onReachable` tells how it goes. */
  async start(handlers: TransportHandlers): Promise<void> {
    if (this.#state !== 'new') throw new TransportError('stopped', 'A transport starts once.')
    this.#state = 'loading'
    void this.#run(handlers)
  }

  async publish(bytes: Uint8Array): Promise<void> {
    await this.#inner?.publish(bytes)
  }

  async fetch(peer: PeerId, ids: readonly BlockId[], signal?: AbortSignal): Promise<readonly Uint8Array[]> {
    return this.#loaded().fetch(peer, ids, signal)
  }

  async exchangeTips(
    peer: PeerId,
    ids: readonly BlockId[],
    signal?: AbortSignal,
  ): Promise<readonly BlockId[]> {
    return this.#loaded().exchangeTips(peer, ids, signal)
  }

  async greet(peer: PeerId, signal?: AbortSignal): Promise<Greetings> {
    return this.#loaded().greet(peer, signal)
  }

  async commits(
    peer: PeerId,
    cursor: CommitCursor,
    upTo: number,
    signal?: AbortSignal,
  ): Promise<CommittedBlocks> {
    return this.#loaded().commits(peer, cursor, upTo, signal)
  }

  async reconcile(peer: PeerId, signal?: AbortSignal): Promise<readonly BlockId[]> {
    return this.#loaded().reconcile(peer, signal)
  }

  async mine(peer: PeerId, request: MineRequest, signal?: AbortSignal): Promise<MineAnswer> {
    return this.#loaded().mine(peer, request, signal)
  }

  blame(peer: PeerId, reason: Blame): void {
    this.#inner?.blame(peer, reason)
  }

  peers(): readonly PeerInfo[] {
    return this.#inner?.peers() ?? []
  }

  get pairing(): Pairing | undefined {
    return this.#state === 'loading' ? NOT_LOADED : this.#inner?.pairing
  }

  /** Has a loaded transport wake up, and one that waits for its next attempt try at once. */
  wake(): void {
    if (this.#state === 'running') this.#inner?.wake()
    else if (this.#state === 'loading') this.#waking.call()
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#waking.stop()
    this.#hurry()
    await this.#inner?.stop()
  }

  async #run(handlers: TransportHandlers): Promise<void> {
    const guard = guarded(handlers, this.#options.fault)
    for (let attempt = 1; this.#state === 'loading'; attempt++) {
      guard.onReachable({ type: 'loading', attempt })
      await (attempt === 1 ? this.#options.due : this.#pause())
      if (this.#state === 'loading') await this.#attempt(handlers)
    }
  }

  /** Never rejects. */
  async #attempt(handlers: TransportHandlers): Promise<void> {
    try {
      const inner = await this.#inTime()
      if (this.#state !== 'loading') return
      this.#inner = inner
      await inner.start(handlers)
      if (this.#state === 'loading') this.#state = 'running'
    } catch (error) {
      if (this.#state !== 'loading') return // whoever stopped it half-started wants no more of it
      this.#options.fault(error)
      const failed = this.#inner
      this.#inner = undefined
      await failed?.stop().catch(this.#options.fault)
    }
  }

  /** Rejects where it does not come in time. */
  async #inTime(): Promise<WakingTransport> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new TransportError('timeout', 'The code of the network did not come in time.')),
      LOAD_MS,
    )
    try {
      return await Promise.race([this.#options.load(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOAD_RETRY_MS)
      this.#hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #loaded(): Transport {
    if (this.#inner === undefined) throw new TransportError('stopped', 'The transport is not running.')
    return this.#inner
  }
}

/** What a pairing is before there is anything to pair with. */
const NOT_LOADED: Pairing = {
  offer: refuse,
  answer: refuse,
  accept: refuse,
  connected: refuse,
  cancel: () => undefined,
}

async function refuse(): Promise<never> {
  throw new PairingError('not-loaded')
}
