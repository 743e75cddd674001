/** What this browser can do with sensors, in words for the capability row. */

export interface Capability {
  readonly kind: 'bluetooth' | 'motion'
  /** `off`: it could, once the person turns it on. */
  readonly available: 'yes' | 'no' | 'off'
  /** For people: what works, or what to do instead. */
  readonly words: string
}

/** Of `window`. */
export interface BrowserFacts {
  readonly isSecureContext: boolean
  readonly DeviceMotionEvent?: unknown
  readonly navigator: {
    readonly userAgent: string
    readonly maxTouchPoints: number
    readonly bluetooth?: { getAvailability(): Promise<boolean> } | undefined
  }
}

const INSECURE = 'This page did not come over a secure connection: open it by https, or on localhost'

/** One entry per kind of sensor, Bluetooth first. Never rejects. */
export async function capabilities(browser: BrowserFacts): Promise<readonly Capability[]> {
  return [await bluetoothCapability(browser), motionCapability(browser)]
}

async function bluetoothCapability({ isSecureContext, navigator }: BrowserFacts): Promise<Capability> {
  const kind = 'bluetooth'
  if (!isSecureContext) return { kind, available: 'no', words: INSECURE }
  if (navigator.bluetooth === undefined) {
    return { kind, available: 'no', words: withoutBluetooth(navigator) }
  }
  // Where the browser will not say, its chooser will.
  const on = await navigator.bluetooth.getAvailability().catch(() => true)
  if (!on)
    return { kind, available: 'off', words: 'Bluetooth is off or missing: turn it on to pair a sensor' }
  return { kind, available: 'yes', words: 'Bluetooth sensors can be paired' }
}

function motionCapability({ isSecureContext, DeviceMotionEvent }: BrowserFacts): Capability {
  const kind = 'motion'
  if (!isSecureContext) return { kind, available: 'no', words: INSECURE }
  if (DeviceMotionEvent === undefined) {
    return { kind, available: 'no', words: 'This browser cannot read motion: use a phone' }
  }
  return { kind, available: 'yes', words: 'Motion can be read, if this device has a sensor for it' }
}

function withoutBluetooth(navigator: BrowserFacts['navigator']): string {
  const { userAgent } = navigator
  if (/iPhone|iPod/.test(userAgent)) {
    return 'iPhone: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another phone'
  }
  // An iPad calls itself a Macintosh, which has no touch screen.
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && navigator.maxTouchPoints > 1)) {
    return 'iPad: Safari has no Web Bluetooth; use Bluefy, or pair the sensor on another device'
  }
  if (/Firefox\//.test(userAgent)) {
    return 'Firefox has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'
  }
  return 'This browser has no Web Bluetooth; use Chrome or Edge, or pair the sensor on another phone'
}
