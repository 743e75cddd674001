/** The signature rule by this browser's own engine, in batches and in its workers, and its hash. */
import { expect, test } from '@playwright/test'
import { serveModule } from './harness/bundle.ts'
import type { Judgement } from './harness/page/verifier.ts'

declare global {
  /** Set by the page; resolves once every case is judged. */
  var judgement: Promise<Judgement> | undefined
}

// the harness's policy lets no worker in
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
    wrongInBatches: [],
    wrongByWorkers: [],
    leftByWorkers: 0,
    isHashRight: true,
  })
  await served.close()
})
