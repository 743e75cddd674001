/**
 * How light it is around this device. Ambient Light Sensor, W3C, on top of the Generic Sensor API: in Chromium behind the
 * flag "Generic Sensor Extra Classes", which gives whole multiples of 50 lx; in no other browser.
 */
import { measured } from '../reading/measured.ts'
import { DeviceSensor, SILENCE_MS, type Told } from './device-sensor.ts'
import { Ration, type Seen } from './pace.ts'
import type { SensorProblemKind } from './problem.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between readings, at least: the light of a room is known by then. */
const PERIOD_MS = 1000

/** Of `AmbientLightSensor`. */
interface LightSensor {
  /** In lx; null before the first reading. */
  readonly illuminance: number | null
  start(): void
  stop(): void
  addEventListener(type: 'reading', listener: () => void): void
  addEventListener(type: 'error', listener: (event: { readonly error: unknown }) => void): void
}

/** Of `window`. */
export interface LightBrowser extends Seen {
  readonly isSecureContext: boolean
  /** The constructor, absent where the browser has none, which the compiler's libraries do not name. */
  readonly AmbientLightSensor?: unknown
}

type LightSensorClass = new (options: { readonly frequency: number }) => LightSensor

/** Readings: `illuminance`, when it changes, and each minute while the page is seen. */
export function lightSensor(browser: LightBrowser, time: SensorTime, handlers: SensorHandlers): Sensor {
  return new DeviceSensor(
    {
      kind: 'light',
      name: 'Light',
      silence: { ms: SILENCE_MS, means: 'no-sensor' },
      open: async (told) => open(browser, time, told),
      problemOf,
    },
    browser,
    time,
    handlers,
  )
}

function open(
  { AmbientLightSensor: constructor, document }: LightBrowser,
  time: SensorTime,
  told: Told,
): (() => void) | SensorProblemKind {
  if (typeof constructor !== 'function') return 'light-unsupported'
  const sensor = new (constructor as LightSensorClass)({ frequency: 1000 / PERIOD_MS })
  const tell = () => {
    const { illuminance } = sensor
    if (illuminance === null || !Number.isFinite(illuminance)) return
    told.readings([measured('illuminance', illuminance, time.nowMs())])
  }
  const ration = new Ration(time, PERIOD_MS, tell, () => document.visibilityState === 'visible' && tell())
  const close = () => {
    ration.end()
    sensor.stop()
  }
  sensor.addEventListener('reading', () => ration.ask())
  sensor.addEventListener('error', ({ error }) => told.failed(problemOf(error), error))
  sensor.start()
  return close
}

/** Names by the Generic Sensor API, W3C, `start()`; where a policy forbids it the constructor throws. */
function problemOf(error: unknown): SensorProblemKind {
  const name = error instanceof Error ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'light-refused' : 'no-sensor'
}
