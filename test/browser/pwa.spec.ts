/**
 * Installed: works without its server from the second visit, and a newer version takes over only when asked.
 * That no policy is violated on the way is asked of every test at its end.
 */
import { test, expect } from './harness/stage.ts'
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

test('a newer version waits for the word and then takes over', async ({ stage }) => {
  const newer = await newerBuild('2')
  const first = await stage.app()
  const peer = await stage.peer(first.url)
  await peer.worksOffline()
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
  await peer.ready()
  await expect(prompt).toBeHidden()
  await newer.remove()
})
