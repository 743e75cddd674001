import { panned, zoomed, type Span } from './chart-window.ts'

/** The least that is shown: a flood of blocks is then a few pixels each. */
const SPAN_MS_MIN = 500

/** What is shown at first, at least and at most, and how many of the newest blocks it is to have. */
const FIRST_SPAN_MS_MIN = 20_000
const FIRST_SPAN_MS_MAX = 15 * 60_000
const FIRST_BLOCKS = 40

/** Room after the newest block and before the oldest, as a part of what is shown. */
const MARGIN = 0.06

/** The way to the newest block is down to a third after so long: quick, and no leap. */
const EASE_MS = 120

/** Nearer than this part of what is shown there is nothing to be seen of it. */
const STILL = 1 / 2000

export interface GraphMotionNeeds {
  /** From the first block to the last; undefined where there is none. */
  readonly extent: () => Span | undefined
  /** Runs its argument before the next paint, with the time in milliseconds. */
  readonly nextFrame: (run: (atMs: number) => void) => void
  /** Draws; called once a frame at most, and only where something has changed or moved. */
  readonly draw: (span: Span) => void
  /** Whether its person wants no motion: the newest is then gone to at once. */
  readonly isStill: () => boolean
  readonly onFollowing: (following: boolean) => void
}

/** Moves the graph: by hand, and where it follows, to whatever is newest. Nothing moves where nothing comes. */
export class GraphMotion {
  readonly #needs: GraphMotionNeeds
  #span: Span = { fromMs: 0, toMs: FIRST_SPAN_MS_MIN }
  #following = true
  #frameAsked = false
  #easedAtMs: number | undefined

  constructor(needs: GraphMotionNeeds) {
    this.#needs = needs
  }

  get span(): Span {
    return this.#span
  }

  /** Shows so many of the newest blocks, and follows. @param timesMs newest first */
  begin(timesMs: readonly number[]): void {
    const newestMs = timesMs[0] ?? 0
    const oldestMs = timesMs[Math.min(FIRST_BLOCKS, timesMs.length) - 1] ?? newestMs
    const width = Math.min(Math.max(newestMs - oldestMs, FIRST_SPAN_MS_MIN), FIRST_SPAN_MS_MAX)
    const toMs = newestMs + MARGIN * width
    this.#span = { fromMs: toMs - width, toMs }
    this.follow()
  }

  /** Blocks came or changed, or what is drawn of them did: draws, and goes after the newest where it follows. */
  changed(): void {
    this.#ask()
  }

  pan(part: number): void {
    this.#shift(part * this.#width)
    this.#moved()
  }

  zoom(factor: number, at: number): void {
    const { fromMs } = this.#span
    // what is followed stays where it is
    const atMs = fromMs + (this.#following ? 1 : at) * this.#width
    const room = this.#limits(Math.max(this.#width, FIRST_SPAN_MS_MIN))
    this.#span = zoomed(this.#span, factor, atMs, room, SPAN_MS_MIN)
    this.#shift(0)
    if (!this.#following) this.#moved()
    this.#ask()
  }

  goTo(edge: 'start' | 'end'): void {
    if (edge === 'end') return this.follow()
    this.#shift(this.#limits().fromMs - this.#span.fromMs)
    this.#moved()
  }

  /** To the newest, and after it from now on. */
  follow(): void {
    this.#follows(true)
    this.#ask()
  }

  /** Has a moment in sight, in the middle unless it is in sight already. */
  show(atMs: number): void {
    const { fromMs, toMs } = this.#span
    const width = this.#width
    if (atMs >= fromMs + (MARGIN / 2) * width && atMs <= toMs) return this.#ask()
    this.#shift(atMs - width / 2 - fromMs)
    this.#moved()
  }

  #moved(): void {
    this.#follows(this.#span.toMs >= this.#limits().toMs - STILL * this.#width)
    this.#ask()
  }

  #follows(following: boolean): void {
    if (following === this.#following) return
    this.#following = following
    this.#easedAtMs = undefined
    this.#needs.onFollowing(following)
  }

  get #width(): number {
    return this.#span.toMs - this.#span.fromMs
  }

  #shift(byMs: number): void {
    this.#span = panned(this.#span, byMs, this.#limits())
  }

  /** Where it may go: from the first block to the last with a margin, and so far at least before the last. */
  #limits(leastMs = this.#width): Span {
    const { fromMs, toMs } = this.#needs.extent() ?? { fromMs: 0, toMs: 0 }
    const margin = MARGIN * this.#width
    return { fromMs: Math.min(fromMs - margin, toMs + margin - leastMs), toMs: toMs + margin }
  }

  #ask(): void {
    if (this.#frameAsked) return
    this.#frameAsked = true
    this.#needs.nextFrame((atMs) => {
      this.#frameAsked = false
      if (this.#following) this.#ease(atMs)
      this.#needs.draw(this.#span)
    })
  }

  #ease(atMs: number): void {
    const { fromMs, toMs } = this.#span
    const width = this.#width
    const away = this.#limits().toMs - toMs
    const isThere = this.#needs.isStill() || Math.abs(away) <= STILL * width || Math.abs(away) > width
    const sinceMs = atMs - (this.#easedAtMs ?? atMs)
    const by = isThere ? away : away * (1 - Math.exp(-sinceMs / EASE_MS))
    this.#span = { fromMs: fromMs + by, toMs: toMs + by }
    this.#easedAtMs = isThere ? undefined : atMs
    if (!isThere) this.#ask()
  }
}
