import { type BluetoothEmulator } from './ble.ts'
import { EmulatedSensor } from './peripherals.ts'

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
export class HeartRateStrap extends EmulatedSensor {
  constructor(emulator: BluetoothEmulator, name = 'Strap 7F', address = '09:09:09:09:09:09') {
    super(emulator, { name, address, service: 0x180d, characteristic: 0x2a37, notifies: 'notify' })
  }

  /** Sends one measurement and resolves once the page has handled it. */
  async beat(beat: Beat): Promise<void> {
    await this.sendFrame(heartRateFrame(beat))
  }
}
