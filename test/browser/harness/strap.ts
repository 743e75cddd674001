import { bluetoothUuid, type BluetoothEmulator, type Characteristic } from './ble.ts'

const HEART_RATE_SERVICE = bluetoothUuid(0x180d)
const HEART_RATE_MEASUREMENT = bluetoothUuid(0x2a37)
const BATTERY_SERVICE = bluetoothUuid(0x180f)
const BATTERY_LEVEL = bluetoothUuid(0x2a19)

/** What a strap measures at one moment. */
export interface Beat {
  readonly bpm: number
  /** Time between beats, in seconds, oldest first. */
  readonly rrSeconds?: readonly number[]
}

/** RR intervals are counted in this part of a second. */
const RR_PER_SECOND = 1024

/** Flag of the measurement: RR intervals follow. The value is 8 bits wide while bit 0 is clear. */
const FLAG_RR = 0x10

/** A Heart Rate Measurement (0x2A37). GATT Specification Supplement, Heart Rate Measurement. */
export function heartRateFrame({ bpm, rrSeconds = [] }: Beat): Uint8Array {
  const intervals = rrSeconds.flatMap((seconds) => {
    const count = Math.round(seconds * RR_PER_SECOND)
    return [count & 0xff, count >> 8]
  })
  return Uint8Array.of(rrSeconds.length > 0 ? FLAG_RR : 0, bpm, ...intervals)
}

/** A heart-rate strap with a battery, on an emulated adapter. */
export class HeartRateStrap {
  readonly name: string
  readonly #emulator: BluetoothEmulator
  readonly #address: string
  readonly #measurement: Characteristic
  readonly #battery: Characteristic

  constructor(emulator: BluetoothEmulator, name = 'Strap 7F', address = '09:09:09:09:09:09') {
    this.name = name
    this.#emulator = emulator
    this.#address = address
    this.#measurement = { uuid: HEART_RATE_MEASUREMENT, notifies: true, value: heartRateFrame({ bpm: 60 }) }
    this.#battery = { uuid: BATTERY_LEVEL, notifies: false, value: Uint8Array.of(87) }
  }

  /** Switches it on, within reach. */
  async start(): Promise<void> {
    await this.#emulator.add({
      address: this.#address,
      name: this.name,
      services: [
        { uuid: HEART_RATE_SERVICE, characteristics: [this.#measurement] },
        { uuid: BATTERY_SERVICE, characteristics: [this.#battery] },
      ],
    })
  }

  /** Picks this strap in the next chooser; call it before the click, await it after. */
  chosen(): Promise<void> {
    return this.#emulator.answerChooser({ choose: this.#address })
  }

  /** Sends one measurement and resolves once the page has handled it. */
  async beat(beat: Beat): Promise<void> {
    await this.sendFrame(heartRateFrame(beat))
  }

  /** Sends any bytes as a measurement, for frames a strap should not send. */
  async sendFrame(bytes: Uint8Array): Promise<void> {
    await this.#emulator.notify(this.#measurement, bytes)
  }

  /** Drops the connection; `comesBack` says whether it answers the next one. */
  async goAway(comesBack: boolean): Promise<void> {
    await this.#emulator.disconnect(this.#address, comesBack)
  }

  /** Answers connections again. */
  comeBack(): void {
    this.#emulator.bringBack(this.#address)
  }
}
