/** The signature rule by this browser's own engine and in its workers, and its hash. */
import { expect, test } from '@playwright/test'
import { serveModule } from './harness/bundle.ts'
import type { Judgement } from './harness/page/verifier.ts'

declare global {
  /** Set by the page; resolves once every case is judged. */
  var judgement: Promise<Judgement> | undefined
}

// a bundle of one file has its worker and its wasm at addresses that the harness's policy does not know
test.use({ bypassCSP: true })

test('the crafted signatures are judged by Chromium as they were made, and by its workers', async ({
  page,
}) => {
  const served = await serveModule('test/browser/harness/page/verifier.ts')
  await page.goto(served.url)
  await page.waitForFunction(() => globalThis.judgement !== undefined)
  const judgement = await page.evaluate(() => globalThis.judgement)
  expect(judgement?.cases).toBeGreaterThan(500)
  expect(judgement).toMatchObject({
    wrongHere: [],
    wrongByWorkers: [],
    leftByWorkers: 0,
    isHashRight: true,
  })
  await served.close()
})
