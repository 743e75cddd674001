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
import { connect } from './connecting.ts'
import { DEVICE_INFORMATION, readFacts, type DeviceFacts } from './device-facts.ts'
import { followService, type Link } from './following.ts'
import { hold, release, turnsOf, type GattDevice, type GattServer } from './gatt.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import { BATTERY, type Profile } from './profiles.ts'
import type { Sensor, SensorHandlers, SensorState } from './sensor.ts'
import { Steps } from './steps.ts'

/** Everything about it in one stop-and-go machine; frames that do not parse are counted and never end it. */
export class BluetoothSensor implements Sensor {
  readonly #profile: Profile
  readonly #environment: BluetoothEnvironment
  readonly #steps: Steps
  #device: GattDevice | undefined
  #facts: DeviceFacts | undefined
  /** False until the first connection since `start`: a failure then is told at once, with a person present. */
  #established = false
  /** Whether this page has yet to hear of the device, which an earlier visit knew. */
  #unheard = false

  constructor(profile: Profile, environment: BluetoothEnvironment, handlers: SensorHandlers) {
    this.#profile = profile
    this.#environment = environment
    this.#steps = new Steps({ time: environment.time, handlers, live: () => this.#live() })
  }

  get kind(): ThingKind {
    return this.#profile.kind
  }

  get state(): SensorState {
    return this.#steps.state
  }

  get deviceId(): string | undefined {
    return this.#device?.id
  }

  /** Opens the chooser the first time; afterwards it reconnects to the same device. */
  async start(): Promise<void> {
    if (!this.#steps.mayStart) return
    const step = this.#steps.begin()
    this.#startAnew(false)
    this.#device ??= await this.#choose(step)
    if (this.#device !== undefined && !step.aborted) await this.#connect(this.#device, step)
  }

  async resume(deviceId: string): Promise<boolean> {
    if (this.state.type !== 'stopped') return false
    const step = this.#steps.begin()
    const device = await knownDevice(this.#environment, deviceId)
    if (device === undefined || step.aborted) return false
    this.#startAnew(true)
    this.#device = device
    await this.#connect(device, step)
    return true
  }

  stop(): void {
    this.#steps.stop()
    this.#letGo()
  }

  async #choose(step: AbortSignal): Promise<GattDevice | undefined> {
    this.#steps.become({ type: 'choosing' })
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
    this.#steps.become({ type: 'connecting' })
    if (step.aborted) return
    hold(device, this)
    try {
      const link = this.#link(device, step, true)
      const isThere = await connect(gatt, this.#environment.time, step, (server) =>
        followService(server, this.#profile, link),
      )
      if (step.aborted) return
      if (!isThere) {
        this.#onConnectFailed(device, sensorProblem('wrong-device'))
        return
      }
    } catch (error) {
      if (!step.aborted) this.#onConnectFailed(device, connectingProblem(error))
      return
    }
    this.#established = true
    this.#unheard = false
    for (const type of ['gattserverdisconnected', 'servicechanged', 'serviceremoved'] as const) {
      device.addEventListener(type, () => this.#lose(device), { signal: step })
    }
    this.#steps.becomeLive()
    void this.#openExtras(device, gatt, step)
  }

  /** Many devices lack them, some never answer, and nothing else waits for them. Never rejects. */
  async #openExtras(device: GattDevice, gatt: GattServer, step: AbortSignal): Promise<void> {
    if (step.aborted) return
    await followService(gatt, BATTERY, this.#link(device, step, false)).catch(() => false)
    if (this.#facts !== undefined || step.aborted) return
    const facts = await readFacts(gatt, turnsOf(device, this.#environment.time))
    if (step.aborted || Object.keys(facts).length === 0) return
    this.#facts = facts
    this.#steps.becomeLive()
  }

  /** @param isMain whether what comes over it shows that the sensor has come back */
  #link(device: GattDevice, step: AbortSignal, isMain: boolean): Link {
    return {
      turns: turnsOf(device, this.#environment.time),
      time: this.#environment.time,
      ended: step,
      onFrame: (parse) => {
        // A strap that only tells its battery before it drops out again has not come back.
        if (this.#steps.intake.take(parse) && isMain) this.#steps.isBack()
      },
    }
  }

  #onConnectFailed(device: GattDevice, problem: SensorProblem): void {
    // What the browser is still trying is of no use to the next attempt.
    this.#steps.begin()
    release(device, this)
    if (this.#established && problem.kind === 'unreachable') this.#lose(device)
    else if (this.#established && problem.kind === 'wrong-device') this.#fail(sensorProblem('changed-device'))
    else this.#fail(problem)
  }

  #lose(device: GattDevice): void {
    const again = () => void this.#connect(device, this.#steps.begin())
    const step = this.#steps.lose('unreachable', again)
    if (step === undefined) this.#letGo()
    // Chromium cannot connect to a device of an earlier visit before it has heard it.
    else if (this.#unheard) whenHeard(device, step, again)
  }

  #letGo(): void {
    if (this.#device !== undefined) release(this.#device, this)
  }

  #fail(problem: SensorProblem): void {
    this.#letGo()
    // Such a device will not do next time either, so the next start asks again.
    if (problem.kind === 'wrong-device') this.#device = undefined
    this.#steps.fail(problem)
  }

  /** @param isKnown whether the device has been connected to before, on an earlier visit */
  #startAnew(isKnown: boolean): void {
    this.#steps.startAnew()
    this.#facts = undefined
    this.#established = isKnown
    this.#unheard = isKnown
  }

  #live(): { readonly name: string; readonly about?: DeviceFacts } {
    const { label } = KINDS[this.kind]
    const name = this.#device === undefined ? label : deviceName(this.#device, label)
    return this.#facts === undefined ? { name } : { name, about: this.#facts }
  }
}
