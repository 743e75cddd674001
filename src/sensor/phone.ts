/** This phone's own motion sensor: how strong the acceleration is, gravity included, a few times a second. */
import { measured } from '../reading/measured.ts'
import { sensorProblem, type SensorProblemKind } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'

/** Between readings. Events come at up to 60 a second and each reading is their mean, so nothing is skipped. */
const PERIOD_MS = 250

/** A present sensor speaks at once; silence for this long means there is none, or that the browser mutes it. */
export const SILENCE_MS = 2000

/** The three axes in m/s², gravity included; null where the device has no such axis. */
interface Axes {
  readonly x: number | null
  readonly y: number | null
  readonly z: number | null
}

type MotionListener = (event: { readonly accelerationIncludingGravity: Axes | null }) => void

/** Of `window`. */
export interface MotionSource {
  readonly isSecureContext: boolean
  /** The event's constructor, absent where the browser has none; on iOS it can `requestPermission()`. */
  readonly DeviceMotionEvent?: unknown
  addEventListener(type: 'devicemotion', listener: MotionListener): void
  removeEventListener(type: 'devicemotion', listener: MotionListener): void
}

export class PhoneSensor implements Sensor {
  readonly kind = 'motion'
  readonly #source: MotionSource
  readonly #time: SensorTime
  readonly #handlers: SensorHandlers
  #state: SensorState = { type: 'stopped' }
  /** Grows with each start and stop, so that an answer to an older question is ignored. */
  #run = 0
  #cancelSilence: () => void = () => undefined
  /** Ends the wait of `start` for the first motion. */
  #settle: () => void = () => undefined
  #sum = 0
  #count = 0
  #sinceMs = 0

  constructor(source: MotionSource, time: SensorTime, handlers: SensorHandlers) {
    this.#source = source
    this.#time = time
    this.#handlers = handlers
  }

  get state(): SensorState {
    return this.#state
  }

  async start(): Promise<void> {
    if (this.#state.type !== 'stopped' && this.#state.type !== 'failed') return
    const run = ++this.#run
    if (this.#source.DeviceMotionEvent === undefined) {
      this.#fail(this.#source.isSecureContext ? 'motion-unsupported' : 'insecure')
      return
    }
    this.#become({ type: 'choosing' })
    const problem = await askPermission(this.#source.DeviceMotionEvent)
    if (run !== this.#run) return
    if (problem !== undefined) {
      this.#fail(problem.kind, problem.cause)
      return
    }
    this.#become({ type: 'connecting' })
    this.#source.addEventListener('devicemotion', this.#onMotion)
    this.#cancelSilence = this.#time.after(SILENCE_MS, () => this.#fail('no-sensor'))
    await new Promise<void>((resolve) => (this.#settle = resolve))
  }

  stop(): void {
    this.#end()
    this.#become({ type: 'stopped' })
  }

  readonly #onMotion: MotionListener = ({ accelerationIncludingGravity }) => {
    const magnitude = magnitudeOf(accelerationIncludingGravity)
    // Desktop Chromium sends one event of nulls where there is no sensor.
    if (magnitude === undefined) return
    const nowMs = this.#time.nowMs()
    if (this.#state.type !== 'live') {
      this.#cancelSilence()
      this.#sinceMs = nowMs
      this.#become({ type: 'live', name: 'This phone', malformed: 0 })
    }
    this.#sum += magnitude
    this.#count += 1
    const passedMs = nowMs - this.#sinceMs
    // A negative time is a clock set back, after which waiting would be long.
    if (passedMs >= 0 && passedMs < PERIOD_MS) return
    const mean = this.#sum / this.#count
    this.#restart(nowMs)
    this.#handlers.onReadings([measured('acceleration', mean, nowMs)])
  }

  #fail(kind: SensorProblemKind, cause?: unknown): void {
    this.#end()
    this.#become({ type: 'failed', problem: sensorProblem(kind, cause) })
  }

  #end(): void {
    this.#run += 1
    this.#cancelSilence()
    this.#source.removeEventListener('devicemotion', this.#onMotion)
    this.#restart(0)
  }

  #restart(sinceMs: number): void {
    this.#sum = 0
    this.#count = 0
    this.#sinceMs = sinceMs
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
    if (state.type !== 'choosing' && state.type !== 'connecting') this.#settle()
  }
}

interface Refusal {
  readonly kind: 'motion-refused'
  readonly cause?: unknown
}

/** Safari on iOS 13 and later asks the person, once a page, and only within a click; others do not ask. */
async function askPermission(constructor: unknown): Promise<Refusal | undefined> {
  if (!canAsk(constructor)) return undefined
  try {
    const answer = await constructor.requestPermission()
    return answer === 'granted' ? undefined : { kind: 'motion-refused' }
  } catch (cause) {
    return { kind: 'motion-refused', cause }
  }
}

function canAsk(constructor: unknown): constructor is { requestPermission(): Promise<string> } {
  return (
    typeof constructor === 'function' &&
    'requestPermission' in constructor &&
    typeof constructor.requestPermission === 'function'
  )
}

/** In m/s²; about 9.81 at rest. `undefined` where an axis says nothing. */
function magnitudeOf(axes: Axes | null): number | undefined {
  if (axes === null || axes.x === null || axes.y === null || axes.z === null) return undefined
  const magnitude = Math.hypot(axes.x, axes.y, axes.z)
  return Number.isFinite(magnitude) ? magnitude : undefined
}
