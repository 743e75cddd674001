/**
 * `npm run bench`: figures as ratios within one run, medians of interleaved rounds, because machines are shared and
 * noisy. `-- --blocks N` sets how many blocks the store is measured with.
 */
import { chromium } from '@playwright/test'
import { parseArgs } from 'node:util'
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium.ts'
import { serveModule } from '../browser/harness/bundle.ts'
import { benchMining } from './mining.ts'
import type { StoreBench } from './store-page.ts'

declare global {
  /** Set by `store-page.ts`. */
  var runStoreBench: (blocks: number) => Promise<StoreBench>
}

const { values } = parseArgs({ options: { blocks: { type: 'string', default: '100000' } } })

console.log('Mining (Node, one core)')
console.table(
  (await benchMining()).map(({ name, hashesPerSecond, timesNoble }) => ({
    name,
    'MH/s': (hashesPerSecond / 1e6).toFixed(2),
    'times noble': timesNoble.toFixed(1),
  })),
)

console.log(`Store (Chromium, IndexedDB, ${values.blocks} blocks of 400 bytes)`)
console.table(await benchStore(Number(values.blocks)))

async function benchStore(blocks: number): Promise<StoreBench> {
  const found = findChromium()
  if (found === undefined) throw new Error('No Chromium here: run "npm test" once, or set CHROMIUM_PATH.')
  const served = await serveModule('test/bench/store-page.ts')
  const browser = await chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] })
  try {
    const page = await browser.newPage()
    await page.goto(served.url)
    await page.waitForFunction(() => typeof globalThis.runStoreBench === 'function')
    return await page.evaluate((count) => globalThis.runStoreBench(count), blocks)
  } finally {
    await browser.close()
    await served.close()
  }
}
