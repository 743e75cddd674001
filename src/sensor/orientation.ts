/** How this device is held: where its top edge points and how it is tilted, once a second. */
import { measured } from '../reading/measured.ts'
import type { Reading } from '../reading/reading.ts'
import { DeviceSensor, SILENCE_MS, type Told } from './device-sensor.ts'
import { Ration, type Seen } from './pace.ts'
import { mayFollow } from './permission.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between readings. Events come at up to 60 a second, none while nothing moves, and each reading is their mean. */
const PERIOD_MS = 1000

/** Of `DeviceOrientationEvent`: degrees, null where the device cannot tell. */
export interface OrientationEvent {
  /** Turn about the upright, counter-clockwise; from north where it is `absolute`, else from anywhere. */
  readonly alpha: number | null
  /** Front to back, -180 up to 180; 0 lying flat, 90 upright. */
  readonly beta: number | null
  /** Left to right, -90 up to 90. */
  readonly gamma: number | null
  readonly absolute: boolean
  /** Safari on iOS: clockwise from north, less than 0 where it is not known. */
  readonly webkitCompassHeading?: number | null
}

/** Chromium and Firefox tell of north with the first only, which is silent on devices without a compass. */
const TYPES = ['deviceorientationabsolute', 'deviceorientation'] as const

type Listener = (event: OrientationEvent) => void

/** Of `window`. */
export interface OrientationBrowser extends Seen {
  readonly isSecureContext: boolean
  readonly DeviceOrientationEvent?: unknown
  addEventListener(type: (typeof TYPES)[number], listener: Listener): void
  removeEventListener(type: (typeof TYPES)[number], listener: Listener): void
}

/**
 * Readings: `heading`, `tilt-forward` and `tilt-side`, what the device knows of them; of one that lies still each minute while
 * the page is seen. Device Orientation and Motion, W3C.
 */
export function orientationSensor(
  browser: OrientationBrowser,
  time: SensorTime,
  handlers: SensorHandlers,
): Sensor {
  const open = async (told: Told) => {
    const { DeviceOrientationEvent } = browser
    if (DeviceOrientationEvent === undefined) return 'motion-unsupported'
    if (!(await mayFollow(DeviceOrientationEvent))) return 'motion-refused'
    const { listener, end } = meanOrientation(browser.document, time, told)
    for (const type of TYPES) browser.addEventListener(type, listener)
    return () => {
      for (const type of TYPES) browser.removeEventListener(type, listener)
      end()
    }
  }
  return new DeviceSensor(
    {
      kind: 'orientation',
      name: 'Orientation',
      silence: { ms: SILENCE_MS, means: 'no-sensor' },
      open,
      problemOf: () => 'motion-refused',
    },
    browser,
    time,
    handlers,
  )
}

function meanOrientation(
  document: Seen['document'],
  time: SensorTime,
  told: Told,
): { listener: Listener; end: () => void } {
  const means = {
    heading: new CircularMean(),
    'tilt-forward': new CircularMean(),
    'tilt-side': new CircularMean(),
  }
  let readings: Reading[] = []
  const tell = () => {
    readings = []
    for (const [quantity, mean] of Object.entries(means)) {
      const degrees = mean.take()
      if (degrees === undefined) continue
      const value = quantity === 'heading' ? (degrees + 360) % 360 : degrees
      readings.push(measured(quantity, value, time.nowMs()))
    }
    if (readings.length > 0) told.readings(readings)
  }
  const repeat = () => {
    if (readings.length === 0 || document.visibilityState !== 'visible') return
    const atMs = time.nowMs()
    told.readings(readings.map((reading) => ({ ...reading, atMs })))
  }
  const ration = new Ration(time, PERIOD_MS, tell, repeat)
  const listener: Listener = (event) => {
    const known = [
      means.heading.add(headingOf(event)),
      means['tilt-forward'].add(event.beta),
      means['tilt-side'].add(event.gamma),
    ]
    // Desktop Chromium sends one event of nulls where there is no sensor.
    if (!known.includes(true)) return
    told.alive()
    ration.askLater()
  }
  return { listener, end: () => ration.end() }
}

/** Where the top edge points, degrees clockwise from north, of a device that lies flat. */
function headingOf({ alpha, absolute, webkitCompassHeading }: OrientationEvent): number | null {
  if (typeof webkitCompassHeading === 'number') return webkitCompassHeading < 0 ? null : webkitCompassHeading
  return absolute && alpha !== null ? 360 - alpha : null
}

/** A mean of less than this length, of 1, points anywhere: the angles were all around. */
const LENGTH_MIN = 1e-6

/** The mean of angles as of points on a circle, so that 359° and 1° make 0° and not 180°. */
export class CircularMean {
  #x = 0
  #y = 0
  #count = 0

  /** Adds an angle in degrees; what is none is left out. Whether it was one. */
  add(degrees: number | null): boolean {
    if (degrees === null || !Number.isFinite(degrees)) return false
    const angle = (degrees * Math.PI) / 180
    this.#x += Math.cos(angle)
    this.#y += Math.sin(angle)
    this.#count += 1
    return true
  }

  /** The mean, in degrees from -180 to 180, and then begins afresh. `undefined` where there is none. */
  take(): number | undefined {
    const known = Math.hypot(this.#x, this.#y) > LENGTH_MIN * this.#count
    const mean = (Math.atan2(this.#y, this.#x) * 180) / Math.PI
    this.#x = 0
    this.#y = 0
    this.#count = 0
    return known ? mean : undefined
  }
}
