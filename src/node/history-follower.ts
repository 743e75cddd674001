import { decodeBlock } from '../core/codec/block.ts'
import { hashOf } from '../core/codec/hex.ts'
import { StoreError, type BlockStore, type StoredBlock } from '../ports.ts'
import type { HistoryIndex } from '../stream/history-index.ts'
import type { StreamKey } from './api.ts'
import type { RecordContent, RecordReader } from './record-reader.ts'
import { recordIn, streamKeyOf } from './streams.ts'

/** Blocks taken up at a stretch: the peer has other things to do in between. */
const BLOCKS_PER_READ = 128

/** Blocks taken up before what they changed is written, where so many come. */
const BLOCKS_PER_FLUSH = 4096

/** What changed is written this often: pages of some 10 kB for each level of each quantity. After a crash blocks are read again. */
const FLUSH_EVERY_MS = 60_000

interface FollowerParts {
  readonly blocks: Pick<BlockStore, 'since'>
  readonly index: HistoryIndex
  readonly records: RecordReader
  /** A record that was not there before has been taken up. */
  onRecord(key: StreamKey, content: RecordContent): void
}

/** Keeps the history index up with the block store, however the blocks came there. */
export class HistoryFollower {
  readonly #parts: FollowerParts
  #place: number
  #unflushed = 0
  #flushDueMs = 0
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #stopped = false

  constructor(parts: FollowerParts) {
    this.#parts = parts
    this.#place = parts.index.place
  }

  /** Resolves once everything that was stored before the call is in the index. Throws `StoreError`, `closed` after `stop`. */
  follow(): Promise<void> {
    if (this.#next !== undefined) return this.#next
    const next: Promise<void> = this.#running.then(() => {
      if (this.#next === next) this.#next = undefined
      return this.#run()
    })
    this.#next = next
    this.#running = next.catch(() => undefined) // who asked is told; the next turn tries again
    return next
  }

  /** Lets time pass: what changed is written. */
  tick(nowMs: number): void {
    if (this.#unflushed === 0 || nowMs < this.#flushDueMs) return
    this.#flushDueMs = nowMs + FLUSH_EVERY_MS
    this.flush().catch(() => undefined) // tried again
  }

  /** Makes the index anew: blocks it has are lost. Where that fails it has them still, until it is made anew the next time. */
  startOver(): void {
    const cleared = this.#running.then(() => this.#clear())
    this.#running = cleared.catch(() => undefined)
    this.#next = undefined // what waits for its turn comes before
    this.follow().catch(() => undefined) // whoever reads a history is told
  }

  /** Writes what changed, once what is under way has ended. Throws `StoreError`. */
  flush(): Promise<void> {
    const flushed = this.#running.then(() => this.#flush())
    this.#running = flushed.catch(() => undefined)
    return flushed
  }

  /** Ends what is under way, and writes what changed. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await this.#flush().catch(() => undefined) // it is read from the blocks again
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const { blocks, next } = await this.#parts.blocks.since(this.#place, BLOCKS_PER_READ)
      if (next < this.#place)
        await this.#clear() // the newest blocks went with the power
      else if (blocks.length === 0) return
      else await this.#takeAll(blocks, next)
    }
    // whoever counts records must not take what is in the index for all there is
    throw new StoreError('closed', 'The network was left before all of it was looked at.')
  }

  async #takeAll(blocks: readonly StoredBlock[], next: number): Promise<void> {
    for (const block of blocks) await this.#take(block)
    this.#place = next
    this.#unflushed += blocks.length
    if (this.#unflushed >= BLOCKS_PER_FLUSH) await this.#flush()
  }

  async #clear(): Promise<void> {
    await this.#parts.index.clear()
    this.#place = 0
    this.#unflushed = 0
  }

  async #take({ id, bytes }: StoredBlock): Promise<void> {
    const block = decodeBlock(bytes)
    if ('type' in block) return // one whose content was deleted
    const record = recordIn({ block })
    if (record === undefined) return
    const { index, records } = this.#parts
    const { issuer, issuedAtMs, payloadHash } = block
    const content = await records.read(issuer, record)
    const streamId = hashOf(record.streamId)
    const isNew = await index.add(
      { issuer, streamId },
      {
        id,
        epoch: record.epoch,
        index: record.index,
        issuedAtMs,
        payloadHash,
        encrypted: record.type === 'encrypted',
        ...(content.type === 'readings' && { readings: content.readings }),
      },
    )
    if (isNew) this.#parts.onRecord(streamKeyOf(issuer, streamId), content)
  }

  async #flush(): Promise<void> {
    const taken = this.#unflushed
    if (taken === 0) return
    await this.#parts.index.flush(this.#place)
    this.#unflushed -= taken
  }
}
