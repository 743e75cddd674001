import { describe, expect, it } from 'vitest'
import { UNCHANGED_MS } from '../../src/sensor/pace.ts'
import { batterySensor, type Battery } from '../../src/sensor/phone-battery.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

class FakeBattery implements Battery {
  level = 0.57
  charging = false
  readonly listeners = new Map<string, () => void>()

  addEventListener(type: string, listener: () => void): void {
    this.listeners.set(type, listener)
  }

  removeEventListener(type: string): void {
    this.listeners.delete(type)
  }

  change(state: { level?: number; charging?: boolean }): void {
    Object.assign(this, state)
    if (state.level !== undefined) this.listeners.get('levelchange')?.()
    if (state.charging !== undefined) this.listeners.get('chargingchange')?.()
  }
}

async function held(navigator: object) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const sensor = batterySensor({ isSecureContext: true, navigator }, time, witness)
  const started = sensor.start()
  await settled()
  return { time, witness, sensor, started }
}

describe('the battery of a phone', () => {
  it('is told at once, with each change, and each minute', async () => {
    const battery = new FakeBattery()
    const { time, witness, sensor } = await held({ getBattery: () => Promise.resolve(battery) })
    expect(witness.readings).toEqual([
      { quantity: 'battery', unit: '%EL', value: 57, atMs: NOW_MS },
      { quantity: 'charging', value: false, atMs: NOW_MS },
    ])
    await time.pass(30_000)
    battery.change({ level: 0.58, charging: true })
    await time.pass(1000 + 2 * UNCHANGED_MS)
    const told = witness.readings.filter(({ quantity }) => quantity === 'battery')
    // The two changes came at once, so the second reading of them is a second later.
    const after = [30_000, 31_000, 31_000 + UNCHANGED_MS, 31_000 + 2 * UNCHANGED_MS]
    expect(told.slice(1).map(({ atMs }) => atMs - NOW_MS)).toEqual(after)
    expect(witness.values('charging')).toEqual([false, true, true, true, true])
    sensor.stop()
    expect(battery.listeners.size + time.pending).toBe(0)
  })

  it('that changes all the time is told once a second', async () => {
    const battery = new FakeBattery()
    const { time, witness } = await held({ getBattery: () => Promise.resolve(battery) })
    for (let i = 0; i < 100; i++) {
      battery.change({ level: i / 100 })
      await time.pass(100)
    }
    expect(witness.values('battery')).toEqual([57, 9, 19, 29, 39, 49, 59, 69, 79, 89, 99])
  })

  it('that no browser or policy lets be seen says so', async () => {
    const refusing = { getBattery: () => Promise.reject(browserError('NotAllowedError')) }
    for (const navigator of [{}, refusing]) {
      const { sensor, started } = await held(navigator)
      await started
      expect(sensor.state).toMatchObject({ problem: { kind: 'battery-unsupported' } })
    }
  })

  it('is not followed where it was stopped before it answered', async () => {
    const battery = new FakeBattery()
    const answer = Promise.withResolvers<Battery>()
    const { time, witness, sensor } = await held({ getBattery: () => answer.promise })
    sensor.stop()
    answer.resolve(battery)
    await settled()
    expect(sensor.state.type).toBe('stopped')
    expect(witness.readings).toEqual([])
    expect(battery.listeners.size + time.pending).toBe(0)
  })
})
