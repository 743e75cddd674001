import type { Clock, KeyStore, Random } from '../ports.ts'
import type { HistoryIndex } from '../stream/history-index.ts'
import type { Batch } from '../stream/batch.ts'
import { NONCE_BYTES, STREAM_TOPIC } from '../stream/record.ts'
import type { CallOptions } from './api.ts'
import type { Node } from './node.ts'
import type { RecordReader } from './record-reader.ts'
import type { HistoryFollower } from './history-follower.ts'
import { streamKeyOf } from './streams.ts'
import { streamIdOf, type Thing } from './things.ts'

/** A batch whose block failed or was cancelled waits this long: where the cause stays, the work is not done for nothing. */
const RETRY_MS = 5000

/** What a sealer works with in the network the device is in now. */
interface SealingPlace {
  readonly node: Node
  readonly index: Pick<HistoryIndex, 'nextIndex'>
  readonly follower: Pick<HistoryFollower, 'follow'>
  readonly records: RecordReader
}

interface SealerParts {
  readonly clock: Clock
  readonly random: Random
  readonly keys: KeyStore
  place(): SealingPlace
  onChanged(): void
}

/**
 * Turns readings that wait into blocks, one block at a time over all things, so that two miners never race for one
 * core. A batch leaves only when its block is stored; until then a failure or a cancel leaves it where it was.
 */
export class Sealer {
  readonly #parts: SealerParts
  readonly #queued = new Set<Thing>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: SealerParts) {
    this.#parts = parts
  }

  /** Queues every thing with a batch that is due; failures are tried again after `RETRY_MS`. */
  tick(things: Iterable<Thing>): void {
    const nowMs = this.#parts.clock.nowMs()
    for (const thing of things) {
      const isDue = thing.sealing ? isPast(thing.sealing.dueAtMs, nowMs) : thing.batcher.isDue(nowMs)
      if (!isDue || this.#queued.has(thing)) continue
      this.#queued.add(thing)
      this.seal(thing)
        .catch(() => undefined)
        .finally(() => this.#queued.delete(thing))
    }
  }

  /**
   * Makes blocks of everything of a thing that is due, and resolves once they are stored.
   *
   * @throws what the node throws; the readings are kept
   */
  seal(thing: Thing, options: CallOptions = {}): Promise<void> {
    return this.exclusively(async () => {
      while (this.#takeDue(thing)) await this.#sealOne(thing, options)
    })
  }

  /**
   * Makes a block of a batch that is not among what waits, and resolves once it is stored.
   *
   * @throws the signal's reason; what the node throws
   */
  sealBatch(thing: Thing, batch: Batch, { signal }: CallOptions): Promise<void> {
    return this.exclusively(() => this.#issue(thing, batch, signal, () => undefined))
  }

  /** Runs `work` while no block is being made. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #takeDue(thing: Thing): boolean {
    if (thing.sealing) return true
    const nowMs = this.#parts.clock.nowMs()
    const batch = thing.batcher.take(nowMs)
    if (batch) thing.sealing = { batch, done: undefined, dueAtMs: nowMs }
    return batch !== undefined
  }

  async #sealOne(thing: Thing, options: CallOptions): Promise<void> {
    const { sealing } = thing
    if (sealing === undefined) return
    sealing.done = 0
    delete sealing.leftMs
    try {
      await this.#issue(thing, sealing.batch, options.signal, (done, leftMs) => {
        sealing.done = done
        sealing.leftMs = leftMs
        options.onProgress?.(done)
        this.#parts.onChanged()
      })
    } catch (error) {
      sealing.done = undefined
      sealing.dueAtMs = this.#parts.clock.nowMs() + RETRY_MS
      throw error
    } finally {
      this.#parts.onChanged()
    }
    thing.sealing = undefined
  }

  async #issue(
    thing: Thing,
    { readings, epoch, open }: Batch,
    signal: AbortSignal | undefined,
    onProgress: (done: number, leftMs: number) => void,
  ): Promise<void> {
    const { node, index: history, follower, records } = this.#parts.place()
    const streamId = streamIdOf(thing)
    // the blocks themselves are the only counter: all of them have to be in the index. An epoch that was deleted begins anew,
    // and another device with the same words may give the same index: no nonce comes of it, which is random. Protocol §10
    await follower.follow()
    const index = await history.nextIndex(streamKeyOf(this.#parts.keys.publicKey, thing.streamId), epoch)
    const nonce = this.#parts.random.bytes(NONCE_BYTES)
    const body = await records.write({ streamId, epoch, index }, thing.kind, readings, open, nonce)
    await node.issue({ topic: STREAM_TOPIC, body }, { ...(signal && { signal }), onProgress })
  }
}

/** A time further ahead than anything waits was set before the clock was set back. */
function isPast(dueAtMs: number, nowMs: number): boolean {
  return dueAtMs <= nowMs || dueAtMs > nowMs + RETRY_MS
}
