/** Which serial port it is to be: chosen by a person, or chosen once and found again. */
import { sensorProblem, type SensorProblem } from './problem.ts'
import type { SensorTime } from './sensor.ts'
import type { Port, PortChooser } from './serial-port.ts'

export interface SerialEnvironment {
  /** `navigator.serial`, absent where the browser has none. */
  readonly serial: PortChooser | undefined
  readonly isSecureContext: boolean
  readonly time: SensorTime
}

/** Shows the browser's list of ports. Call it from a click: the browser shows it only then. Never rejects. */
export async function choosePort({
  serial,
  isSecureContext,
}: SerialEnvironment): Promise<Port | SensorProblem> {
  if (serial === undefined) return sensorProblem(isSecureContext ? 'serial-unsupported' : 'insecure')
  try {
    return await serial.requestPort()
  } catch (error) {
    // Web Serial API §3.1, "requestPort() method": this for a list that was closed, SecurityError for what may not be.
    const isClosed = error instanceof Error && error.name === 'NotFoundError'
    return sensorProblem(isClosed ? 'cancelled' : 'serial-refused', error)
  }
}

/** Ports that a person has chosen before, of this make, and that nothing on this page has open. Never rejects. */
export async function closedPorts(
  { serial }: SerialEnvironment,
  make: string | undefined,
): Promise<readonly Port[]> {
  const ports = (await serial?.getPorts().catch(() => [])) ?? []
  return ports.filter((port) => makeOf(port) === make && port.readable === null)
}

/**
 * Names the make of a USB port, `1a86:7523`, by which it is found again after it was unplugged; the browser tells no more.
 * `undefined` where it is no USB port.
 */
export function makeOf(port: Port): string | undefined {
  const { usbVendorId, usbProductId } = port.getInfo()
  if (usbVendorId === undefined || usbProductId === undefined) return undefined
  return [usbVendorId, usbProductId].map((id) => id.toString(16).padStart(4, '0')).join(':')
}
