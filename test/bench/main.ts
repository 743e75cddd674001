/**
 * `npm run bench`: figures as ratios within one run, medians of interleaved rounds, because machines are shared and
 * noisy. `-- --blocks N` sets how many blocks the store is measured with, `-- --only away` runs one of them alone.
 */
import { chromium, type Browser } from '@playwright/test'
import { parseArgs } from 'node:util'
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium.ts'
import { serveModule } from '../browser/harness/bundle.ts'
import { createMemoryBlockStore, createMemoryLedgerStore } from '../../src/store/memory.ts'
import { benchAway } from './away.ts'
import { benchGreeting } from './greeting.ts'
import { benchIntake, type IntakeBench } from './intake.ts'
import { benchMining } from './mining.ts'
import { benchReconcile } from './reconcile.ts'
import type { StoreBench } from './store-page.ts'
import { benchTakeover } from './takeover.ts'

declare global {
  /** Set by `store-page.ts`. */
  var runStoreBench: (blocks: number) => Promise<StoreBench>
  /** Set by `intake-page.ts`. */
  var runIntakeBench: (blocks: number) => Promise<IntakeBench>
}

/** Blocks in commits that two have in common who greet each other; and a hundredth of it. */
const GREETING_BLOCKS = 1_000_000

/** Blocks each contender takes: thirty batches. */
const INTAKE_BLOCKS = 30 * 256

/** Blocks a device holds whose lead is taken over. */
const TAKEOVER_BLOCKS = 10_000

/** Blocks logged while a device is away. */
const AWAY_BLOCKS = [1000, 10_000, 50_000]

const { values } = parseArgs({
  options: { blocks: { type: 'string', default: '100000' }, only: { type: 'string' } },
})

await bench('mining', 'Mining (Node, one core)', async () =>
  (await benchMining()).map(({ name, hashesPerSecond, timesNoble }) => ({
    name,
    'MH/s': (hashesPerSecond / 1e6).toFixed(2),
    'times noble': timesNoble.toFixed(1),
  })),
)

await bench('greeting', 'Nothing to do, with blocks in commits in common (Node)', async () => [
  await benchGreeting(GREETING_BLOCKS / 100),
  await benchGreeting(GREETING_BLOCKS),
])

await bench('reconcile', 'Reconciling 100 000 blocks in common (Node; both sides together)', benchReconcile)

await bench('store', `Store (Chromium, IndexedDB, ${values.blocks} blocks of 400 bytes)`, () =>
  inChromium('test/bench/store-page.ts', (count) => globalThis.runStoreBench(count), Number(values.blocks)),
)

await bench(
  'intake',
  'Intake: blocks a second, 256 together and one by one (without a disk in Node; with one in Chromium)',
  async () => ({
    Node: await benchIntake(async () => {
      const blocks = createMemoryBlockStore()
      return { blocks, ledger: createMemoryLedgerStore(), close: async () => undefined }
    }, INTAKE_BLOCKS),
    Chromium: await inChromium(
      'test/bench/intake-page.ts',
      (count) => globalThis.runIntakeBench(count),
      INTAKE_BLOCKS,
    ),
  }),
)

await bench(
  'takeover',
  'Takeover (Chromium, production build, ms from the lock on; the page’s first call is an invitation)',
  () => inBrowser((browser) => benchTakeover(browser, TAKEOVER_BLOCKS)),
)

await bench(
  'away',
  'Equal again after being away (Chromium, production build, WebRTC; ms from the direct connection on)',
  () => inBrowser((browser) => benchAway(browser, AWAY_BLOCKS)),
)

/** Runs one bench and prints what it found, unless another is asked for alone. */
async function bench(name: string, title: string, run: () => unknown): Promise<void> {
  if (values.only !== undefined && values.only !== name) return
  console.log(title)
  console.table(await run())
}

async function inBrowser<T>(run: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launch()
  try {
    return await run(browser)
  } finally {
    await browser.close()
  }
}

async function launch(): Promise<Browser> {
  const found = findChromium()
  if (found === undefined) throw new Error('No Chromium here: run "npm test" once, or set CHROMIUM_PATH.')
  return chromium.launch({ executablePath: found.path, args: [...CHROMIUM_ARGS] })
}

/** What `run`, called in a page of its own that runs `module`, resolves with. */
async function inChromium<T>(module: string, run: (count: number) => Promise<T>, count: number): Promise<T> {
  const served = await serveModule(module)
  const browser = await launch()
  try {
    const page = await browser.newPage()
    await page.goto(served.url, { waitUntil: 'load' }) // the module has run by then
    return await page.evaluate(run, count)
  } finally {
    await browser.close()
    await served.close()
  }
}
