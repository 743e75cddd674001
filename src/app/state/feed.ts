import { ApiError, type Api, type StreamKey } from '../../node/api.ts'
import { calibrated } from '../../reading/calibrated.ts'
import { fileHead, fileRows } from '../../reading/history-file.ts'
import { mainQuantityOf, type ThingKind } from '../../reading/kinds.ts'
import type { Reading } from '../../reading/reading.ts'
import type { ThingSettings } from '../../reading/thing-settings.ts'
import type { SensorProblem } from '../../sensor/problem.ts'
import type { Sensor, SensorState } from '../../sensor/sensor.ts'
import type { TextFile, TextHandlers, TextProgress } from '../../sensor/text-source.ts'
import { Outbox } from '../outbox.ts'
import { textWords } from '../sensor-words.ts'
import { wordsText } from '../texts/words/text.ts'
import { malformedWords, newestOf, type LiveState } from '../words.ts'
import type { NoticesState } from './notices.svelte.ts'

type SaidLive = Extract<SensorState, { type: 'live' }>

/** What this tab knows of a thing beyond the last snapshot. */
export interface LiveThing {
  readonly state: LiveState
  /** The newest reading of each quantity since the sensor was started here, by the thing's calibration. */
  readonly readings: readonly Reading[]
  readonly problem?: SensorProblem
  /** What its sensor said of itself and of what it sends, when it was live last. */
  readonly said?: SaidLive
  /** How far a file has been read. */
  readonly progress?: TextProgress
}

/** Which sensor is meant. */
export interface Wanted {
  readonly kind: ThingKind
  /** The text of a `Source`. */
  readonly source?: string | undefined
  /** What is read first where the source is a text. */
  readonly file?: TextFile | undefined
}

/** A sensor that has not been started, and how to start it again. */
export interface Made {
  readonly sensor: Sensor
  /** The text of what has to be known to start it again, as far as that is known by now. */
  source(): string | undefined
  /** Goes on where an earlier visit was, without a click. Resolves with false where it takes one. Never rejects. */
  resume(): Promise<boolean>
  /** Goes on by another source; absent where that takes another sensor. Never rejects. */
  change?(source: string): Promise<void>
}

/** Rejects where the code for it cannot be loaded. */
export type MakeSensor = (wanted: Wanted, handlers: TextHandlers) => Promise<Made>

/**
 * The text of the source of what this device itself measures. It tells that a thing's sensor was started on this device: a
 * thing that came with its owner's words was measured by another, and this one must not go on with it unasked.
 */
export const HERE = '{"version":1,"source":{"type":"here"}}'

/** One that nobody has to be asked for, once it was started here. @param kept the source that is kept of it */
export function startsAlone(sensor: Sensor, kept: string | undefined): Made {
  const resume = async () => {
    if (kept !== HERE) return false
    await sensor.start()
    return true
  }
  return { sensor, source: () => HERE, resume }
}

interface FeedNeeds {
  readonly api: Pick<Api, 'logReadings' | 'importHistory'>
  readonly notices: NoticesState
  readonly make: MakeSensor
}

/** One sensor, what it has said, and its way to the peer. */
export class Feed {
  /** Nothing where its code could not be loaded, which is said. */
  readonly made: Promise<Made | undefined>
  readonly #key = Promise.withResolvers<StreamKey>()
  readonly #wanted: Wanted
  readonly #api: FeedNeeds['api']
  readonly #notices: NoticesState
  readonly #onChange: () => void
  #state: SensorState = { type: 'stopped' }
  /** As the sensor gave them. */
  #readings: readonly Reading[] = []
  #progress: TextProgress | undefined
  #said: SaidLive | undefined
  #toldMalformed = false
  /** Of the thing that it feeds. */
  shaping: ThingSettings['shaping'] = {}

  constructor(wanted: Wanted, needs: FeedNeeds, onChange: () => void) {
    const { api, notices, make } = needs
    this.#wanted = wanted
    this.#api = api
    this.#notices = notices
    this.#onChange = onChange
    const outbox = new Outbox({
      send: async (readings) => api.logReadings({ thing: await this.#key.promise, readings }),
      onLost: (_, message) => notices.add('error', message),
    })
    const made = make(wanted, {
      onReadings: (readings) => {
        outbox.push(readings)
        this.#take(readings)
      },
      onState: (state) => this.#become(state),
      store: (readings, signal) => this.#store(readings, signal),
      onProgress: (progress) => {
        this.#progress = progress
        this.#onChange()
      },
    })
    this.made = made.catch(() => {
      notices.add('info', wordsText().notHereYet)
      return undefined
    })
  }

  /** Names the thing that it feeds. What was read before waits for this. */
  feeds(key: StreamKey): void {
    this.#key.resolve(key)
  }

  get state(): SensorState {
    return this.#state
  }

  /** What is shown of it. */
  get live(): LiveThing {
    const state = this.#state
    return {
      state: liveState(state),
      readings: calibrated(this.#readings, this.shaping),
      ...(state.type === 'failed' ? { problem: state.problem } : {}),
      ...(this.#said === undefined ? {} : { said: this.#said }),
      ...(this.#progress === undefined ? {} : { progress: this.#progress }),
    }
  }

  /** Has readings of a text taken in as those of a file are: what is there already is passed over, and large blocks are made. */
  async #store(readings: readonly Reading[], signal: AbortSignal): Promise<number | undefined> {
    const thing = await this.#key.promise
    const format = 'csv'
    const rows = fileRows(format, calibrated(readings, this.shaping), true)
    const file = new Blob([fileHead(format), rows])
    for (;;) {
      try {
        const { known } = await this.#api.importHistory({ thing, format, file }, { signal })
        if (signal.aborted) return undefined
        this.#take(readings)
        return known
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        // what the peer of before took is known to the next
        if (error.kind === 'peer-moved' && !signal.aborted) continue
        if (error.kind !== 'cancelled' && error.kind !== 'unknown-thing')
          this.#notices.add('error', error.message)
        return undefined
      }
    }
  }

  #take(readings: readonly Reading[]): void {
    this.#readings = newestOf(mainQuantityOf(this.#wanted.kind) ?? '', this.#readings, readings)
    this.#onChange()
  }

  #become(state: SensorState): void {
    const before = this.#state
    this.#state = state
    if (state.type === 'live') this.#said = state
    this.#onChange()
    const progress = this.#progress
    if (progress === undefined) {
      if (state.type !== 'live' || state.malformed === 0 || this.#toldMalformed) return
      this.#toldMalformed = true // the thing's screen counts on
      this.#notices.add('info', malformedWords(state))
    } else if (before.type === 'live' && state.type === 'stopped' && progress.bytes >= progress.bytesTotal) {
      this.#notices.add('info', textWords(progress))
    }
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
