/** The part of Web Bluetooth that a heart-rate sensor needs, and one connection through it. */

/** Of `BluetoothRemoteGATTCharacteristic`. */
export interface GattCharacteristic {
  readonly value?: DataView | undefined
  readValue(): Promise<DataView>
  startNotifications(): Promise<unknown>
  addEventListener(type: 'characteristicvaluechanged', listener: () => void): void
}

/** Of `BluetoothRemoteGATTServer`. */
export interface GattServer {
  connect(): Promise<GattServer>
  disconnect(): void
  getPrimaryService(service: string): Promise<{
    getCharacteristic(characteristic: string): Promise<GattCharacteristic>
  }>
}

/** Of `BluetoothDevice`. */
export interface GattDevice {
  readonly name?: string | undefined
  readonly gatt?: GattServer | undefined
  addEventListener(type: 'gattserverdisconnected', listener: () => void): void
}

/** Of `Bluetooth`, which is `navigator.bluetooth`. */
export interface BluetoothChooser {
  requestDevice(options: {
    filters: { services: string[] }[]
    optionalServices: string[]
  }): Promise<GattDevice>
  getAvailability(): Promise<boolean>
}

/** Shows the browser's list of heart-rate sensors. Rejects with a `DOMException` if none is chosen. */
export function chooseHeartRate(bluetooth: BluetoothChooser): Promise<GattDevice> {
  return bluetooth.requestDevice({
    filters: [{ services: ['heart_rate'] }],
    optionalServices: ['battery_service'],
  })
}

/**
 * Connects and subscribes to heart-rate measurements. Rejects with a `DOMException`, by the Web Bluetooth
 * specification: `NetworkError` where the device cannot be reached, `NotFoundError` where it lacks the service.
 *
 * @param onFrame called with each notification, until the device disconnects
 */
export async function openHeartRate(gatt: GattServer, onFrame: (frame: DataView) => void): Promise<void> {
  const server = await gatt.connect()
  const service = await server.getPrimaryService('heart_rate')
  // Characteristics do not outlive the connection, so neither do the listeners on them.
  const characteristic = await service.getCharacteristic('heart_rate_measurement')
  listen(characteristic, onFrame)
  await characteristic.startNotifications()
}

/**
 * Reads the battery and follows it where the device tells of changes. Resolves either way: many straps
 * have no battery service, and none of it is needed for the heart rate.
 */
export async function openBattery(gatt: GattServer, onFrame: (frame: DataView) => void): Promise<void> {
  try {
    const service = await gatt.getPrimaryService('battery_service')
    const characteristic = await service.getCharacteristic('battery_level')
    // Listening only afterwards: a read fires the same event as a notification does.
    onFrame(await characteristic.readValue())
    listen(characteristic, onFrame)
    await characteristic.startNotifications()
  } catch {
    return
  }
}

function listen(characteristic: GattCharacteristic, onFrame: (frame: DataView) => void): void {
  characteristic.addEventListener('characteristicvaluechanged', () => {
    if (characteristic.value !== undefined) onFrame(characteristic.value)
  })
}
