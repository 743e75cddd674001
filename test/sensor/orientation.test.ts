import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SILENCE_MS } from '../../src/sensor/device-sensor.ts'
import {
  CircularMean,
  orientationSensor,
  type OrientationBrowser,
  type OrientationEvent,
} from '../../src/sensor/orientation.ts'
import { UNCHANGED_MS } from '../../src/sensor/pace.ts'
import { ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

type Listener = Parameters<OrientationBrowser['addEventListener']>[1]

class FakeBrowser implements OrientationBrowser {
  isSecureContext = true
  document = { visibilityState: 'visible' }
  DeviceOrientationEvent: unknown = class {}
  readonly listeners = new Map<string, Listener>()

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, listener)
  }

  removeEventListener(type: string): void {
    this.listeners.delete(type)
  }

  turn(event: Partial<OrientationEvent>, type = 'deviceorientationabsolute'): void {
    const absolute = type === 'deviceorientationabsolute'
    this.listeners.get(type)?.({ alpha: null, beta: null, gamma: null, absolute, ...event })
  }
}

async function following(browser = new FakeBrowser()) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const sensor = orientationSensor(browser, time, witness)
  void sensor.start()
  await settled()
  return { browser, time, witness, sensor }
}

describe('how a device is held', () => {
  it('is told once a second, as the mean of what came, north included', async () => {
    const { browser, time, witness } = await following()
    for (let i = 0; i <= 180; i++) {
      // A degree to either side of north; alpha runs against the clock.
      browser.turn({ alpha: i % 2 === 0 ? 4 : 358, beta: 10, gamma: i % 2 === 0 ? -3 : -5 })
      await time.pass(1000 / 60)
    }
    expect(witness.readings.filter(({ quantity }) => quantity === 'heading')).toHaveLength(3)
    for (const heading of witness.values('heading')) expect(heading).toBeCloseTo(359, 0)
    for (const tilt of witness.values('tilt-forward')) expect(tilt).toBeCloseTo(10, 6)
    for (const tilt of witness.values('tilt-side')) expect(tilt).toBeCloseTo(-4, 1)
    expect(new Set(witness.readings.map(({ unit }) => unit))).toEqual(new Set(['deg']))
  })

  it('that lies still is told each minute, while the page is seen', async () => {
    const { browser, time, witness, sensor } = await following()
    browser.turn({ alpha: 90, beta: 1, gamma: 2 })
    await time.pass(1000 + 2 * UNCHANGED_MS)
    browser.document.visibilityState = 'hidden'
    await time.pass(2 * UNCHANGED_MS)
    const told = witness.readings.map(({ quantity, value, atMs }) => [
      quantity,
      Math.round(Number(value)),
      (atMs - NOW_MS - 1000) / UNCHANGED_MS,
    ])
    expect(told).toEqual(
      [0, 1, 2].flatMap((minute) => [
        ['heading', 270, minute],
        ['tilt-forward', 1, minute],
        ['tilt-side', 2, minute],
      ]),
    )
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('has a heading where alpha starts at north, or where Safari has one, and nowhere else', async () => {
    const headings: unknown[] = []
    for (const [event, type] of [
      [{ alpha: 90 }, 'deviceorientationabsolute'],
      [{ alpha: 90, beta: 1 }, 'deviceorientation'],
      [{ alpha: 90, webkitCompassHeading: 10 }, 'deviceorientation'],
      [{ alpha: 90, beta: 1, webkitCompassHeading: -1 }, 'deviceorientation'],
    ] as const) {
      const { browser, time, witness } = await following()
      browser.turn(event, type)
      await time.pass(1000)
      browser.turn(event, type)
      const [heading] = witness.values('heading')
      headings.push(typeof heading === 'number' ? Math.round(heading) : heading)
    }
    expect(headings).toEqual([270, undefined, 10, undefined])
  })

  it('is not told by a device without sensors, whose events hold nothing', async () => {
    const { browser, time, sensor } = await following()
    browser.turn({})
    await time.pass(SILENCE_MS)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-sensor' } })
    expect(browser.listeners.size).toBe(0)
  })

  it('is a secret where the person says no', async () => {
    const browser = new FakeBrowser()
    browser.DeviceOrientationEvent = Object.assign(class {}, {
      requestPermission: () => Promise.resolve('denied'),
    })
    const { sensor } = await following(browser)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'motion-refused' } })
    expect(browser.listeners.size).toBe(0)
  })

  it('is told on after the clock was set back an hour', async () => {
    const { browser, time, witness } = await following()
    browser.turn({ beta: 1 })
    time.setBack(3_600_000)
    await time.pass(1000)
    browser.turn({ beta: 2 })
    await time.pass(1000)
    expect(witness.values('tilt-forward').map(Number).map(Math.round)).toEqual([1, 2])
  })

  it('is told of a device that lies still, of which there is one event', async () => {
    const { browser, time, witness, sensor } = await following()
    browser.turn({ alpha: 270 })
    await time.pass(60_000)
    browser.turn({ alpha: 180 })
    await time.pass(999)
    sensor.stop()
    await time.pass(60_000)
    expect(witness.values('heading')).toEqual([90])
    expect(time.pending).toBe(0)
  })
})

describe('the mean of angles', () => {
  const angles = fc.array(fc.double({ min: -80, max: 80, noNaN: true }), { minLength: 1, maxLength: 60 })

  it('turns with them, and lies among them', () => {
    fc.assert(
      fc.property(angles, fc.integer({ min: -720, max: 720 }), (spread, turn) => {
        const mean = new CircularMean()
        for (const angle of spread) mean.add(angle + turn)
        const taken = mean.take() ?? NaN
        expect(Math.abs(taken)).toBeLessThanOrEqual(180)
        const back = ((((taken - turn + 180) % 360) + 360) % 360) - 180
        expect(back).toBeGreaterThanOrEqual(Math.min(...spread) - 1e-6)
        expect(back).toBeLessThanOrEqual(Math.max(...spread) + 1e-6)
      }),
      { seed: 20 },
    )
  })

  it('is nowhere where they are all around, and without any', () => {
    const mean = new CircularMean()
    expect(mean.take()).toBeUndefined()
    for (const angle of [0, 90, 180, 270]) mean.add(angle)
    expect(mean.take()).toBeUndefined()
    expect([null, NaN, Infinity].map((angle) => mean.add(angle))).toEqual([false, false, false])
    expect(mean.take()).toBeUndefined()
  })
})
