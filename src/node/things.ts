import * as v from 'valibot'
import { hashOf, bytesOf } from '../core/codec/hex.ts'
import type { Hash } from '../core/model/id.ts'
import type { NoteStore, Random } from '../ports.ts'
import { THING_KINDS, type ThingKind } from '../reading/kinds.ts'
import { Batcher, type Batch } from '../stream/batch.ts'
import { STREAM_ID_BYTES } from '../stream/record.ts'
import { NAME_CHARACTERS_MAX } from './api.ts'
import { LAST_KNOWN } from './last-known.ts'
import { LiveValues } from './live-values.ts'

/** Things one device has. A screen of cards is a few dozen; each costs a note and a few kB. */
export const THINGS_MAX = 256

const PREFIX = 'things/'

const Note = v.object({
  version: v.literal(1),
  streamId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_CHARACTERS_MAX)),
  kind: v.picklist(THING_KINDS),
  open: v.boolean(),
  createdAtMs: v.number(),
})

/** A thing of ours: what is remembered of it, and what waits to become a block. */
export interface Thing {
  readonly streamId: Hash
  readonly kind: ThingKind
  readonly createdAtMs: number
  name: string
  open: boolean
  readonly batcher: Batcher
  readonly live: LiveValues
  sealing?: Sealing | undefined
}

/** A batch taken from the batcher and not stored yet. */
export interface Sealing {
  readonly batch: Batch
  /** 0 … 1 while its block is being made. */
  done: number | undefined
  /** What is left of its work takes so long on average, once there is a pace. */
  leftMs?: number
  /** When it is tried again by itself, after a failure. */
  dueAtMs: number
}

/** The 32 random bytes that name a thing's stream. */
export function streamIdOf(thing: Pick<Thing, 'streamId'>): Uint8Array {
  return bytesOf(thing.streamId)
}

/** Readings of a thing that are in no block yet. */
export function waitingReadings({ batcher, sealing }: Thing): number {
  return batcher.waiting + (sealing?.batch.readings.length ?? 0)
}

/** The things of this device, as notes and in memory. They belong to the device and not to any one network. */
export class Things {
  readonly #notes: NoteStore
  readonly #things = new Map<Hash, Thing>()
  /** Changes one after the other, so that none writes what another has just changed back. */
  #turn: Promise<void> = Promise.resolve()

  private constructor(notes: NoteStore) {
    this.#notes = notes
  }

  /** Loads all things. A note that does not parse is left where it is and not shown. */
  static async load(notes: NoteStore): Promise<Things> {
    const things = new Things(notes)
    for (const [, stored] of await notes.list(PREFIX)) {
      const note = v.safeParse(Note, stored)
      if (note.success) things.#take({ ...note.output, streamId: note.output.streamId as Hash })
    }
    return things
  }

  all(): readonly Thing[] {
    return [...this.#things.values()].sort((a, b) => a.createdAtMs - b.createdAtMs)
  }

  get(streamId: string): Thing | undefined {
    return this.#things.get(streamId as Hash)
  }

  /** Private from the start. Throws `StoreError`, and nothing is added. */
  async add(name: string, kind: ThingKind, random: Random, nowMs: number): Promise<Thing> {
    const streamId = hashOf(random.bytes(STREAM_ID_BYTES))
    const note = { streamId, name, kind, open: false, createdAtMs: nowMs }
    await this.#save(note)
    return this.#take(note)
  }

  async rename(thing: Thing, name: string): Promise<void> {
    await this.#change(thing, async () => {
      await this.#save({ ...thing, name })
      thing.name = name
    })
  }

  /** Opens or closes what follows; what waits stays as it was. Protocol §10. */
  async setOpen(thing: Thing, open: boolean): Promise<void> {
    await this.#change(thing, async () => {
      await this.#save({ ...thing, open })
      thing.open = open
      thing.batcher.setOpen(open)
    })
  }

  async forget(thing: Thing): Promise<void> {
    await this.#change(thing, async () => {
      // it was on the screen, so what was known last has it too
      await this.#notes.put([
        [PREFIX + thing.streamId, undefined],
        [LAST_KNOWN, undefined],
      ])
      this.#things.delete(thing.streamId)
    })
  }

  /** Runs `change` after all earlier ones, unless the thing was forgotten meanwhile. */
  #change({ streamId }: Thing, change: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => (this.#things.has(streamId) ? change() : undefined))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #take(note: Pick<Thing, 'streamId' | 'name' | 'kind' | 'open' | 'createdAtMs'>): Thing {
    const { streamId, name, kind, open, createdAtMs } = note
    const thing: Thing = {
      streamId,
      name,
      kind,
      open,
      createdAtMs,
      batcher: new Batcher(open),
      live: new LiveValues(kind),
    }
    this.#things.set(streamId, thing)
    return thing
  }

  async #save(thing: Pick<Thing, 'streamId' | 'name' | 'kind' | 'open' | 'createdAtMs'>): Promise<void> {
    const { streamId, name, kind, open, createdAtMs } = thing
    await this.#notes.put([[PREFIX + streamId, { version: 1, streamId, name, kind, open, createdAtMs }]])
  }
}
