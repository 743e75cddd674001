/**
 * A Bluetooth adapter and its peripherals, emulated inside Chromium through the DevTools protocol: no hardware and no
 * system service. The page runs its real Web Bluetooth code against it.
 *
 * What differs from real air: **a notification is triggered by a read.** The protocol can answer operations but not
 * start one, so `notify` queues the value, makes the page read the characteristic it subscribed to, and the answer to
 * that read fires `characteristicvaluechanged`, the same event a notification fires.
 *
 * What Chromium asks of whoever drives it:
 * - `BluetoothEmulation` works on the browser's session, `DeviceAccess` (the chooser) on the page's;
 * - a chooser prompt is announced again whenever its list changes, and a second answer aborts the browser;
 * - `startNotifications` needs descriptor 0x2902 on the characteristic;
 * - a disconnected peripheral forgets its services, and a reloaded page the whole emulation (`afterReload`).
 */
import type { Browser, CDPSession, Page } from '@playwright/test'
import { inPage, type Subscriptions } from './subscriptions.ts'

/** A 16-bit assigned number as the full UUID Chromium speaks in. Bluetooth Core 5.4, Vol 3 Part B §2.5.1. */
export function bluetoothUuid(assigned: number): string {
  return `0000${assigned.toString(16).padStart(4, '0')}-0000-1000-8000-00805f9b34fb`
}

/** Client Characteristic Configuration: what a central writes to subscribe. */
const CLIENT_CONFIGURATION = bluetoothUuid(0x2902)

/** HCI "success", and the ATT code for a request that went well. */
const SUCCESS = 0

/** HCI "connection timeout": what a strap out of reach answers. Bluetooth Core 5.4, Vol 1 Part F §1.3. */
const CONNECTION_TIMEOUT = 0x08

export interface Characteristic {
  readonly uuid: string
  /** How it tells its value by itself; `false` where it has to be read. */
  readonly notifies: 'notify' | 'indicate' | false
  /** What a read returns while no notification is queued. */
  value: Uint8Array
}

export interface Peripheral {
  /** `AA:BB:CC:DD:EE:FF` */
  readonly address: string
  readonly name: string
  readonly services: readonly { readonly uuid: string; readonly characteristics: readonly Characteristic[] }[]
}

export type AdapterState = 'powered-on' | 'powered-off' | 'absent'

type Answer = { readonly choose: string } | 'cancel'

/** A peripheral as the adapter knows it now. */
interface Known {
  readonly peripheral: Peripheral
  inReach: boolean
  /** Whether Chromium holds its services: built at each connection, forgotten at each disconnection. */
  built: boolean
}

/** A characteristic as Chromium knows it for the length of one connection. */
interface Live {
  readonly characteristic: Characteristic
  readonly queue: Uint8Array[]
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** One emulated adapter per browser; it serves the page it was opened for. */
export class BluetoothEmulator {
  readonly #page: Page
  readonly #adapter: CDPSession
  readonly #chooser: CDPSession
  readonly #known = new Map<string, Known>()
  readonly #live = new Map<string, Live>()
  readonly #answered = new Set<string>()
  #asked:
    { readonly answer: Answer; readonly done: () => void; readonly failed: (e: unknown) => void } | undefined
  #state: AdapterState = 'powered-on'
  #failure: unknown
  /** How often the emulation was restored, and whether it just is. */
  #resets = 0
  #isResetting = false

  private constructor(page: Page, adapter: CDPSession, chooser: CDPSession) {
    this.#page = page
    this.#adapter = adapter
    this.#chooser = chooser
    adapter.on('BluetoothEmulation.gattOperationReceived', (event) => this.#note(this.#onGatt(event)))
    adapter.on('BluetoothEmulation.characteristicOperationReceived', (event) =>
      this.#note(this.#onCharacteristic(event)),
    )
    adapter.on('BluetoothEmulation.descriptorOperationReceived', ({ descriptorId, type }) =>
      this.#note(
        adapter.send('BluetoothEmulation.simulateDescriptorOperationResponse', {
          descriptorId,
          type,
          code: SUCCESS,
          ...(type === 'read' ? { data: base64(new Uint8Array(2)) } : {}),
        }),
      ),
    )
    chooser.on('DeviceAccess.deviceRequestPrompted', (event) => this.#onPrompt(event))
  }

  /** Turns the emulation on for `page`, whose context went through `prepareForBluetooth`. */
  static async open(
    browser: Browser,
    page: Page,
    state: AdapterState = 'powered-on',
  ): Promise<BluetoothEmulator> {
    const adapter = await browser.newBrowserCDPSession()
    const chooser = await page.context().newCDPSession(page)
    const emulator = new BluetoothEmulator(page, adapter, chooser)
    emulator.#state = state
    await emulator.#enable()
    await chooser.send('DeviceAccess.enable')
    return emulator
  }

  /** Puts a peripheral within reach. */
  async add(peripheral: Peripheral): Promise<void> {
    this.#known.set(peripheral.address, { peripheral, inReach: true, built: false })
    await this.#announce(peripheral)
  }

  /**
   * Says how the next chooser is to be answered; call it before the click that opens one. Resolves once answered.
   * Choosing waits until the peripheral is on the list.
   */
  answerChooser(answer: Answer): Promise<void> {
    return new Promise((done, failed) => {
      this.#asked = { answer, done, failed }
    })
  }

  /** Sends a notification, once the page has subscribed, and resolves once the page's handlers have run. */
  async notify(characteristic: Characteristic, bytes: Uint8Array): Promise<void> {
    await this.#inPage('begun', characteristic)
    // an earlier connection had one of its own
    const live = [...this.#live.values()].findLast((entry) => entry.characteristic === characteristic)
    if (live === undefined) throw new Error(`${characteristic.uuid} is of no connected peripheral`)
    live.queue.push(bytes)
    await this.#inPage('read', characteristic)
  }

  /**
   * Drops the connection, as a strap that goes out of reach or runs empty, and resolves once the page knows. `comesBack`
   * says if it answers again.
   */
  async disconnect(address: string, comesBack: boolean): Promise<void> {
    const known = this.#get(address)
    known.built = false
    known.inReach = comesBack
    await this.#adapter.send('BluetoothEmulation.simulateGATTDisconnection', { address })
    for (const { characteristics } of known.peripheral.services) {
      for (const one of characteristics) if (one.notifies !== false) await this.#inPage('ended', one)
    }
  }

  /** Lets a peripheral answer again after `disconnect(…, false)`. */
  bringBack(address: string): void {
    this.#get(address).inReach = true
  }

  /** Switches Bluetooth on or off in the system. */
  async setState(state: AdapterState): Promise<void> {
    this.#state = state
    await this.#adapter.send('BluetoothEmulation.setSimulatedCentralState', { state })
  }

  /** Restores the emulation, which a reload or a navigation drops. */
  async afterReload(): Promise<void> {
    this.#isResetting = true
    await this.#adapter.send('BluetoothEmulation.disable')
    this.#resets += 1
    await this.#enable()
    for (const known of this.#known.values()) {
      known.built = false
      await this.#announce(known.peripheral)
    }
    this.#isResetting = false
  }

  /** Turns the emulation off. Throws the first thing that went wrong behind the page's back. */
  async close(): Promise<void> {
    const failure = this.#failure
    await this.#adapter.send('BluetoothEmulation.disable')
    await this.#adapter.detach()
    if (failure !== undefined) throw new Error('an answer to the page failed', { cause: failure })
  }

  /** Asks the page for a step of its subscription to a characteristic, and waits until that is done. */
  async #inPage(step: keyof Subscriptions, characteristic: Characteristic): Promise<void> {
    await inPage(this.#page, step, this.#keyOf(characteristic))
  }

  /** What the page knows a characteristic by. */
  #keyOf(characteristic: Characteristic): string {
    for (const { peripheral } of this.#known.values()) {
      const service = peripheral.services.find(({ characteristics }) =>
        characteristics.includes(characteristic),
      )
      if (service !== undefined) return [peripheral.name, service.uuid, characteristic.uuid].join()
    }
    throw new Error(`${characteristic.uuid} is of no peripheral`)
  }

  #get(address: string): Known {
    const known = this.#known.get(address)
    if (known === undefined) throw new Error(`no peripheral ${address}`)
    return known
  }

  /** Keeps the first failure of an answer nobody awaits, for `close` to throw. */
  #note(work: Promise<unknown>): void {
    const resets = this.#resets
    work.catch((error: unknown) => {
      // what was asked of an emulation that is gone has nobody who waits for it
      if (resets === this.#resets && !this.#isResetting) this.#failure ??= error
    })
  }

  async #enable(): Promise<void> {
    await this.#adapter.send('BluetoothEmulation.enable', { state: this.#state, leSupported: true })
  }

  async #announce({ address, name, services }: Peripheral): Promise<void> {
    // Announced as known to the system, not by an advertisement: only so does the page see its name.
    await this.#adapter.send('BluetoothEmulation.simulatePreconnectedPeripheral', {
      address,
      name,
      manufacturerData: [],
      knownServiceUuids: services.map((service) => service.uuid),
    })
  }

  async #onGatt({ address, type }: { address: string; type: 'connection' | 'discovery' }): Promise<void> {
    const known = this.#get(address)
    if (type === 'connection' && known.inReach && !known.built) {
      await this.#build(known.peripheral)
      known.built = true
    }
    const code = known.inReach ? SUCCESS : CONNECTION_TIMEOUT
    await this.#adapter.send('BluetoothEmulation.simulateGATTOperationResponse', { address, type, code })
  }

  async #build({ address, services }: Peripheral): Promise<void> {
    for (const service of services) {
      const { serviceId } = await this.#adapter.send('BluetoothEmulation.addService', {
        address,
        serviceUuid: service.uuid,
      })
      for (const characteristic of service.characteristics) {
        const { characteristicId } = await this.#adapter.send('BluetoothEmulation.addCharacteristic', {
          serviceId,
          characteristicUuid: characteristic.uuid,
          properties: {
            read: characteristic.notifies === false,
            notify: characteristic.notifies === 'notify',
            indicate: characteristic.notifies === 'indicate',
          },
        })
        for (const [id, live] of this.#live) {
          if (live.characteristic === characteristic) this.#live.delete(id)
        }
        this.#live.set(characteristicId, { characteristic, queue: [] })
        if (characteristic.notifies === false) continue
        await this.#adapter.send('BluetoothEmulation.addDescriptor', {
          characteristicId,
          descriptorUuid: CLIENT_CONFIGURATION,
        })
      }
    }
  }

  async #onCharacteristic({
    characteristicId,
    type,
  }: {
    characteristicId: string
    type: 'read' | 'write' | 'subscribe-to-notifications' | 'unsubscribe-from-notifications'
  }): Promise<void> {
    const live = this.#live.get(characteristicId)
    if (live === undefined) throw new Error(`an operation on the unknown characteristic ${characteristicId}`)
    await this.#adapter.send('BluetoothEmulation.simulateCharacteristicOperationResponse', {
      characteristicId,
      type,
      code: SUCCESS,
      ...(type === 'read' ? { data: base64(live.queue.shift() ?? live.characteristic.value) } : {}),
    })
  }

  #onPrompt({ id, devices }: { id: string; devices: readonly { id: string }[] }): void {
    const asked = this.#asked
    if (asked === undefined || this.#answered.has(id)) return
    const { answer, done, failed } = asked
    const device = answer === 'cancel' ? undefined : devices.find((one) => one.id === answer.choose)
    if (answer !== 'cancel' && device === undefined) return
    this.#answered.add(id)
    this.#asked = undefined
    const sent =
      device === undefined
        ? this.#chooser.send('DeviceAccess.cancelPrompt', { id })
        : this.#chooser.send('DeviceAccess.selectPrompt', { id, deviceId: device.id })
    sent.then(done, failed)
  }
}
