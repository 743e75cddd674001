/** Where this device is: to about a kilometre, unless more is asked for. */
import { measured } from '../reading/measured.ts'
import type { Reading } from '../reading/reading.ts'
import { DeviceSensor, type Told } from './device-sensor.ts'
import { Pace } from './pace.ts'
import type { SensorProblemKind } from './problem.ts'
import type { Sensor, SensorHandlers, SensorTime } from './sensor.ts'

/**
 * Places per degree that are told apart unless `precise`. A hundredth of a degree is 1.1 km north to south, and at most
 * that east to west: enough for the weather, and too little to find a home by.
 */
export const COARSE_PER_DEGREE = 100

/** How far rounding may move a place, in metres: half the diagonal of a square 1113 m wide, at the equator. */
export const COARSE_METRES = 787

/** Between readings of one coarse place: a place that was left unnoticed is not believed in for longer. */
export const SAME_PLACE_MS = 5 * 60_000

/** Between readings of different coarse places: someone at the border of two would be seen there if each was told. */
export const OTHER_PLACE_MS = 60_000

/** Between precise readings. Receivers measure once a second. */
const PRECISE_MS = 1000

/** A receiver that has been off for long takes a minute under the open sky; the person's answer comes out of this too. */
export const LOCATION_SILENCE_MS = 90_000

/** Of `GeolocationPosition`. Metres, degrees, metres a second; null where the device cannot tell. */
export interface Position {
  readonly coords: {
    readonly latitude: number
    readonly longitude: number
    readonly accuracy: number
    readonly altitude: number | null
    readonly speed: number | null
    /** Clockwise from north; not a number at rest. */
    readonly heading: number | null
  }
}

/** Of `GeolocationPositionError`. */
interface PositionError {
  /** 1: refused, 2: unavailable, 3: too late. Geolocation, W3C, `GeolocationPositionError`. */
  readonly code: number
  readonly message: string
}

interface WatchOptions {
  readonly enableHighAccuracy: boolean
  readonly maximumAge: number
}

/** Of `window`. */
export interface LocationBrowser {
  readonly isSecureContext: boolean
  readonly navigator: {
    readonly geolocation?: {
      watchPosition(
        onPosition: (position: Position) => void,
        onError: (error: PositionError) => void,
        options: WatchOptions,
      ): number
      clearWatch(id: number): void
    }
  }
}

/**
 * Readings: `latitude`, `longitude` and `accuracy`, the last with what rounding adds.
 *
 * @param precise as exact as the device can, with `altitude`, `speed` and `heading`; otherwise a rounded place and nothing else
 */
export function locationSensor(
  browser: LocationBrowser,
  time: SensorTime,
  handlers: SensorHandlers,
  { precise = false }: { readonly precise?: boolean } = {},
): Sensor {
  const open = async (told: Told) => {
    const { geolocation } = browser.navigator
    if (geolocation === undefined) return 'location-unsupported'
    let found = false
    const tell = precise ? tellPrecisely(time, told) : tellCoarsely(time, told)
    const id = geolocation.watchPosition(
      (position) => {
        found = true
        told.alive()
        tell(position)
      },
      ({ code, message }) => {
        const refused = code === 1
        // A tunnel is no failure: the watch goes on, and the age of the last place tells.
        if (found && !refused) return
        told.failed(refused ? 'location-refused' : 'location-unavailable', new Error(message))
      },
      { enableHighAccuracy: precise, maximumAge: precise ? 0 : OTHER_PLACE_MS },
    )
    return () => geolocation.clearWatch(id)
  }
  return new DeviceSensor(
    {
      kind: 'location',
      name: 'Location',
      silence: { ms: LOCATION_SILENCE_MS, means: 'location-unavailable' },
      open,
      problemOf: (): SensorProblemKind => 'location-refused',
    },
    browser,
    time,
    handlers,
  )
}

function tellPrecisely(time: SensorTime, told: Told): (position: Position) => void {
  const pace = new Pace()
  return ({ coords }) => {
    const nowMs = time.nowMs()
    if (!isPlace(coords) || !pace.due(nowMs, PRECISE_MS)) return
    const readings: Reading[] = []
    for (const quantity of ['latitude', 'longitude', 'accuracy', 'altitude', 'speed', 'heading'] as const) {
      const value = coords[quantity]
      if (value !== null && Number.isFinite(value)) readings.push(measured(quantity, value, nowMs))
    }
    told.readings(readings)
  }
}

function tellCoarsely(time: SensorTime, told: Told): (position: Position) => void {
  const pace = new Pace()
  let last: { readonly latitude: number; readonly longitude: number } | undefined
  return ({ coords }) => {
    if (!isPlace(coords)) return
    const latitude = coarse(coords.latitude)
    const longitude = coarse(coords.longitude)
    const moved = latitude !== last?.latitude || longitude !== last.longitude
    const nowMs = time.nowMs()
    if (!pace.due(nowMs, moved ? OTHER_PLACE_MS : SAME_PLACE_MS)) return
    last = { latitude, longitude }
    told.readings([
      measured('latitude', latitude, nowMs),
      measured('longitude', longitude, nowMs),
      measured('accuracy', Math.round(coords.accuracy) + COARSE_METRES, nowMs),
    ])
  }
}

function isPlace({ latitude, longitude, accuracy }: Position['coords']): boolean {
  return [latitude, longitude, accuracy].every(Number.isFinite)
}

/** The nearest of the places that are told apart, never -0. */
function coarse(degrees: number): number {
  return Math.round(degrees * COARSE_PER_DEGREE) / COARSE_PER_DEGREE + 0
}
