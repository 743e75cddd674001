/** The contract tests of the stores, run on the browser's own IndexedDB. */
import { expect, test } from '@playwright/test'
import type { ContractResult } from '../contract/in-browser.ts'
import { serveModule } from './harness/bundle.ts'

declare global {
  /** Set by the page; resolves when every case has run. */
  var contractResults: Promise<readonly ContractResult[]> | undefined
}

test('every store keeps its contract on the real IndexedDB', async ({ page }) => {
  const served = await serveModule('test/contract/in-browser.ts')
  await page.goto(served.url)
  await page.waitForFunction(() => globalThis.contractResults !== undefined)
  const results = await page.evaluate(async () => (await globalThis.contractResults) ?? [])
  expect(results.length).toBeGreaterThan(0)
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  await served.close()
})
