import { describe, expect, it } from 'vitest'
import { SILENCE_MS } from '../../src/sensor/device-sensor.ts'
import { UNCHANGED_MS } from '../../src/sensor/pace.ts'
import { lightSensor, type LightBrowser } from '../../src/sensor/light.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

class FakeLight extends EventTarget {
  static made: FakeLight[] = []
  illuminance: number | null = null
  running = false
  readonly options: unknown

  constructor(options: unknown) {
    super()
    this.options = options
    FakeLight.made.push(this)
  }

  start(): void {
    this.running = true
  }

  stop(): void {
    this.running = false
  }

  shine(lux: number | null): void {
    this.illuminance = lux
    if (this.running) this.dispatchEvent(new Event('reading'))
  }

  fail(name: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { error: browserError(name) }))
  }
}

async function lit(constructor: unknown = FakeLight) {
  FakeLight.made = []
  const page = { visibilityState: 'visible' }
  const browser: LightBrowser = { isSecureContext: true, document: page, AmbientLightSensor: constructor }
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const sensor = lightSensor(browser, time, witness)
  void sensor.start()
  await settled()
  const light = FakeLight.made[0] ?? new FakeLight({})
  return { light, time, witness, sensor, page }
}

describe('light', () => {
  it('is told once a second at most, and the last change is not left out', async () => {
    const { light, time, witness } = await lit()
    for (const lux of [50, 100, 150, 200]) {
      light.shine(lux)
      await time.pass(100)
    }
    await time.pass(10_000)
    light.shine(0)
    expect(witness.readings).toEqual([
      { quantity: 'illuminance', unit: 'lx', value: 50, atMs: NOW_MS },
      { quantity: 'illuminance', unit: 'lx', value: 200, atMs: NOW_MS + 1000 },
      { quantity: 'illuminance', unit: 'lx', value: 0, atMs: NOW_MS + 10_400 },
    ])
  })

  it('that stays the same is told each minute, while the page is seen', async () => {
    const { light, time, witness, sensor, page } = await lit()
    light.shine(0)
    await time.pass(2 * UNCHANGED_MS)
    page.visibilityState = 'hidden'
    await time.pass(3 * UNCHANGED_MS)
    page.visibilityState = 'visible'
    await time.pass(UNCHANGED_MS)
    const minutes = witness.readings.map(({ atMs }) => (atMs - NOW_MS) / UNCHANGED_MS)
    expect(minutes).toEqual([0, 1, 2, 6])
    expect(new Set(witness.values('illuminance'))).toEqual(new Set([0]))
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('without a sensor is noticed after two seconds, events without a value included', async () => {
    const { light, time, sensor } = await lit()
    light.shine(null)
    await time.pass(SILENCE_MS)
    expect(sensor.state).toMatchObject({ problem: { kind: 'no-sensor' } })
    expect(light.running).toBe(false)
    expect(time.pending).toBe(0)
  })

  it.each([
    ['NotAllowedError', 'light-refused'],
    ['NotReadableError', 'no-sensor'],
  ])('that ends with %s says why', async (name, kind) => {
    const { light, sensor } = await lit()
    light.fail(name)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind } })
    expect(light.running).toBe(false)
  })

  it('that a policy forbids, or that the browser has not, says so', async () => {
    class Forbidden {
      constructor() {
        throw browserError('SecurityError', 'Access to sensor features is disallowed')
      }
    }
    expect((await lit(Forbidden)).sensor.state).toMatchObject({ problem: { kind: 'light-refused' } })
    const { witness, sensor } = await lit(null)
    expect(sensor.state).toMatchObject({ problem: { kind: 'light-unsupported' } })
    expect(witness.readings).toEqual([])
  })

  it('stopped by the one who hears that it is live gives no reading', async () => {
    const { light, time, witness, sensor } = await lit()
    witness.onState = ({ type }) => void (type === 'live' && sensor.stop())
    light.shine(50)
    expect([witness.readings, sensor.state.type, time.pending]).toEqual([[], 'stopped', 0])
  })

  it('says nothing more once stopped, not even what it had kept for later', async () => {
    const { light, time, witness, sensor } = await lit()
    light.shine(50)
    light.shine(100)
    sensor.stop()
    expect([light.running, time.pending]).toEqual([false, 0])
    await time.pass(10_000)
    expect(witness.values('illuminance')).toEqual([50])
  })
})
