/** The part of Web Bluetooth that sensors need, and turns for those who speak to one device. */

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

/** The browser rejects an operation on a device that has not answered the one before. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `operation` once all before it have ended, and ends as it does. */
  take<T>(operation: () => Promise<T>): Promise<T> {
    const done = this.#last.then(operation)
    this.#last = done.catch(() => undefined)
    return done
  }
}

/** Of each device that is spoken to: two sensors may be one device, which the browser then gives out as one object. */
const TURNS = new WeakMap<GattDevice, Turns>()

/** The turns of everyone who speaks to `device`, up to its next disconnection, with which every operation ends. */
export function turnsOf(device: GattDevice): Turns {
  const present = TURNS.get(device)
  if (present !== undefined) return present
  const turns = new Turns()
  TURNS.set(device, turns)
  device.addEventListener('gattserverdisconnected', () => TURNS.delete(device), { once: true })
  return turns
}
