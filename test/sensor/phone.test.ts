import { describe, expect, it } from 'vitest'
import { SILENCE_MS } from '../../src/sensor/device-sensor.ts'
import { motionSensor, type MotionBrowser } from '../../src/sensor/phone.ts'
import type { Sensor } from '../../src/sensor/sensor.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'

const NOW_MS = 1_700_000_000_000

type Listener = Parameters<MotionBrowser['addEventListener']>[1]

class FakePhone implements MotionBrowser {
  isSecureContext = true
  DeviceMotionEvent: unknown = class {}
  readonly listeners = new Set<Listener>()

  addEventListener(_: string, listener: Listener): void {
    this.listeners.add(listener)
  }

  removeEventListener(_: string, listener: Listener): void {
    this.listeners.delete(listener)
  }

  move(x: number | null, y: number | null, z: number | null): void {
    for (const listener of this.listeners) listener({ accelerationIncludingGravity: { x, y, z } })
  }
}

function held(phone = new FakePhone()) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  return { phone, time, witness, sensor: motionSensor(phone, time, witness) }
}

/** Starts a sensor up to where it waits for the first motion. */
async function begun(sensor: Sensor): Promise<void> {
  void sensor.start()
  await settled()
}

/** What Safari's constructor is like. */
function asking(answer: () => Promise<string>): unknown {
  return Object.assign(class {}, { requestPermission: answer })
}

describe('a phone', () => {
  it('gives the mean strength of its motion four times a second, however often it is told', async () => {
    const { phone, time, witness, sensor } = held()
    await begun(sensor)
    for (let i = 0; i <= 100; i++) {
      phone.move(0, 3, i % 2 === 0 ? 4 : 0)
      await time.pass(10)
    }
    expect(sensor.state).toEqual({ type: 'live', name: 'This phone', malformed: 0 })
    expect(witness.readings.map(({ atMs }) => atMs - NOW_MS)).toEqual([250, 500, 750, 1000])
    for (const { quantity, unit, value } of witness.readings) {
      expect([quantity, unit]).toEqual(['acceleration', 'm/s2'])
      expect(value).toBeCloseTo(4, 1)
    }
  })

  it('without a sensor is noticed after two seconds of silence, events without numbers included', async () => {
    const { phone, time, witness, sensor } = held()
    const started = sensor.start()
    await settled()
    phone.move(null, null, null)
    await time.pass(SILENCE_MS - 1)
    expect(sensor.state.type).toBe('connecting')
    await time.pass(1)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-sensor' } })
    await started
    expect(phone.listeners.size).toBe(0)
    expect(witness.readings).toEqual([])
  })

  it('asks for permission where it must, and starts when it is given', async () => {
    const { phone, witness, sensor } = held()
    phone.DeviceMotionEvent = asking(() => Promise.resolve('granted'))
    const started = sensor.start()
    await settled()
    phone.move(0, 0, 9.81)
    await started
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'live'])
  })

  it.each([
    ['denied', () => Promise.resolve('denied')],
    ['asked outside a click', () => Promise.reject(browserError('NotAllowedError', 'user gesture'))],
  ])('that is %s says what to do, and can be tried again', async (_, answer) => {
    const { phone, sensor } = held()
    phone.DeviceMotionEvent = asking(answer)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'motion-refused' } })
    phone.DeviceMotionEvent = asking(() => Promise.resolve('granted'))
    await begun(sensor)
    expect(sensor.state.type).toBe('connecting')
  })

  it('whose browser has no motion events, or hides them, says which', async () => {
    const { phone, sensor } = held()
    phone.DeviceMotionEvent = undefined
    await sensor.start()
    expect(sensor.state).toMatchObject({ problem: { kind: 'motion-unsupported' } })
    phone.isSecureContext = false
    await sensor.start()
    expect(sensor.state).toMatchObject({ problem: { kind: 'insecure' } })
  })

  it('says nothing more once stopped', async () => {
    const { phone, time, witness, sensor } = held()
    await begun(sensor)
    phone.move(0, 0, 9.81)
    sensor.stop()
    phone.move(0, 0, 9.81)
    await time.pass(10_000)
    expect(sensor.state.type).toBe('stopped')
    expect(witness.readings).toEqual([])
    expect(phone.listeners.size + time.pending).toBe(0)
  })

  it('stopped while it asks for permission does not start when that is given', async () => {
    const { phone, sensor } = held()
    const answer = Promise.withResolvers<string>()
    phone.DeviceMotionEvent = asking(() => answer.promise)
    void sensor.start()
    sensor.stop()
    answer.resolve('granted')
    await settled()
    expect(sensor.state.type).toBe('stopped')
    expect(phone.listeners.size).toBe(0)
  })
})
