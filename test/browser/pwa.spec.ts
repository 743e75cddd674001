/**
 * Installed: works without its server from the second visit, and a newer version takes over only when asked.
 * That no policy is violated on the way is asked of every test at its end.
 */
import { test, expect } from './harness/stage.ts'
import { API_CHANNEL } from '../../src/node/rpc.ts'
import type { Snapshot } from '../../src/node/api.ts'
import { newerBuild } from './harness/build.ts'

/** What of a service worker's own scope is used here: the tests are compiled with a page's. */
interface ServiceWorkerScope {
  readonly registration: ServiceWorkerRegistration
}

test('the second visit works with the server gone', async ({ stage }) => {
  const gateway = await stage.gateway()
  const peer = await stage.peer(gateway.url)
  await peer.worksOffline()
  await gateway.stop()
  await peer.page.reload()
  await peer.ready()
  await peer.addThing('Simulated')
  await expect(peer.page.getByTestId('thing-value').first()).toHaveText(/\d/)
})

test('a notification that is tapped leads to its thing, in the page that is open', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  await peer.worksOffline()
  await peer.addThing('Simulated')
  const { page } = peer
  await page.context().grantPermissions(['notifications'])
  const screen = await page.getByTestId('thing-card').first().getByRole('link').first().getAttribute('href')
  const [worker] = page.context().serviceWorkers()
  // nobody but a person can tap one: the worker is told so, by an event that may not keep it alive
  const left = await worker?.evaluate(async (data) => {
    const { registration } = globalThis as unknown as ServiceWorkerScope
    await registration.showNotification('Warm room', { tag: 'over', data })
    const [notification] = await registration.getNotifications()
    const tapped = Object.assign(new Event('notificationclick'), {
      notification,
      waitUntil: (work: Promise<unknown>) => (handled = work),
    })
    let handled: Promise<unknown> | undefined
    dispatchEvent(tapped)
    await handled
    return (await registration.getNotifications()).length
  }, screen)
  expect(left).toBe(0)
  await expect(page).toHaveURL((url) => url.hash === screen)
  await expect(page.getByTestId('thing-state')).toBeVisible()
})

test('a newer version waits for the word and then takes over in every tab', async ({ stage }) => {
  const newer = await newerBuild('2')
  const first = await stage.app()
  const peer = await stage.peer(first.url)
  await peer.worksOffline()
  const other = await stage.tab(peer)
  const version = peer.page.locator('html[data-test-version="2"]')
  await expect(version).toHaveCount(0)

  await first.stop()
  await stage.app({ port: first.port, folder: newer.folder })
  await peer.page.reload()
  const prompt = peer.page.getByTestId('update-prompt')
  await expect(prompt).toBeVisible()
  await expect(version).toHaveCount(0)

  await prompt.getByRole('button', { name: 'Update now' }).click()
  await expect(version).toHaveCount(1)
  await expect(other.page.locator('html[data-test-version="2"]')).toHaveCount(1)
  await peer.ready()
  await expect(prompt).toBeHidden()
  await newer.remove()
})

test('a newer version does not come between a payment and its work', async ({ stage }) => {
  const newer = await newerBuild('2')
  const first = await stage.app()
  const peer = await stage.peer(first.url)
  await peer.worksOffline()
  await first.stop()
  await stage.app({ port: first.port, folder: newer.folder })
  await peer.page.reload()
  const { page } = peer
  const prompt = page.getByTestId('update-prompt')
  await expect(prompt).toBeVisible()

  // a payment's work is over in a blink here, so that another tab's is made up: it follows everything the peer says
  await page.evaluate((channelName) => {
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = ({ data }) => {
      const { type, snapshot, isMadeUp } = data as { type: string; snapshot: Snapshot; isMadeUp?: true }
      if (type !== 'snapshot' || isMadeUp) return
      const payment = { id: 'made up', direction: 'sent', amount: 1, who: [], memo: '', atMs: 0 }
      const payments = [{ ...payment, state: { type: 'working', done: 0.4 } }]
      const wallet = { ...snapshot.wallet, payments }
      channel.postMessage({ to: 'pages', type, snapshot: { ...snapshot, wallet }, isMadeUp: true })
    }
    channel.postMessage({ to: 'peer', type: 'hello' })
    addEventListener('test-paid', () => {
      channel.onmessage = null
      channel.postMessage({ to: 'peer', type: 'hello' })
    })
  }, API_CHANNEL)
  await page.getByTestId('nav-wallet').click()
  await expect(page.getByTestId('payment-state')).toHaveText(/working/)

  await prompt.getByRole('button', { name: 'Update now' }).click()
  await expect(prompt).toContainText('A payment is being worked at.')
  await expect(page.locator('html[data-test-version="2"]')).toHaveCount(0)
  await page.evaluate(() => dispatchEvent(new Event('test-paid')))
  await expect(page.locator('html[data-test-version="2"]')).toHaveCount(1)
  await newer.remove()
})
