/** Scripts that do not come: what is said, what goes on, and what comes of it when they do. */
import { expect, test } from './harness/stage.ts'

test('a peer whose script does not come is said to have stopped, with a way on', async ({
  stage,
  browser,
}) => {
  const { url } = await stage.app()
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.route('**/assets/peer-*.js', (route) => route.abort())
  await page.goto(url)
  const notice = page.getByTestId('notice')
  await expect(notice).toHaveText(/Weft's peer stopped\. What was saved is kept\. Load this page again\./)
  await page.unroute('**/assets/peer-*.js')
  await notice.getByRole('button', { name: 'Load again' }).click()
  await expect(page.getByTestId('thing-card')).toHaveCount(1)
  await context.close()
})

test('words that are long in coming keep nobody waiting, and take their place when they are there', async ({
  stage,
  browser,
}) => {
  const { url } = await stage.app()
  const context = await browser.newContext({ serviceWorkers: 'block', locale: 'de-DE' })
  const page = await context.newPage()
  const words = Promise.withResolvers<void>()
  await page.route('**/assets/de-*.js', (route) => words.promise.then(() => route.continue()))
  await page.goto(url)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Things')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  words.resolve()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Dinge')
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
  await context.close()
})

test('the address of a thing leads to it from the start, and says so meanwhile', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await peer.addThing('Simulated')
  const { page } = peer
  await page.getByTestId('thing-card').getByRole('link').first().click()
  await expect(page).toHaveTitle(/^Simulated.* – Weft$/)
  await page.reload()
  await expect(page.getByTestId('thing-chart')).toBeVisible()
})
