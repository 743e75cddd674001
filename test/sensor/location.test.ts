import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  COARSE_METRES,
  COARSE_PER_DEGREE,
  LOCATION_SILENCE_MS,
  locationSensor,
  OTHER_PLACE_MS,
  SAME_PLACE_MS,
  type LocationBrowser,
  type Position,
} from '../../src/sensor/location.ts'
import { ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

type Geolocation = NonNullable<LocationBrowser['navigator']['geolocation']>
type Watch = Parameters<Geolocation['watchPosition']>

class FakeGeolocation implements Geolocation {
  readonly watches = new Map<number, Watch>()
  #ids = 0

  watchPosition(...watch: Watch): number {
    this.watches.set(++this.#ids, watch)
    return this.#ids
  }

  clearWatch(id: number): void {
    this.watches.delete(id)
  }

  move(coords: Partial<Position['coords']>): void {
    const full = {
      latitude: 0,
      longitude: 0,
      accuracy: 20,
      altitude: null,
      speed: null,
      heading: null,
      ...coords,
    }
    for (const [onPosition] of this.watches.values()) onPosition({ coords: full })
  }

  refuse(code: number): void {
    for (const [, onError] of this.watches.values()) onError({ code, message: 'User denied Geolocation' })
  }
}

async function watching(options?: { readonly precise: boolean }) {
  const geolocation = new FakeGeolocation()
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const browser = { isSecureContext: true, navigator: { geolocation } }
  const sensor = locationSensor(browser, time, witness, options)
  void sensor.start()
  await settled()
  return { geolocation, time, witness, sensor }
}

describe('a location', () => {
  it('is coarse unless asked for: a rounded place, how far off that may be, and nothing else', async () => {
    const { geolocation, witness } = await watching()
    geolocation.move({ latitude: 52.520_61, longitude: -0.004, altitude: 34, speed: 1, heading: 90 })
    expect(witness.readings).toEqual([
      { quantity: 'latitude', unit: 'lat', value: 52.52, atMs: NOW_MS },
      { quantity: 'longitude', unit: 'lon', value: 0, atMs: NOW_MS },
      { quantity: 'accuracy', unit: 'm', value: 20 + COARSE_METRES, atMs: NOW_MS },
    ])
    expect([...geolocation.watches.values()][0]?.[2].enableHighAccuracy).toBe(false)
  })

  it('never tells more than the rounded place, and rounds by no more than it says', async () => {
    const METRES_PER_DEGREE = 111_320
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        async (latitude, longitude) => {
          const { geolocation, witness } = await watching()
          geolocation.move({ latitude, longitude, accuracy: 0 })
          const [lat = NaN, lon = NaN, accuracy = NaN] = witness.readings.map(({ value }) => Number(value))
          for (const value of [lat, lon]) {
            expect(Math.abs(value * COARSE_PER_DEGREE - Math.round(value * COARSE_PER_DEGREE))).toBeLessThan(
              1e-6,
            )
          }
          const off = METRES_PER_DEGREE * Math.hypot(lat - latitude, lon - longitude)
          expect(off).toBeLessThanOrEqual(accuracy + 1)
        },
      ),
      { seed: 21 },
    )
  })

  it('that is coarse is told again after five minutes, or after one when it is another', async () => {
    const { geolocation, time, witness } = await watching()
    const told: number[] = []
    for (let second = 0; second <= 900; second++) {
      const before = witness.readings.length
      // From the tenth minute on, back and forth across the border of two places.
      geolocation.move({ latitude: second < 600 ? 1 : 1 + (second % 2) / 100 })
      if (witness.readings.length > before) told.push(second)
      await time.pass(1000)
    }
    const [other, same] = [OTHER_PLACE_MS / 1000, SAME_PLACE_MS / 1000]
    expect(told.slice(0, 2)).toEqual([0, same])
    expect(told.length).toBeLessThanOrEqual(2 + 1 + 300 / other)
    for (let i = 1; i < told.length; i++) {
      expect((told[i] ?? 0) - (told[i - 1] ?? 0)).toBeGreaterThanOrEqual(other)
    }
  })

  it('that is precise comes once a second with what the device knows of it', async () => {
    const { geolocation, time, witness } = await watching({ precise: true })
    for (let i = 0; i < 20; i++) {
      geolocation.move({ latitude: 1.234_567, longitude: 2, altitude: 34, speed: 0, heading: NaN })
      await time.pass(100)
    }
    expect(witness.values('latitude')).toEqual([1.234_567, 1.234_567])
    expect(witness.values('altitude')).toEqual([34, 34])
    expect(witness.values('speed')).toEqual([0, 0])
    expect(witness.values('heading')).toEqual([])
  })

  it.each([
    [1, 'location-refused'],
    [2, 'location-unavailable'],
  ])('that cannot be had (code %i) says what to do, and the watch ends', async (code, kind) => {
    const { geolocation, sensor } = await watching()
    geolocation.refuse(code)
    expect(sensor.state).toMatchObject({
      type: 'failed',
      problem: { kind, detail: 'Error: User denied Geolocation' },
    })
    expect(geolocation.watches.size).toBe(0)
  })

  it('that is lost for a while comes back by itself; one that is taken away does not', async () => {
    const { geolocation, time, witness, sensor } = await watching()
    geolocation.move({})
    geolocation.refuse(3)
    expect(sensor.state.type).toBe('live')
    await time.pass(OTHER_PLACE_MS)
    geolocation.move({ latitude: 1 })
    expect(witness.values('latitude')).toEqual([0, 1])
    geolocation.refuse(1)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'location-refused' } })
  })

  it('without an answer to wait for is given up, also where the answer came too late', async () => {
    const { geolocation, time, witness, sensor } = await watching()
    const [watch] = geolocation.watches.values()
    await time.pass(LOCATION_SILENCE_MS)
    expect(sensor.state).toMatchObject({ problem: { kind: 'location-unavailable' } })
    watch?.[0]({
      coords: { latitude: 1, longitude: 1, accuracy: 1, altitude: null, speed: null, heading: null },
    })
    expect(witness.readings).toEqual([])
    expect(sensor.state.type).toBe('failed')
  })

  it('is told on after the clock was set back, and not of a place that is none', async () => {
    const { geolocation, time, witness } = await watching()
    geolocation.move({})
    time.setBack(3_600_000)
    geolocation.move({})
    geolocation.move({ latitude: NaN })
    expect(witness.values('latitude')).toEqual([0, 0])
  })
})
