/** The part of Web Bluetooth that sensors need, and what those who speak to one device have to agree on. */
import type { SensorTime } from './sensor.ts'

/** A service or characteristic: a name the browser knows, a full UUID, or an assigned number of 16 bits. */
export type GattUuid = string | number

/** Of `BluetoothRemoteGATTCharacteristic`. */
export interface GattCharacteristic {
  readonly uuid: string
  readonly properties: {
    readonly read: boolean
    readonly notify: boolean
    readonly indicate: boolean
    readonly write: boolean
    readonly writeWithoutResponse: boolean
  }
  readonly value?: DataView | undefined
  readValue(): Promise<DataView>
  writeValueWithResponse(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  writeValueWithoutResponse(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** For indications too. */
  startNotifications(): Promise<unknown>
  /** Rejects with `NotFoundError` where there is none. */
  getDescriptor(descriptor: GattUuid): Promise<{ readValue(): Promise<DataView> }>
  addEventListener(type: 'characteristicvaluechanged', listener: () => void): void
}

/** Of `BluetoothRemoteGATTService`. */
export interface GattService {
  readonly uuid: string
  /** Rejects with `NotFoundError` where there is none. */
  getCharacteristics(characteristic?: GattUuid): Promise<readonly GattCharacteristic[]>
}

/** Of `BluetoothRemoteGATTServer`. */
export interface GattServer {
  connect(): Promise<GattServer>
  disconnect(): void
  getPrimaryService(service: GattUuid): Promise<GattService>
  getPrimaryServices(): Promise<readonly GattService[]>
}

/** Of `BluetoothAdvertisingEvent`. */
export interface Advertisement {
  /** By company identifier. */
  readonly manufacturerData: ReadonlyMap<number, DataView>
  /** By full UUID, lower case. */
  readonly serviceData: ReadonlyMap<GattUuid, DataView>
}

/** Of `BluetoothDevice`. */
export interface GattDevice {
  /** The same on later visits where the browser keeps permissions. */
  readonly id: string
  readonly name?: string | undefined
  readonly gatt?: GattServer | undefined
  /** Absent in browsers that cannot. */
  watchAdvertisements?(options: { readonly signal: AbortSignal }): Promise<void>
  addEventListener(
    type: 'gattserverdisconnected' | 'servicechanged' | 'serviceremoved',
    listener: () => void,
    options: ListenerOptions,
  ): void
  addEventListener(
    type: 'advertisementreceived',
    listener: (event: Advertisement) => void,
    options: ListenerOptions,
  ): void
}

interface ListenerOptions {
  readonly signal?: AbortSignal
  readonly once?: boolean
}

/** Which devices the browser's chooser lists, and what the page may then ask of the one chosen. */
export type ChooserOptions = ({ readonly filters: DeviceFilter[] } | { readonly acceptAllDevices: true }) & {
  readonly optionalServices?: GattUuid[]
  /** Company identifiers whose adverts the page may see. */
  readonly optionalManufacturerData?: number[]
}

/** A device that matches all of it is listed. */
interface DeviceFilter {
  readonly services?: GattUuid[]
  readonly namePrefix?: string
  readonly manufacturerData?: { readonly companyIdentifier: number }[]
  readonly serviceData?: { readonly service: GattUuid }[]
}

/** Of `Bluetooth`, which is `navigator.bluetooth`. */
export interface BluetoothChooser {
  requestDevice(options: ChooserOptions): Promise<GattDevice>
  getAvailability(): Promise<boolean>
  /** The devices chosen on earlier visits; absent in browsers that forget them. */
  getDevices?(): Promise<readonly GattDevice[]>
}

/** A device that has not answered by then never will. Core 5.4, volume 3, part F, §3.3.3. */
export const TURN_MS = 30_000

/** The browser rejects an operation on a device that has not answered the one before. */
export class Turns {
  readonly #time: Pick<SensorTime, 'after'>
  #last: Promise<unknown> = Promise.resolve()

  constructor(time: Pick<SensorTime, 'after'>) {
    this.#time = time
  }

  /**
   * Runs `operation` once all before it have ended, and ends as it does; where that takes longer than `TURN_MS` it rejects
   * with a `TimeoutError`, and others have their turn.
   */
  take<T>(operation: () => Promise<T>): Promise<T> {
    const done = this.#last.then(() => this.#run(operation))
    this.#last = done.catch(() => undefined)
    return done
  }

  async #run<T>(operation: () => Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>()
    const giveUp = () => reject(new DOMException('The device did not answer in time.', 'TimeoutError'))
    const cancel = this.#time.after(TURN_MS, giveUp)
    try {
      return await Promise.race([operation(), promise])
    } finally {
      cancel()
    }
  }
}

/** Of each device that is spoken to: two sensors may be one device, which the browser then gives out as one object. */
const TURNS = new WeakMap<GattDevice, Turns>()

/** The turns of everyone who speaks to `device`, up to its next disconnection, with which every operation ends. */
export function turnsOf(device: GattDevice, time: Pick<SensorTime, 'after'>): Turns {
  const present = TURNS.get(device)
  if (present !== undefined) return present
  const turns = new Turns(time)
  TURNS.set(device, turns)
  device.addEventListener('gattserverdisconnected', () => TURNS.delete(device), { once: true })
  return turns
}

/** Who uses the connection to each device, which they share. */
const USERS = new WeakMap<GattDevice, Set<object>>()

/** From now on `user` needs the connection, or tries for it. */
export function hold(device: GattDevice, user: object): void {
  const users = USERS.get(device) ?? new Set()
  USERS.set(device, users.add(user))
}

/** `user` needs the connection no longer; the last one ends it, and whatever the browser is still trying for it. */
export function release(device: GattDevice, user: object): void {
  const users = USERS.get(device)
  if (users?.delete(user) && users.size === 0) device.gatt?.disconnect()
}
