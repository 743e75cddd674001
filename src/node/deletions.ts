import * as v from 'valibot'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { BlockStore, NoteStore } from '../ports.ts'
import type { HistoryIndex } from '../stream/history-index.ts'
import type { StreamKey } from './api.ts'
import { believedTime } from './believed-time.ts'
import type { HistoryFollower } from './history-follower.ts'
import type { Node } from './node.ts'
import { stored } from './storage-errors.ts'
import { streamKeyOf } from './streams.ts'
import type { Thing } from './things.ts'

/** How often what could not go yet is tried again, and what things no longer keep goes: nobody counts minutes. */
const EVERY_MS = 60_000

/** What is to go as soon as it may: `deleting/<stream>` → the time before which. */
const PREFIX = 'deleting/'

const Note = v.number()

interface DeletionPlace {
  readonly node: Pick<Node, 'isOpen' | 'holders'>
  readonly index: HistoryIndex
  readonly blocks: BlockStore
  readonly follower: Pick<HistoryFollower, 'follow' | 'flush'>
}

interface DeletionParts {
  readonly device: PublicKey
  readonly notes: NoteStore
  /** The network the device is in now. */
  place(): DeletionPlace
  onChanged(): void
}

/** What a deletion has done: blocks whose content is gone, and blocks that go once they are in a commit. */
interface Deleted {
  readonly blocks: number
  readonly left: number
}

/** Deletes what things of ours have measured, and remembers what has to wait. */
export class Deletions {
  readonly #parts: DeletionParts
  #dueMs = 0

  constructor(parts: DeletionParts) {
    this.#parts = parts
  }

  /**
   * Deletes the records of a stream whose readings are all before a time: their payloads here, and what is known of them.
   * One that is in no commit yet stays until it is, with what came after it: the network orders whole blocks only, and
   * nobody could ever have got it. Throws `StoreError`.
   */
  async delete(key: StreamKey, beforeMs: number): Promise<Deleted> {
    const { node, index, blocks, follower } = this.#parts.place()
    await follower.follow()
    let limitMs = beforeMs
    let records = 0
    for await (const rows of index.records(key, -Infinity, beforeMs))
      for (const { id, lastMs } of rows) {
        if (lastMs >= beforeMs) continue
        records++
        if (node.isOpen(id)) limitMs = Math.min(limitMs, lastMs)
      }
    const erase = async (ids: readonly BlockId[]) => {
      await stored(blocks.erase(ids))
      for (const id of ids) node.holders.forget(id)
    }
    let count = 0
    // erased first: what is left after a crash is found by its row, and deleted the next time
    for await (const rows of index.records(key, -Infinity, limitMs)) {
      const ids = rows.filter(({ lastMs }) => lastMs < limitMs).map(({ id }) => id)
      await erase(ids)
      count += ids.length
    }
    await stored(follower.flush())
    // some may have come meanwhile
    for await (const ids of index.remove(key, limitMs)) await erase(ids)
    const left = Math.max(0, records - count)
    await stored(this.#parts.notes.put([[PREFIX + key, left > 0 ? beforeMs : undefined]]))
    this.#parts.onChanged()
    return { blocks: count, left }
  }

  /** Lets time pass: what had to wait goes, and what things are to keep only for a while. */
  tick(nowMs: number, things: readonly Thing[]): void {
    // a clock set back would otherwise stop it until that time has come again
    if (nowMs < this.#dueMs && this.#dueMs - nowMs <= EVERY_MS) return
    this.#dueMs = nowMs + EVERY_MS
    this.#goOn(nowMs, things).catch(() => undefined) // tried again
  }

  async #goOn(nowMs: number, things: readonly Thing[]): Promise<void> {
    for (const [key, note] of await this.#parts.notes.list(PREFIX)) {
      const beforeMs = v.safeParse(Note, note)
      if (beforeMs.success) await this.delete(key.slice(PREFIX.length), beforeMs.output)
    }
    if (!things.some(({ settings }) => settings.keepMs !== undefined)) return
    // a clock set years ahead would otherwise have everything deleted within a minute
    const believedMs = await believedTime(this.#parts.notes, nowMs)
    for (const { streamId, settings } of things) {
      const key = streamKeyOf(this.#parts.device, streamId)
      const { firstMs = Infinity } = this.#parts.place().index.summary(key) ?? {}
      const beforeMs = believedMs - (settings.keepMs ?? Infinity)
      if (firstMs < beforeMs) await this.delete(key, beforeMs)
    }
  }
}
