/** A sensor over Web Bluetooth: chosen by a person, followed, and brought back when lost. */
import { KINDS, type ThingKind } from '../reading/kinds.ts'
import {
  chooseDevice,
  connectingProblem,
  deviceName,
  knownDevice,
  whenHeard,
  type BluetoothEnvironment,
} from './choosing.ts'
import { DEVICE_INFORMATION, readFacts, type DeviceFacts } from './device-facts.ts'
import { followService, type Link } from './following.ts'
import { turnsOf, type GattDevice, type GattServer } from './gatt.ts'
import { Intake } from './intake.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import { BATTERY, type Profile } from './profiles.ts'
import type { Sensor, SensorHandlers, SensorState } from './sensor.ts'

/** Delays before each attempt to bring a lost sensor back; some five minutes in all, then a person decides. */
export const RETRY_DELAYS_MS: readonly number[] = [
  1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000,
]

/** Some systems wait for an absent device for ever; a present one answers within a few seconds. */
export const CONNECT_TIMEOUT_MS = 20_000

/** Everything about it in one stop-and-go machine; frames that do not parse are counted and never end it. */
export class BluetoothSensor implements Sensor {
  readonly #profile: Profile
  readonly #environment: BluetoothEnvironment
  readonly #handlers: SensorHandlers
  readonly #intake: Intake
  #state: SensorState = { type: 'stopped' }
  #device: GattDevice | undefined
  #facts: DeviceFacts | undefined
  /** Of the present step, which a person or a timer took; aborted with the next, and with it all that belongs to it. */
  #step = new AbortController()
  /** Attempts since a reading last came. */
  #attempts = 0
  /** False until the first connection since `start`: a failure then is told at once, with a person present. */
  #established = false
  /** Whether this page has yet to hear of the device, which an earlier visit knew. */
  #unheard = false

  constructor(profile: Profile, environment: BluetoothEnvironment, handlers: SensorHandlers) {
    this.#profile = profile
    this.#environment = environment
    this.#handlers = handlers
    this.#intake = new Intake({
      time: environment.time,
      onReadings: (readings) => this.#handlers.onReadings(readings),
      onCounts: () => this.#tellCounts(),
    })
  }

  get kind(): ThingKind {
    return this.#profile.kind
  }

  get state(): SensorState {
    return this.#state
  }

  get deviceId(): string | undefined {
    return this.#device?.id
  }

  /** Opens the chooser the first time; afterwards it reconnects to the same device. */
  async start(): Promise<void> {
    if (!['stopped', 'lost', 'failed'].includes(this.#state.type)) return
    const step = this.#begin()
    this.#startAnew(false)
    this.#device ??= await this.#choose(step)
    if (this.#device !== undefined && !step.aborted) await this.#connect(this.#device, step)
  }

  async resume(deviceId: string): Promise<boolean> {
    if (this.#state.type !== 'stopped') return false
    const step = this.#begin()
    const device = await knownDevice(this.#environment, deviceId)
    if (device === undefined || step.aborted) return false
    this.#startAnew(true)
    this.#device = device
    await this.#connect(device, step)
    return true
  }

  stop(): void {
    this.#begin()
    this.#become({ type: 'stopped' })
    this.#device?.gatt?.disconnect()
  }

  async #choose(step: AbortSignal): Promise<GattDevice | undefined> {
    this.#become({ type: 'choosing' })
    const { service, isChosenAmongAll } = this.#profile
    const extras = [BATTERY.service, DEVICE_INFORMATION]
    const chosen = await chooseDevice(
      this.#environment,
      isChosenAmongAll
        ? { acceptAllDevices: true, optionalServices: [service, ...extras] }
        : { filters: [{ services: [service] }], optionalServices: extras },
    )
    if (chosen.type === 'chosen') return chosen.device
    if (!step.aborted) this.#fail(chosen.problem)
    return undefined
  }

  async #connect(device: GattDevice, step: AbortSignal): Promise<void> {
    const { gatt } = device
    if (gatt === undefined) {
      this.#fail(sensorProblem('wrong-device'))
      return
    }
    this.#become({ type: 'connecting' })
    const cancel = this.#after(CONNECT_TIMEOUT_MS, step, () =>
      this.#onConnectFailed(device, sensorProblem('unreachable')),
    )
    try {
      const server = await gatt.connect()
      if (step.aborted) return
      const isThere = await followService(server, this.#profile, this.#link(device, step, true))
      if (step.aborted) return
      if (!isThere) {
        this.#onConnectFailed(device, sensorProblem('wrong-device'))
        return
      }
    } catch (error) {
      if (!step.aborted) this.#onConnectFailed(device, connectingProblem(error))
      return
    }
    cancel()
    this.#established = true
    this.#unheard = false
    for (const type of ['gattserverdisconnected', 'servicechanged', 'serviceremoved'] as const) {
      device.addEventListener(type, () => this.#lose(device), { signal: step })
    }
    this.#becomeLive(device)
    await this.#openExtras(device, gatt, step)
  }

  /** Many devices lack them, and nothing else depends on them. */
  async #openExtras(device: GattDevice, gatt: GattServer, step: AbortSignal): Promise<void> {
    await followService(gatt, BATTERY, this.#link(device, step, false)).catch(() => false)
    if (this.#facts !== undefined || step.aborted) return
    const facts = await readFacts(gatt, turnsOf(device))
    if (step.aborted || Object.keys(facts).length === 0) return
    this.#facts = facts
    this.#becomeLive(device)
  }

  /** @param isMain whether what comes over it shows that the sensor has come back */
  #link(device: GattDevice, step: AbortSignal, isMain: boolean): Link {
    return {
      turns: turnsOf(device),
      time: this.#environment.time,
      ended: step,
      onFrame: (parse) => {
        // A strap that only tells its battery before it drops out again has not come back.
        if (this.#intake.take(parse) && isMain) this.#attempts = 0
      },
    }
  }

  #onConnectFailed(device: GattDevice, problem: SensorProblem): void {
    // Ends whatever the browser is still trying, so that the next attempt starts afresh.
    this.#begin()
    device.gatt?.disconnect()
    if (this.#established && problem.kind === 'unreachable') this.#lose(device)
    else if (this.#established && problem.kind === 'wrong-device') this.#fail(sensorProblem('changed-device'))
    else this.#fail(problem)
  }

  #lose(device: GattDevice): void {
    const nextMs = RETRY_DELAYS_MS[this.#attempts]
    if (nextMs === undefined) {
      this.#fail(sensorProblem('unreachable'))
      return
    }
    const step = this.#begin()
    this.#attempts += 1
    this.#become({ type: 'lost', attempt: this.#attempts, nextMs })
    const again = () => void this.#connect(device, this.#begin())
    this.#after(nextMs, step, again)
    // Chromium cannot connect to a device of an earlier visit before it has heard it.
    if (this.#unheard) whenHeard(device, step, again)
  }

  #fail(problem: SensorProblem): void {
    this.#begin()
    // Such a device will not do next time either, so the next start asks again.
    if (problem.kind === 'wrong-device') this.#device = undefined
    this.#become({ type: 'failed', problem })
  }

  /** @param isKnown whether the device has been connected to before, on an earlier visit */
  #startAnew(isKnown: boolean): void {
    this.#attempts = 0
    this.#facts = undefined
    this.#intake.reset()
    this.#established = isKnown
    this.#unheard = isKnown
  }

  #becomeLive(device: GattDevice): void {
    const name = deviceName(device, KINDS[this.kind].label)
    const about = this.#facts === undefined ? {} : { about: this.#facts }
    this.#become({ type: 'live', name, ...this.#intake.counts, ...about })
  }

  #tellCounts(): void {
    if (this.#state.type === 'live' && this.#device !== undefined) this.#becomeLive(this.#device)
  }

  /** Runs `task` in `delayMs` unless the step is over by then, or the function returned is called. */
  #after(delayMs: number, step: AbortSignal, task: () => void): () => void {
    const cancel = this.#environment.time.after(delayMs, task)
    step.addEventListener('abort', cancel)
    return cancel
  }

  #begin(): AbortSignal {
    this.#step.abort()
    this.#step = new AbortController()
    return this.#step.signal
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
  }
}
