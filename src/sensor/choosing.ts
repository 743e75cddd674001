/** Which Bluetooth device it is to be: chosen by a person, or chosen once and found again. And what goes wrong with that. */
import type { BluetoothChooser, ChooserOptions, GattDevice } from './gatt.ts'
import { sensorProblem, type SensorProblem } from './problem.ts'
import type { SensorTime } from './sensor.ts'

/** A device's name, which is its maker's choice, is shown up to here. */
const DEVICE_NAME_CHARACTERS_MAX = 60

export interface BluetoothEnvironment {
  /** `navigator.bluetooth`, absent where the browser has none. */
  readonly bluetooth: BluetoothChooser | undefined
  readonly isSecureContext: boolean
  readonly time: SensorTime
}

export type Chosen =
  | { readonly type: 'chosen'; readonly device: GattDevice }
  | { readonly type: 'none'; readonly problem: SensorProblem }

/** Shows the browser's list of devices. Call it from a click: the browser shows it only then. Never rejects. */
export async function chooseDevice(
  { bluetooth, isSecureContext }: BluetoothEnvironment,
  options: ChooserOptions,
): Promise<Chosen> {
  if (bluetooth === undefined) {
    return { type: 'none', problem: sensorProblem(isSecureContext ? 'bluetooth-unsupported' : 'insecure') }
  }
  try {
    return { type: 'chosen', device: await bluetooth.requestDevice(options) }
  } catch (error) {
    return { type: 'none', problem: await choosingProblem(error, bluetooth) }
  }
}

/** A device chosen on an earlier visit; `undefined` where the browser forgets them or this one's permission. Never rejects. */
export async function knownDevice(
  { bluetooth }: BluetoothEnvironment,
  id: string,
): Promise<GattDevice | undefined> {
  // Called on the object: a browser's function taken off it throws.
  if (bluetooth?.getDevices === undefined) return undefined
  const devices = await bluetooth.getDevices().catch(() => [])
  return devices.find((device) => device.id === id)
}

/**
 * Has `task` called when the device is next heard, once or more, until `signal` is aborted. Where the browser cannot
 * listen it never is.
 */
export function whenHeard(device: GattDevice, signal: AbortSignal, task: () => void): void {
  device.addEventListener('advertisementreceived', task, { signal })
  device.watchAdvertisements?.({ signal }).catch(() => undefined)
}

/** What to call a device, which may have no name. */
export function deviceName({ name }: GattDevice, otherwise: string): string {
  return (name ?? otherwise).slice(0, DEVICE_NAME_CHARACTERS_MAX)
}

/** What a rejected connection or operation means. Names by the Web Bluetooth specification, "GATT Interaction". */
export function connectingProblem(error: unknown): SensorProblem {
  if (isMissing(error)) return sensorProblem('wrong-device', error)
  switch (described(error).name) {
    case 'NetworkError':
    case 'AbortError':
    case 'InvalidStateError':
    case 'TimeoutError':
      return sensorProblem('unreachable', error)
    case 'NotAllowedError':
    case 'SecurityError':
      return sensorProblem('bluetooth-refused', error)
    default:
      return sensorProblem('bluetooth-failed', error)
  }
}

/** Whether an operation was rejected because the device has no such thing, or the thing no such ability. */
export function isMissing(error: unknown): boolean {
  return ['NotFoundError', 'NotSupportedError'].includes(described(error).name)
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

function described(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: '', message: '' }
}
