/**
 * The harness, tried on a page of its own: a failure here is of the tests' tools, not of the app.
 */
import { expect, test, type Browser, type Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { BluetoothEmulator } from './harness/ble.ts'
import { newProfile, openProfile } from './harness/profile.ts'
import { serveFolder, type StaticServer } from './harness/static.ts'
import { heartRateFrame, HeartRateStrap } from './harness/strap.ts'
import { prepareForBluetooth } from './harness/subscriptions.ts'

let server: StaticServer
test.beforeAll(async () => {
  server = await serveFolder(fileURLToPath(new URL('./harness/page/', import.meta.url)))
})
test.afterAll(() => server.close())

/** The strap's page, opened in `page`'s context, with a strap within reach. */
async function openWithStrap(
  browser: Browser,
  page: Page,
): Promise<{ ble: BluetoothEmulator; strap: HeartRateStrap }> {
  await prepareForBluetooth(page.context())
  await page.goto(server.url)
  const ble = await BluetoothEmulator.open(browser, page)
  const strap = new HeartRateStrap(ble)
  await strap.start()
  return { ble, strap }
}

async function pair(page: Page, strap: HeartRateStrap): Promise<void> {
  const chosen = strap.chosen()
  await page.locator('#pair').click()
  await chosen
}

test('a strap is paired, notifies, is lost and found again', async ({ browser, page }) => {
  const { ble, strap } = await openWithStrap(browser, page)
  const state = page.locator('#state')
  await pair(page, strap)
  await expect(state).toHaveText('live')
  await expect(page.locator('#battery')).toHaveText('87')

  await strap.beat({ bpm: 72, rrSeconds: [0.5, 1] })
  await expect(page.locator('#frame')).toHaveText('16 72 0 2 0 4')

  await strap.goAway(false)
  await expect(state).toHaveText('disconnected')
  await page.locator('#reconnect').click()
  await expect(state).toHaveText('NetworkError')
  strap.comeBack()
  await page.locator('#reconnect').click()
  await expect(state).toHaveText('live')
  await strap.beat({ bpm: 99 })
  await expect(page.locator('#frame')).toHaveText('0 99')
  await ble.close()
})

test('a chooser is cancelled, and the next one is answered', async ({ browser, page }) => {
  const { ble, strap } = await openWithStrap(browser, page)
  const cancelled = ble.answerChooser('cancel')
  await page.locator('#pair').click()
  await cancelled
  await expect(page.locator('#state')).toHaveText('NotFoundError')
  await pair(page, strap)
  await expect(page.locator('#state')).toHaveText('live')
  await ble.close()
})

test('a reload drops the emulation, and it is put back', async ({ browser, page }) => {
  const { ble, strap } = await openWithStrap(browser, page)
  await pair(page, strap)
  await expect(page.locator('#state')).toHaveText('live')
  await page.reload()
  await ble.afterReload()
  await pair(page, strap)
  await expect(page.locator('#state')).toHaveText('live')
  await strap.sendFrame(heartRateFrame({ bpm: 61 }))
  await expect(page.locator('#frame')).toHaveText('0 61')
  await ble.close()
})

test('an adapter is switched off, or is not there', async ({ browser, page }) => {
  const { ble } = await openWithStrap(browser, page)
  // While it is off the chooser says so and the page learns nothing; only an absent one is told to the page.
  for (const [state, available] of [
    ['powered-off', true],
    ['absent', false],
  ] as const) {
    await ble.setState(state)
    expect(await page.evaluate(() => navigator.bluetooth.getAvailability())).toBe(available)
  }
  await page.locator('#pair').click()
  await expect(page.locator('#state')).toHaveText('NotFoundError')
  await ble.close()
})

test('a killed Chromium starts again on the same profile', async () => {
  const profile = await newProfile()
  const first = await openProfile(profile.folder)
  await first.page.goto(server.url)
  await first.page.evaluate(() => localStorage.setItem('kept', 'yes'))
  await first.kill()
  const second = await openProfile(profile.folder)
  await second.page.goto(server.url)
  expect(await second.page.title()).toBe('Strap')
  await second.context.close()
  await profile.remove()
})
