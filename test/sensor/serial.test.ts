import { describe, expect, it } from 'vitest'
import { RETRY_DELAYS_MS } from '../../src/sensor/steps.ts'
import { FRAMES_PER_SECOND_MAX } from '../../src/sensor/intake.ts'
import { FRAME_BYTES_MAX } from '../../src/sensor/parse/framing.ts'
import { BAUD_RATES } from '../../src/sensor/parse/guess.ts'
import { modbusChecksum } from '../../src/sensor/parse/modbus.ts'
import type { PortChooser } from '../../src/sensor/serial-port.ts'
import { SERIAL_DEFAULTS, type SerialConfig, type SerialKind } from '../../src/sensor/serial-config.ts'
import { SerialSensor, UNDERSTAND_MS } from '../../src/sensor/serial.ts'
import { browserError, ManualTime, settled, Witness } from './fakes.ts'
import { FakePort, FakeSerial } from './serial-fakes.ts'

const NOW_MS = 1_700_000_000_000

/** The example of many manuals: 22.4 knots. */
const RMC = '$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n'

const JSON_AT_9600: SerialConfig = {
  baudRate: 9600,
  speech: { decoder: 'json', framing: { type: 'line' } },
}

function plugged(kind: SerialKind, config: SerialConfig, port = new FakePort(0x7523)) {
  const serial = new FakeSerial(port)
  const time = new ManualTime(NOW_MS)
  const witness = new Witness()
  const sensor = new SerialSensor(kind, config, { serial, isSecureContext: true, time }, witness)
  return { port, serial, time, witness, sensor }
}

/** A board that is live and has said one temperature. */
async function board() {
  const all = plugged('lines', JSON_AT_9600)
  await all.sensor.start()
  all.port.say('{"temperature":20}\n')
  await settled()
  all.witness.takeStates()
  return all
}

async function problemOf(serial: PortChooser | undefined, isSecureContext = true) {
  const time = new ManualTime(NOW_MS)
  const sensor = new SerialSensor('lines', JSON_AT_9600, { serial, isSecureContext, time }, new Witness())
  await sensor.start()
  return sensor.state.type === 'failed' ? sensor.state.problem : undefined
}

describe('a device on a serial port', () => {
  it('is chosen, opened as it is set and read, however its lines are cut', async () => {
    const { port, serial, witness, sensor, time } = plugged('lines', {
      ...JSON_AT_9600,
      bits: { parity: 'even' },
    })
    await sensor.start()
    expect(serial.asked).toBe(1)
    expect(port.opened).toEqual([{ baudRate: 9600, parity: 'even', bufferSize: 16_384 }])
    expect(witness.takeStates()).toEqual(['choosing', 'connecting', 'live'])
    for (const part of ['{"tempe', 'rature":21.', '5}', '\n{"temperature":22}\n{"tem']) {
      port.say(part)
      await settled()
    }
    expect(witness.values('temperature')).toEqual([21.5, 22])
    expect(sensor.state).toEqual({ type: 'live', name: 'Line device', malformed: 0 })
    expect(time.pending).toBe(0)
  })

  it('whose speed nobody knows is listened to at one after the other', async () => {
    const { port, time, witness, sensor } = plugged('gps', SERIAL_DEFAULTS.gps)
    port.baudRate = 4800
    const started = sensor.start()
    for (let seconds = 0; sensor.state.type !== 'live' && seconds < 60; seconds++) {
      port.say(RMC)
      await time.pass(1000)
    }
    await started
    expect(port.opened.map(({ baudRate }) => baudRate)).toEqual([9600, 115_200, 4800])
    port.say(RMC)
    await settled()
    expect(witness.values('speed').at(-1)).toBeCloseTo((22.4 * 1852) / 3600, 6)
    expect(sensor.config.baudRate).toBe(4800)
    expect(sensor.state).toMatchObject({ malformed: 0 })
  })

  it('whose language nobody knows is understood from its first lines, and none of them is lost', async () => {
    const { port, witness, sensor } = plugged('lines', SERIAL_DEFAULTS.lines)
    void sensor.start()
    await settled()
    for (let n = 0; n < 4; n++) {
      port.say(`{"temperature":${20 + n}}\r\n`)
      await settled()
    }
    expect(sensor.state.type).toBe('live')
    expect(sensor.config.speech).toEqual({ decoder: 'json', framing: { type: 'line' } })
    expect(witness.values('temperature')).toEqual([20, 21, 22, 23])
  })

  it('may be silent until an animal comes by', async () => {
    const { port, time, witness, sensor } = plugged('tags', SERIAL_DEFAULTS.tags)
    await sensor.start()
    await time.pass(3_600_000)
    expect(sensor.state).toEqual({ type: 'live', name: 'Animal tags', malformed: 0 })
    port.say('982 000001088420\r\n')
    await settled()
    expect(witness.values('animal-tag').length).toBe(1)
    expect(sensor.config.speech).toEqual({ decoder: 'animal-tag', framing: { type: 'line' } })
  })

  it('that says nothing to be read at any speed is told so, and the next time another can be chosen', async () => {
    const { port, serial, time, sensor } = plugged('lines', SERIAL_DEFAULTS.lines)
    port.baudRate = 300
    const started = sensor.start()
    for (let tried = 0; tried < BAUD_RATES.length; tried++) {
      await settled()
      port.say('{"temperature":20}\n'.repeat(200))
      await time.pass(UNDERSTAND_MS)
    }
    await started
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-data' } })
    expect(port.opened.length).toBe(BAUD_RATES.length)
    expect([port.readable, time.pending]).toEqual([null, 0])
    void sensor.start()
    await settled()
    expect(serial.asked).toBe(2)
  })

  it('may have errors on its line: they are counted and it goes on', async () => {
    const { port, witness, sensor } = await board()
    for (const name of ['BreakError', 'FramingError', 'ParityError', 'BufferOverrunError'] as const) {
      port.say('{"temperature":9')
      await settled()
      port.fault(name)
      await settled()
      // what is left of a line that was cut is nobody's mistake
      port.say('9}\n{"temperature":21}\n')
      await settled()
    }
    expect(witness.values('temperature')).toEqual([20, 21, 21, 21, 21])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 4 })
    expect(port.opened.length).toBe(1)
  })

  it('that does nothing but fail is taken for gone', async () => {
    const { port, sensor } = await board()
    for (let n = 0; n <= 100; n++) {
      port.fault('FramingError')
      await settled()
    }
    expect(sensor.state.type).toBe('lost')
    expect(port.readable).toBeNull()
  })

  it('may say what makes no sense, and a line without end: both are counted', async () => {
    const { port, witness, sensor } = await board()
    port.say('{"temperature":\n')
    port.say('x'.repeat(3 * FRAME_BYTES_MAX))
    await settled()
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 2 })
    port.say('\n{"temperature":21}\n')
    await settled()
    expect(witness.values('temperature')).toEqual([20, 21])
  })

  it('that speaks ten times too fast is heard up to a limit, and the rest is counted', async () => {
    const { port, time, witness, sensor } = await board()
    port.say('{"temperature":21}\n'.repeat(10 * FRAMES_PER_SECOND_MAX))
    await settled()
    await time.pass(1000)
    expect(witness.values('temperature').length).toBe(FRAMES_PER_SECOND_MAX)
    expect(sensor.state).toMatchObject({ malformed: 0, skipped: 9 * FRAMES_PER_SECOND_MAX + 1 })
    port.say('{"temperature":22}\n')
    await settled()
    expect(witness.values('temperature').at(-1)).toBe(22)
  })

  it('unplugged in the middle of a line is waited for, and heard again as soon as it is back', async () => {
    const { port, serial, time, witness, sensor } = await board()
    port.say('{"temperature":99')
    await settled()
    serial.unplug(port)
    await settled()
    expect(sensor.state).toEqual({ type: 'lost', attempt: 1, nextMs: RETRY_DELAYS_MS[0] })
    await time.pass(RETRY_DELAYS_MS[0] ?? 0)
    expect(sensor.state).toMatchObject({ type: 'lost', attempt: 2 })
    // the browser gives a port that was plugged in again another object
    const same = new FakePort(0x7523)
    serial.plugIn(new FakePort(0x0043))
    serial.plugIn(same)
    await settled()
    same.say('}\n{"temperature":21}\n')
    await settled()
    expect(sensor.state.type).toBe('live')
    expect(witness.values('temperature')).toEqual([20, 21])
    expect([serial.asked, time.pending]).toEqual([1, 0])
  })

  it('that stays away is tried ever more slowly, in the end given up, and can be asked for by hand', async () => {
    const { port, serial, time, witness, sensor } = await board()
    serial.unplug(port)
    await settled()
    for (const delayMs of RETRY_DELAYS_MS) {
      expect(sensor.state).toMatchObject({ type: 'lost', nextMs: delayMs })
      await time.pass(delayMs)
    }
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'port-lost' } })
    expect(time.pending).toBe(0)
    serial.known = [port]
    await sensor.start()
    port.say('{"temperature":22}\n')
    await settled()
    expect(witness.values('temperature')).toEqual([20, 22])
    expect(serial.asked).toBe(1)
  })

  it('says nothing more once stopped, lets its port go, and comes back without being chosen again', async () => {
    const { port, serial, witness, sensor, time } = await board()
    sensor.stop()
    port.say('{"temperature":99}\n')
    await settled()
    expect([port.readable, port.writable, time.pending]).toEqual([null, null, 0])
    await sensor.start()
    port.say('{"temperature":21}\n')
    await settled()
    expect(witness.values('temperature')).toEqual([20, 21])
    expect(serial.asked).toBe(1)
  })

  it('stopped while its port opens does not keep it', async () => {
    const { port, sensor, witness } = plugged('lines', JSON_AT_9600)
    const started = sensor.start()
    await Promise.resolve()
    sensor.stop()
    await started
    await settled()
    expect(port.readable).toBeNull()
    expect(witness.takeStates().at(-1)).toBe('stopped')
  })

  it('whose clock cannot be right is of its arrival: before its first fix, after its weeks rolled over', async () => {
    const { port, witness, sensor } = await board()
    const heard = async (seconds: number) => {
      port.say(`{"time":${seconds},"temperature":1}\n`)
      await settled()
      return witness.readings.at(-1)?.atMs
    }
    const nowS = NOW_MS / 1000
    const week = 7 * 24 * 3600
    expect(await heard(nowS - 1024 * week)).toBe(NOW_MS)
    expect(await heard(nowS - 10 * week)).toBe(NOW_MS - 10 * week * 1000)
    expect(await heard(nowS + 30)).toBe(NOW_MS + 30_000)
    await sensor.reconfigure({ baudRate: 9600, speech: { decoder: 'nmea', framing: { type: 'line' } } })
    port.say(`${RMC}${RMC.replace('230394', '230360').replace('*6A', '*61')}`)
    await settled()
    expect(witness.readings.slice(-4).map(({ atMs }) => atMs)).toEqual(Array(4).fill(NOW_MS))
  })

  it('stopped while its port opens is not asked anything ever after', async () => {
    const { port, time, sensor } = plugged('car', { ...SERIAL_DEFAULTS.car, baudRate: 9600 })
    const open = port.open.bind(port)
    port.open = async (settings) => {
      await open(settings)
      sensor.stop()
    }
    const started = sensor.start()
    await settled()
    await time.pass(60_000)
    await started
    expect([port.written, port.readable, time.pending]).toEqual([[], null, 0])
  })

  it('stopped by the one who hears it says no more of the same chunk', async () => {
    const { port, time, witness, sensor } = plugged('lines', JSON_AT_9600)
    await sensor.start()
    witness.onState = () => undefined
    witness.onReadings = (readings) => {
      witness.readings.push(...readings)
      sensor.stop()
    }
    port.say('{"temperature":20}\n{"temperature":21}\n')
    await settled()
    expect(witness.values('temperature')).toEqual([20])
    expect([sensor.state.type, port.readable, time.pending]).toEqual(['stopped', null, 0])
  })

  it('that sends too fast leaves no timer behind when it is stopped', async () => {
    const { port, time, sensor } = await board()
    port.say('{"temperature":20}\n'.repeat(FRAMES_PER_SECOND_MAX + 1))
    await settled()
    expect(time.pending).toBe(1)
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('can be set otherwise while it is live', async () => {
    const { port, witness, sensor } = await board()
    port.baudRate = 115_200
    await sensor.reconfigure({
      baudRate: 115_200,
      speech: { decoder: 'csv', framing: { type: 'line' } },
    })
    port.say('temperature\n23\n')
    await settled()
    expect(port.opened.map(({ baudRate }) => baudRate)).toEqual([9600, 115_200])
    expect(witness.values('temperature')).toEqual([20, 23])
  })

  it('is found again on a later visit by its make, where only one of it is there', async () => {
    const { port, serial, sensor } = plugged('lines', JSON_AT_9600)
    serial.known = [new FakePort(0x0043), port]
    expect(await sensor.resume('1a86:7523')).toBe(true)
    expect([sensor.state.type, sensor.deviceId, serial.asked]).toEqual(['live', '1a86:7523', 0])
    sensor.stop()
    await settled()
    serial.known.push(new FakePort(0x7523))
    expect(await sensor.resume('1a86:7523')).toBe(false)
    expect(sensor.state.type).toBe('stopped')
  })
})

describe('a device that is asked', () => {
  it('is not asked again once the one who hears it has stopped it', async () => {
    const { port, time, witness, sensor } = plugged('meter', { ...SERIAL_DEFAULTS.meter, baudRate: 9600 })
    port.answers = () => {
      const body = Uint8Array.of(1, 3, 2, 0x09, 0x04)
      const checksum = modbusChecksum(body)
      return Uint8Array.of(...body, checksum & 0xff, checksum >> 8)
    }
    witness.onReadings = () => sensor.stop()
    await sensor.start()
    await time.pass(60_000)
    expect([port.written.length, sensor.state.type, time.pending]).toEqual([1, 'stopped', 0])
  })

  it('may be a car: the adapter is found, set up and asked', async () => {
    const { port, time, witness, sensor } = plugged('car', SERIAL_DEFAULTS.car)
    const says: Readonly<Record<string, string>> = {
      ATZ: '\r\rELM327 v1.5\r\r>',
      '0100': 'SEARCHING...\r410000100000\r\r>',
      '010C': '410C0FA0\r\r>',
    }
    port.answers = (question) => says[Buffer.from(question).toString().trim()] ?? 'OK\r\r>'
    const started = sensor.start()
    await settled()
    await time.pass(UNDERSTAND_MS)
    await started
    await time.pass(3000)
    expect(port.opened.map(({ baudRate }) => baudRate)).toEqual([38_400, 9600])
    expect(witness.values('engine-speed').slice(0, 2)).toEqual([1000, 1000])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 0 })
  })

  it('may be a meter, whose answers with a wrong checksum are counted', async () => {
    const { port, time, witness, sensor } = plugged('meter', {
      baudRate: 9600,
      speech: {
        decoder: 'modbus',
        modbus: {
          unit: 1,
          everyMs: 1000,
          registers: [{ address: 0, table: 'input', type: 'u16', scale: 0.1, quantity: 'voltage' }],
        },
      },
    })
    let asked = 0
    port.answers = () => {
      const body = Uint8Array.of(1, 4, 2, 0x09, 0x04)
      const checksum = modbusChecksum(body) ^ (asked++ === 1 ? 1 : 0)
      return Uint8Array.of(...body, checksum & 0xff, checksum >> 8)
    }
    await sensor.start()
    await time.pass(2500)
    expect(witness.values('voltage')).toEqual([230.8, 230.8])
    expect(sensor.state).toMatchObject({ type: 'live', malformed: 1 })
    sensor.stop()
    expect(time.pending).toBe(0)
  })

  it('and does not answer at the speed it was given is told so', async () => {
    const { time, sensor } = plugged('car', { ...SERIAL_DEFAULTS.car, baudRate: 115_200 })
    const started = sensor.start()
    await settled()
    await time.pass(UNDERSTAND_MS)
    await started
    expect(sensor.state).toMatchObject({ type: 'failed', problem: { kind: 'no-data' } })
    expect(time.pending).toBe(0)
  })
})

describe('a serial port that is not to be had', () => {
  it.each([
    ['the list was closed', 'NotFoundError', 'cancelled'],
    ['the page may not', 'SecurityError', 'serial-refused'],
  ])('because %s says so and what to do', async (_, name, kind) => {
    const problem = await problemOf(new FakeSerial(browserError(name)))
    expect(problem?.kind).toBe(kind)
    expect(problem?.message).toMatch(/try again/)
  })

  it.each(['NetworkError', 'InvalidStateError'])('because it is in use (%s) says so', async (name) => {
    const port = new FakePort()
    port.refuses = [browserError(name)]
    expect((await problemOf(new FakeSerial(port)))?.kind).toBe('port-busy')
  })

  it('because the browser has no Web Serial, or hides it, says which', async () => {
    expect((await problemOf(undefined))?.kind).toBe('serial-unsupported')
    expect((await problemOf(undefined, false))?.kind).toBe('insecure')
  })
})
