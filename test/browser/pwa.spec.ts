/**
 * Installed: works without its server from the second visit, and a newer version takes over only when asked.
 * That no policy is violated on the way is asked of every test at its end.
 */
import { test, expect } from './harness/stage.ts'
import { newerBuild } from './harness/build.ts'

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
