import { SvelteMap } from 'svelte/reactivity'
import type { Api, StreamKey, ThingView } from '../../node/api.ts'
import { mainQuantityOf, type ThingKind } from '../../reading/kinds.ts'
import type { Reading } from '../../reading/reading.ts'
import type { SensorProblem } from '../../sensor/problem.ts'
import type { Sensor, SensorHandlers, SensorState } from '../../sensor/sensor.ts'
import { Outbox } from '../outbox.ts'
import { malformedWords, newestOf, type LiveState } from '../words.ts'
import type { NoticesState } from './notices.svelte.ts'

/** What this tab knows of a thing beyond the last snapshot. */
export interface LiveThing {
  readonly state: LiveState
  /** The newest reading of each quantity since the sensor was started here. */
  readonly readings: readonly Reading[]
  readonly problem?: SensorProblem
}

/** Makes a sensor that has not been started. */
export type MakeSensor = (kind: ThingKind, handlers: SensorHandlers) => Sensor

/** Kinds that need no click to start, so they go on by themselves after a reload. */
const STARTS_ALONE: readonly ThingKind[] = ['motion', 'simulated']

interface Feed {
  readonly sensor: Sensor
  key: StreamKey | undefined
  readings: readonly Reading[]
}

export interface SensorsNeeds {
  readonly api: Pick<Api, 'addThing' | 'logReadings'>
  readonly notices: NoticesState
  readonly make: MakeSensor
  /** One tab of a browser feeds a thing at a time, or every reading would be there twice. */
  readonly locks: Pick<LockManager, 'request'>
}

/** The sensors this tab runs, each feeding one thing. */
export class SensorsState {
  readonly #needs: SensorsNeeds
  readonly #shown = new SvelteMap<StreamKey, LiveThing>()
  readonly #feeds = new Map<StreamKey, Feed>()
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
   * with the new thing's key, with what is wrong with the sensor, or with nothing where the peer refused (which
   * is said as a notice).
   *
   * @param name what to call it; by default what the sensor calls itself
   */
  async add(kind: ThingKind, name?: string): Promise<StreamKey | SensorProblem | undefined> {
    const key = Promise.withResolvers<StreamKey>()
    const feed = this.#open(kind, key.promise)
    await feed.sensor.start()
    const { state } = feed.sensor
    if (state.type === 'failed') return state.problem
    this.#adding++
    const added = this.#needs.api.addThing({
      name: name ?? (state.type === 'live' ? state.name : kind),
      kind,
    })
    if (await this.#needs.notices.watch(added)) {
      feed.key = await added
      key.resolve(feed.key)
      this.#feeds.set(feed.key, feed)
      this.#show(feed)
      this.#hold(feed.key)
    } else {
      feed.sensor.stop()
    }
    this.#adding--
    return feed.key
  }

  /** Takes up the things of this device that no other tab feeds, and lets go of those that are gone. */
  follow(things: readonly ThingView[]): void {
    if (this.#adding > 0) return
    const mine = things.filter((thing) => thing.mine)
    for (const thing of mine) if (!this.#wanted.has(thing.key)) this.#hold(thing.key, thing)
    for (const key of this.#wanted) if (!mine.some((thing) => thing.key === key)) this.#drop(key)
  }

  /** Starts a thing's sensor again, here, whichever tab had it. Call it in a click's handler. */
  async reconnect(thing: ThingView): Promise<void> {
    const live = this.of(thing.key)
    if (live?.state === 'elsewhere') this.#hold(thing.key)
    await this.#start(thing)
  }

  async #start({ key, kind }: ThingView): Promise<void> {
    if (kind === 'unknown') return
    const feed = this.#feeds.get(key) ?? this.#open(kind, Promise.resolve(key))
    feed.key = key
    this.#feeds.set(key, feed)
    await feed.sensor.start()
  }

  #open(kind: ThingKind, key: Promise<StreamKey>): Feed {
    const { api, notices, make } = this.#needs
    const outbox = new Outbox({
      send: async (readings) => api.logReadings({ thing: await key, readings }),
      onLost: (_, message) => notices.add('error', message),
    })
    const feed: Feed = {
      sensor: make(kind, {
        onReadings: (readings) => {
          feed.readings = newestOf(mainQuantityOf(kind) ?? '', feed.readings, readings)
          outbox.push(readings)
          this.#show(feed)
        },
        onState: (state) => {
          this.#show(feed)
          if (state.type === 'live' && state.malformed > 0) notices.add('info', malformedWords(state))
        },
      }),
      key: undefined,
      readings: [],
    }
    return feed
  }

  #show({ key, sensor, readings }: Feed): void {
    if (key === undefined) return
    const { state } = sensor
    this.#shown.set(key, {
      state: liveState(state),
      readings,
      ...(state.type === 'failed' ? { problem: state.problem } : {}),
    })
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
        if (thing.kind !== 'unknown' && STARTS_ALONE.includes(thing.kind)) void this.#start(thing)
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
  }

  #stop(key: StreamKey): void {
    this.#feeds.get(key)?.sensor.stop()
    this.#feeds.delete(key)
    this.#releases.get(key)?.()
    this.#releases.delete(key)
  }

  #drop(key: StreamKey): void {
    this.#stop(key)
    this.#wanted.delete(key)
    this.#shown.delete(key)
  }
}

function liveState(state: SensorState): LiveState {
  switch (state.type) {
    case 'choosing':
    case 'connecting':
      return 'connecting'
    case 'lost':
      return 'reconnecting'
    case 'stopped':
      return 'idle'
    case 'live':
    case 'failed':
      return state.type
  }
}
