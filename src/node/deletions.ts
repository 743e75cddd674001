import * as v from 'valibot'
import type { Network } from '../core/model/genesis.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import { AHEAD_MS_MAX } from '../core/model/limits.ts'
import type { BlockStore, Clock, NoteStore } from '../ports.ts'
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

/** What is to go as soon as it may: `deleting/<network id>/<stream>` → the time before which. */
const PREFIX = 'deleting/'

const Note = v.number()

interface DeletionPlace {
  readonly network: Pick<Network, 'id'>
  readonly node: Pick<Node, 'isOpen' | 'holders'>
  readonly index: HistoryIndex
  readonly blocks: BlockStore
  readonly follower: Pick<HistoryFollower, 'follow' | 'flush'>
}

interface DeletionParts {
  readonly device: PublicKey
  readonly clock: Clock
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
  /** One after the other, so that none takes what another has to wait for off the notes. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: DeletionParts) {
    this.#parts = parts
  }

  /**
   * Deletes the records of a stream whose readings are all before a time: their payloads here, and what is known of them.
   * One that is in no commit yet stays until it is, with what came after it: the network orders whole blocks only, and
   * nobody could ever have got it. What is measured after the call stays, whatever the time. Throws `StoreError`.
   *
   * @param place the network of the stream: the one the device is in now
   */
  delete(key: StreamKey, beforeMs: number, place = this.#parts.place()): Promise<Deleted> {
    const deleted = this.#turn.then(() => this.#delete(place, key, beforeMs))
    this.#turn = deleted.catch(() => undefined) // whoever asked is told
    return deleted
  }

  async #delete(place: DeletionPlace, key: StreamKey, askedMs: number): Promise<Deleted> {
    const { node, index, blocks, follower } = place
    const { notes, clock } = this.#parts
    await follower.follow()
    const note = notesOf(place) + key
    const aheadMs = clock.nowMs() + AHEAD_MS_MAX
    const wantedMs = Math.max(askedMs, boundOf(await notes.get(note), aheadMs) ?? askedMs)
    const beforeMs = Math.min(wantedMs, (index.summary(key)?.lastMs ?? -1) + 1)
    let limitMs = beforeMs
    let laterMs = -Infinity
    let left = 0
    for await (const rows of index.records(key, -Infinity, beforeMs))
      for (const { id, lastMs } of rows) {
        if (lastMs >= beforeMs) continue
        if (node.isOpen(id)) limitMs = Math.min(limitMs, lastMs)
        // one reading from a clock years ahead must not take those of years to come with it
        if (lastMs > aheadMs) continue
        laterMs = Math.max(laterMs, lastMs + 1)
        left++
      }
    const erase = async (ids: readonly BlockId[]) => {
      const whole = ids.filter((id) => !node.isOpen(id)) // some may have come meanwhile
      await stored(blocks.erase(whole))
      for (const id of whole) node.holders.forget(id)
    }
    let count = 0
    // erased first: what is left after a crash is found by its row, and deleted the next time
    for await (const rows of index.records(key, -Infinity, limitMs)) {
      const ids = rows.filter(({ lastMs }) => lastMs < limitMs).map(({ id }) => id)
      await erase(ids)
      count += ids.length
    }
    await stored(follower.flush())
    for await (const ids of index.remove(key, limitMs)) await erase(ids)
    left = Math.max(0, left - count)
    await stored(notes.put([[note, left > 0 ? laterMs : undefined]]))
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
    const { notes, device } = this.#parts
    const place = this.#parts.place()
    const prefix = notesOf(place)
    for (const [name, note] of await notes.list(prefix)) {
      const beforeMs = boundOf(note, nowMs + AHEAD_MS_MAX)
      if (beforeMs === undefined) await notes.put([[name, undefined]])
      else await this.delete(name.slice(prefix.length), beforeMs, place)
    }
    if (!things.some(({ settings }) => settings.keepMs !== undefined)) return
    // a clock set years ahead would otherwise have everything deleted within a minute
    const believedMs = await believedTime(notes, nowMs)
    for (const { streamId, settings } of things) {
      const key = streamKeyOf(device, streamId)
      const { firstMs = Infinity } = place.index.summary(key) ?? {}
      const beforeMs = believedMs - (settings.keepMs ?? Infinity)
      if (firstMs < beforeMs) await this.delete(key, beforeMs, place)
    }
  }
}

/** The time in a note; none where the clock was set back since, for what is measured now would go too. */
function boundOf(note: unknown, aheadMs: number): number | undefined {
  const beforeMs = v.safeParse(Note, note)
  return beforeMs.success && beforeMs.output <= aheadMs ? beforeMs.output : undefined
}

/** Where what has to wait in a network is noted. */
function notesOf({ network }: DeletionPlace): string {
  return `${PREFIX}${network.id}/`
}
