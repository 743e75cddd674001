/** Settings, and what an installed app is launched with. */
import type { Page } from '@playwright/test'
import { expect, test } from './harness/stage.ts'

const GROUNDS = { light: 'rgb(247, 244, 238)', dark: 'rgb(23, 20, 17)' }

const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

/** What the bar around the page is coloured by. */
const barColour = (page: Page) =>
  page.evaluate(
    () =>
      [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].find(
        ({ media }) => matchMedia(media).matches,
      )?.content,
  )

/** The colours in the middle of the chart's plot: whatever is drawn there. */
const drawn = (page: Page) =>
  page
    .getByTestId('thing-chart')
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas
      const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      const colours = new Set<string>()
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] === 255) colours.add([data[i], data[i + 1], data[i + 2]].join(' '))
      return [...colours]
    })

test('the appearance changes at once, everywhere, and is remembered before anything is painted', async ({
  stage,
}) => {
  const app = await stage.app()
  const peer = await stage.peer(app.url, { colorScheme: 'light' })
  const { page } = peer
  const other = await stage.tab(peer)
  await page.evaluate(() => void Reflect.set(globalThis, 'marked', true))
  await page.getByTestId('nav-settings').click()
  expect(await ground(page)).toBe(GROUNDS.light)

  await page.getByTestId('theme-dark').check()
  expect(await ground(page)).toBe(GROUNDS.dark)
  expect(await barColour(page)).toBe('#171411')
  expect(await page.evaluate(() => Reflect.has(globalThis, 'marked'))).toBe(true)
  await expect(page).toHaveTitle('Settings – Weft')
  await expect.poll(() => ground(other.page)).toBe(GROUNDS.dark)

  // nothing of the app's own script has come, and the frame has the colours that were chosen
  const script = Promise.withResolvers<void>()
  const fresh = await page.context().newPage()
  await fresh.route('**/assets/index-*.js', (route) => script.promise.then(() => route.continue()))
  await fresh.goto(app.url, { waitUntil: 'commit' })
  await expect(fresh.getByRole('navigation', { name: 'Screens' })).toBeVisible()
  expect(await ground(fresh)).toBe(GROUNDS.dark)
  script.resolve()
  await fresh.close()

  await page.reload()
  await expect(page.getByTestId('theme-dark')).toBeChecked()
  await page.getByTestId('theme-system').check()
  expect(await ground(page)).toBe(GROUNDS.light)
  expect(await barColour(page)).toBe('#f7f4ee')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await ground(page)).toBe(GROUNDS.dark)
})

test('a chart that is open follows the appearance', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url, { colorScheme: 'light' })
  await peer.addThing('Simulated')
  await expect(peer.page.getByTestId('thing-status')).toHaveText('on this phone only')
  await peer.openThing('Simulated room')
  const light = ['12 106 98', '98 90 78']
  const dark = ['99 200 185', '181 171 155']
  await expect.poll(() => drawn(peer.page)).toEqual(expect.arrayContaining([light[1]]))
  await peer.page.evaluate(() => {
    localStorage.setItem('weft.theme', 'dark')
    // as another tab would say it
    dispatchEvent(new StorageEvent('storage', { key: 'weft.theme', newValue: 'dark' }))
  })
  await expect.poll(() => drawn(peer.page)).toEqual(expect.arrayContaining([dark[1]]))
  expect(await drawn(peer.page)).not.toEqual(expect.arrayContaining([light[1]]))
})

test('the screen is kept on while one wants that, and the lock is taken again after the tab was hidden', async ({
  stage,
}) => {
  const peer = await stage.peer((await stage.app()).url, {
    beforeApp: () => {
      const held: EventTarget[] = []
      const request = async () => {
        const lock = new EventTarget()
        held.push(lock)
        const release = async () => {
          Object.assign(lock, { released: true })
          held.splice(held.indexOf(lock), 1)
          lock.dispatchEvent(new Event('release'))
        }
        return Object.assign(lock, { released: false, release })
      }
      Object.defineProperty(navigator, 'wakeLock', { value: { request, held } })
    },
  })
  const { page } = peer
  const held = () =>
    page.evaluate(() => (navigator.wakeLock as unknown as { held: EventTarget[] }).held.length)
  const show = (state: 'visible' | 'hidden') =>
    page.evaluate(async (visibilityState) => {
      Object.defineProperty(document, 'visibilityState', { value: visibilityState, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await page.getByTestId('nav-settings').click()
  const toggle = page.getByRole('switch', { name: 'Keep the screen on' })
  await toggle.check()
  await expect.poll(held).toBe(1)
  await page.getByTestId('nav-things').click()
  await show('hidden')
  await expect.poll(held).toBe(0)
  await show('visible')
  await expect.poll(held).toBe(1)
  await page.getByTestId('nav-settings').click()
  await expect(toggle).toBeChecked()
  await toggle.uncheck()
  await expect.poll(held).toBe(0)
})

test('diagnostics can be read, and name nothing of the person’s', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await peer.addThing('Simulated')
  const snapshot = await peer.page.evaluate(async () => {
    const { things } = await weftTest.snapshot(({ things }) => things.length > 0)
    await weftTest.api.renameThing({ thing: things[0]?.key ?? '', name: 'Grandmother’s room' })
    return weftTest.snapshot(({ things }) => things[0]?.name === 'Grandmother’s room')
  })
  await peer.page.getByTestId('nav-settings').click()
  await peer.page.getByText('Diagnostics', { exact: true }).click()
  const text = peer.page.getByTestId('diagnostics')
  await expect(text).toContainText('Own things: 1, by kind: 1 simulated')
  await expect(text).toContainText(`Weft ${await peer.page.getByTestId('version').innerText()}`)
  for (const secret of ['Grandmother', snapshot.device.slice(8), snapshot.network.id, snapshot.network.name])
    await expect(text).not.toContainText(secret)
  const download = peer.page.waitForEvent('download')
  await peer.page.getByRole('button', { name: 'Save', exact: true }).last().click()
  expect((await download).suggestedFilename()).toBe('weft-diagnostics.txt')
})

test('storage says what is used, and room is made of what is old', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await peer.addThing('Simulated')
  const { page } = peer
  await expect(page.getByTestId('thing-status')).toHaveText('on this phone only')
  await page.getByTestId('nav-settings').click()
  await expect(page.getByTestId('storage-used')).toHaveText(/^[\d.,]+ [kMG]B used of [\d.,]+ [kMG]B/)
  await expect(page.getByText('Simulated room')).toBeVisible()

  await page.getByTestId('free').click()
  await expect(page.getByTestId('free-said')).toHaveText(/keeps its readings for good/)
  await page.getByTestId('free-rule').selectOption({ label: 'Older than a week' })
  await page.getByTestId('free').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Kept: newer readings')
  await expect(dialog).toContainText('Nobody else is known to hold any of its blocks.')
  await page.getByTestId('free-yes').click()
  await expect(page.getByTestId('free-said')).toHaveText('There was nothing to delete.')
})

test('the licences of what is shipped can be read, also offline', async ({ stage }) => {
  const app = await stage.app()
  const peer = await stage.peer(app.url)
  await peer.worksOffline()
  await app.stop()
  const text = await peer.page.evaluate(async () => (await fetch('/licences.txt')).text())
  for (const name of ['svelte', 'libp2p', '@noble/hashes', 'workbox-precaching'])
    expect(text).toContain(`\n${name} `)
})

test('an invitation that another app shares is asked about, and what is no use is said to be', async ({
  stage,
}) => {
  const app = await stage.app()
  const host = await stage.peer(app.url)
  const link = await host.invitation()
  const guest = await stage.peer(`${app.url}?${new URLSearchParams({ text: `Come! ${link}` })}`)
  await expect(guest.page.getByRole('button', { name: 'Join', exact: true })).toBeVisible()
  expect(new URL(guest.page.url()).search).toBe('')
  await guest.page.reload()
  await guest.ready()
  await expect(guest.page.getByRole('button', { name: 'Join', exact: true })).toBeHidden()

  await guest.page.goto(`${app.url}?title=Hello`)
  await expect(guest.notice().first()).toHaveText(/no invitation and no id/)
})

test('an id that another app shares is filled in, and nothing is paid', async ({ stage }) => {
  const payee = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsd9fQ2'
  const app = await stage.app()
  const peer = await stage.peer(`${app.url}?${new URLSearchParams({ text: payee })}`)
  await expect(peer.page.getByRole('dialog').getByTestId('send-to')).toHaveValue(payee)
  expect((await peer.snapshot()).wallet.payments).toEqual([])
})

test('the shortcut to add a thing opens its dialog, each time', async ({ stage }) => {
  const peer = await stage.peer(`${(await stage.app()).url}#/add`)
  for (let time = 0; time < 2; time++) {
    await expect(peer.page.getByRole('dialog', { name: 'Add a thing' })).toBeVisible()
    await peer.page.keyboard.press('Escape')
    await expect(peer.page.getByRole('dialog')).toBeHidden()
    await peer.page.evaluate(() => (location.hash = '#/add'))
  }
})
