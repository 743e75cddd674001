import { describe, expect, it } from 'vitest'
import {
  AdvertsSensor,
  ADVERT_MS_MAX,
  LISTEN_AGAIN_MS,
  type AdvertKind,
} from '../../src/sensor/adverts-sensor.ts'
import { FRAMES_PER_SECOND_MAX } from '../../src/sensor/intake.ts'
import { browserError, FakeBluetooth, FakeDevice, ManualTime, NOW_MS, settled, Witness } from './fakes.ts'

const BTHOME = '0000fcd2-0000-1000-8000-00805f9b34fb'

/** A device that is heard where the browser listens. */
function tag(watch: () => Promise<void> = () => Promise.resolve()): FakeDevice {
  const device = new FakeDevice({}, 'Tag 3')
  device.watchAdvertisements = watch
  return device
}

/** A BTHome advert: packet id, temperature in hundredths. */
function bthome(packet: number, hundredths: number) {
  const bytes = Uint8Array.of(0x40, 0x00, packet, 0x02, hundredths & 0xff, hundredths >> 8)
  return { serviceData: new Map([[BTHOME, new DataView(bytes.buffer)]]) }
}

function listening(device: FakeDevice, kind: AdvertKind = 'environment') {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const bluetooth = new FakeBluetooth(device)
  const sensor = new AdvertsSensor(kind, { bluetooth, isSecureContext: true, time }, witness)
  return { time, witness, bluetooth, sensor }
}

describe('a sensor that is only heard', () => {
  it('is chosen among all, as its kind has no service to look for, and live once it is heard', async () => {
    const device = tag()
    const { witness, bluetooth, sensor } = listening(device)
    const started = sensor.start()
    await settled()
    device.advertise()
    expect(witness.takeStates()).toEqual(['choosing', 'connecting'])
    device.advertise(bthome(1, 2150))
    await started
    expect(sensor.state).toEqual({ type: 'live', name: 'Tag 3', malformed: 0 })
    expect(witness.values('temperature')).toEqual([21.5])
    expect(bluetooth.asked).toEqual([
      { acceptAllDevices: true, optionalManufacturerData: [0x0499], optionalServices: [0xfcd2] },
    ])
  })

  it('is heard once, however often one advert comes', async () => {
    const device = tag()
    const { witness, sensor } = listening(device)
    void sensor.start()
    await settled()
    for (const packet of [1, 1, 1, 2, 2]) device.advertise(bthome(packet, 2000 + packet))
    expect(witness.values('temperature')).toEqual([20.01, 20.02])
  })

  it('may say what cannot be read, or say it too often: both are counted', async () => {
    const device = tag()
    const { time, sensor } = listening(device)
    void sensor.start()
    await settled()
    device.advertise(bthome(1, 2000))
    device.advertise({ serviceData: new Map([[BTHOME, new DataView(Uint8Array.of(0x40, 0x02, 1).buffer)]]) })
    expect(sensor.state).toMatchObject({ malformed: 1 })
    for (let i = 0; i < FRAMES_PER_SECOND_MAX; i++) device.advertise(bthome(i, 2000))
    await time.pass(1000)
    expect(sensor.state).toMatchObject({ malformed: 1, skipped: 2 })
  })

  it('is listened to again and again, since a hidden page stops to; not once it is stopped', async () => {
    let asked = 0
    const device = tag(() => Promise.resolve(void asked++))
    const { time, witness, sensor } = listening(device)
    void sensor.start()
    await settled()
    device.advertise(bthome(1, 2000))
    await time.pass(3 * LISTEN_AGAIN_MS)
    expect(asked).toBe(4)
    sensor.stop()
    device.advertise(bthome(2, 2100))
    await time.pass(ADVERT_MS_MAX)
    expect([asked, sensor.state.type, witness.readings.length, time.pending]).toEqual([4, 'stopped', 1, 0])
  })

  it('comes back when the browser would not listen for a while', async () => {
    let isOff = false
    const device = tag(() => (isOff ? Promise.reject(browserError('InvalidStateError')) : Promise.resolve()))
    const { time, sensor } = listening(device)
    void sensor.start()
    await settled()
    device.advertise(bthome(1, 2000))
    isOff = true
    await time.pass(2 * LISTEN_AGAIN_MS)
    expect(sensor.state).toEqual({ type: 'lost', attempt: 2, nextMs: LISTEN_AGAIN_MS })
    isOff = false
    await time.pass(LISTEN_AGAIN_MS)
    device.advertise(bthome(2, 2000))
    expect(sensor.state.type).toBe('live')
  })

  it('that falls silent is said to be lost, however long it was heard, and is live again with the next advert', async () => {
    const device = tag()
    const { time, witness, sensor } = listening(device)
    void sensor.start()
    await settled()
    for (const packet of [1, 2]) {
      device.advertise(bthome(packet, 2000))
      await time.pass(ADVERT_MS_MAX - 1)
    }
    expect(sensor.state.type).toBe('live')
    await time.pass(24 * 3_600_000)
    expect(sensor.state).toEqual({ type: 'lost', attempt: 1, nextMs: LISTEN_AGAIN_MS })
    device.advertise(bthome(3, 2100))
    expect(sensor.state.type).toBe('live')
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'live', 'lost', 'live'])
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('that says nothing is given up after a while, and can be tried again', async () => {
    const device = tag()
    const { time, bluetooth, sensor } = listening(device, 'tyres')
    const started = sensor.start()
    await settled()
    device.advertise()
    await time.pass(ADVERT_MS_MAX)
    await started
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-adverts' } })
    void sensor.start()
    await settled()
    expect([sensor.state.type, bluetooth.asked.length]).toEqual(['connecting', 1])
  })

  it.each([
    ['does not listen', undefined],
    ['cannot listen here', () => Promise.reject(browserError('NotSupportedError'))],
  ])('is refused by a browser that %s', async (_, watch) => {
    const device = tag(watch)
    if (watch === undefined) delete device.watchAdvertisements
    const { time, sensor } = listening(device)
    await sensor.start()
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'adverts-unsupported' } })
    expect(time.pending).toBe(0)
  })

  it('of an earlier visit is listened to without a click, for as long as it takes', async () => {
    const device = tag()
    const { time, witness, bluetooth, sensor } = listening(device)
    bluetooth.getDevices = () => Promise.resolve([device])
    expect(await sensor.resume('device 1')).toBe(true)
    await time.pass(2 * ADVERT_MS_MAX)
    device.advertise(bthome(1, 2000))
    expect(witness.takeStates()).toEqual(['connecting', 'live'])
  })
  it('that was lost and is started again is one start: the first is over with the second', async () => {
    const device = tag(() => Promise.reject(browserError('InvalidStateError')))
    const { time, sensor } = listening(device)
    let over = 0
    void sensor.start().then(() => (over += 1))
    await settled()
    expect(sensor.state.type).toBe('lost')
    void sensor.start().then(() => (over += 1))
    await settled()
    expect(over).toBe(1)
    device.advertise(bthome(1, 2000))
    await settled()
    expect([over, sensor.state.type]).toEqual([2, 'live'])
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('stopped while it is waited for is waited for no longer', async () => {
    const { time, sensor } = listening(tag())
    const started = sensor.start()
    await settled()
    sensor.stop()
    await started
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('stopped by the one who hears it stays so', async () => {
    const device = tag()
    const { time, witness, sensor } = listening(device)
    witness.onReadings = () => sensor.stop()
    const started = sensor.start()
    await settled()
    device.advertise(bthome(1, 2000))
    await started
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'stopped'])
    expect(time.pending).toBe(0)
  })

  it('stopped before it is listened to stays so, in a browser that cannot listen too', async () => {
    const device = tag()
    delete device.watchAdvertisements
    const { time, witness, sensor } = listening(device)
    witness.onState = ({ type }) => type === 'connecting' && sensor.stop()
    await sensor.start()
    expect([sensor.state.type, time.pending]).toEqual(['stopped', 0])
  })

  it('that says too much leaves no timer behind when it is stopped', async () => {
    const device = tag()
    const { time, sensor } = listening(device)
    void sensor.start()
    await settled()
    for (let i = 0; i <= FRAMES_PER_SECOND_MAX; i++) device.advertise(bthome(i, 2000))
    sensor.stop()
    expect(time.pending).toBe(0)
  })
})
