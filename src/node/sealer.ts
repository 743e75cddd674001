import type { Clock, KeyStore, Random } from '../ports.ts'
import { NONCE_BYTES, STREAM_TOPIC } from '../stream/record.ts'
import type { CallOptions } from './api.ts'
import type { Node } from './node.ts'
import type { RecordReader } from './record-reader.ts'
import { streamKeyOf, type Streams } from './streams.ts'
import { streamIdOf, type Sealing, type Thing } from './things.ts'

/** A batch whose block failed or was cancelled waits this long: where the cause stays, the work is not done for nothing. */
const RETRY_MS = 5000

/** What a sealer works with in the network the device is in now. */
interface SealingPlace {
  readonly node: Node
  readonly streams: Streams
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
      const dueAtMs = thing.sealing ? thing.sealing.dueAtMs : thing.batcher.dueAtMs()
      if (dueAtMs === undefined || dueAtMs > nowMs || this.#queued.has(thing)) continue
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
      await this.#issue(thing, sealing, options)
    } catch (error) {
      sealing.done = undefined
      sealing.dueAtMs = this.#parts.clock.nowMs() + RETRY_MS
      throw error
    } finally {
      this.#parts.onChanged()
    }
    thing.sealing = undefined
  }

  async #issue(thing: Thing, sealing: Sealing, { signal, onProgress }: CallOptions): Promise<void> {
    const { node, streams, records } = this.#parts.place()
    const { readings, epoch, open } = sealing.batch
    const streamId = streamIdOf(thing)
    const index = streams.nextIndex(streamKeyOf(this.#parts.keys.publicKey, thing.streamId), epoch)
    const nonce = this.#parts.random.bytes(NONCE_BYTES)
    const body = await records.write({ streamId, epoch, index }, thing.kind, readings, open, nonce)
    const report = (done: number, leftMs: number) => {
      sealing.done = done
      sealing.leftMs = leftMs
      onProgress?.(done)
      this.#parts.onChanged()
    }
    await node.issue({ topic: STREAM_TOPIC, body }, { ...(signal && { signal }), onProgress: report })
  }
}
