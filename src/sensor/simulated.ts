/** A simulated thing: the temperature of a room that does not exist, for trying Weft without any hardware. */
import { measured } from '../reading/measured.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'

const PERIOD_MS = 1000

/** Where the walk starts and is drawn back to, °C. */
const COMFORTABLE = 21

/** The part of the distance from there that is made good each step: swings then last minutes and stay within 2 °C. */
const PULL = 0.01

/** The most one step adds or takes, °C. */
const STEP = 0.05

/** Randomness, handed in so that a seed can replace it. */
interface RandomBytes {
  bytes(length: number): Uint8Array
}

export class SimulatedSensor implements Sensor {
  readonly kind = 'simulated'
  readonly #random: RandomBytes
  readonly #time: SensorTime
  readonly #handlers: SensorHandlers
  #state: SensorState = { type: 'stopped' }
  #temperature = COMFORTABLE
  #cancelTick: () => void = () => undefined

  constructor(random: RandomBytes, time: SensorTime, handlers: SensorHandlers) {
    this.#random = random
    this.#time = time
    this.#handlers = handlers
  }

  get state(): SensorState {
    return this.#state
  }

  /** The first reading comes at once, the others once a second. */
  start(): Promise<void> {
    if (this.#state.type === 'live') return Promise.resolve()
    this.#become({ type: 'live', name: 'Simulated room', malformed: 0 })
    // Whoever hears that may stop it.
    if (this.state.type === 'live') this.#tick()
    return Promise.resolve()
  }

  stop(): void {
    this.#cancelTick()
    this.#become({ type: 'stopped' })
  }

  #tick(): void {
    this.#cancelTick = this.#time.after(PERIOD_MS, () => this.#tick())
    const step = STEP * (2 * unitInterval(this.#random) - 1)
    this.#temperature += step + PULL * (COMFORTABLE - this.#temperature)
    // A thermometer of this kind shows hundredths.
    const shown = Math.round(this.#temperature * 100) / 100
    this.#handlers.onReadings([measured('temperature', shown, this.#time.nowMs())])
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
  }
}

/** Evenly from 0 up to, not including, 1. */
function unitInterval(random: RandomBytes): number {
  const [low = 0, high = 0] = random.bytes(2)
  return (high * 256 + low) / 65_536
}
