/** What the sensors of this very device have in common: how they start, fall silent, fail and end. */
import type { ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import { sensorProblem, type SensorProblemKind } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'

/** A present sensor speaks at once; silence for this long means there is none, or that the browser mutes it. */
export const SILENCE_MS = 2000

/** What one run of a sensor tells. After the run it is not heard. */
export interface Told {
  /** It works, whether or not there is a reading yet. */
  alive(): void
  /** At least one reading, in order of time. */
  readings(readings: readonly Reading[]): void
  /** It said something that cannot be a reading. */
  malformed(): void
  /** It is over. */
  failed(kind: SensorProblemKind, cause?: unknown): void
}

/** What is a sensor's own. */
interface DeviceSource {
  readonly kind: ThingKind
  /** What to call it at first. */
  readonly name: string
  /** How long after `open` it may say nothing, and what it means if it does. */
  readonly silence: { readonly ms: number; readonly means: SensorProblemKind }
  /**
   * Begins a run, asking the person where it must. Resolves with what ends the run, or with why there is none; rejects
   * with what the browser threw.
   */
  open(told: Told): Promise<(() => void) | SensorProblemKind>
  /** What it means that `open` rejected. */
  problemOf(cause: unknown): SensorProblemKind
}

const nothing = () => undefined

/** The states of a sensor around its source. Frames that cannot be read are counted and never end it. */
export class DeviceSensor implements Sensor {
  readonly kind: ThingKind
  readonly #source: DeviceSource
  readonly #browser: { readonly isSecureContext: boolean }
  readonly #time: SensorTime
  readonly #handlers: SensorHandlers
  #state: SensorState = { type: 'stopped' }
  /** Grows with each start and end, so that what belongs to an earlier run is ignored. */
  #run = 0
  #malformed = 0
  #close: () => void = nothing
  #cancelSilence: () => void = nothing
  /** Ends the wait of `start` for the first sign of life. */
  #settle: () => void = nothing

  /** @param browser of `window`: a page that came insecurely is shown no sensors */
  constructor(
    source: DeviceSource,
    browser: { readonly isSecureContext: boolean },
    time: SensorTime,
    handlers: SensorHandlers,
  ) {
    this.kind = source.kind
    this.#source = source
    this.#browser = browser
    this.#time = time
    this.#handlers = handlers
  }

  get state(): SensorState {
    return this.#state
  }

  async start(): Promise<void> {
    if (this.#state.type !== 'stopped' && this.#state.type !== 'failed') return
    if (!this.#browser.isSecureContext) {
      this.#fail('insecure')
      return
    }
    const run = ++this.#run
    this.#malformed = 0
    this.#become({ type: 'choosing' })
    try {
      const opened = await this.#source.open(this.#told(run))
      if (typeof opened === 'function') this.#opened(run, opened)
      else if (run === this.#run) this.#fail(opened)
    } catch (cause) {
      if (run === this.#run) this.#fail(this.#source.problemOf(cause), cause)
    }
    if (this.state.type === 'connecting') await new Promise<void>((resolve) => (this.#settle = resolve))
  }

  stop(): void {
    this.#end()
    this.#become({ type: 'stopped' })
  }

  #opened(run: number, close: () => void): void {
    if (run !== this.#run) {
      close()
      return
    }
    this.#close = close
    if (this.#state.type === 'live') return
    const { ms, means } = this.#source.silence
    this.#cancelSilence = this.#time.after(ms, () => this.#fail(means))
    this.#become({ type: 'connecting' })
  }

  #told(run: number): Told {
    const during =
      <T extends unknown[]>(task: (...args: T) => void) =>
      (...args: T) => {
        if (run === this.#run) task(...args)
      }
    return {
      alive: during(() => this.#alive()),
      readings: during((readings: readonly Reading[]) => {
        this.#alive()
        if (run === this.#run) this.#handlers.onReadings(readings)
      }),
      malformed: during(() => {
        this.#malformed += 1
        this.#becomeLive()
      }),
      failed: during((kind: SensorProblemKind, cause?: unknown) => this.#fail(kind, cause)),
    }
  }

  #alive(): void {
    if (this.#state.type !== 'live') this.#becomeLive()
  }

  #becomeLive(): void {
    this.#cancelSilence()
    this.#become({ type: 'live', name: this.#source.name, malformed: this.#malformed })
  }

  #fail(kind: SensorProblemKind, cause?: unknown): void {
    this.#end()
    this.#become({ type: 'failed', problem: sensorProblem(kind, cause) })
  }

  #end(): void {
    this.#run += 1
    this.#cancelSilence()
    this.#close()
    this.#close = nothing
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
    if (state.type !== 'choosing' && state.type !== 'connecting') this.#settle()
  }
}
