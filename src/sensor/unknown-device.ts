/** A Bluetooth device that no profile is for: what it offers and what it says, raw, for a person to make sense of. */
import {
  chooseDevice,
  connectingProblem,
  deviceName,
  isMissing,
  type BluetoothEnvironment,
} from './choosing.ts'
import { connect } from './connecting.ts'
import { describe } from './descriptors.ts'
import { DEVICE_INFORMATION } from './device-facts.ts'
import {
  hold,
  release,
  turnsOf,
  type GattCharacteristic,
  type GattDevice,
  type GattServer,
  type GattUuid,
  type Turns,
} from './gatt.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import { BATTERY, PROFILES, UART_SERVICE } from './profiles.ts'

/** Of each: more would be a list that nobody reads. */
const SERVICES_MAX = 32
const CHARACTERISTICS_MAX = 128

/** Of a value: more than a screen is wide. A value has at most 512. */
export const RAW_BYTES_MAX = 64

/** Between two tellings of what has changed: as fast as a person can follow. */
export const TELL_EVERY_MS = 200

/** Makers' own that many devices use: serial bridges (HM-10 and its copies), and cheap sensors behind them. */
const COMMON_SERVICES: readonly number[] = [0xffe0, 0xfff0, 0xfee0]

/** A browser shows of a device only the services that were named before it was chosen. */
const KNOWN_SERVICES: readonly GattUuid[] = [
  ...[...PROFILES.values()].map(({ service }) => service),
  BATTERY.service,
  DEVICE_INFORMATION,
  UART_SERVICE,
  ...COMMON_SERVICES,
]

export interface RawCharacteristic {
  /** Full UUIDs. */
  readonly service: string
  readonly uuid: string
  /** What its maker calls it. */
  readonly description?: string
  readonly canRead: boolean
  readonly canFollow: boolean
  readonly isFollowed: boolean
  /** The newest value. */
  readonly value?: {
    /** Two digits a byte, with spaces between; the first `RAW_BYTES_MAX` bytes. */
    readonly hex: string
    readonly byteLength: number
    readonly atMs: number
  }
}

export interface RawDevice {
  readonly name: string
  readonly isConnected: boolean
  /** In the order of the device, those of a service together. */
  readonly characteristics: readonly RawCharacteristic[]
}

interface Entry {
  readonly characteristic: GattCharacteristic
  shown: RawCharacteristic
}

export class UnknownDevice {
  readonly #environment: BluetoothEnvironment
  readonly #onChange: (device: RawDevice) => void
  #device: GattDevice | undefined
  #entries: Entry[] = []
  /** Aborted when the connection, or the choice before it, is over. */
  #connection = new AbortController()
  #cancelTelling: (() => void) | undefined

  /** @param onChange told what is known now, at most every `TELL_EVERY_MS` */
  constructor(environment: BluetoothEnvironment, onChange: (device: RawDevice) => void) {
    this.#environment = environment
    this.#onChange = onChange
  }

  /**
   * Has a person choose among all devices, connects and lists what is there. Call it from a click. Never rejects.
   *
   * @param services full UUIDs a person typed (`fullUuid`), to be shown besides those that are known
   * @returns what went wrong, if anything
   */
  async choose(services: readonly string[]): Promise<SensorProblem | undefined> {
    this.close()
    const signal = this.#begin()
    const optionalServices = [...KNOWN_SERVICES, ...services]
    const chosen = await chooseDevice(this.#environment, { acceptAllDevices: true, optionalServices })
    if (chosen.type === 'none') return chosen.problem
    if (signal.aborted) return sensorProblem('cancelled')
    this.#device = chosen.device
    this.#entries = []
    return this.open()
  }

  /** Connects to the chosen device, anew where it was, and lists what is there. Never rejects. */
  async open(): Promise<SensorProblem | undefined> {
    const device = this.#device
    if (device?.gatt === undefined) return sensorProblem('unreachable')
    const signal = this.#begin()
    const { time } = this.#environment
    hold(device, this)
    try {
      const entries = await connect(device.gatt, time, signal, (server) =>
        list(server, turnsOf(device, time)),
      )
      if (signal.aborted) return sensorProblem('unreachable')
      this.#entries = entries
    } catch (error) {
      // Ends whatever the browser is still trying.
      if (!signal.aborted) this.close()
      return connectingProblem(error)
    }
    device.addEventListener('gattserverdisconnected', () => this.#end(), { signal })
    for (const entry of this.#entries) this.#listen(entry)
    this.#tell()
    return undefined
  }

  /**
   * Reads one characteristic; `onChange` tells its value. Never rejects.
   *
   * @param at its place in `characteristics`
   */
  read(at: number): Promise<SensorProblem | undefined> {
    return this.#operate(at, async ({ characteristic }) => {
      await characteristic.readValue()
    })
  }

  /**
   * Follows one characteristic until the connection ends; `onChange` tells its values. Never rejects.
   *
   * @param at its place in `characteristics`
   */
  follow(at: number): Promise<SensorProblem | undefined> {
    return this.#operate(at, async (entry) => {
      await entry.characteristic.startNotifications()
      entry.shown = { ...entry.shown, isFollowed: true }
      this.#tellSoon()
    })
  }

  /** Disconnects. What was seen stays. */
  close(): void {
    this.#end()
    if (this.#device !== undefined) release(this.#device, this)
  }

  async #operate(at: number, operation: (entry: Entry) => Promise<void>): Promise<SensorProblem | undefined> {
    const device = this.#device
    const entry = this.#entries[at]
    if (device === undefined || entry === undefined || this.#connection.signal.aborted)
      return sensorProblem('unreachable')
    try {
      await turnsOf(device, this.#environment.time).take(() => operation(entry))
      return undefined
    } catch (error) {
      return connectingProblem(error)
    }
  }

  /** A read fires the event as a notification does. */
  #listen(entry: Entry): void {
    const { signal } = this.#connection
    const { characteristic } = entry
    characteristic.addEventListener('characteristicvaluechanged', () => {
      if (signal.aborted || characteristic.value === undefined) return
      entry.shown = { ...entry.shown, value: rawValue(characteristic.value, this.#environment.time.nowMs()) }
      this.#tellSoon()
    })
  }

  #begin(): AbortSignal {
    this.#connection.abort()
    this.#connection = new AbortController()
    return this.#connection.signal
  }

  #end(): void {
    this.#connection.abort()
    for (const entry of this.#entries) entry.shown = { ...entry.shown, isFollowed: false }
    if (this.#entries.length > 0) this.#tell()
  }

  #tellSoon(): void {
    this.#cancelTelling ??= this.#environment.time.after(TELL_EVERY_MS, () => this.#tell())
  }

  #tell(): void {
    this.#cancelTelling?.()
    this.#cancelTelling = undefined
    if (this.#device === undefined) return
    this.#onChange({
      name: deviceName(this.#device, 'Unknown device'),
      isConnected: !this.#connection.signal.aborted,
      characteristics: this.#entries.map(({ shown }) => shown),
    })
  }
}

const SHORT_UUID = /^(?:0x)?([0-9a-f]{4}|[0-9a-f]{8})$/
const FULL_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * A UUID as a person types one, `181a`, `0x181A` or in full, as a browser gives it: in full, lower case. `undefined` where
 * it is none. Bluetooth Core 5.4, volume 3, part B, §2.5.1.
 */
export function fullUuid(typed: string): string | undefined {
  const text = typed.trim().toLowerCase()
  const short = SHORT_UUID.exec(text)?.[1]
  if (short !== undefined) return `${short.padStart(8, '0')}-0000-1000-8000-00805f9b34fb`
  return FULL_UUID.test(text) ? text : undefined
}

async function list(server: GattServer, turns: Turns): Promise<Entry[]> {
  const services = await turns.take(() => server.getPrimaryServices())
  const entries: Entry[] = []
  for (const service of services.slice(0, SERVICES_MAX)) {
    // A service may be empty.
    const found = await turns.take(() => service.getCharacteristics()).catch(orNone)
    for (const characteristic of found.slice(0, CHARACTERISTICS_MAX - entries.length)) {
      entries.push({ characteristic, shown: await rawOf(service.uuid, characteristic, turns) })
    }
  }
  return entries
}

function orNone(error: unknown): readonly GattCharacteristic[] {
  if (isMissing(error)) return []
  throw error
}

async function rawOf(
  service: string,
  characteristic: GattCharacteristic,
  turns: Turns,
): Promise<RawCharacteristic> {
  const { uuid, properties } = characteristic
  const description = await describe(characteristic, turns)
  return {
    service,
    uuid,
    ...(description === undefined ? {} : { description }),
    canRead: properties.read,
    canFollow: properties.notify || properties.indicate,
    isFollowed: false,
  }
}

function rawValue(value: DataView, atMs: number): NonNullable<RawCharacteristic['value']> {
  const { buffer, byteOffset, byteLength } = value
  const bytes = new Uint8Array(buffer, byteOffset, Math.min(byteLength, RAW_BYTES_MAX))
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return { hex, byteLength, atMs }
}
