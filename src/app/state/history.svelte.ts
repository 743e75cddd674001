import { ApiError, HISTORY_BUCKETS_MAX, type Api, type History, type StreamKey } from '../../node/api.ts'
import { firstMs, RANGES, type RangeName } from '../plot.ts'

/** A history and the stretch of time it was asked for. */
export interface HistoryRead {
  readonly history: History
  readonly fromMs: number
  readonly toMs: number
}

/** A chart that follows a live thing is read again this often at most. */
const REFRESH_MS = 2000

/**
 * Looks that find where the readings begin. Each splits what is left into 2000 parts: from 1970 the first look
 * is right to ten days, the second to some minutes.
 */
const LOOKS = 2

/** The least that "all" shows, so that a thing of a few seconds has a chart and not a point. */
const ALL_MIN_MS = 60_000

interface Wanted {
  readonly thing: StreamKey
  readonly range: RangeName
}

/** The history of one thing over one range, read again as it grows. */
export class HistoryState {
  read = $state.raw<HistoryRead>()
  failure = $state<string>()
  readonly #api: Pick<Api, 'readHistory'>
  readonly #now: () => number
  readonly #buckets: number
  #wanted: Wanted | undefined
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #begins: { thing: StreamKey; atMs: number } | undefined

  constructor(api: Pick<Api, 'readHistory'>, now: () => number, buckets: number) {
    this.#api = api
    this.#now = now
    this.#buckets = buckets
  }

  /** Asks for `range` of `thing` anew: at once if that is another question, else as soon as `REFRESH_MS` allow. */
  refresh(thing: StreamKey, range: RangeName): void {
    const same = this.#wanted?.thing === thing && this.#wanted.range === range
    this.#wanted = { thing, range }
    if (!same) {
      this.stop()
      void this.#run()
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => void this.#run(), REFRESH_MS)
    }
  }

  /** Gives up what is under way. A later `refresh` starts again. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#abort?.abort()
  }

  async #run(): Promise<void> {
    const wanted = this.#wanted
    this.#timer = undefined
    if (!wanted) return
    const abort = new AbortController()
    this.#abort = abort
    try {
      const toMs = this.#now()
      const fromMs = await this.#start(wanted, toMs, abort.signal)
      const query = { thing: wanted.thing, fromMs, toMs, buckets: this.#buckets }
      const history = await this.#api.readHistory(query, { signal: abort.signal })
      if (abort.signal.aborted) return
      this.read = { history, fromMs, toMs }
      this.failure = undefined
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind !== 'cancelled') this.failure = error.message
    }
  }

  async #start({ thing, range }: Wanted, toMs: number, signal: AbortSignal): Promise<number> {
    const lengthMs = RANGES.find(({ name }) => name === range)?.lengthMs ?? Infinity
    if (Number.isFinite(lengthMs)) return toMs - lengthMs
    const begins = this.#begins?.thing === thing ? this.#begins.atMs : await this.#look(thing, toMs, signal)
    return Math.min(begins ?? toMs, toMs - ALL_MIN_MS)
  }

  /** Finds where the readings of `thing` begin, by ever finer looks; undefined where there are none. */
  async #look(thing: StreamKey, toMs: number, signal: AbortSignal): Promise<number | undefined> {
    let fromMs = 0
    for (let look = 0; look < LOOKS; look++) {
      const query = { thing, fromMs, toMs, buckets: HISTORY_BUCKETS_MAX }
      const first = firstMs((await this.#api.readHistory(query, { signal })).series)
      if (first === undefined) return undefined
      fromMs = Math.floor(first)
    }
    this.#begins = { thing, atMs: fromMs }
    return fromMs
  }
}
