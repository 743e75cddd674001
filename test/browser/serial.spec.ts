/** Serial devices in a browser: real streams cut anywhere, errors of the line, and a cable that is pulled. */
import { KINDS } from '../../src/reading/kinds.ts'
import { serveModule } from './harness/bundle.ts'
import type { Peer } from './harness/peer.ts'
import { SerialDevice, standInForSerial } from './harness/serial.ts'
import { expect, test } from './harness/stage.ts'

const BOARD = 0x7523
const RECEIVER = 0x01a7

/** 40.3 and 20.0 knots. */
const FAST = '$GPRMC,123519,A,4807.038,N,01131.000,E,040.3,084.4,230394,003.1,W'
const SLOW = '$GPRMC,123520,A,4807.038,N,01131.000,E,020.0,084.4,230394,003.1,W'

/** NMEA 0183: the exclusive or of what is between `$` and `*`. */
function sentence(text: string): string {
  const sum = [...text.slice(1)].reduce((so, character) => so ^ character.charCodeAt(0), 0)
  return `${text}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`
}

/** Adds a thing of a serial kind, its line set as it is offered. */
async function addSerialThing(peer: Peer, kind: 'GPS receiver' | 'Anything that sends lines'): Promise<void> {
  await peer.addThing('USB and serial', kind)
  await peer.page.getByRole('button', { name: 'Choose the port' }).click()
}

test('a board is understood, and heard through cut chunks, a break and a pulled cable', async ({ page }) => {
  const served = await serveModule('test/browser/harness/page/serial.ts')
  await page.addInitScript(standInForSerial)
  await page.goto(served.url)
  const device = new SerialDevice(page, BOARD, 9600)
  const temperatures = () =>
    page.evaluate(() =>
      serialSeen.readings.filter(({ quantity }) => quantity === 'temperature').map(({ value }) => value),
    )
  const state = () => page.evaluate(() => serialSeen.state)
  await device.plugIn()
  await page.getByRole('button', { name: 'lines' }).click()
  await expect.poll(() => device.openAt()).toBe(9600)
  await device.say('{"temperature":20}\n{"temperature":21}\n')
  await expect.poll(temperatures).toEqual([20, 21])

  await device.say('{"temperature":9')
  await device.fault('BreakError')
  await device.say('9}\n{"temperature":22}\n')
  await expect.poll(temperatures).toEqual([20, 21, 22])
  expect(await page.evaluate(() => serialSeen)).toMatchObject({ state: 'live', malformed: 1 })

  await device.say('{"temperature":9')
  await device.unplug()
  await expect.poll(state).toBe('lost')
  await device.plugIn()
  await expect.poll(state).toBe('live')
  await device.say('9}\n{"temperature":23}\n')
  await expect.poll(temperatures).toEqual([20, 21, 22, 23])
  await served.close()
})

test('the speed of a receiver is found', async ({ page }) => {
  const served = await serveModule('test/browser/harness/page/serial.ts')
  await page.addInitScript(standInForSerial)
  await page.goto(served.url)
  const device = new SerialDevice(page, RECEIVER, 4800)
  await device.plugIn()
  await page.getByRole('button', { name: 'gps' }).click()
  await expect(async () => {
    await device.say(sentence(FAST))
    expect(await page.evaluate(() => serialSeen.state)).toBe('live')
  }).toPass()
  expect(await device.openAt()).toBe(4800)
  const speeds = await page.evaluate(() =>
    serialSeen.readings.filter(({ quantity }) => quantity === 'speed').map(({ value }) => value),
  )
  expect(speeds[0]).toBeCloseTo((40.3 * 1852) / 3600, 6)
  await served.close()
})

test('a receiver and a board become things of the app', async ({ stage }) => {
  const app = await stage.app()
  const peer = await stage.peer(app.url, { beforeApp: standInForSerial })
  const board = new SerialDevice(peer.page, BOARD, 9600)
  await board.plugIn()
  await addSerialThing(peer, 'Anything that sends lines')
  await expect.poll(() => board.openAt()).toBe(9600)
  await board.say('{"temperature":20}\n{"temperature":21}\n')
  await expect(peer.value(KINDS.lines.label)).toHaveText('21.0')

  const receiver = new SerialDevice(peer.page, RECEIVER, 9600)
  await receiver.plugIn()
  await addSerialThing(peer, 'GPS receiver')
  await expect.poll(() => receiver.openAt()).toBe(9600)
  await receiver.say(sentence(FAST))
  await expect(peer.value(KINDS.gps.label)).toHaveText('74.6')

  await receiver.fault('BreakError')
  await receiver.say(sentence(SLOW))
  await expect(peer.value(KINDS.gps.label)).toHaveText('37.0')

  await board.say('{"temperature":9')
  await board.unplug()
  await expect(peer.card(KINDS.lines.label).getByTestId('thing-state')).toHaveText(/^reconnecting/)
  await board.plugIn()
  await board.say('9}\n{"temperature":22}\n')
  await expect(peer.value(KINDS.lines.label)).toHaveText('22.0')
})
