/** This phone's own motion sensor: how strong the acceleration is, gravity included, a few times a second. */
import { measured } from '../reading/measured.ts'
import { DeviceSensor, SILENCE_MS, type Told } from './device-sensor.ts'
import { Ration } from './pace.ts'
import { mayFollow } from './permission.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between readings. Events come at up to 60 a second and each reading is their mean, so nothing is skipped. */
const PERIOD_MS = 250

/** The three axes in m/s², gravity included; null where the device has no such axis. */
interface Axes {
  readonly x: number | null
  readonly y: number | null
  readonly z: number | null
}

type MotionListener = (event: { readonly accelerationIncludingGravity: Axes | null }) => void

/** Of `window`. */
export interface MotionBrowser {
  readonly isSecureContext: boolean
  /** The event's constructor, absent where the browser has none; on iOS it can `requestPermission()`. */
  readonly DeviceMotionEvent?: unknown
  addEventListener(type: 'devicemotion', listener: MotionListener): void
  removeEventListener(type: 'devicemotion', listener: MotionListener): void
}

/** Readings: `acceleration`. */
export function motionSensor(browser: MotionBrowser, time: SensorTime, handlers: SensorHandlers): Sensor {
  const open = async (told: Told) => {
    const { DeviceMotionEvent } = browser
    if (DeviceMotionEvent === undefined) return 'motion-unsupported'
    if (!(await mayFollow(DeviceMotionEvent))) return 'motion-refused'
    const { listener, end } = meanMotion(time, told)
    browser.addEventListener('devicemotion', listener)
    return () => {
      browser.removeEventListener('devicemotion', listener)
      end()
    }
  }
  return new DeviceSensor(
    {
      kind: 'motion',
      name: 'This phone',
      silence: { ms: SILENCE_MS, means: 'no-sensor' },
      open,
      problemOf: () => 'motion-refused',
    },
    browser,
    time,
    handlers,
  )
}

function meanMotion(time: SensorTime, told: Told): { listener: MotionListener; end: () => void } {
  let sum = 0
  let count = 0
  const ration = new Ration(time, PERIOD_MS, () => {
    const mean = sum / count
    sum = 0
    count = 0
    told.readings([measured('acceleration', mean, time.nowMs())])
  })
  const listener: MotionListener = ({ accelerationIncludingGravity }) => {
    const magnitude = magnitudeOf(accelerationIncludingGravity)
    // Desktop Chromium sends one event of nulls where there is no sensor.
    if (magnitude === undefined) return
    told.alive()
    sum += magnitude
    count += 1
    ration.askLater()
  }
  return { listener, end: () => ration.end() }
}

/** In m/s²; about 9.81 at rest. `undefined` where an axis says nothing. */
function magnitudeOf(axes: Axes | null): number | undefined {
  if (axes === null || axes.x === null || axes.y === null || axes.z === null) return undefined
  const magnitude = Math.hypot(axes.x, axes.y, axes.z)
  return Number.isFinite(magnitude) ? magnitude : undefined
}
