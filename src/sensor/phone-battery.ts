/** The battery of this device. Battery Status API, W3C: in Chromium, not in Safari nor Firefox. */
import { measured } from '../reading/measured.ts'
import { DeviceSensor, SILENCE_MS, type Told } from './device-sensor.ts'
import { Ration } from './pace.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/** Between readings, at least; a cable that is plugged in changes two things at once. */
const PERIOD_MS = 1000

const CHANGES = ['levelchange', 'chargingchange'] as const

/** Of `BatteryManager`. */
export interface Battery {
  /** 0 for empty to 1 for full. */
  readonly level: number
  readonly charging: boolean
  addEventListener(type: (typeof CHANGES)[number], listener: () => void): void
  removeEventListener(type: (typeof CHANGES)[number], listener: () => void): void
}

/** Of `window`. */
interface BatteryBrowser {
  readonly isSecureContext: boolean
  /** Has `getBattery()` where the browser has it, which the compiler's libraries do not name. */
  readonly navigator: object
}

/**
 * Readings: `battery` and `charging`. A desktop without a battery says that it is full and charging, by the specification; that cannot be told apart.
 */
export function batterySensor(browser: BatteryBrowser, time: SensorTime, handlers: SensorHandlers): Sensor {
  const open = async (told: Told) => {
    const { navigator } = browser
    return canTell(navigator) ? follow(await navigator.getBattery(), time, told) : 'battery-unsupported'
  }
  return new DeviceSensor(
    {
      kind: 'phone-battery',
      name: 'Battery',
      silence: { ms: SILENCE_MS, means: 'no-sensor' },
      open,
      // Only a policy of the page can forbid it.
      problemOf: () => 'battery-unsupported',
    },
    browser,
    time,
    handlers,
  )
}

function canTell(navigator: object): navigator is { getBattery(): Promise<Battery> } {
  return 'getBattery' in navigator
}

function follow(battery: Battery, time: SensorTime, told: Told): () => void {
  const tell = () => {
    const nowMs = time.nowMs()
    const percent = Math.round(battery.level * 100)
    told.readings([measured('battery', percent, nowMs), measured('charging', battery.charging, nowMs)])
  }
  const ration = new Ration(time, PERIOD_MS, tell, tell)
  const ask = () => ration.ask()
  for (const type of CHANGES) battery.addEventListener(type, ask)
  ask()
  return () => {
    for (const type of CHANGES) battery.removeEventListener(type, ask)
    ration.end()
  }
}
