/** What a page knows of the Bluetooth characteristics it is subscribed to, for a test that speaks through them. */
import type { BrowserContext, Page } from '@playwright/test'

type Subscribe = (this: BluetoothRemoteGATTCharacteristic) => Promise<BluetoothRemoteGATTCharacteristic>

/** What a page knows of its subscriptions. Keys: device name, service and characteristic. */
export interface Subscriptions {
  /** Resolves once the page has subscribed. */
  begun(key: string): Promise<unknown>
  /** Has the page read a characteristic it has subscribed to. */
  read(key: string): Promise<unknown>
  /** Resolves once the connection is over on which the page last subscribed, if it ever did. */
  ended(key: string): Promise<unknown>
}

declare global {
  /** The types of Web Bluetooth name the interface, not the object that carries its prototype. */
  var BluetoothRemoteGATTCharacteristic: { prototype: { startNotifications: Subscribe } } | undefined
  var bluetoothSubscriptions: Subscriptions | undefined
}

/** Runs in the page: remembers each characteristic that notifies, so that a test can make the page read it. */
function rememberSubscriptions(): void {
  const prototype = globalThis.BluetoothRemoteGATTCharacteristic?.prototype
  if (prototype === undefined) return
  const subscribe = prototype.startNotifications
  const begun = new Map<string, PromiseWithResolvers<BluetoothRemoteGATTCharacteristic>>()
  const ended = new Map<string, Promise<unknown>>()
  const beginning = (key: string) => {
    const present = begun.get(key) ?? Promise.withResolvers<BluetoothRemoteGATTCharacteristic>()
    begun.set(key, present)
    return present
  }
  prototype.startNotifications = async function () {
    const characteristic = await subscribe.call(this)
    const { device, uuid } = this.service
    // one that the browser hands out after a reload may have no name any more
    const isNamed = device.name !== undefined && device.name !== ''
    if (isNamed) sessionStorage.setItem(device.id, device.name)
    const name = sessionStorage.getItem(device.id)
    const key = [name, uuid, this.uuid].join()
    const end = Promise.withResolvers<unknown>()
    device.addEventListener('gattserverdisconnected', end.resolve, { once: true })
    const present = beginning(key)
    const forget = () => begun.get(key) === present && begun.delete(key)
    device.addEventListener('gattserverdisconnected', forget, { once: true })
    ended.set(key, end.promise)
    present.resolve(characteristic)
    return characteristic
  }
  globalThis.bluetoothSubscriptions = {
    begun: (key) => beginning(key).promise.then(() => undefined),
    read: async (key) => (await beginning(key).promise).readValue().then(() => undefined),
    ended: async (key) => void (await ended.get(key)),
  }
}

/** Prepares every page of `context` for `BluetoothEmulator.notify`. Call it before the first page opens. */
export async function prepareForBluetooth(context: BrowserContext): Promise<void> {
  await context.addInitScript(rememberSubscriptions)
}

/** Asks a page for a step of its subscription to a characteristic, and waits until that is done. */
export async function inPage(page: Page, step: keyof Subscriptions, key: string): Promise<void> {
  await page.evaluate(
    ([step, key]) => {
      if (globalThis.bluetoothSubscriptions === undefined)
        throw new Error('this context is not prepared for Bluetooth')
      return globalThis.bluetoothSubscriptions[step](key)
    },
    [step, key] as const,
  )
}
