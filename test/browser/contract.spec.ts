/** The contract tests of the stores, run on the browser's own IndexedDB. */
import { expect, test } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { ContractResult } from '../contract/in-browser.ts'
import { ROOT } from './harness/process.ts'
import { serveFolder } from './harness/static.ts'

declare global {
  /** Set by the page; resolves when every case has run. */
  var contractResults: Promise<readonly ContractResult[]> | undefined
}

test('every store keeps its contract on the real IndexedDB', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'weft-contract-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    publicDir: false,
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib: {
        entry: join(ROOT, 'test/contract/in-browser.ts'),
        formats: ['es'],
        fileName: () => 'contract.js',
      },
    },
  })
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><html lang="en"><title>Contracts</title><script type="module" src="contract.js"></script></html>',
  )
  const server = await serveFolder(folder)
  await page.goto(server.url)
  const results = await page.evaluate((): Promise<readonly ContractResult[]> => {
    if (globalThis.contractResults === undefined) throw new Error('the page has no contracts')
    return globalThis.contractResults
  })
  expect(results.length).toBeGreaterThan(0)
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
