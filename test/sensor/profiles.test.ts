import { describe, expect, it } from 'vitest'
import type { ThingKind } from '../../src/reading/kinds.ts'
import { measured } from '../../src/reading/measured.ts'
import { BluetoothSensor } from '../../src/sensor/bluetooth.ts'
import { FRAME_BYTES_MAX, makeFramer } from '../../src/sensor/parse/framing.ts'
import { malformed } from '../../src/sensor/parse/malformed.ts'
import { mappedProfile, UART_SERVICE, uartProfile, wheelProfile } from '../../src/sensor/profiles.ts'
import { fullUuid } from '../../src/sensor/unknown-device.ts'
import {
  browserError,
  FakeBluetooth,
  FakeDevice,
  FakeStrap,
  ManualTime,
  NOW_MS,
  profileOf,
  settled,
  type FakeOffer,
  Witness,
} from './fakes.ts'

/** Nordic UART: what comes from the device. */
const UART_FROM_DEVICE = '6e400003-b5a3-f393-e0a9-e50e24dcca9e'

describe('a device of any profile', () => {
  /** A sensor of `kind` on a device of these services, started. */
  async function started(kind: ThingKind, device: FakeDevice, profile = profileOf(kind)) {
    const time = new ManualTime(NOW_MS)
    const witness = new Witness()
    const bluetooth = new FakeBluetooth(device)
    const sensor = new BluetoothSensor(profile, { bluetooth, isSecureContext: true, time }, witness)
    await sensor.start()
    return { time, witness, sensor, bluetooth }
  }

  it('is followed where it notifies or indicates, and read again and again where it does not', async () => {
    const humidity = { can: ['read'], value: [0x88, 0x13] } satisfies FakeOffer
    const device = new FakeDevice({
      0x181a: { 0x2a6e: { can: ['read', 'notify'], value: [0x98, 0x08] }, 0x2a6f: humidity },
    })
    const { time, witness, sensor } = await started('environment', device)
    expect(sensor.state).toEqual({ type: 'live', name: 'Surroundings', malformed: 0 })
    expect(witness.values('temperature')).toEqual([22])
    expect(witness.values('humidity')).toEqual([50])
    device.at(0x181a, 0x2a6e).notify(Uint8Array.of(0xfc, 0x08))
    expect(witness.values('temperature')).toEqual([22, 23])
    await time.pass(12_000)
    expect(witness.values('humidity')).toEqual([50, 50, 50])
    sensor.stop()
    await time.pass(60_000)
    expect([witness.values('humidity').length, time.pending]).toEqual([3, 0])
  })

  it('is read on after a read that fails', async () => {
    const device = new FakeDevice({ 0x181a: { 0x2a6f: { can: ['read'], value: [0x88, 0x13] } } })
    const { time, witness } = await started('environment', device)
    device.operations = [browserError('NetworkError', 'GATT operation failed.')]
    await time.pass(12_000)
    expect(witness.values('humidity')).toEqual([50, 50])
  })

  it('with several of one kind tells them apart by what it says of them, or by number', async () => {
    const value = [0x98, 0x08]
    const soil = Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 0)
    const device = new FakeDevice({
      0x181a: {
        0x2a6e: [
          { can: ['read'], value, descriptors: { 0x290c: soil } },
          { can: ['read'], value, descriptors: { 0x2901: new TextEncoder().encode('Left bed, 10 cm!') } },
          { can: ['read'], value },
          { can: ['read'], value, descriptors: { 0x290c: soil } },
        ],
      },
    })
    const { witness } = await started('environment', device)
    expect(witness.readings.map(({ quantity }) => quantity)).toEqual([
      'temperature/soil-instantaneous',
      'temperature/left-bed-10-cm',
      'temperature/3',
      'temperature/4',
    ])
  })

  it('may lack what is optional, and not everything', async () => {
    const device = new FakeDevice({ 0x1822: { 0x2a5f: { can: ['notify'] } } })
    const { witness, sensor } = await started('oximeter', device)
    device.at(0x1822, 0x2a5f).notify(Uint8Array.of(0, 0x62, 0x00, 0x41, 0x00))
    expect(witness.values('oxygen-saturation')).toEqual([0.98])
    expect(sensor.state.type).toBe('live')

    const bare = await started('oximeter', new FakeDevice({ 0x1822: { 0x2a60: { can: ['read'] } } }))
    expect(bare.sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'wrong-device' } })
  })

  it('says what it is, where it knows', async () => {
    const text = (words: string) => [...new TextEncoder().encode(words)]
    const device = new FakeStrap()
    device.services[0x180a] = {
      0x2a29: { can: ['read'], value: text('Maker') },
      0x2a24: { can: ['read'], value: text('M-1\0\0') },
    }
    const { sensor } = await started('heart-rate', device)
    await settled()
    expect(sensor.state).toMatchObject({ type: 'live', about: { manufacturer: 'Maker', model: 'M-1' } })
  })

  it('speaks lines over a serial service, cut anywhere', async () => {
    const take = (frame: Uint8Array, atMs: number) => {
      const value = Number(new TextDecoder().decode(frame))
      return Number.isNaN(value)
        ? malformed('not-text', frame.length)
        : [measured('temperature', value, atMs)]
    }
    const device = new FakeDevice({ [UART_SERVICE]: { [UART_FROM_DEVICE]: { can: ['notify'] } } })
    const lines = uartProfile('lines', () => ({ framer: makeFramer({ type: 'line' }), dialogue: { take } }))
    const { witness, sensor } = await started('lines', device, lines)
    const send = (text: string) =>
      device.at(UART_SERVICE, UART_FROM_DEVICE).notify(new TextEncoder().encode(text))
    send('2')
    send('1.5\r\n22\nwhat?\n2')
    send('3\n')
    expect(witness.values('temperature')).toEqual([21.5, 22, 23])
    expect(sensor.state).toMatchObject({ malformed: 1 })
    send('x'.repeat(FRAME_BYTES_MAX + 1))
    expect(sensor.state).toMatchObject({ malformed: 2 })
  })

  it('is read by a mapping of its person, and chosen among all', async () => {
    const [service, characteristic] = [fullUuid('ffe0') ?? '', fullUuid('ffe1') ?? '']
    const device = new FakeDevice({
      [service]: { [characteristic]: { can: ['read', 'notify'], value: [40] } },
    })
    const field = { quantity: 'temperature', offset: 0, type: 'u8', scale: 0.5, add: 0 } as const
    const own = mappedProfile({ service, characteristic, fields: [field] })
    const { witness, bluetooth } = await started('custom', device, own)
    device.at(service, characteristic).notify(Uint8Array.of(41))
    expect(witness.values('temperature')).toEqual([20, 20.5])
    expect(bluetooth.asked).toEqual([{ acceptAllDevices: true, optionalServices: [service, 0x180f, 0x180a] }])
  })

  it.each([
    ['cycling', 0x1816, 0x2a5b, 1024, [0x01]],
    ['cycling-power', 0x1818, 0x2a63, 2048, [0x10, 0x00, 0x00, 0x00]],
  ] as const)(
    'measures a speed by the wheel that its person names: %s',
    async (kind, service, uuid, unitsPerS, begin) => {
      const device = new FakeDevice({ [service]: { [uuid]: { can: ['notify'] } } })
      const { time, witness } = await started(kind, device, wheelProfile(kind, 1500))
      const turn = (count: number, units: number) =>
        device.at(service, uuid).notify(Uint8Array.of(...begin, count, 0, 0, 0, units & 0xff, units >> 8))
      turn(1, 0)
      await time.pass(1000)
      turn(3, unitsPerS)
      expect([witness.values('speed'), witness.values('distance')]).toEqual([[3], [3]])
    },
  )

  it('is several at a time, one operation after another', async () => {
    const device = new FakeStrap()
    device.services[0x1816] = { 0x2a5b: { can: ['notify'] } }
    device.services[0x181a] = { 0x2a6f: { can: ['read'], value: [0x88, 0x13] } }
    const sensors = await Promise.all(
      (['heart-rate', 'cycling', 'environment'] as const).map((kind) => started(kind, device)),
    )
    await Promise.all(sensors.map(({ time }) => time.pass(30_000)))
    expect(sensors.map(({ sensor }) => sensor.state.type)).toEqual(['live', 'live', 'live'])
    device.beat(0, 72)
    expect(sensors.map(({ witness }) => witness.values('heart-rate'))).toEqual([[72], [], []])
    expect(sensors[2]?.witness.values('humidity').length).toBe(6)
  })
})
