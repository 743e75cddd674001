import { describe, expect, it } from 'vitest'
import { BluetoothSensor } from '../../src/sensor/bluetooth.ts'
import type { ThingKind } from '../../src/reading/kinds.ts'
import { makeFramer } from '../../src/sensor/parse/framing.ts'
import { modbusChecksum } from '../../src/sensor/parse/modbus.ts'
import type { Question } from '../../src/sensor/parse/parse.ts'
import { UART_SERVICE, uartProfile } from '../../src/sensor/profiles.ts'
import { readerOf, SERIAL_DEFAULTS } from '../../src/sensor/serial-config.ts'
import { RETRY_DELAYS_MS } from '../../src/sensor/steps.ts'
import type { Reader } from '../../src/sensor/talk.ts'
import { FakeBluetooth, FakeDevice, ManualTime, NOW_MS, settled, Witness, type FakeOffer } from './fakes.ts'

const FROM_DEVICE = '6e400003-b5a3-f393-e0a9-e50e24dcca9e'
const TO_DEVICE = '6e400002-b5a3-f393-e0a9-e50e24dcca9e'

/** A device that hears what is written to it, and answers each write with so many notifications. */
class FakeUart extends FakeDevice {
  readonly written: Uint8Array[] = []
  readonly ways = new Set<string>()

  constructor(can: FakeOffer['can'], answer: (heard: Uint8Array) => readonly Uint8Array[] = () => []) {
    super({})
    const onWrite = (bytes: Uint8Array, how: string) => {
      this.written.push(bytes)
      this.ways.add(how)
      for (const part of answer(bytes)) this.at(UART_SERVICE, FROM_DEVICE).notify(part)
    }
    this.services = { [UART_SERVICE]: { [FROM_DEVICE]: { can: ['notify'] }, [TO_DEVICE]: { can, onWrite } } }
  }
}

async function started(kind: ThingKind, device: FakeDevice, makeReader: () => Reader) {
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const environment = { bluetooth: new FakeBluetooth(device), isSecureContext: true, time }
  const sensor = new BluetoothSensor(uartProfile(kind, makeReader), environment, witness)
  await sensor.start()
  await settled()
  return { time, witness, sensor }
}

const car = () => readerOf({ decoder: 'elm327' })
const meter = () => readerOf(SERIAL_DEFAULTS.meter.speech)

/** Asks for 50 bytes at once, again and again, and never understands an answer. */
function longWinded(): Reader {
  const bytes = Uint8Array.from({ length: 50 }, (_, at) => at)
  const ask = (): Question => ({ bytes, withinMs: 1000 })
  return { framer: makeFramer({ type: 'line' }), dialogue: { ask, take: () => [] } }
}

describe('a device that is asked over a Nordic UART', () => {
  it('may be a car: the adapter is set up and asked', async () => {
    const says: Readonly<Record<string, string>> = { '0100': '410000100000\r\r>', '010C': '410C0FA0\r\r>' }
    const device = new FakeUart(['write', 'writeWithoutResponse'], (heard) => {
      const answer = Buffer.from(says[Buffer.from(heard).toString().trim()] ?? 'OK\r\r>')
      return [answer.subarray(0, 3), answer.subarray(3)]
    })
    const { time, witness, sensor } = await started('car', device, car)
    await time.pass(2000)
    expect(witness.values('engine-speed')).toEqual([1000, 1000])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 0 })
    expect([...device.ways]).toEqual(['write'])
  })

  it('may be a meter, whose wrong answers are counted', async () => {
    let asked = 0
    const device = new FakeUart(['writeWithoutResponse'], () => {
      const body = Uint8Array.of(1, 3, 2, 0x09, 0x04)
      const checksum = modbusChecksum(body) ^ (asked++ === 1 ? 1 : 0)
      return [Uint8Array.of(...body, checksum & 0xff, checksum >> 8)]
    })
    const { time, witness, sensor } = await started('meter', device, meter)
    await time.pass(11_000)
    expect(witness.values('register/0')).toEqual([2308, 2308])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 1 })
    sensor.stop()
    const { length } = device.written
    await time.pass(60_000)
    expect([device.written.length, time.pending]).toEqual([length, 0])
  })

  it('is told no more at once than every connection takes', async () => {
    const device = new FakeUart(['write'])
    await started('lines', device, longWinded)
    expect(device.written.map(({ length }) => length)).toEqual([20, 20, 10])
    expect(device.written.flatMap((part) => [...part])).toEqual(Array.from({ length: 50 }, (_, at) => at))
  })

  it('and takes nothing in is not given more: of the questions meanwhile only the last is left', async () => {
    const device = new FakeUart(['write'])
    const { time } = await started('lines', device, longWinded)
    device.written.length = 0
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const operate = device.operate.bind(device)
    let waiting = 0
    device.operate = async (work) => {
      waiting += 1
      await promise
      return operate(work)
    }
    await time.pass(10_000)
    expect([waiting, device.written.length]).toEqual([1, 0])
    resolve(undefined)
    await settled()
    expect(device.written.map(({ length }) => length)).toEqual([20, 20, 10, 20, 20, 10])
  })

  it('and cannot be told anything is the wrong one', async () => {
    const device = new FakeUart(['write'])
    device.services = { [UART_SERVICE]: { [FROM_DEVICE]: { can: ['notify'] } } }
    const { sensor, time } = await started('car', device, car)
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'wrong-device' } })
    expect(time.pending).toBe(0)
  })

  it('and goes away is asked from the start when it is back', async () => {
    const device = new FakeUart(['write'])
    const { time } = await started('car', device, car)
    device.vanish()
    device.written.length = 0
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(device.written.map((bytes) => Buffer.from(bytes).toString())).toEqual(['ATZ\r'])
  })

  it('and is stopped by the one who hears it is asked no more', async () => {
    const device = new FakeUart(['write'], () => [Buffer.from('41'), Buffer.from('0D64\r\r>')])
    const { time, witness, sensor } = await started('car', device, car)
    witness.onReadings = () => sensor.stop()
    await time.pass(60_000)
    const { length } = device.written
    await time.pass(60_000)
    expect([sensor.state.type, device.written.length, time.pending]).toEqual(['stopped', length, 0])
  })
})
