/** How often a sensor of this device speaks. */
import type { SensorTime } from './sensor.ts'

/** Lets something happen once a period, of a row of occasions that come as they like. */
export class Pace {
  #sinceMs: number | undefined

  /** Whether it may happen now, which begins the next period; the first time it always may. */
  due(nowMs: number, periodMs: number): boolean {
    const passedMs = this.#sinceMs === undefined ? periodMs : nowMs - this.#sinceMs
    // A negative time is a clock set back, after which waiting would be long.
    if (passedMs >= 0 && passedMs < periodMs) return false
    this.#sinceMs = nowMs
    return true
  }
}

/** What does not change is told again after so long: then it is known to be so, and no sensor is taken to be silent. */
export const UNCHANGED_MS = 60_000

/** Of `window`. A page that is not seen gets no events, so that there nothing is known to be unchanged. */
export interface Seen {
  readonly document: { readonly visibilityState: string }
}

/**
 * Runs `task` for what asks for it, though at most once a period: what asks too soon is served when the period is over,
 * so that the last change is never the one that is left out.
 */
export class Ration {
  readonly #time: SensorTime
  readonly #periodMs: number
  readonly #task: () => void
  readonly #unchanged: (() => void) | undefined
  #asked = false
  #cancel: (() => void) | undefined
  #cancelUnchanged: () => void = () => undefined

  /** @param unchanged run each time that nothing has asked for `UNCHANGED_MS` since it last ran */
  constructor(time: SensorTime, periodMs: number, task: () => void, unchanged?: () => void) {
    this.#time = time
    this.#periodMs = periodMs
    this.#task = task
    this.#unchanged = unchanged
  }

  /** Runs it at once if it can. */
  ask(): void {
    this.#asked = true
    if (this.#cancel === undefined) this.#run()
  }

  /** Runs it at the end of a period, which begins now unless one is under way: for a mean of what comes until then. */
  askLater(): void {
    this.#asked = true
    this.#cancel ??= this.#time.after(this.#periodMs, () => this.#run())
  }

  /** Calls off what was asked for; nothing is to ask afterwards. */
  end(): void {
    this.#cancel?.()
    this.#cancelUnchanged()
  }

  #run(): void {
    this.#cancel = undefined
    if (!this.#asked) return
    this.#asked = false
    this.#cancel = this.#time.after(this.#periodMs, () => this.#run())
    this.#repeatLater()
    this.#task()
  }

  #repeatLater(): void {
    const unchanged = this.#unchanged
    if (unchanged === undefined) return
    this.#cancelUnchanged()
    this.#cancelUnchanged = this.#time.after(UNCHANGED_MS, () => {
      this.#repeatLater()
      unchanged()
    })
  }
}
