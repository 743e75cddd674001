/** A heart-rate strap or watch over Web Bluetooth: chosen by a person, followed, and brought back when lost. */
import { parseBattery } from './parse/battery.ts'
import { parseHeartRate } from './parse/heart-rate.ts'
import {
  chooseHeartRate,
  openBattery,
  openHeartRate,
  type BluetoothChooser,
  type GattDevice,
} from './gatt.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState, SensorTime } from './sensor.ts'

/** Delays before each attempt to bring a lost sensor back; some five minutes in all, then a person decides. */
export const RETRY_DELAYS_MS: readonly number[] = [
  1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 60_000, 60_000, 60_000,
]

/** Some systems wait for an absent device for ever; a present one answers within a few seconds. */
export const CONNECT_TIMEOUT_MS = 20_000

/** A device's name, which is its maker's choice, is shown up to here. */
const DEVICE_NAME_CHARACTERS_MAX = 60

export interface BluetoothEnvironment {
  /** `navigator.bluetooth`, absent where the browser has none. */
  readonly bluetooth: BluetoothChooser | undefined
  readonly isSecureContext: boolean
  readonly time: SensorTime
}

/** Everything about it in one stop-and-go machine; frames that do not parse are counted and never end it. */
export class HeartRateSensor implements Sensor {
  readonly kind = 'heart-rate'
  readonly #environment: BluetoothEnvironment
  readonly #handlers: SensorHandlers
  #state: SensorState = { type: 'stopped' }
  #device: GattDevice | undefined
  /** Grows with every step a person or a timer takes; what belongs to an earlier one is ignored when it ends. */
  #run = 0
  /** Attempts since a heart rate last came. */
  #attempts = 0
  #malformed = 0
  /** False until the first connection since `start`: a failure then is told at once, with a person present. */
  #established = false
  #cancelTimer: () => void = () => undefined

  constructor(environment: BluetoothEnvironment, handlers: SensorHandlers) {
    this.#environment = environment
    this.#handlers = handlers
  }

  get state(): SensorState {
    return this.#state
  }

  /** Opens the chooser the first time; afterwards it reconnects to the same device. */
  async start(): Promise<void> {
    if (!['stopped', 'lost', 'failed'].includes(this.#state.type)) return
    const run = this.#begin()
    this.#attempts = 0
    this.#malformed = 0
    this.#established = false
    this.#device ??= await this.#choose(run)
    if (this.#device !== undefined && run === this.#run) await this.#connect(this.#device, run)
  }

  stop(): void {
    this.#begin()
    this.#become({ type: 'stopped' })
    this.#device?.gatt?.disconnect()
  }

  async #choose(run: number): Promise<GattDevice | undefined> {
    const { bluetooth, isSecureContext } = this.#environment
    if (bluetooth === undefined) {
      this.#fail(sensorProblem(isSecureContext ? 'bluetooth-unsupported' : 'insecure'))
      return undefined
    }
    this.#become({ type: 'choosing' })
    try {
      const device = await chooseHeartRate(bluetooth)
      device.addEventListener('gattserverdisconnected', () => this.#onDisconnected(device))
      return device
    } catch (error) {
      const problem = await choosingProblem(error, bluetooth)
      if (run === this.#run) this.#fail(problem)
      return undefined
    }
  }

  async #connect(device: GattDevice, run: number): Promise<void> {
    const { time } = this.#environment
    const { gatt } = device
    if (gatt === undefined) {
      this.#fail(sensorProblem('wrong-device'))
      return
    }
    this.#become({ type: 'connecting' })
    this.#cancelTimer = time.after(CONNECT_TIMEOUT_MS, () =>
      this.#onConnectFailed(sensorProblem('unreachable')),
    )
    try {
      await openHeartRate(gatt, (frame) => this.#onFrame(run, parseHeartRate(frame, time.nowMs())))
    } catch (error) {
      if (run === this.#run) this.#onConnectFailed(connectingProblem(error))
      return
    }
    if (run !== this.#run) return
    this.#cancelTimer()
    this.#established = true
    this.#becomeLive(device)
    await openBattery(gatt, (frame) => this.#onFrame(run, parseBattery(frame, time.nowMs())))
  }

  #onFrame(run: number, parsed: ReturnType<typeof parseHeartRate>): void {
    if (run !== this.#run) return
    if (!('type' in parsed)) {
      // A strap that only tells its battery before it drops out again has not come back.
      if (parsed.some(({ quantity }) => quantity === 'heart-rate')) this.#attempts = 0
      this.#handlers.onReadings(parsed)
      return
    }
    this.#malformed += 1
    if (this.#state.type === 'live' && this.#device !== undefined) this.#becomeLive(this.#device)
  }

  #onDisconnected(device: GattDevice): void {
    if (device === this.#device && this.#state.type === 'live') this.#lose()
  }

  #onConnectFailed(problem: SensorProblem): void {
    // Ends whatever the browser is still trying, so that the next attempt starts afresh.
    this.#begin()
    this.#device?.gatt?.disconnect()
    if (this.#established && problem.kind === 'unreachable') this.#lose()
    else this.#fail(problem)
  }

  #lose(): void {
    const device = this.#device
    const nextMs = RETRY_DELAYS_MS[this.#attempts]
    if (device === undefined || nextMs === undefined) {
      this.#fail(sensorProblem('unreachable'))
      return
    }
    const run = this.#begin()
    this.#attempts += 1
    this.#become({ type: 'lost', attempt: this.#attempts, nextMs })
    this.#cancelTimer = this.#environment.time.after(nextMs, () => void this.#connect(device, run))
  }

  #fail(problem: SensorProblem): void {
    this.#begin()
    // Such a device will not do next time either, so the next start asks again.
    if (problem.kind === 'wrong-device') this.#device = undefined
    this.#become({ type: 'failed', problem })
  }

  #becomeLive(device: GattDevice): void {
    const name = (device.name ?? 'Heart-rate sensor').slice(0, DEVICE_NAME_CHARACTERS_MAX)
    this.#become({ type: 'live', name, malformed: this.#malformed })
  }

  #begin(): number {
    this.#cancelTimer()
    this.#run += 1
    return this.#run
  }

  #become(state: SensorState): void {
    this.#state = state
    this.#handlers.onState(state)
  }
}

/** What a rejected chooser means. Names by the Web Bluetooth specification, "Request Bluetooth Devices". */
async function choosingProblem(error: unknown, bluetooth: BluetoothChooser): Promise<SensorProblem> {
  const { name, message } = described(error)
  if (name === 'NotAllowedError' || name === 'SecurityError') return sensorProblem('bluetooth-refused', error)
  if (name !== 'NotFoundError') return sensorProblem('bluetooth-failed', error)
  // Chromium gives four failures this one name, and tells them apart only in English.
  if (/disabled|permission/i.test(message)) return sensorProblem('bluetooth-refused', error)
  const off = /adapter/i.test(message) || !(await isAvailable(bluetooth))
  return sensorProblem(off ? 'bluetooth-off' : 'cancelled', error)
}

async function isAvailable(bluetooth: BluetoothChooser): Promise<boolean> {
  try {
    return await bluetooth.getAvailability()
  } catch {
    // A browser that cannot say has shown its chooser all the same.
    return true
  }
}

/** What a rejected connection means. Names by the Web Bluetooth specification, "GATT Interaction". */
function connectingProblem(error: unknown): SensorProblem {
  switch (described(error).name) {
    case 'NetworkError':
    case 'AbortError':
    case 'InvalidStateError':
      return sensorProblem('unreachable', error)
    case 'NotFoundError':
    case 'NotSupportedError':
      return sensorProblem('wrong-device', error)
    case 'NotAllowedError':
    case 'SecurityError':
      return sensorProblem('bluetooth-refused', error)
    default:
      return sensorProblem('bluetooth-failed', error)
  }
}

function described(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: '', message: '' }
}
