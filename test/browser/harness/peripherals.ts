/** Bluetooth sensors on an emulated adapter, and the frames they send. */
import type { ThingKind } from '../../../src/reading/kinds.ts'
import { bluetoothUuid, type BluetoothEmulator, type Characteristic } from './ble.ts'

const BATTERY_SERVICE = bluetoothUuid(0x180f)
const BATTERY_LEVEL = bluetoothUuid(0x2a19)

export interface SensorMake {
  readonly name: string
  readonly address: string
  /** Assigned numbers. */
  readonly service: number
  readonly characteristic: number
  readonly notifies: 'notify' | 'indicate'
}

/** A sensor with one characteristic that it measures by, and a battery. */
export class EmulatedSensor {
  readonly name: string
  readonly #emulator: BluetoothEmulator
  readonly #address: string
  readonly #service: string
  readonly #measurement: Characteristic
  readonly #battery: Characteristic

  constructor(emulator: BluetoothEmulator, make: SensorMake) {
    this.name = make.name
    this.#emulator = emulator
    this.#address = make.address
    this.#service = bluetoothUuid(make.service)
    this.#measurement = {
      uuid: bluetoothUuid(make.characteristic),
      notifies: make.notifies,
      value: new Uint8Array(),
    }
    this.#battery = { uuid: BATTERY_LEVEL, notifies: false, value: Uint8Array.of(87) }
  }

  /** Switches it on, within reach. */
  async start(): Promise<void> {
    await this.#emulator.add({
      address: this.#address,
      name: this.name,
      services: [
        { uuid: this.#service, characteristics: [this.#measurement] },
        { uuid: BATTERY_SERVICE, characteristics: [this.#battery] },
      ],
    })
  }

  /** Picks this sensor in the next chooser; call it before the click, await it after. */
  chosen(): Promise<void> {
    return this.#emulator.answerChooser({ choose: this.#address })
  }

  /**
   * Sends one measurement, any bytes at all, once the page has subscribed, and resolves once the page has handled it.
   */
  async sendFrame(bytes: Uint8Array): Promise<void> {
    await this.#emulator.notify(this.#measurement, bytes)
  }

  /** Drops the connection and resolves once the page knows; `comesBack` says whether it answers the next one. */
  async goAway(comesBack: boolean): Promise<void> {
    await this.#emulator.disconnect(this.#address, comesBack)
  }

  /** Answers connections again. */
  comeBack(): void {
    this.#emulator.bringBack(this.#address)
  }
}

/** A kind of sensor, and how it says a number. */
export interface Model extends SensorMake {
  readonly kind: ThingKind
  /** What the number is read as. */
  readonly quantity: string
  /** What the number is multiplied by in the reading. */
  readonly factor: number
  /** Says a whole number from 1 to 999. */
  frame(value: number): Uint8Array
}

/** Six of different profiles. Frames: GATT Specification Supplement, under the name of each measurement. */
export const MODELS: readonly Model[] = [
  {
    ...model('heart-rate', 'Strap', 1, 0x180d, 0x2a37, 'notify'),
    ...{ quantity: 'heart-rate', factor: 1 },
    frame: (value) => Uint8Array.of(0x01, ...u16(value)),
  },
  {
    // tenths of a pascal
    ...model('environment', 'Barn', 2, 0x181a, 0x2a6d, 'notify'),
    ...{ quantity: 'pressure', factor: 0.1 },
    frame: (value) => Uint8Array.of(...u16(value), 0, 0),
  },
  {
    // an IEEE 11073 FLOAT: 24 bits of mantissa, 8 of exponent
    ...model('thermometer', 'Fever', 3, 0x1809, 0x2a1c, 'indicate'),
    ...{ quantity: 'body-temperature', factor: 0.1 },
    frame: (value) => Uint8Array.of(0x00, ...u16(value), 0, 0xff),
  },
  {
    // three IEEE 11073 SFLOAT, 12 bits of mantissa and 4 of exponent; hundredths of a kilopascal
    ...model('blood-pressure', 'Cuff', 4, 0x1810, 0x2a35, 'indicate'),
    ...{ quantity: 'systolic-pressure', factor: 10 },
    frame: (value) => Uint8Array.of(0x01, ...[value, 800, 900].flatMap((one) => u16(0xe000 | one))),
  },
  {
    ...model('cycling-power', 'Pedals', 5, 0x1818, 0x2a63, 'notify'),
    ...{ quantity: 'power', factor: 1 },
    frame: (value) => Uint8Array.of(0, 0, ...u16(value)),
  },
  {
    ...model('running', 'Shoe', 6, 0x1814, 0x2a53, 'notify'),
    ...{ quantity: 'speed', factor: 1 / 256 },
    frame: (value) => Uint8Array.of(0x00, ...u16(value), 85),
  },
]

function model(
  kind: ThingKind,
  name: string,
  number: number,
  service: number,
  characteristic: number,
  notifies: 'notify' | 'indicate',
): SensorMake & { readonly kind: ThingKind } {
  return { kind, name, address: `09:09:09:09:09:0${number}`, service, characteristic, notifies }
}

/** Least significant byte first. */
function u16(value: number): [number, number] {
  return [value & 0xff, value >> 8]
}
