import { describe, expect, it, vi } from 'vitest'
import { BluetoothSensor } from '../../src/sensor/bluetooth.ts'
import { CONNECT_TIMEOUT_MS } from '../../src/sensor/connecting.ts'
import { RETRY_DELAYS_MS } from '../../src/sensor/steps.ts'
import type { BluetoothChooser } from '../../src/sensor/gatt.ts'
import {
  browserError,
  FakeBluetooth,
  FakeStrap,
  ManualTime,
  NOW_MS,
  paired,
  profileOf,
  settled,
  Witness,
} from './fakes.ts'

const HEART_RATE = profileOf('heart-rate')

async function problemOf(bluetooth: BluetoothChooser | undefined, isSecureContext = true) {
  const witness = new Witness()
  const time = new ManualTime(NOW_MS)
  const sensor = new BluetoothSensor(HEART_RATE, { bluetooth, isSecureContext, time }, witness)
  await sensor.start()
  return sensor.state.type === 'failed' ? sensor.state.problem : undefined
}

describe('a strap', () => {
  it('is chosen, connected and heard', async () => {
    const { strap, bluetooth, time, witness, sensor } = paired()
    await sensor.start()
    await settled()
    expect(bluetooth.asked).toEqual([
      { filters: [{ services: [0x180d] }], optionalServices: [0x180f, 0x180a] },
    ])
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'live'])
    expect(sensor.state).toEqual({ type: 'live', name: 'Strap 7', malformed: 0 })
    await time.pass(1000)
    strap.beat(0x00, 72)
    strap.beat(0x10, 73, 0x00, 0x04)
    expect(witness.values('heart-rate')).toEqual([72, 73])
    expect(witness.readings.at(-1)?.atMs).toBe(NOW_MS + 1000)
    expect(time.pending).toBe(0)
  })

  it('tells its battery once when it connects, and again when that changes', async () => {
    const { strap, witness, sensor } = paired()
    await sensor.start()
    await settled()
    expect(witness.values('battery')).toEqual([87])
    strap.battery.notify(Uint8Array.of(86))
    expect(witness.values('battery')).toEqual([87, 86])
  })

  it('needs no battery service', async () => {
    const strap = new FakeStrap()
    delete strap.services[0x180f]
    const { witness, sensor } = paired(strap)
    await sensor.start()
    strap.beat(0x00, 72)
    expect(sensor.state.type).toBe('live')
    expect(witness.readings.map(({ quantity }) => quantity)).toEqual(['heart-rate'])
  })

  it('may send frames that make no sense: they are counted and it goes on', async () => {
    const { strap, witness, sensor } = paired()
    await sensor.start()
    await settled()
    strap.beat()
    strap.beat(0x10, 72, 1)
    strap.battery.notify(Uint8Array.of(200))
    expect(sensor.state).toEqual({ type: 'live', name: 'Strap 7', malformed: 3 })
    strap.beat(0x00, 75)
    expect(witness.values('heart-rate')).toEqual([75])
  })

  it('that goes away is brought back', async () => {
    const { strap, bluetooth, time, witness, sensor } = paired()
    await sensor.start()
    strap.beat(0x00, 72)
    const old = strap.heartRate
    witness.takeStates()

    strap.vanish()
    expect(sensor.state).toEqual({ type: 'lost', attempt: 1, nextMs: RETRY_DELAYS_MS[0] })
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(witness.takeStates()).toEqual(['lost', 'connecting', 'live'])
    strap.beat(0x00, 80)
    old.notify(Uint8Array.of(0x00, 99))
    expect(witness.values('heart-rate')).toEqual([72, 80])
    expect(bluetooth.asked.length).toBe(1)
  })

  it('is tried again ever more slowly, in the end given up, and can be asked for by hand', async () => {
    const { strap, bluetooth, time, witness, sensor } = paired()
    await sensor.start()
    strap.connects = RETRY_DELAYS_MS.map(() => browserError('NetworkError', 'Connection attempt failed.'))
    strap.vanish()
    for (const delayMs of RETRY_DELAYS_MS) {
      expect(sensor.state).toMatchObject({ type: 'lost', nextMs: delayMs })
      await time.pass(delayMs)
    }
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'unreachable' } })
    expect(time.pending).toBe(0)

    await sensor.start()
    strap.beat(0x00, 66)
    expect(sensor.state.type).toBe('live')
    expect(witness.values('heart-rate')).toEqual([66])
    expect(bluetooth.asked.length).toBe(1)
  })

  it('starts its patience anew only once it has been heard', async () => {
    const { strap, time, sensor } = paired()
    await sensor.start()
    strap.vanish()
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    strap.vanish()
    expect(sensor.state).toMatchObject({ type: 'lost', attempt: 2 })
    await time.pass(RETRY_DELAYS_MS[1] ?? 0)
    strap.beat(0x00, 72)
    strap.vanish()
    expect(sensor.state).toMatchObject({ type: 'lost', attempt: 1 })
  })

  it('can be reconnected by hand while it is lost, with no second attempt behind', async () => {
    const { strap, time, witness, sensor } = paired()
    await sensor.start()
    strap.vanish()
    witness.takeStates()
    await sensor.start()
    await time.pass(60_000)
    expect(witness.takeStates()).toEqual(['connecting', 'live'])
  })

  it('that never answers is given up after a while', async () => {
    const strap = new FakeStrap()
    strap.connects = ['hang']
    const { time, sensor } = paired(strap)
    void sensor.start()
    await settled()
    expect(sensor.state.type).toBe('connecting')
    await time.pass(CONNECT_TIMEOUT_MS)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'unreachable' } })
    expect(strap.disconnections).toBe(1)
  })

  it('that never answers is let go by whoever stops it', async () => {
    const { strap, time, sensor } = paired()
    strap.connects = ['hang']
    const started = sensor.start()
    await settled()
    sensor.stop()
    await started
    expect([sensor.state.type, strap.disconnections, time.pending]).toEqual(['stopped', 1, 0])
  })

  it('stopped before it is connected is not', async () => {
    const { strap, time, witness, sensor } = paired()
    const connect = vi.spyOn(strap, 'connect')
    witness.onState = ({ type }) => type === 'connecting' && sensor.stop()
    await sensor.start()
    expect(connect).not.toHaveBeenCalled()
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('says nothing more once stopped, and comes back without being chosen again', async () => {
    const { strap, bluetooth, time, witness, sensor } = paired()
    await sensor.start()
    sensor.stop()
    strap.beat(0x00, 72)
    strap.vanish()
    await time.pass(60_000)
    expect(sensor.state.type).toBe('stopped')
    expect(witness.values('heart-rate')).toEqual([])
    expect(strap.disconnections).toBe(1)

    await sensor.start()
    expect(sensor.state.type).toBe('live')
    expect(bluetooth.asked.length).toBe(1)
  })

  it('chosen after the person stopped is left alone', async () => {
    const choice = Promise.withResolvers<FakeStrap>()
    const { witness, sensor } = paired(undefined, new FakeBluetooth(choice.promise))
    const started = sensor.start()
    sensor.stop()
    choice.resolve(new FakeStrap())
    await started
    expect(witness.takeStates()).toEqual(['choosing', 'stopped'])
  })

  it('is chosen once, however often start is called', async () => {
    const { bluetooth, sensor } = paired()
    await Promise.all([sensor.start(), sensor.start()])
    await sensor.start()
    expect(bluetooth.asked.length).toBe(1)
  })
})

describe('a pairing that fails', () => {
  it.each([
    ['the chooser is closed', 'NotFoundError', 'User cancelled the requestDevice() chooser.', 'cancelled'],
    ['there is no adapter', 'NotFoundError', 'Bluetooth adapter not available.', 'bluetooth-off'],
    [
      'Bluetooth is switched off by a rule',
      'NotFoundError',
      'Web Bluetooth API globally disabled.',
      'bluetooth-refused',
    ],
    ['the person says no', 'NotAllowedError', '', 'bluetooth-refused'],
    ['the page may not', 'SecurityError', '', 'bluetooth-refused'],
    ['something else happens', 'UnknownError', '', 'bluetooth-failed'],
  ])('because %s says so and what to do', async (_, name, message, kind) => {
    const problem = await problemOf(new FakeBluetooth(browserError(name, message)))
    expect(problem?.kind).toBe(kind)
    expect(problem?.message).toMatch(/try again|Allow|reconnect/)
    expect(problem?.detail).toBe(`${name}: ${message}`)
  })

  it('because Bluetooth is off is not taken for a change of mind', async () => {
    const bluetooth = new FakeBluetooth(browserError('NotFoundError', 'User cancelled'))
    bluetooth.available = false
    expect((await problemOf(bluetooth))?.kind).toBe('bluetooth-off')
  })

  it('because the browser has no Web Bluetooth, or hides it, says which', async () => {
    expect((await problemOf(undefined))?.kind).toBe('bluetooth-unsupported')
    expect((await problemOf(undefined, false))?.kind).toBe('insecure')
  })

  it.each([
    ['NetworkError', 'unreachable'],
    ['AbortError', 'unreachable'],
    ['SecurityError', 'bluetooth-refused'],
    ['NotSupportedError', 'wrong-device'],
    ['UnknownError', 'bluetooth-failed'],
  ])('by a %s while connecting is told at once', async (name, kind) => {
    const strap = new FakeStrap()
    strap.connects = [browserError(name)]
    const { sensor, time } = paired(strap)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind } })
    expect(time.pending).toBe(0)
  })

  it('because the device has no heart rate lets another be chosen', async () => {
    const strap = new FakeStrap()
    delete strap.services[0x180d]
    const { sensor, bluetooth } = paired(strap)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'wrong-device' } })
    expect(strap.disconnections).toBe(1)
    bluetooth.answer = new FakeStrap()
    await sensor.start()
    expect(sensor.state.type).toBe('live')
    expect(bluetooth.asked.length).toBe(2)
  })
})
