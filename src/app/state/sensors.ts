import { SvelteMap } from 'svelte/reactivity'
import { NAME_CHARACTERS_MAX, type Api, type StreamKey, type ThingView } from '../../node/api.ts'
import type { ThingKind } from '../../reading/kinds.ts'
import type { ThingSettings } from '../../reading/thing-settings.ts'
import type { SensorProblem } from '../../sensor/problem.ts'
import { thingKindWords } from '../words.ts'
import { Feed, type LiveThing, type Made, type MakeSensor, type Wanted } from './feed.ts'
import type { NoticesState } from './notices.svelte.ts'

export interface SensorsNeeds {
  readonly api: Pick<Api, 'addThing' | 'setThing' | 'logReadings' | 'importHistory'>
  readonly notices: NoticesState
  readonly make: MakeSensor
  /** One tab of a browser feeds a thing at a time, or every reading would be there twice. */
  readonly locks: Pick<LockManager, 'request'>
}

export interface AddOptions extends Omit<Wanted, 'kind'> {
  /** What to call it; by default what the sensor calls itself. */
  readonly name?: string
  /** Gives up; nothing is added then. */
  readonly signal?: AbortSignal
}

/** The sensors this tab runs, each feeding one thing. */
export class SensorsState {
  readonly #needs: SensorsNeeds
  readonly #shown = new SvelteMap<StreamKey, LiveThing>()
  readonly #feeds = new Map<StreamKey, Feed>()
  readonly #shaping = new Map<StreamKey, ThingSettings['shaping']>()
  readonly #releases = new Map<StreamKey, () => void>()
  /** Things whose lock this tab holds or waits for. */
  readonly #wanted = new Set<StreamKey>()
  /** While a thing is being added it may be in a snapshot before this tab knows that it is its own. */
  #adding = 0

  constructor(needs: SensorsNeeds) {
    this.#needs = needs
  }

  of(key: StreamKey): LiveThing | undefined {
    return this.#shown.get(key)
  }

  /**
   * Starts a sensor of `kind` and, once it is live, adds a thing for it. Call it in a click's handler. Resolves
   * with the new thing's key, with what is wrong with the sensor, or with nothing where it was given up, or where its
   * code cannot be loaded or the peer refused (which is said as a notice).
   */
  async add(kind: ThingKind, options: AddOptions = {}): Promise<StreamKey | SensorProblem | undefined> {
    const { name, signal, ...wanted } = options
    const feed = this.#open({ kind, ...wanted })
    const made = await feed.made
    if (made === undefined) return undefined
    await unlessAborted(startOf(made), signal)
    if (signal?.aborted) {
      made.sensor.stop()
      return undefined
    }
    const { state } = feed
    if (state.type === 'failed') return state.problem
    this.#adding++
    const source = made.source()
    const added = this.#needs.api.addThing({
      name: nameOf(name ?? (state.type === 'live' ? state.name : ''), kind),
      kind,
      ...(source === undefined ? {} : { source }),
    })
    const taken = await this.#needs.notices.watch(added)
    const key = taken ? await added : undefined
    if (key === undefined) {
      made.sensor.stop()
    } else {
      this.#put(key, feed)
      this.#hold(key)
    }
    this.#adding--
    return key
  }

  /** Takes up the things of this device that no other tab feeds, and lets go of those that are gone. */
  follow(things: readonly ThingView[]): void {
    if (this.#adding > 0) return
    const mine = things.filter((thing) => thing.mine)
    for (const thing of mine) {
      this.#shape(thing)
      if (!this.#wanted.has(thing.key)) this.#hold(thing.key, thing)
    }
    for (const key of this.#wanted) if (!mine.some((thing) => thing.key === key)) this.#drop(key)
  }

  /** Starts a thing's sensor again, here, whichever tab had it. Call it in a click's handler. */
  async reconnect(thing: ThingView): Promise<void> {
    const live = this.of(thing.key)
    if (live?.state === 'elsewhere') this.#hold(thing.key)
    await this.#start(thing, this.#feeds.has(thing.key) ? ({ sensor }) => sensor.start() : startOf)
  }

  /**
   * Keeps another source for a thing, and goes on by it where its sensor runs here. Call it in a click's handler. Resolves
   * with false where the peer refused, which is said as a notice.
   *
   * @param source the text of one
   */
  async change(thing: ThingView, source: string): Promise<boolean> {
    const { api, notices } = this.#needs
    if (!(await notices.watch(api.setThing({ thing: thing.key, source })))) return false
    const feed = this.#feeds.get(thing.key)
    const made = await feed?.made
    if (feed === undefined || made === undefined || this.#feeds.get(thing.key) !== feed) return true
    if (made.change !== undefined) {
      await made.change(source)
      return true
    }
    const ran = feed.state.type !== 'stopped'
    this.#feeds.delete(thing.key)
    made.sensor.stop()
    if (ran) await this.#start({ ...thing, source }, startOf)
    return true
  }

  /** Stops reading a thing's file; what was read is kept. */
  async halt(key: StreamKey): Promise<void> {
    const made = await this.#feeds.get(key)?.made
    made?.sensor.stop()
  }

  async #start(thing: ThingView, start: (made: Made) => Promise<unknown>): Promise<void> {
    const { key, kind, source } = thing
    if (kind === 'unknown') return
    const feed = this.#feeds.get(key) ?? this.#open({ kind, source })
    this.#put(key, feed)
    const made = await feed.made
    if (this.#feeds.get(key) !== feed) return
    if (made === undefined) {
      this.#feeds.delete(key)
      return
    }
    await start(made)
    const found = made.source()
    const isNew = found !== undefined && found !== source && feed.state.type === 'live'
    if (isNew && this.#feeds.get(key) === feed) {
      const { api, notices } = this.#needs
      await notices.watch(api.setThing({ thing: key, source: found }))
    }
  }

  #open(wanted: Wanted): Feed {
    const feed: Feed = new Feed(wanted, this.#needs, () => {
      for (const [key, held] of this.#feeds) if (held === feed) this.#show(key, feed)
    })
    return feed
  }

  /** From now on `feed` is that of the thing. */
  #put(key: StreamKey, feed: Feed): void {
    this.#feeds.set(key, feed)
    feed.shaping = this.#shaping.get(key) ?? {}
    feed.feeds(key)
    this.#show(key, feed)
  }

  #show(key: StreamKey, feed: Feed): void {
    this.#shown.set(key, feed.live)
  }

  /** What is shown at once goes by the calibration that the peer records by. */
  #shape({ key, settings }: ThingView): void {
    const shaping = settings?.shaping ?? {}
    const before = this.#shaping.get(key) ?? {}
    if (JSON.stringify(before) === JSON.stringify(shaping)) return
    this.#shaping.set(key, shaping)
    const feed = this.#feeds.get(key)
    if (feed === undefined) return
    feed.shaping = shaping
    this.#show(key, feed)
  }

  /**
   * Waits for the right to feed `thing`, and then starts its sensor if that needs no click. Without `thing` the
   * right is taken at once: the person asked for it in this tab.
   */
  #hold(key: StreamKey, thing?: ThingView): void {
    this.#wanted.add(key)
    if (thing) this.#shown.set(key, { state: 'elsewhere', readings: [] })
    const held = () => {
      if (!this.#wanted.has(key)) return Promise.resolve()
      if (thing) {
        this.#shown.set(key, { state: 'idle', readings: [] })
        void this.#start(thing, (made) => made.resume())
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#releases.set(key, resolve)
      return promise
    }
    this.#needs.locks.request(`weft-sensor:${key}`, { steal: !thing }, held).catch(() => this.#stolen(key))
  }

  /** Another tab took the thing over: stop here, and wait to have it back. */
  #stolen(key: StreamKey): void {
    this.#stop(key)
    this.#wanted.delete(key)
    this.#shown.set(key, { state: 'elsewhere', readings: [] })
  }

  #stop(key: StreamKey): void {
    const feed = this.#feeds.get(key)
    this.#feeds.delete(key)
    void feed?.made.then((made) => made?.sensor.stop())
    this.#releases.get(key)?.()
    this.#releases.delete(key)
  }

  #drop(key: StreamKey): void {
    this.#stop(key)
    this.#wanted.delete(key)
    this.#shaping.delete(key)
    this.#shown.delete(key)
  }
}

/** Goes on with what is known, and else asks the person. */
async function startOf(made: Made): Promise<void> {
  if (!(await made.resume())) await made.sensor.start()
}

/** Resolves as `work` does, or when `signal` is aborted. */
async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const giveUp = () => resolve()
  signal?.addEventListener('abort', giveUp)
  await Promise.race([work, promise])
  signal?.removeEventListener('abort', giveUp)
}

/** A name the peer takes: a device's may be empty, or a file's too long. */
function nameOf(said: string, kind: ThingKind): string {
  return said.trim().slice(0, NAME_CHARACTERS_MAX).toWellFormed().trim() || thingKindWords(kind)
}
