/** What this browser can do with sensors, in words for the capability row. */

/** What was found of one kind of sensor. */
interface Found {
  /** `off`: it could, once the person turns it on. */
  readonly available: 'yes' | 'no' | 'off'
  /** For people: what works, or what to do instead. */
  readonly words: string
}

export interface Capability extends Found {
  readonly kind: CapabilityKind
}

/** Of `window`. */
export interface BrowserFacts {
  readonly isSecureContext: boolean
  /** The interface of Bluetooth devices. */
  readonly BluetoothDevice?: unknown
  readonly DeviceMotionEvent?: unknown
  readonly DeviceOrientationEvent?: unknown
  readonly AmbientLightSensor?: unknown
  readonly AudioContext?: unknown
  readonly BarcodeDetector?: unknown
  readonly navigator: {
    readonly userAgent: string
    readonly maxTouchPoints: number
    readonly bluetooth?: { getAvailability(): Promise<boolean> } | undefined
    readonly geolocation?: unknown
    readonly mediaDevices?: unknown
    readonly getBattery?: unknown
    readonly serial?: unknown
  }
}

/** How each kind is looked for on a page that came securely, in the order of the row. */
const LOOKS = {
  bluetooth,
  adverts: ({ BluetoothDevice }) =>
    hearsAdverts(BluetoothDevice)
      ? yes('Sensors that only broadcast can be heard, such as Ruuvi, BTHome and caps on tyres')
      : no(
          'This browser does not hear what Bluetooth sensors broadcast; Chrome does once “Experimental Web Platform features” is on at chrome://flags',
        ),
  serial: ({ navigator }) =>
    navigator.serial === undefined ? no(withoutSerial(navigator)) : yes(withSerial(navigator)),
  motion: ({ DeviceMotionEvent }) =>
    DeviceMotionEvent === undefined
      ? no('This browser cannot read motion: use a phone')
      : yes('Motion can be read, if this device has a sensor for it'),
  orientation: ({ DeviceOrientationEvent }) =>
    DeviceOrientationEvent === undefined
      ? no('This browser cannot read which way it is held: use a phone')
      : yes('Heading and tilt can be read, if this device has sensors for them'),
  light: ({ AmbientLightSensor }) =>
    AmbientLightSensor === undefined
      ? no(
          'This browser does not read light, as nearly all do not; Chrome on Android does once “Generic Sensor Extra Classes” is on at chrome://flags',
        )
      : yes('Light can be read, if this device has a sensor for it'),
  location: ({ navigator }) =>
    navigator.geolocation === undefined
      ? no('This browser does not say where it is: use another')
      : yes('Location can be read, rounded to about a kilometre'),
  sound: ({ navigator, AudioContext }) =>
    navigator.mediaDevices === undefined || AudioContext === undefined
      ? no('This browser cannot use a microphone: use another')
      : yes('The sound level can be estimated with a microphone, and no sound is kept'),
  'phone-battery': ({ navigator }) =>
    navigator.getBattery === undefined
      ? no(withoutBattery(navigator))
      : yes('The battery of this device can be read'),
  barcode,
} as const satisfies Readonly<Record<string, (browser: BrowserFacts) => Found | Promise<Found>>>

type CapabilityKind = keyof typeof LOOKS

const KINDS = Object.keys(LOOKS) as readonly CapabilityKind[]

/** One entry per kind of sensor, Bluetooth first. Never rejects. */
export function capabilities(browser: BrowserFacts): Promise<readonly Capability[]> {
  return Promise.all(
    KINDS.map(async (kind) => ({
      kind,
      ...(browser.isSecureContext ? await LOOKS[kind](browser) : INSECURE),
    })),
  )
}

const INSECURE = no('This page did not come over a secure connection: open it by https, or on localhost')

function yes(words: string): Found {
  return { available: 'yes', words }
}

function no(words: string): Found {
  return { available: 'no', words }
}

async function bluetooth({ navigator }: BrowserFacts): Promise<Found> {
  if (navigator.bluetooth === undefined) return no(withoutBluetooth(navigator))
  // Where the browser will not say, its chooser will.
  const on = await navigator.bluetooth.getAvailability().catch(() => true)
  return on
    ? yes('Bluetooth sensors can be paired')
    : { available: 'off', words: 'Bluetooth is off or missing: turn it on to pair a sensor' }
}

function hearsAdverts(BluetoothDevice: unknown): boolean {
  if (typeof BluetoothDevice !== 'function') return false
  return 'watchAdvertisements' in (BluetoothDevice.prototype as object)
}

/** Chromium on Android, ChromeOS and macOS has a reader of its own; elsewhere ours reads QR codes and no others. */
function barcode({ navigator, BarcodeDetector }: BrowserFacts): Found {
  if (navigator.mediaDevices === undefined) return no('This browser cannot use a camera: use another')
  return BarcodeDetector === undefined
    ? yes('QR codes can be read with a camera; for bar codes use Chrome on Android')
    : yes('QR and bar codes can be read with a camera')
}

function withoutBluetooth(navigator: BrowserFacts['navigator']): string {
  if (/X11; Linux.*Chrome\//.test(navigator.userAgent)) {
    return 'Chrome on Linux has Web Bluetooth once “Experimental Web Platform features” is on at chrome://flags'
  }
  switch (platformOf(navigator)) {
    case 'iPhone':
      return 'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone'
    case 'iPad':
      return 'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device'
    case 'Firefox':
      return 'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'
    case undefined:
      return 'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'
  }
}

/** Chromium's Web Serial began with computers; on Android it came for Bluetooth first and by cable only later. */
function withSerial({ userAgent }: BrowserFacts['navigator']): string {
  return /Android/.test(userAgent)
    ? 'Serial devices can be read over Bluetooth; by cable only with a new Chrome, so a computer is safer'
    : 'Serial devices can be read: receivers, readers, meters and boards on a USB or serial cable'
}

function withoutSerial(navigator: BrowserFacts['navigator']): string {
  const isPhone = /Android/.test(navigator.userAgent) || platformOf(navigator) === 'iPhone'
  return `${isPhone ? 'This phone' : 'This browser'} cannot read a serial cable: use Chrome or Edge on a computer, or add a file of what the device says`
}

function withoutBattery(navigator: BrowserFacts['navigator']): string {
  const platform = platformOf(navigator)
  if (platform === 'iPhone' || platform === 'iPad') return `${platform}: no browser reads its battery`
  return `${platform ?? 'This browser'} does not read the battery; use Chrome or Edge`
}

/** Those whose people are told something of their own. Every browser of an iPhone is Safari inside. */
function platformOf({
  userAgent,
  maxTouchPoints,
}: BrowserFacts['navigator']): 'iPhone' | 'iPad' | 'Firefox' | undefined {
  if (/iPhone|iPod/.test(userAgent)) return 'iPhone'
  // An iPad calls itself a Macintosh, which has no touch screen.
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'iPad'
  return /Firefox\//.test(userAgent) ? 'Firefox' : undefined
}
