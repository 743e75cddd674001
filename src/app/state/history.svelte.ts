import { ApiError, type Api, type History, type StreamKey } from '../../node/api.ts'
import { BUCKETS_ACROSS, coverOf, serves, type Cover, type Span } from '../chart-window.ts'
import { firstMs, rangeLengthMs, type RangeName } from '../plot.ts'

/** A history and the stretch of time it covers, which is more than is shown. */
export interface HistoryRead extends Cover {
  readonly history: History
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

/** The least that is shown unasked, so that a thing of a few seconds has a chart and not a point. */
const WINDOW_MS_MIN = 60_000

/** A chart that was moved has come to rest after so long: then what goes by it, a table or an export, follows. */
const SETTLE_MS = 250

/** So near the present, as a part of what is shown, a chart follows it. */
const FOLLOW_PART = 0.01

/** The history of one thing: the stretch of it that is shown, and what was read around that. */
export class HistoryState {
  read = $state.raw<HistoryRead>()
  /** What the chart shows, once it rests. */
  shown = $state.raw<Span>()
  /** Undefined once the chart shows another length. */
  range = $state<RangeName>()
  /** Whether the right edge is now. */
  following = $state(true)
  failure = $state<string>()
  readonly #api: Pick<Api, 'readHistory'>
  readonly #thing: StreamKey
  readonly #now: () => number
  /** What is shown while following. */
  #lengthMs = 0
  /** Where the readings begin, about, once that is known. */
  #firstMs: number | undefined
  /** Where the chart is, which moves faster than what was read for it. */
  #aim: Span | undefined
  #abort: AbortController | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #settling: ReturnType<typeof setTimeout> | undefined
  /** How long the last reading took. */
  #tookMs = 0
  #isReading = false
  /** What is being read has grown meanwhile. */
  #isOutdated = false

  /** @param now the wall clock, Unix milliseconds */
  constructor(api: Pick<Api, 'readHistory'>, thing: StreamKey, now: () => number) {
    this.#api = api
    this.#thing = thing
    this.#now = now
  }

  /** Where a chart may go: from the first reading, as far as it is known, to now. */
  get limits(): Span {
    const toMs = this.#now()
    return { fromMs: Math.min(this.#firstMs ?? 0, toMs - WINDOW_MS_MIN), toMs }
  }

  /** Shows the newest of a length, and follows it. */
  choose(range: RangeName): void {
    this.stop()
    this.range = range
    this.#lengthMs = rangeLengthMs(range)
    this.following = true
    this.#aim = undefined
    void this.#run()
  }

  /** Goes back to now with the length that is shown. */
  follow(): void {
    this.stop()
    this.following = true
    this.#aim = undefined
    void this.#run()
  }

  /** Readings were added: they are read once what was read before has rested. */
  refresh(): void {
    const isPast = this.read !== undefined && !this.following && this.read.toMs < this.#now() - REST_MS_MAX
    if (isPast) return
    if (this.#isReading) this.#isOutdated = true
    else this.#runLater()
  }

  /** Readings were deleted, or came from a file: everything is read anew. */
  reload(): void {
    this.#firstMs = undefined
    this.follow()
  }

  /** The chart has moved: more is read where what is there does not reach. Call it as often as it moves. */
  move(span: Span): void {
    const width = span.toMs - span.fromMs
    this.#aim = span
    this.following = span.toMs >= this.#now() - FOLLOW_PART * width
    if (this.shown && Math.abs(width - (this.shown.toMs - this.shown.fromMs)) > 1) {
      this.range = undefined
      this.#lengthMs = width
    }
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => (this.shown = span), SETTLE_MS)
    if (!this.#isReading && !this.#isServed(span)) void this.#run()
  }

  /** Gives up what is under way. */
  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#settling)
    this.#timer = undefined
    this.#isReading = false
    this.#isOutdated = false
    this.#tookMs = 0
    this.#abort?.abort()
  }

  #isServed(span: Span): boolean {
    return this.read !== undefined && serves(this.read, span, this.limits)
  }

  #runLater(): void {
    if (this.#timer !== undefined) return
    const restMs = Math.min(REST_MS_MAX, Math.max(REFRESH_MS, REST_TIMES * this.#tookMs))
    this.#timer = setTimeout(() => void this.#run(), restMs)
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const abort = new AbortController()
    this.#abort = abort
    this.#isReading = true
    this.#isOutdated = false
    const beganMs = this.#now()
    try {
      await this.#readAll(abort.signal)
      this.failure = undefined
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.kind !== 'cancelled') this.failure = error.message
    } finally {
      if (this.#abort === abort && this.#isReading) this.#rest(this.#now() - beganMs)
    }
  }

  #rest(tookMs: number): void {
    this.#isReading = false
    this.#tookMs = tookMs
    // it has moved on meanwhile; what failed is tried again when it moves
    if (this.#aim && this.failure === undefined && !this.#isServed(this.#aim)) void this.#run()
    else if (this.#isOutdated) this.#runLater()
  }

  /** Reads what is shown alone, where nothing is known yet; then with what is around it; then where it all begins. */
  async #readAll(signal: AbortSignal): Promise<void> {
    if (this.#firstMs === undefined) {
      const found = await this.#find(this.#lengthMs, signal)
      if (found.fromMs > found.toMs - this.#lengthMs) this.#firstMs = found.fromMs
      this.#take(found, found)
    }
    const span = (this.following ? undefined : this.#aim) ?? this.#present()
    const cover = coverOf(span, this.limits)
    this.#take({ history: await this.#ask(cover, signal), ...cover }, span)
    // a chart that is moved by hand waits for nothing else
    if (!this.following && this.#firstMs !== undefined) return
    const all = await this.#find(Infinity, signal)
    this.#firstMs = all.history.series.length > 0 ? all.fromMs : undefined
  }

  #take(read: HistoryRead, { fromMs, toMs }: Span): void {
    this.read = read
    if (this.following) this.shown = { fromMs, toMs }
  }

  /** What is shown while following: the length that was chosen, or what there is of it. */
  #present(): Span {
    const { fromMs, toMs } = this.limits
    return { fromMs: Math.max(fromMs, toMs - this.#lengthMs), toMs }
  }

  async #ask(cover: Cover, signal: AbortSignal): Promise<History> {
    const history = await this.#api.readHistory({ thing: this.#thing, ...cover }, { signal })
    if (signal.aborted) throw new ApiError('cancelled', 'Cancelled.')
    return history
  }

  /** Reads the newest of a length, and again from its first reading on while too much before it is empty. */
  async #find(lengthMs: number, signal: AbortSignal): Promise<HistoryRead> {
    const toMs = this.#now()
    let fromMs = Math.max(0, toMs - lengthMs)
    for (let cuts = 0; ; cuts++) {
      const cover = { fromMs, toMs, buckets: BUCKETS_ACROSS }
      const history = await this.#ask(cover, signal)
      const first = Math.floor(firstMs(history.series) ?? fromMs)
      const cutMs = Math.min(first, toMs - WINDOW_MS_MIN)
      if (cuts === CUTS_MAX || cutMs - fromMs <= (toMs - fromMs) * EMPTY_PART_MAX)
        return { history, ...cover }
      fromMs = cutMs
    }
  }
}
