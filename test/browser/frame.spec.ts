/** What is there before the app is: the frame that index.html paints, and a device whose network code has not come. */
import type { Page } from '@playwright/test'
import { violations } from './harness/axe.ts'
import { buildWithoutNetwork } from './harness/build.ts'
import { expect, test } from './harness/stage.ts'

/** What the frame and the app have in common. */
const SHARED = [
  'header',
  'header > a',
  'nav',
  'nav a >> nth=0',
  'nav a >> nth=1',
  'h1',
  'main button',
  '.empty',
]

/** Where each of them is, in pixels. */
function places(page: Page) {
  return Promise.all(
    SHARED.map(async (selector) => [selector, await page.locator(selector).first().boundingBox()]),
  )
}

for (const [width, height] of [
  [360, 740],
  [1280, 800],
] as const) {
  test(`the app takes the place of its frame without a move, ${width} pixels wide`, async ({
    browser,
    stage,
  }) => {
    const { url } = await stage.app()
    const context = await browser.newContext({ viewport: { width, height } })
    try {
      const page = await context.newPage()
      const scripts = Promise.withResolvers<void>()
      const peer = Promise.withResolvers<void>()
      await page.route('**/assets/index-*.js', (route) => scripts.promise.then(() => route.continue()))
      await page.route('**/assets/peer-*.js', (route) => peer.promise.then(() => route.continue()))
      await page.goto(url, { waitUntil: 'commit' })
      await expect(page.getByText('Starting…')).toBeVisible()
      const painted = await places(page)
      scripts.resolve()
      await expect(page.getByTestId('nav-things')).toBeVisible()
      expect(await places(page)).toEqual(painted)
      peer.resolve()
    } finally {
      await context.close()
    }
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`without scripts the frame says what is missing, in ${colorScheme} colours`, async ({
    browser,
    stage,
  }) => {
    const { url } = await stage.app()
    const context = await browser.newContext({ colorScheme, javaScriptEnabled: false })
    try {
      const page = await context.newPage()
      await page.goto(url)
      await expect(page.locator('noscript')).toBeVisible() // a text in it is passed over by `getByText`
      await expect(page.getByText('Starting…')).toBeHidden()
      await expect(page.getByRole('navigation', { name: 'Screens' }).getByRole('link')).toHaveText([
        'Things',
        'Wallet',
        'Network',
        'Settings',
      ])
      await expect(page.getByRole('button')).toBeDisabled()
    } finally {
      await context.close()
    }
  })

  test(`the frame breaks no rule in ${colorScheme} colours`, async ({ browser, stage }) => {
    const { url } = await stage.app()
    const context = await browser.newContext({ colorScheme })
    try {
      const page = await context.newPage()
      await page.route('**/assets/*.js', (route) => route.abort())
      await page.goto(url)
      expect(await violations(page)).toEqual([])
    } finally {
      await context.close()
    }
  })
}

test('a device works without the code for its network, and joins in once that has come', async ({
  stage,
}) => {
  const alone = await buildWithoutNetwork()
  const relay = await stage.relay()
  const app = await stage.app({ folder: alone.folder })
  const peer = await stage.peer(app.url)
  await peer.addThing('Simulated')
  await expect(peer.page.getByTestId('thing-status')).toHaveText('on this phone only')
  await expect.poll(async () => (await peer.snapshot()).network.relay.type).toBe('loading')
  await expect(peer.page.getByTestId('peers-chip')).toContainText('Offline')
  await peer.page.getByTestId('peers-chip').click()
  await expect(peer.page.getByRole('main')).toContainText('tried again by itself')

  await app.stop()
  await stage.app({ port: app.port, relays: [relay.multiaddr] })
  await expect.poll(async () => (await peer.snapshot()).network.relay.type).toBe('connected')
  peer.complaints.splice(0) // of a script that was not there, and of a server that was gone
  await alone.remove()
})
