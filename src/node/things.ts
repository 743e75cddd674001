import * as v from 'valibot'
import { hashOf, bytesOf } from '../core/codec/hex.ts'
import type { Hash } from '../core/model/id.ts'
import type { NoteStore, Random } from '../ports.ts'
import { KINDS, THING_KINDS, type ThingKind } from '../reading/kinds.ts'
import { DEFAULT_SETTINGS, type ThingSettings } from '../reading/thing-settings.ts'
import { AlertWatch } from '../stream/alerts.ts'
import { Batcher, type Batch } from '../stream/batch.ts'
import { STREAM_ID_BYTES } from '../stream/record.ts'
import { Shaper } from '../stream/shaping.ts'
import { NAME_CHARACTERS_MAX } from './api.ts'
import { LAST_KNOWN } from './last-known.ts'
import { LiveValues } from './live-values.ts'
import { SettingsForm, SourceForm } from './settings-form.ts'

/** Things one device has. A screen of cards is a few dozen; each costs a note and a few kB. */
export const THINGS_MAX = 256

/** How the names of their notes begin. */
export const THINGS = 'things/'

/** Marks what was forgotten here, so that its records do not bring it back. */
const FORGOTTEN = 'forgotten/'

/** The note of a thing. */
export const ThingForm = v.object({
  version: v.literal(1),
  streamId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_CHARACTERS_MAX)),
  kind: v.picklist(THING_KINDS),
  open: v.boolean(),
  createdAtMs: v.number(),
  settings: v.optional(SettingsForm, DEFAULT_SETTINGS),
  source: v.exactOptional(SourceForm),
})

/** What is written down of a thing. */
type ThingNote = Pick<Thing, 'streamId' | 'name' | 'kind' | 'open' | 'createdAtMs' | 'settings' | 'source'>

/** What its person chose for a thing; what is left out stays as it is. */
export interface ThingChange {
  readonly settings?: ThingSettings
  readonly source?: string
}

/** A thing of ours: what is remembered of it, and what waits to become a block. */
export interface Thing {
  readonly streamId: Hash
  readonly kind: ThingKind
  readonly createdAtMs: number
  name: string
  open: boolean
  settings: ThingSettings
  source: string | undefined
  readonly batcher: Batcher
  readonly live: LiveValues
  readonly shaper: Shaper
  readonly alerts: AlertWatch
  sealing?: Sealing | undefined
}

/** A batch taken from the batcher and not stored yet. */
interface Sealing {
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
  readonly #forgotten = new Set<string>()
  /** Changes one after the other, so that none writes what another has just changed back. */
  #turn: Promise<void> = Promise.resolve()

  private constructor(notes: NoteStore) {
    this.#notes = notes
  }

  /** Loads all things. A note that does not parse is left where it is and not shown: its records do not bring it back either. */
  static async load(notes: NoteStore): Promise<Things> {
    const things = new Things(notes)
    for (const [key, stored] of await notes.list(THINGS)) {
      const note = v.safeParse(ThingForm, stored)
      if (!note.success) {
        things.#forgotten.add(key.slice(THINGS.length))
        continue
      }
      const { source, streamId, name, kind, open, createdAtMs, settings } = note.output
      things.#take({ streamId: streamId as Hash, name, kind, open, createdAtMs, settings, source })
    }
    for (const [key] of await notes.list(FORGOTTEN)) things.#forgotten.add(key.slice(FORGOTTEN.length))
    return things
  }

  all(): readonly Thing[] {
    return [...this.#things.values()].sort((a, b) => a.createdAtMs - b.createdAtMs)
  }

  get(streamId: string): Thing | undefined {
    return this.#things.get(streamId as Hash)
  }

  /** Private from the start. Throws `StoreError`, and nothing is added. */
  async add(
    { name, kind, source }: Pick<Thing, 'name' | 'kind' | 'source'>,
    random: Random,
    nowMs: number,
  ): Promise<Thing> {
    const streamId = hashOf(random.bytes(STREAM_ID_BYTES))
    const settings = DEFAULT_SETTINGS
    const note = { streamId, name, kind, open: false, createdAtMs: nowMs, settings, source }
    await this.#save(note)
    return this.#take(note)
  }

  /**
   * Takes up a thing of ours that was added on another device: its records have come, and here it has no name yet. Private, as
   * every new thing is; not one that was forgotten here.
   */
  adopt(streamId: Hash, kind: ThingKind, nowMs: number): void {
    if (this.#things.has(streamId) || this.#forgotten.has(streamId) || this.#things.size >= THINGS_MAX) return
    const thing = this.#take({
      streamId,
      name: KINDS[kind].label,
      kind,
      open: false,
      createdAtMs: nowMs,
      settings: DEFAULT_SETTINGS,
      source: undefined,
    })
    this.#save(thing).catch(() => undefined) // its newest records are read at the next start
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

  /** Changes what holds from now on. What waits stays as it was taken. */
  async set(thing: Thing, { settings = thing.settings, source = thing.source }: ThingChange): Promise<void> {
    await this.#change(thing, async () => {
      await this.#save({ ...thing, settings, source })
      thing.settings = settings
      thing.source = source
      apply(thing)
    })
  }

  async forget(thing: Thing): Promise<void> {
    await this.#change(thing, async () => {
      // it was on the screen, so what was known last has it too
      await this.#notes.put([
        [THINGS + thing.streamId, undefined],
        [FORGOTTEN + thing.streamId, true],
        [LAST_KNOWN, undefined],
      ])
      this.#things.delete(thing.streamId)
      this.#forgotten.add(thing.streamId)
    })
  }

  /** Runs `change` after all earlier ones, unless the thing was forgotten meanwhile. */
  #change({ streamId }: Thing, change: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => (this.#things.has(streamId) ? change() : undefined))
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #take(note: ThingNote): Thing {
    const thing: Thing = {
      ...note,
      batcher: new Batcher(note.open),
      live: new LiveValues(note.kind),
      shaper: new Shaper(),
      alerts: new AlertWatch(),
    }
    apply(thing)
    this.#things.set(note.streamId, thing)
    return thing
  }

  async #save({ streamId, name, kind, open, createdAtMs, settings, source }: ThingNote): Promise<void> {
    const note = { version: 1, streamId, name, kind, open, createdAtMs, settings }
    await this.#notes.put([[THINGS + streamId, source === undefined ? note : { ...note, source }]])
  }
}

/** Has the parts of a thing go by its settings. */
function apply({ settings, batcher, shaper, alerts }: Thing): void {
  batcher.setAge(settings.saveEveryMs)
  shaper.set(settings.shaping)
  alerts.set(settings.alerts)
}
