/** The simulator in a browser: the same seed gives the same digest there as in Node. */
import { expect, test } from '@playwright/test'
import { DIGEST_SEED, simulateDigest } from '../sim/digest.ts'
import { serveModule } from './harness/bundle.ts'

declare global {
  /** Set by the page once its run is over. */
  var simulatorDigest: string | undefined
}

test('a seed of the simulator ends alike in Chromium and in Node', async ({ page }) => {
  const served = await serveModule('test/sim/in-browser.ts')
  await page.goto(served.url)
  await page.waitForFunction(() => globalThis.simulatorDigest !== undefined)
  expect(await page.evaluate(() => globalThis.simulatorDigest)).toBe(simulateDigest(DIGEST_SEED))
  await served.close()
})
