import { describe, expect, it } from 'vitest'
import {
  fullUuid,
  RAW_BYTES_MAX,
  TELL_EVERY_MS,
  UnknownDevice,
  type RawDevice,
} from '../../src/sensor/unknown-device.ts'
import { CONNECT_TIMEOUT_MS } from '../../src/sensor/connecting.ts'
import { browserError, FakeBluetooth, FakeDevice, ManualTime, NOW_MS, settled } from './fakes.ts'

function looking() {
  const device = new FakeDevice(
    {
      ffe0: {
        ffe1: {
          can: ['notify'],
          descriptors: { 0x2901: new TextEncoder().encode('Out') },
        },
        ffe2: { can: ['read'], value: [0, 0x1f, 0xff] },
      },
      empty: {},
    },
    'Gadget',
  )
  const time = new ManualTime(NOW_MS)
  const bluetooth = new FakeBluetooth(device)
  const told: RawDevice[] = []
  const unknown = new UnknownDevice({ bluetooth, isSecureContext: true, time }, (now) => told.push(now))
  return { device, time, bluetooth, told, unknown }
}

describe('an unknown device', () => {
  it('is chosen among all, and shows what it offers', async () => {
    const { bluetooth, told, unknown } = looking()
    expect(await unknown.choose([fullUuid('1234') ?? ''])).toBeUndefined()
    expect(told).toEqual([
      {
        name: 'Gadget',
        isConnected: true,
        characteristics: [
          {
            service: 'ffe0',
            uuid: 'ffe1',
            description: 'Out',
            canRead: false,
            canFollow: true,
            isFollowed: false,
          },
          { service: 'ffe0', uuid: 'ffe2', canRead: true, canFollow: false, isFollowed: false },
        ],
      },
    ])
    const [options] = bluetooth.asked
    expect(options).toMatchObject({ acceptAllDevices: true })
    expect(options?.optionalServices).toEqual(
      expect.arrayContaining([0x180d, 0xffe0, '00001234-0000-1000-8000-00805f9b34fb']),
    )
  })

  it('is read and followed, byte by byte', async () => {
    const { device, time, told, unknown } = looking()
    await unknown.choose([])
    expect(await unknown.read(1)).toBeUndefined()
    expect(await unknown.follow(0)).toBeUndefined()
    device.at('ffe0', 'ffe1').notify(Uint8Array.of(0xab))
    await time.pass(TELL_EVERY_MS)
    expect(told.at(-1)?.characteristics).toMatchObject([
      { isFollowed: true, value: { hex: 'ab', byteLength: 1, atMs: NOW_MS } },
      { value: { hex: '00 1f ff', byteLength: 3, atMs: NOW_MS } },
    ])
  })

  it('tells the newest a few times a second, however much comes and however long it is', async () => {
    const { device, time, told, unknown } = looking()
    await unknown.choose([])
    for (let i = 0; i < 1000; i++) device.at('ffe0', 'ffe1').notify(new Uint8Array(512).fill(i))
    await time.pass(TELL_EVERY_MS)
    expect(told.length).toBe(2)
    const value = told[1]?.characteristics[0]?.value
    expect(value?.hex.split(' ')).toEqual(Array.from({ length: RAW_BYTES_MAX }, () => 'e7'))
    expect(value?.byteLength).toBe(512)
  })

  it('that goes away keeps what was seen, and is opened again by hand', async () => {
    const { device, told, unknown } = looking()
    await unknown.choose([])
    await unknown.follow(0)
    device.vanish()
    expect(told.at(-1)).toMatchObject({ isConnected: false, characteristics: [{ isFollowed: false }, {}] })
    expect(await unknown.read(1)).toMatchObject({ kind: 'unreachable' })
    expect(await unknown.open()).toBeUndefined()
    expect(told.at(-1)?.isConnected).toBe(true)
  })

  it('says what went wrong', async () => {
    const { device, bluetooth, unknown } = looking()
    expect(await unknown.open()).toMatchObject({ kind: 'unreachable' })
    device.connects = [browserError('NetworkError')]
    expect(await unknown.choose([])).toMatchObject({ kind: 'unreachable' })
    expect(await unknown.open()).toBeUndefined()
    expect(await unknown.read(0)).toMatchObject({ kind: 'wrong-device' })
    expect(await unknown.read(7)).toMatchObject({ kind: 'unreachable' })
    bluetooth.answer = browserError('NotFoundError', 'User cancelled the requestDevice() chooser.')
    expect(await unknown.choose([])).toMatchObject({ kind: 'cancelled' })
  })
  it('that never answers is given up after a while, and can be tried again', async () => {
    const { device, time, unknown } = looking()
    device.connects = ['hang']
    const choosing = unknown.choose([])
    await settled()
    await time.pass(CONNECT_TIMEOUT_MS)
    expect(await choosing).toMatchObject({ kind: 'unreachable' })
    expect([device.disconnections, time.pending]).toEqual([1, 0])
    expect(await unknown.open()).toBeUndefined()
    expect(time.pending).toBe(0)
  })

  it('chosen after it was closed is left alone', async () => {
    const { device, bluetooth, told, unknown } = looking()
    const { promise, resolve } = Promise.withResolvers<FakeDevice>()
    bluetooth.answer = promise
    device.connects = ['hang']
    const choosing = unknown.choose([])
    unknown.close()
    resolve(device)
    expect(await choosing).toMatchObject({ kind: 'cancelled' })
    expect([device.connects, told]).toEqual([['hang'], []])
  })

  it('closed while it connects is waited for no longer', async () => {
    const { device, time, told, unknown } = looking()
    device.connects = ['hang']
    const choosing = unknown.choose([])
    await settled()
    unknown.close()
    expect(await choosing).toMatchObject({ kind: 'unreachable' })
    expect([told, time.pending]).toEqual([[], 0])
  })

  it('closed right after it spoke leaves no timer behind, and says once that it is closed', async () => {
    const { device, time, told, unknown } = looking()
    await unknown.choose([])
    device.at('ffe0', 'ffe1').notify(Uint8Array.of(1))
    unknown.close()
    expect([told.length, told.at(-1)?.isConnected, time.pending]).toEqual([2, false, 0])
  })
})

describe('a UUID as it is typed', () => {
  it.each([
    ['181a', '0000181a-0000-1000-8000-00805f9b34fb'],
    [' 0x181A ', '0000181a-0000-1000-8000-00805f9b34fb'],
    ['6E400001-B5A3-F393-E0A9-E50E24DCCA9E', '6e400001-b5a3-f393-e0a9-e50e24dcca9e'],
    ['181', undefined],
    ['heart_rate', undefined],
    ['6e400001b5a3f393e0a9e50e24dcca9e', undefined],
  ])('%s', (typed, full) => {
    expect(fullUuid(typed)).toBe(full)
  })
})
