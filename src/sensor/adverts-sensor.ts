/** A sensor that tells all around what it measures and is never connected to: its adverts, where the browser gives them. */
import { KINDS } from '../reading/kinds.ts'
import {
  chooseDevice,
  connectingProblem,
  deviceName,
  knownDevice,
  type BluetoothEnvironment,
} from './choosing.ts'
import type { Advertisement, ChooserOptions, GattDevice } from './gatt.ts'
import { makeParseAdvert, type Advert, type ParseAdvert } from './parse/adverts.ts'
import type { Parsed } from './parse/parse.ts'
import { sensorProblem } from './problem.ts'
import type { Sensor, SensorHandlers, SensorState } from './sensor.ts'
import { Steps } from './steps.ts'

/** Between adverts, at most: thermometers on coin cells speak every ten seconds, caps on the tyres of a car that stands every few minutes. */
export const ADVERT_MS_MAX = 300_000

/** Chromium stops listening, without a word, for a page that is not seen; asking again costs it nothing. */
export const LISTEN_AGAIN_MS = 30_000

/** Bluetooth Assigned Numbers §7.1, and §3.11 for the service. */
const RUUVI = 0x0499
const TPMS = 0x0100
const BTHOME = 0xfcd2

/**
 * Chromium lists devices by what they say of a maker, and not by service data, which is all that BTHome has: its devices
 * are looked for among all.
 */
const CHOICES: Readonly<Record<'environment' | 'tyres', ChooserOptions>> = {
  environment: { acceptAllDevices: true, optionalManufacturerData: [RUUVI], optionalServices: [BTHOME] },
  tyres: {
    filters: [{ manufacturerData: [{ companyIdentifier: TPMS }] }, { namePrefix: 'TPMS' }],
    optionalManufacturerData: [TPMS],
  },
}

export type AdvertKind = keyof typeof CHOICES

export class AdvertsSensor implements Sensor {
  readonly kind: AdvertKind
  readonly #environment: BluetoothEnvironment
  readonly #steps: Steps
  #device: GattDevice | undefined
  /** Times in a row that the browser would not listen. */
  #refused = 0
  /** Ends the wait of `start`. */
  #heard: () => void = () => undefined
  #cancelSilence: () => void = () => undefined

  constructor(kind: AdvertKind, environment: BluetoothEnvironment, handlers: SensorHandlers) {
    this.kind = kind
    this.#environment = environment
    this.#steps = new Steps({ time: environment.time, handlers, live: () => ({ name: this.#name() }) })
  }

  get state(): SensorState {
    return this.#steps.state
  }

  get deviceId(): string | undefined {
    return this.#device?.id
  }

  /** Opens the chooser the first time; afterwards it listens to the same device. Resolves once one has been heard, or not. */
  async start(): Promise<void> {
    if (!this.#steps.mayStart) return
    const step = this.#steps.begin()
    this.#device ??= await this.#choose(step)
    if (this.#device === undefined || step.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#heard = resolve
    step.addEventListener('abort', () => resolve())
    this.#waitForAdvert(step, () => this.#steps.fail(sensorProblem('no-adverts')))
    this.#listen(this.#device, step)
    await promise
  }

  async resume(deviceId: string): Promise<boolean> {
    if (this.state.type !== 'stopped') return false
    const step = this.#steps.begin()
    const device = await knownDevice(this.#environment, deviceId)
    if (device === undefined || step.aborted) return false
    this.#device = device
    this.#listen(device, step)
    return true
  }

  stop(): void {
    this.#steps.stop()
  }

  async #choose(step: AbortSignal): Promise<GattDevice | undefined> {
    this.#steps.become({ type: 'choosing' })
    const chosen = await chooseDevice(this.#environment, CHOICES[this.kind])
    if (chosen.type === 'chosen') return chosen.device
    if (!step.aborted) this.#steps.fail(chosen.problem)
    return undefined
  }

  #listen(device: GattDevice, step: AbortSignal): void {
    this.#steps.startAnew()
    this.#refused = 0
    this.#steps.become({ type: 'connecting' })
    if (step.aborted) return
    const parse = makeParseAdvert()
    const onAdvert = (advert: Advertisement) => {
      const hasReadings = this.#steps.intake.take((atMs) => known(parse, advert, atMs))
      // Whoever heard them may have stopped it.
      if (!hasReadings || step.aborted) return
      this.#waitForAdvert(step, () =>
        this.#steps.become({ type: 'lost', attempt: 1, nextMs: LISTEN_AGAIN_MS }),
      )
      if (this.state.type === 'live') return
      this.#steps.becomeLive()
      this.#heard()
    }
    device.addEventListener('advertisementreceived', onAdvert, { signal: step })
    void this.#watch(device, step)
  }

  #waitForAdvert(step: AbortSignal, onSilence: () => void): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#steps.after(ADVERT_MS_MAX, step, onSilence)
  }

  /** Asks the browser to listen, again and again. It goes on while the page does: a phone may sleep for long. */
  async #watch(device: GattDevice, step: AbortSignal): Promise<void> {
    if (device.watchAdvertisements === undefined) {
      this.#steps.fail(sensorProblem('adverts-unsupported'))
      return
    }
    try {
      await device.watchAdvertisements({ signal: step })
      this.#refused = 0
    } catch (error) {
      if (step.aborted) return
      const problem = connectingProblem(error)
      // A browser that cannot or may not will not later either.
      if (problem.kind === 'wrong-device') this.#steps.fail(sensorProblem('adverts-unsupported', error))
      else if (problem.kind === 'bluetooth-refused') this.#steps.fail(problem)
      else this.#steps.become({ type: 'lost', attempt: ++this.#refused, nextMs: LISTEN_AGAIN_MS })
    }
    this.#steps.after(LISTEN_AGAIN_MS, step, () => void this.#watch(device, step))
  }

  #name(): string {
    const { label } = KINDS[this.kind]
    return this.#device === undefined ? label : deviceName(this.#device, label)
  }
}

/** Adverts of other kinds, which most devices send as well, are no fault. */
function known(parse: ParseAdvert, { manufacturerData, serviceData }: Advertisement, atMs: number): Parsed {
  // The browser gives services by their full UUIDs only; its type allows for more.
  const advert: Advert = { manufacturerData, serviceData: serviceData as ReadonlyMap<string, DataView> }
  const parsed = parse(advert, atMs)
  return 'type' in parsed && parsed.reason === 'unknown' ? [] : parsed
}
