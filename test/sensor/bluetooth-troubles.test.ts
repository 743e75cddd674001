import { describe, expect, it, vi } from 'vitest'
import { BluetoothSensor } from '../../src/sensor/bluetooth.ts'
import { TURN_MS, turnsOf } from '../../src/sensor/gatt.ts'
import { BATTERY } from '../../src/sensor/profiles.ts'
import { RETRY_DELAYS_MS } from '../../src/sensor/steps.ts'
import { FRAMES_PER_SECOND_MAX } from '../../src/sensor/intake.ts'
import { browserError, FakeStrap, paired, profileOf, settled, Witness } from './fakes.ts'

describe('a device that misbehaves', () => {
  it('and sends too fast is taken up to a rate; what is beyond is counted and said', async () => {
    const { strap, time, witness, sensor } = paired()
    await sensor.start()
    await settled()
    const battery = 1
    for (let i = 0; i < 10 * FRAMES_PER_SECOND_MAX; i++) strap.beat(0x00, 60 + (i % 100))
    expect(witness.values('heart-rate').length).toBe(FRAMES_PER_SECOND_MAX - battery)
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'live'])
    await time.pass(1000)
    expect(witness.takeStates()).toEqual(['live'])
    expect(sensor.state).toMatchObject({ malformed: 0, skipped: 9 * FRAMES_PER_SECOND_MAX + battery })
    strap.beat(0x00, 72)
    expect(witness.values('heart-rate').at(-1)).toBe(72)
  })

  it('and sends too fast leaves no timer behind when it is stopped', async () => {
    const { strap, time, sensor } = paired()
    await sensor.start()
    await settled()
    for (let i = 0; i <= FRAMES_PER_SECOND_MAX; i++) strap.beat(0, 72)
    expect(time.pending).toBe(1)
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('and is stopped as soon as it is live is asked nothing more', async () => {
    const { strap, time, witness, sensor } = paired()
    const asked = vi.spyOn(strap, 'getPrimaryService')
    witness.onState = ({ type }) => type === 'live' && sensor.stop()
    await sensor.start()
    expect(asked.mock.calls).toEqual([[0x180d]])
    expect([sensor.state.type, witness.readings, time.pending]).toEqual(['stopped', [], 0])
  })

  it('ten times faster than it promised, loses nothing', async () => {
    const { strap, time, witness, sensor } = paired()
    await sensor.start()
    for (let i = 0; i < 100; i++) {
      strap.beat(0x00, 60 + i)
      await time.pass(100)
    }
    expect(witness.values('heart-rate').length).toBe(100)
    expect(sensor.state).toEqual({ type: 'live', name: 'Strap 7', malformed: 0 })
  })

  it('and drops out within a frame is brought back, and the half of it counted', async () => {
    const { strap, time, witness, sensor } = paired()
    await sensor.start()
    strap.beat(0x10, 72, 0x00)
    strap.vanish()
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    strap.beat(0x10, 72, 0x00, 0x04)
    expect(witness.values('rr-interval')).toEqual([1])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 1 })
  })

  it('and drops out while it is being asked is brought back', async () => {
    const { strap, time, sensor } = paired()
    await sensor.start()
    strap.vanish()
    strap.operations = [browserError('NetworkError', 'GATT Server is disconnected.')]
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(sensor.state).toMatchObject({ type: 'lost', attempt: 2 })
    await time.pass(RETRY_DELAYS_MS[1] ?? 0)
    expect(sensor.state.type).toBe('live')
  })

  it('and comes back without its readings says so; by hand it is asked once more', async () => {
    const { strap, bluetooth, time, sensor } = paired()
    await sensor.start()
    const services = strap.services
    strap.services = { 0xfe59: { 0x0001: { can: ['notify'] } } }
    strap.vanish()
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'changed-device' } })
    expect(time.pending).toBe(0)
    strap.services = services
    await sensor.start()
    expect(sensor.state.type).toBe('live')
    expect(bluetooth.asked.length).toBe(1)
  })

  it('and is a thing twice stays connected until the last of the two is stopped', async () => {
    const { strap, bluetooth, time, witness, sensor } = paired()
    await sensor.start()
    const battery = { ...profileOf('heart-rate'), service: 0x180f, characteristics: BATTERY.characteristics }
    const other = new BluetoothSensor(battery, { bluetooth, isSecureContext: true, time }, new Witness())
    await other.start()
    other.stop()
    expect(strap.disconnections).toBe(0)
    // What cannot be connected to is of no use to anyone, but ends nobody's connection either.
    strap.connects = [browserError('NetworkError')]
    await other.start()
    expect([other.state.type, strap.disconnections]).toEqual(['failed', 0])
    strap.beat(0x00, 72)
    expect(witness.values('heart-rate')).toEqual([72])
    sensor.stop()
    expect(strap.disconnections).toBe(1)
  })

  it('and never tells its battery is live all the same, and after a while it can be asked for other things', async () => {
    const strap = new FakeStrap()
    strap.services[0x180f] = { 0x2a19: { can: ['read', 'notify'], isMute: true } }
    const { time, witness, sensor } = paired(strap)
    await sensor.start()
    expect(sensor.state.type).toBe('live')
    await settled()
    const next = turnsOf(strap, time).take(() => Promise.resolve('asked'))
    strap.beat(0x00, 72)
    expect(witness.values('heart-rate')).toEqual([72])
    await time.pass(TURN_MS)
    expect(await next).toBe('asked')
    expect([sensor.state.type, time.pending]).toEqual(['live', 0])
  })

  it('and changes its services while it is connected is looked at again', async () => {
    const { strap, time, witness, sensor } = paired()
    await sensor.start()
    const old = strap.heartRate
    strap.happen('servicechanged')
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    old.notify(Uint8Array.of(0, 99))
    strap.beat(0, 72)
    expect(witness.values('heart-rate')).toEqual([72])
    expect(sensor.state.type).toBe('live')
  })
})

describe('a device of an earlier visit', () => {
  function returning(strap = new FakeStrap()) {
    const all = paired(strap)
    all.bluetooth.getDevices = () => Promise.resolve([new FakeStrap('another'), strap])
    return all
  }

  it('is found again by its id, without a click', async () => {
    const { strap, bluetooth, witness, sensor } = returning()
    expect(await sensor.resume(strap.id)).toBe(true)
    expect(witness.takeStates()).toEqual(['connecting', 'live'])
    strap.beat(0, 72)
    expect(witness.values('heart-rate')).toEqual([72])
    expect([bluetooth.asked.length, sensor.deviceId]).toEqual([0, strap.id])
  })

  it('waits for a click where the browser forgets devices, or knows this one no longer', async () => {
    const { bluetooth, witness, sensor } = returning()
    expect(await sensor.resume('gone')).toBe(false)
    delete bluetooth.getDevices
    expect(await sensor.resume('device 1')).toBe(false)
    expect(witness.takeStates()).toEqual([])
    await sensor.start()
    expect([sensor.state.type, bluetooth.asked.length]).toEqual(['live', 1])
  })

  it('that is not there is connected as soon as it is heard', async () => {
    const strap = new FakeStrap()
    strap.connects = [browserError('NetworkError', 'Bluetooth Device is no longer in range.')]
    let watching: AbortSignal | undefined
    strap.watchAdvertisements = ({ signal }) => {
      watching = signal
      return Promise.resolve()
    }
    const { witness, sensor, time } = returning(strap)
    await sensor.resume(strap.id)
    expect(witness.takeStates()).toEqual(['connecting', 'lost'])
    strap.advertise()
    await settled()
    expect(witness.takeStates()).toEqual(['connecting', 'live'])
    expect([watching?.aborted, time.pending]).toEqual([true, 0])
  })

  it('is tried again where the browser cannot listen, and a click is faster', async () => {
    const strap = new FakeStrap()
    strap.connects = [browserError('NetworkError')]
    strap.watchAdvertisements = () => Promise.reject(browserError('NotSupportedError'))
    const { time, sensor } = returning(strap)
    await sensor.resume(strap.id)
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(sensor.state.type).toBe('live')
  })

  it('is left alone when a person starts or stops it meanwhile', async () => {
    const { bluetooth, strap, sensor } = returning()
    const devices = Promise.withResolvers<FakeStrap[]>()
    bluetooth.getDevices = () => devices.promise
    const resumed = sensor.resume(strap.id)
    sensor.stop()
    devices.resolve([strap])
    expect([await resumed, sensor.state.type]).toEqual([false, 'stopped'])
  })
})
