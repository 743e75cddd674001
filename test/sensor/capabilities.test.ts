import { describe, expect, it } from 'vitest'
import { capabilities, type BrowserFacts } from '../../src/sensor/capabilities.ts'

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 Mobile Safari/604.1'
const MACINTOSH = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15'
const FIREFOX = 'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'

interface Facts {
  readonly userAgent?: string
  readonly maxTouchPoints?: number
  readonly bluetooth?: () => Promise<boolean>
  readonly isSecureContext?: boolean
  readonly motion?: boolean
}

/** What a browser of today has, from most to least. */
const ANDROID = {
  has: { BarcodeDetector: class {}, DeviceOrientationEvent: class {}, AudioContext: class {} },
  navigator: { geolocation: {}, mediaDevices: {}, getBattery: () => undefined },
}
const SAFARI = {
  has: { DeviceOrientationEvent: class {}, AudioContext: class {} },
  navigator: { geolocation: {}, mediaDevices: {} },
}
const BARE = { has: {}, navigator: {} }

function browser(facts: Facts): BrowserFacts {
  const { userAgent = CHROME, maxTouchPoints = 0, bluetooth } = facts
  return {
    isSecureContext: facts.isSecureContext ?? true,
    DeviceMotionEvent: facts.motion === false ? undefined : class {},
    navigator: {
      userAgent,
      maxTouchPoints,
      bluetooth: bluetooth === undefined ? undefined : { getAvailability: bluetooth },
    },
  }
}

async function bluetoothOf(facts: Facts) {
  const [bluetooth] = await capabilities(browser(facts))
  return bluetooth
}

describe('what a browser can do', () => {
  it('is told for Bluetooth that is there, off, or shy to say', async () => {
    expect((await bluetoothOf({ bluetooth: () => Promise.resolve(true) }))?.available).toBe('yes')
    expect((await bluetoothOf({ bluetooth: () => Promise.resolve(false) }))?.available).toBe('off')
    expect((await bluetoothOf({ bluetooth: () => Promise.reject(new Error('no')) }))?.available).toBe('yes')
  })

  it.each([
    [IPHONE, 5, 'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone'],
    [MACINTOSH, 5, 'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device'],
    [FIREFOX, 5, 'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'],
    [
      MACINTOSH,
      0,
      'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone',
    ],
    [
      CHROME,
      0,
      'Chrome on Linux has Web Bluetooth once “Experimental Web Platform features” is on at chrome://flags',
    ],
  ])('is told with what to do instead (%s, %i touch points)', async (userAgent, maxTouchPoints, words) => {
    expect(await bluetoothOf({ userAgent, maxTouchPoints })).toEqual({
      kind: 'bluetooth',
      available: 'no',
      words,
    })
  })

  it.each([
    ['Chrome on Android', CHROME, ANDROID, 'orientation location sound phone-battery barcode'],
    ['Safari on an iPhone', IPHONE, SAFARI, 'orientation location sound barcode'],
    ['Firefox on Android', FIREFOX, SAFARI, 'orientation location sound barcode'],
    ['one with nothing', CHROME, BARE, ''],
  ])('is told for what this device measures: %s', async (_, userAgent, { has, navigator }, kinds) => {
    const plain = browser({ userAgent, motion: false })
    const all = await capabilities({ ...plain, ...has, navigator: { ...plain.navigator, ...navigator } })
    const able = all.filter(({ available }) => available === 'yes').map(({ kind }) => kind)
    expect(able.join(' ')).toBe(kinds)
    for (const { words } of all) expect(words).toMatch(/^[A-Zi].*[^.]$/)
  })

  it('is told in words of their own to people with an iPhone or Firefox', async () => {
    const words = async (userAgent: string, sensor: string) =>
      (await capabilities(browser({ userAgent }))).find(({ kind }) => kind === sensor)?.words
    expect(await words(IPHONE, 'phone-battery')).toContain('iPhone')
    expect(await words(FIREFOX, 'phone-battery')).toContain('Firefox')
    expect(await words(CHROME, 'light')).toContain('chrome://flags')
  })

  it('is light where the browser has a flag for it, and bar codes where it has a reader', async () => {
    const plain = browser({})
    const navigator = { ...plain.navigator, mediaDevices: {} }
    const without = await capabilities({ ...plain, navigator })
    const all = await capabilities({
      ...plain,
      navigator,
      AmbientLightSensor: class {},
      BarcodeDetector: class {},
    })
    const of = (list: typeof all, sensor: string) => list.find(({ kind }) => kind === sensor)
    expect(of(all, 'light')?.available).toBe('yes')
    expect(of(without, 'barcode')?.words).toContain('QR codes')
    expect(of(all, 'barcode')?.words).toContain('QR and bar codes')
  })

  it.each([
    [CHROME, {}, 'yes', 'USB or serial cable'],
    [CHROME.replace('X11; Linux x86_64', 'Linux; Android 10; K'), {}, 'yes', 'over Bluetooth'],
    [CHROME, undefined, 'no', 'This browser'],
    [IPHONE, undefined, 'no', 'This phone'],
    [FIREFOX, undefined, 'no', 'This phone'],
    [IPHONE.replace('iPhone; CPU iPhone OS', 'iPad; CPU OS'), undefined, 'no', 'This browser'],
  ])('is told for serial cables (%s, %j)', async (userAgent, serial, available, words) => {
    const plain = browser({ userAgent })
    const all = await capabilities({ ...plain, navigator: { ...plain.navigator, serial } })
    const found = all.find(({ kind }) => kind === 'serial')
    expect(found?.available).toBe(available)
    expect(found?.words).toContain(words)
  })

  it('is told for motion', async () => {
    const [present, absent] = await Promise.all(
      [true, false].map((motion) => capabilities(browser({ motion }))),
    )
    expect(present).toContainEqual(expect.objectContaining({ kind: 'motion', available: 'yes' }))
    expect(absent).toContainEqual(expect.objectContaining({ kind: 'motion', available: 'no' }))
  })

  it('is told for sensors that only broadcast, which few browsers hear', async () => {
    class Hears {
      watchAdvertisements() {}
    }
    const told = async (BluetoothDevice: unknown) =>
      (await capabilities({ ...browser({}), BluetoothDevice })).find(({ kind }) => kind === 'adverts')
    expect(await told(Hears)).toMatchObject({ available: 'yes' })
    expect(await told(class {})).toMatchObject({ available: 'no' })
    expect((await told(undefined))?.words).toContain('chrome://flags')
  })

  it('is nothing on a page that came over an insecure connection, and that is why', async () => {
    const all = await capabilities(browser({ isSecureContext: false, userAgent: IPHONE }))
    for (const { available, words } of all) {
      expect(available).toBe('no')
      expect(words).toContain('secure connection')
    }
  })
})
