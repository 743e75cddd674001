import { panned, zoomed, type Span } from './chart-window.ts'

export interface MotionNeeds {
  /** Where the chart may go now. */
  readonly limits: () => Span
  /** Runs its argument before the next paint. */
  readonly nextFrame: (run: () => void) => void
  /** Shows the stretch of time it is given; called once a frame at most. */
  readonly draw: (span: Span) => void
}

/** Moves a chart by hand: however fast a finger is, it is drawn once a frame. */
export class ChartMotion {
  readonly #needs: MotionNeeds
  #span: Span
  #frameAsked = false

  constructor(span: Span, needs: MotionNeeds) {
    this.#span = span
    this.#needs = needs
  }

  get span(): Span {
    return this.#span
  }

  /** Takes the place it is given, which is drawn already. */
  place(span: Span): void {
    this.#span = span
  }

  /** Moves by a part of what is shown; negative: towards earlier. */
  pan(part: number): void {
    const { fromMs, toMs } = this.#span
    this.#to(panned(this.#span, part * (toMs - fromMs), this.#needs.limits()))
  }

  /** Shows `factor` times as much, with what is at `at` (0: the left edge, 1: the right) staying there. */
  zoom(factor: number, at: number): void {
    const { fromMs, toMs } = this.#span
    this.#to(zoomed(this.#span, factor, fromMs + at * (toMs - fromMs), this.#needs.limits()))
  }

  /** To the oldest or to the newest there is. */
  goTo(edge: 'start' | 'end'): void {
    const { fromMs, toMs } = this.#needs.limits()
    const byMs = edge === 'start' ? fromMs - this.#span.fromMs : toMs - this.#span.toMs
    this.#to(panned(this.#span, byMs, { fromMs, toMs }))
  }

  #to(span: Span): void {
    this.#span = span
    if (this.#frameAsked) return
    this.#frameAsked = true
    this.#needs.nextFrame(() => {
      this.#frameAsked = false
      this.#needs.draw(this.#span)
    })
  }
}
