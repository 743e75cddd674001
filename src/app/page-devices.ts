/** The Bluetooth and serial devices of this page. */
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { BluetoothEnvironment } from '../sensor/choosing.ts'
import type { BluetoothChooser, ChooserOptions, GattDevice } from '../sensor/gatt.ts'
import type { SerialEnvironment } from '../sensor/serial-choosing.ts'
import type { PortChooser } from '../sensor/serial-port.ts'
import { pageTime } from './platform.ts'

/** Devices chosen on one page that are remembered: more than anyone connects to. */
const CHOSEN_MAX = 32

/**
 * A browser's chooser that finds again what was chosen on this page too: a device that was looked at raw becomes a thing's,
 * and its person has chosen it once already. Most browsers find again nothing else.
 */
export class RememberingChooser implements BluetoothChooser {
  readonly #chooser: BluetoothChooser
  /** By id, the newest last. */
  readonly #chosen = new Map<string, GattDevice>()

  constructor(chooser: BluetoothChooser) {
    this.#chooser = chooser
  }

  /** Of the device that was chosen last. */
  get newestId(): string | undefined {
    return [...this.#chosen.keys()].at(-1)
  }

  async requestDevice(options: ChooserOptions): Promise<GattDevice> {
    const device = await this.#chooser.requestDevice(options)
    this.#chosen.delete(device.id)
    this.#chosen.set(device.id, device)
    forgetOldest(this.#chosen, CHOSEN_MAX)
    return device
  }

  getAvailability(): Promise<boolean> {
    return this.#chooser.getAvailability()
  }

  async getDevices(): Promise<readonly GattDevice[]> {
    const known = (await this.#chooser.getDevices?.().catch(() => [])) ?? []
    return [...this.#chosen.values(), ...known]
  }
}

let remembering: RememberingChooser | undefined

/** Web Bluetooth of this page, the same for all of its sensors. */
export function pageBluetooth(): BluetoothEnvironment {
  const { bluetooth } = navigator as { bluetooth?: BluetoothChooser }
  remembering ??= bluetooth && new RememberingChooser(bluetooth)
  return { bluetooth: remembering, isSecureContext, time: pageTime }
}

/** Names the Bluetooth device that was chosen last on this page. */
export function newestDeviceId(): string | undefined {
  return remembering?.newestId
}

/** Web Serial of this page. */
export function pageSerial(): SerialEnvironment {
  const { serial } = navigator as { serial?: PortChooser }
  return { serial, isSecureContext, time: pageTime }
}
