/** What sensors that are chosen have in common: the states they go through step by step, and their patience. */
import type { DeviceFacts } from './device-facts.ts'
import { Intake } from './intake.ts'
import { sensorProblem, type SensorProblem, type SensorProblemKind } from './problem.ts'
import type { SensorHandlers, SensorState, SensorTime } from './sensor.ts'
import { after } from './timers.ts'

/** Delays before each attempt to bring a lost sensor back; some five minutes in all, then a person decides. */
export const RETRY_DELAYS_MS: readonly number[] = [
  1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000,
]

export interface StepsNeeds {
  readonly time: SensorTime
  readonly handlers: SensorHandlers
  /** What a sensor that is live says of itself. */
  readonly live: () => { readonly name: string; readonly about?: DeviceFacts }
}

export class Steps {
  /** Takes what the sensor says, and counts it since `startAnew`. */
  readonly intake: Intake
  readonly #needs: StepsNeeds
  #state: SensorState = { type: 'stopped' }
  /** Of the present step, which a person or a timer took. */
  #present = new AbortController()
  /** Attempts since a reading last came. */
  #attempts = 0

  constructor(needs: StepsNeeds) {
    this.#needs = needs
    this.intake = new Intake({
      time: needs.time,
      onReadings: (readings) => needs.handlers.onReadings(readings),
      onCounts: () => this.#state.type === 'live' && this.becomeLive(),
    })
  }

  get state(): SensorState {
    return this.#state
  }

  /** Whether `start` has anything to do. */
  get mayStart(): boolean {
    return ['stopped', 'lost', 'failed'].includes(this.#state.type)
  }

  /** Ends the present step, and begins one that is over when the signal is aborted; all that belongs to it ends with it. */
  begin(): AbortSignal {
    this.#present.abort()
    this.#present = new AbortController()
    return this.#present.signal
  }

  /** Runs `task` in `delayMs` unless `step` is over by then, or the function returned is called. */
  after(delayMs: number, step: AbortSignal, task: () => void): () => void {
    return after(this.#needs.time, delayMs, step, task)
  }

  /** Nothing has been counted, nothing tried. */
  startAnew(): void {
    this.#attempts = 0
    this.intake.reset()
  }

  become(state: SensorState): void {
    this.#state = state
    this.#needs.handlers.onState(state)
  }

  /** It is live, or says something else of itself. */
  becomeLive(): void {
    this.become({ type: 'live', ...this.#needs.live(), ...this.intake.counts })
  }

  /** It says what it is there for: should it be lost, patience starts anew. */
  isBack(): void {
    this.#attempts = 0
  }

  /**
   * It went away, and `again` is called after a while; beyond the last of `RETRY_DELAYS_MS` it has failed.
   *
   * @param kind what that means
   * @returns the step that waits, unless it has failed
   */
  lose(kind: SensorProblemKind, again: () => void): AbortSignal | undefined {
    const nextMs = RETRY_DELAYS_MS[this.#attempts]
    if (nextMs === undefined) {
      this.fail(sensorProblem(kind))
      return undefined
    }
    const step = this.begin()
    this.#attempts += 1
    this.after(nextMs, step, again)
    this.become({ type: 'lost', attempt: this.#attempts, nextMs })
    return step
  }

  fail(problem: SensorProblem): void {
    this.#end({ type: 'failed', problem })
  }

  stop(): void {
    this.#end({ type: 'stopped' })
  }

  #end(state: SensorState): void {
    this.begin()
    this.intake.reset()
    this.become(state)
  }
}
