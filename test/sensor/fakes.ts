/** A clock that stands still until told, Bluetooth devices without hardware, and a place to look at what a sensor says. */
import type {
  Advertisement,
  BluetoothChooser,
  ChooserOptions,
  GattCharacteristic,
  GattDevice,
  GattServer,
  GattService,
  GattUuid,
} from '../../src/sensor/gatt.ts'
import type { ThingKind } from '../../src/reading/kinds.ts'
import type { Reading } from '../../src/reading/reading.ts'
import { PROFILES, type Profile } from '../../src/sensor/profiles.ts'
import { BluetoothSensor } from '../../src/sensor/bluetooth.ts'
import type { SensorHandlers, SensorState, SensorTime } from '../../src/sensor/sensor.ts'

export class ManualTime implements SensorTime {
  #nowMs: number
  #setBackMs = 0
  #tasks: { readonly atMs: number; readonly task: () => void }[] = []

  constructor(nowMs: number) {
    this.#nowMs = nowMs
  }

  /** Timers not yet run or called off. */
  get pending(): number {
    return this.#tasks.length
  }

  nowMs(): number {
    return this.#nowMs - this.#setBackMs
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry)
    }
  }

  /** The clock is set back. Timers do not go by it. */
  setBack(ms: number): void {
    this.#setBackMs += ms
  }

  /** Lets time pass, running what falls due on the way, each at its own time. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#tasks.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#tasks = this.#tasks.filter((other) => other !== next)
      this.#nowMs = next.atMs
      next.task()
      await settled()
    }
    this.#nowMs = endMs
  }
}

/** Resolves when everything that waits only for promises has run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export class Witness implements SensorHandlers {
  readonly readings: Reading[] = []
  readonly states: SensorState[] = []

  onReadings(readings: readonly Reading[]): void {
    this.readings.push(...readings)
  }

  onState(state: SensorState): void {
    this.states.push(state)
  }

  /** The states seen so far by their types, and nothing seen any more. */
  takeStates(): string[] {
    return this.states.splice(0).map(({ type }) => type)
  }

  /** Values of one quantity, in the order they came. */
  values(quantity: string): Reading['value'][] {
    return this.readings.filter((reading) => reading.quantity === quantity).map(({ value }) => value)
  }
}

/** What a browser throws, by its name. */
export function browserError(name: string, message = ''): DOMException {
  return new DOMException(message, name)
}

/** The profile of a kind that has one. */
export function profileOf(kind: ThingKind): Profile {
  const profile = PROFILES.get(kind)
  if (profile === undefined) throw new Error(`no profile for ${kind}`)
  return profile
}

/** A characteristic as a device has it: what it can do, and what a read returns. */
export interface FakeOffer {
  readonly can: readonly ('read' | 'notify' | 'indicate' | 'write' | 'writeWithoutResponse')[]
  value?: readonly number[]
  /** Whether a read is never answered. */
  readonly isMute?: boolean
  /** Is told what was written, and how. */
  readonly onWrite?: (bytes: Uint8Array, how: 'write' | 'writeWithoutResponse') => void
  /** By their numbers. */
  readonly descriptors?: Readonly<Record<number, Uint8Array>>
}

/** Service, characteristic, what it offers: one, or several of one UUID. */
export type FakeServices = Record<string | number, Record<string | number, FakeOffer | readonly FakeOffer[]>>

/** One characteristic for the length of one connection. */
class FakeCharacteristic extends EventTarget implements GattCharacteristic {
  readonly uuid: string
  readonly properties: GattCharacteristic['properties']
  value: DataView | undefined
  readonly #offer: FakeOffer
  readonly #device: FakeDevice

  constructor(uuid: string, offer: FakeOffer, device: FakeDevice) {
    super()
    this.uuid = uuid
    const can = (ability: FakeOffer['can'][number]) => offer.can.includes(ability)
    this.properties = {
      read: can('read'),
      notify: can('notify'),
      indicate: can('indicate'),
      write: can('write'),
      writeWithoutResponse: can('writeWithoutResponse'),
    }
    this.#offer = offer
    this.#device = device
  }

  readValue(): Promise<DataView> {
    if (this.#offer.isMute) return new Promise(() => undefined)
    return this.#device.operate(() => {
      if (!this.properties.read) throw browserError('NotSupportedError', 'GATT operation not permitted.')
      this.notify(Uint8Array.from(this.#offer.value ?? []))
      return new DataView(Uint8Array.from(this.#offer.value ?? []).buffer)
    })
  }

  writeValueWithResponse(bytes: Uint8Array): Promise<void> {
    return this.#write(bytes, 'write')
  }

  writeValueWithoutResponse(bytes: Uint8Array): Promise<void> {
    return this.#write(bytes, 'writeWithoutResponse')
  }

  #write(bytes: Uint8Array, how: 'write' | 'writeWithoutResponse'): Promise<void> {
    return this.#device.operate(() => {
      if (!this.properties[how]) throw browserError('NotSupportedError', 'GATT operation not permitted.')
      if (bytes.length > 20) throw browserError('NetworkError', 'GATT Error: invalid attribute length.')
      this.#offer.onWrite?.(bytes, how)
    })
  }

  startNotifications(): Promise<this> {
    return this.#device.operate(() => {
      if (!this.properties.notify && !this.properties.indicate) throw browserError('NotSupportedError')
      return this
    })
  }

  getDescriptor(descriptor: GattUuid): Promise<{ readValue(): Promise<DataView> }> {
    return this.#device.operate(() => {
      const bytes = this.#offer.descriptors?.[Number(descriptor)]
      if (bytes === undefined) throw browserError('NotFoundError', 'No Descriptors matching UUID')
      return { readValue: () => this.#device.operate(() => new DataView(bytes.slice().buffer)) }
    })
  }

  notify(bytes: Uint8Array): void {
    this.value = new DataView(Uint8Array.from(bytes).buffer)
    this.dispatchEvent(new Event('characteristicvaluechanged'))
  }
}

/** A device whose connection, services and failures a test decides. */
export class FakeDevice implements GattDevice, GattServer {
  readonly id: string
  readonly name: string | undefined
  readonly gatt: GattServer = this
  services: FakeServices
  /** What the next connections do: fail so, hang, or, with the list at its end, succeed. */
  connects: (DOMException | 'hang')[] = []
  /** What the next operations on its services do: fail so, or, with the list at its end, succeed. */
  operations: DOMException[] = []
  disconnections = 0
  watchAdvertisements?: NonNullable<GattDevice['watchAdvertisements']>
  #present = new Map<string, FakeCharacteristic[]>()
  #isConnected = false
  #isBusy = false
  readonly #events = new EventTarget()

  constructor(services: FakeServices, name?: string, id = 'device 1') {
    this.services = services
    this.name = name
    this.id = id
  }

  connect(): Promise<GattServer> {
    const outcome = this.connects.shift()
    if (outcome === 'hang') return new Promise(() => undefined)
    if (outcome !== undefined) return Promise.reject(outcome)
    // There is one connection of a page to a device, however many ask for it.
    if (this.#isConnected) return Promise.resolve(this)
    this.#isConnected = true
    // A browser forgets a device's characteristics with each connection.
    this.#present = new Map()
    for (const [service, characteristics] of Object.entries(this.services)) {
      for (const [uuid, offers] of Object.entries(characteristics)) {
        const all = [offers].flat().map((offer) => new FakeCharacteristic(uuid, offer, this))
        this.#present.set(`${service}/${uuid}`, all)
      }
    }
    return Promise.resolve(this)
  }

  disconnect(): void {
    this.disconnections += 1
    this.#isConnected = false
  }

  getPrimaryService(service: GattUuid): Promise<GattService> {
    return this.operate(() => {
      if (!(String(service) in this.services))
        throw browserError('NotFoundError', 'No Services matching UUID')
      return this.#service(String(service))
    })
  }

  getPrimaryServices(): Promise<readonly GattService[]> {
    return this.operate(() => Object.keys(this.services).map((service) => this.#service(service)))
  }

  #service(service: string): GattService {
    const getCharacteristics = (wanted?: GattUuid) =>
      this.operate(() => {
        const uuids = wanted === undefined ? Object.keys(this.services[service] ?? {}) : [String(wanted)]
        const found = uuids.flatMap((uuid) => this.#present.get(`${service}/${uuid}`) ?? [])
        if (found.length === 0) throw browserError('NotFoundError', 'No Characteristics matching UUID')
        return found
      })
    return { uuid: service, getCharacteristics }
  }

  /** Does what a browser does with an operation: one at a time. */
  async operate<T>(work: () => T): Promise<T> {
    if (this.#isBusy) throw browserError('NetworkError', 'GATT operation already in progress.')
    this.#isBusy = true
    await Promise.resolve()
    this.#isBusy = false
    const failure = this.operations.shift()
    if (failure !== undefined) throw failure
    return work()
  }

  /** A characteristic of the present connection. */
  at(service: GattUuid, uuid: GattUuid, index = 0): FakeCharacteristic {
    const found = this.#present.get(`${service}/${uuid}`)?.[index]
    if (found === undefined) throw new Error(`no ${service}/${uuid}`)
    return found
  }

  addEventListener(type: string, listener: (event: never) => void, options: AddEventListenerOptions): void {
    this.#events.addEventListener(type, listener as (event: Event) => void, options)
  }

  /** It walks out of range. */
  vanish(): void {
    this.happen('gattserverdisconnected')
  }

  happen(type: 'gattserverdisconnected' | 'servicechanged'): void {
    // What was known of its services is not so any more.
    this.#isConnected = false
    this.#events.dispatchEvent(new Event(type))
  }

  /** It is heard. */
  advertise(advert: Partial<Advertisement> = {}): void {
    const said: Advertisement = { manufacturerData: new Map(), serviceData: new Map(), ...advert }
    this.#events.dispatchEvent(Object.assign(new Event('advertisementreceived'), said))
  }
}

/** A strap with a battery. */
export class FakeStrap extends FakeDevice {
  constructor(id?: string) {
    super(
      {
        0x180d: { 0x2a37: { can: ['notify'] } },
        0x180f: { 0x2a19: { can: ['read', 'notify'], value: [87] } },
      },
      'Strap 7',
      id,
    )
  }

  get heartRate(): FakeCharacteristic {
    return this.at(0x180d, 0x2a37)
  }

  get battery(): FakeCharacteristic {
    return this.at(0x180f, 0x2a19)
  }

  beat(...bytes: number[]): void {
    this.heartRate.notify(Uint8Array.from(bytes))
  }
}

type FakeAnswer = FakeDevice | DOMException | Promise<FakeDevice>

/** A browser's chooser that answers with the device, or with what it throws. */
export class FakeBluetooth implements BluetoothChooser {
  readonly asked: ChooserOptions[] = []
  answer: FakeAnswer
  available = true
  getDevices?: NonNullable<BluetoothChooser['getDevices']>

  constructor(answer: FakeAnswer) {
    this.answer = answer
  }

  requestDevice(options: ChooserOptions): Promise<GattDevice> {
    this.asked.push(options)
    return this.answer instanceof DOMException ? Promise.reject(this.answer) : Promise.resolve(this.answer)
  }

  getAvailability(): Promise<boolean> {
    return Promise.resolve(this.available)
  }
}

/** When stories begin. */
export const NOW_MS = 1_700_000_000_000

/** A heart-rate sensor that has not been started, and all there is around it. */
export function paired(strap = new FakeStrap(), bluetooth = new FakeBluetooth(strap)) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const environment = { bluetooth, isSecureContext: true, time }
  const sensor = new BluetoothSensor(profileOf('heart-rate'), environment, witness)
  return { strap, bluetooth, time, witness, sensor }
}
