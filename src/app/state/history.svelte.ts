import { ApiError, type Api, type History, type StreamKey } from '../../node/api.ts'
import { firstMs, RANGES, type RangeName } from '../plot.ts'

/** A history and the stretch of time it covers. */
export interface HistoryRead {
  readonly history: History
  readonly fromMs: number
  readonly toMs: number
}

/** A chart that follows a live thing is read again this often at most. */
const REFRESH_MS = 2000

/**
 * How many times as long as the last reading took it is let be: a long history that grows fast would otherwise keep the
 * peer at reading it all the time.
 */
const REST_TIMES = 9

/** The longest rest: what took longer was asked of a device that slept meanwhile, or whose clock was put right. */
const REST_MS_MAX = 60_000

/**
 * A range is cut at its first reading where more than this part of it would be empty before: a thing of a minute
 * fills the chart of an hour, and "all" does not start in 1970.
 */
const EMPTY_PART_MAX = 1 / 8

/** Each cut is right to one bucket in hundreds, so four of them reach from 1970 to a minute ago. */
const CUTS_MAX = 4

/** The least that is shown, so that a thing of a few seconds has a chart and not a point. */
const WINDOW_MS_MIN = 60_000

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
  /** Where the last cut was made for what is wanted now, so that it is not looked for again. */
  #cutMs = 0
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** How long the last reading took. */
  #tookMs = 0
  #isReading = false
  /** What is being read has grown meanwhile. */
  #isOutdated = false

  /**
   * @param now the wall clock, Unix milliseconds
   * @param buckets how finely a range is summed up, 1 … `HISTORY_BUCKETS_MAX`
   */
  constructor(api: Pick<Api, 'readHistory'>, now: () => number, buckets: number) {
    this.#api = api
    this.#now = now
    this.#buckets = buckets
  }

  /** Asks for `range` of `thing` anew: at once if that is another question, else once what was read has rested. */
  refresh(thing: StreamKey, range: RangeName): void {
    const same = this.#wanted?.thing === thing && this.#wanted.range === range
    if (!same) {
      this.stop()
      this.#wanted = { thing, range }
      this.#cutMs = 0
      void this.#run(this.#wanted)
    } else if (this.#isReading) this.#isOutdated = true
    else this.#runLater({ thing, range })
  }

  /** Gives up what is under way. A later `refresh` starts again. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#wanted = undefined
    this.#isReading = false
    this.#isOutdated = false
    this.#tookMs = 0
    this.#abort?.abort()
  }

  #runLater(wanted: Wanted): void {
    if (this.#timer !== undefined) return
    const restMs = Math.min(REST_MS_MAX, Math.max(REFRESH_MS, REST_TIMES * this.#tookMs))
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#run(wanted)
    }, restMs)
  }

  async #run(wanted: Wanted): Promise<void> {
    const abort = new AbortController()
    this.#abort = abort
    this.#isReading = true
    this.#isOutdated = false
    const beganMs = this.#now()
    try {
      const read = await this.#find(wanted, abort.signal)
      if (abort.signal.aborted) return
      this.read = read
      this.failure = undefined
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind !== 'cancelled') this.failure = error.message
    } finally {
      if (this.#abort === abort && this.#isReading) this.#rest(wanted, this.#now() - beganMs)
    }
  }

  #rest(wanted: Wanted, tookMs: number): void {
    this.#isReading = false
    this.#tookMs = tookMs
    if (this.#isOutdated) this.#runLater(wanted)
  }

  /** Reads the range, and again from its first reading on while too much before it is empty. */
  async #find({ thing, range }: Wanted, signal: AbortSignal): Promise<HistoryRead> {
    const toMs = this.#now()
    const lengthMs = RANGES.find(({ name }) => name === range)?.lengthMs ?? Infinity
    let fromMs = Math.max(0, toMs - lengthMs, this.#cutMs)
    for (let cuts = 0; ; cuts++) {
      const query = { thing, fromMs, toMs, buckets: this.#buckets }
      const history = await this.#api.readHistory(query, { signal })
      const first = Math.floor(firstMs(history.series) ?? fromMs)
      const cutMs = Math.min(first, toMs - WINDOW_MS_MIN)
      if (cuts === CUTS_MAX || cutMs - fromMs <= (toMs - fromMs) * EMPTY_PART_MAX)
        return { history, fromMs, toMs }
      this.#cutMs = fromMs = cutMs
    }
  }
}
