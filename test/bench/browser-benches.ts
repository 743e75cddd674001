import { chromium, type Browser } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '../browser/chromium.ts'
import { serveModule } from '../browser/harness/bundle.ts'
import { benchAppStart } from './app-start.ts'
import { benchAway } from './away.ts'
import { benchBundle } from './bundle.ts'
import { benchCharts } from './charts.ts'
import { benchFirstPaint } from './first-paint.ts'
import { benchFlatMemoryInBrowser } from './flat-memory.ts'
import { benchGraphCanvas } from './graph-canvas.ts'
import { benchPanning } from './panning.ts'
import type { IntakeBench } from './intake.ts'
import { INTAKE_BLOCKS, ofIntake } from './intake-figures.ts'
import { benchMiningInBrowser } from './mining-browser.ts'
import type {} from './pipeline-page.ts'
import { benchReceiving } from './receiving.ts'
import type { Bench, Found } from './runner.ts'
import type { StoreBench } from './store-page.ts'
import { benchTakeover } from './takeover.ts'

declare global {
  /** Set by `store-page.ts`. */
  var runStoreBench: (blocks: number) => Promise<StoreBench>
  /** Set by `intake-page.ts`. */
  var runIntakeBench: (blocks: number) => Promise<IntakeBench>
  /** Set by `verify-page.ts`. */
  var runVerifyBench: () => Promise<Found>
}

/** Blocks of data that go through the pipeline: forty batches. */
const PIPELINE_BLOCKS = 40 * 256

/** Blocks a second that a store is to write … */
const WRITE_RATE_GOAL = 60_000

/** … and what share of its speed is to be left when it has grown. */
const GROWN_GOAL = 0.8

/** Blocks a device holds whose lead is taken over. */
const TAKEOVER_BLOCKS = 10_000

/** Blocks logged while a device is away. */
const AWAY_BLOCKS = [1000, 10_000, 50_000]

/** Blocks a device has that is opened again: six days of a thing that is read each second. */
const START_BLOCKS = 100_000

/** Blocks a page receives: so many that how a stream begins, some half a second, weighs little. */
const RECEIVED_BLOCKS = 60_000

/** What is measured in Chromium. @param blocks the store is measured with */
export function browserBenches(blocks: number): readonly Bench[] {
  const where = 'browser'
  return [
    {
      name: 'intake',
      where,
      title: 'The same with IndexedDB',
      run: async () =>
        ofIntake(
          await inPage(
            'test/bench/intake-page.ts',
            (count) => globalThis.runIntakeBench(count),
            INTAKE_BLOCKS,
          ),
        ),
    },
    { name: 'mining', where, title: 'Nonce search', run: () => inBrowser(benchMiningInBrowser) },
    {
      name: 'verify',
      where,
      title: 'The check in isolation, by engine',
      run: () => inPage('test/bench/verify-page.ts', () => globalThis.runVerifyBench(), 0),
    },
    {
      name: 'pipeline',
      where,
      title: 'From bytes received to blocks stored, with commits; µs of the peer’s thread a block',
      run: () =>
        inPage('test/bench/pipeline-page.ts', (count) => globalThis.runPipelineBench(count), PIPELINE_BLOCKS),
    },
    {
      name: 'store',
      where,
      title: `Block store on IndexedDB that grows to ${blocks} blocks of 400 bytes`,
      run: async () =>
        ofStore(await inPage('test/bench/store-page.ts', (count) => globalThis.runStoreBench(count), blocks)),
    },
    {
      name: 'flat-memory',
      where,
      title: 'Memory of a device as committed history grows, with IndexedDB',
      run: () => inBrowser((browser) => benchFlatMemoryInBrowser(browser)),
    },
    {
      name: 'charts',
      where,
      title: 'Charts of 30 days of a thing that is read each second, with IndexedDB',
      run: () => inBrowser((browser) => benchCharts(browser)),
    },
    {
      name: 'panning',
      where,
      title: 'The chart of 7 days dragged through 30 of a thing that is read each second',
      run: () => inBrowser(benchPanning),
    },
    {
      name: 'network',
      where,
      title: 'The graph of 5000 blocks, following the newest while 500 a second arrive',
      run: () => inBrowser(benchGraphCanvas),
    },
    {
      name: 'bundle',
      where,
      title: 'What is loaded before the first screen works',
      run: () => inBrowser(benchBundle),
    },
    {
      name: 'first-paint',
      where,
      title: 'First visit, nothing cached, processor slowed down 4 times',
      run: () => inBrowser(benchFirstPaint),
    },
    {
      name: 'app-start',
      where,
      title: `Opening the app again over ${START_BLOCKS} blocks in commits`,
      run: () => inBrowser((browser) => benchAppStart(browser, START_BLOCKS)),
    },
    {
      name: 'receiving',
      where,
      title: `A page whose peer receives ${RECEIVED_BLOCKS} blocks over WebRTC`,
      run: () => inBrowser((browser) => benchReceiving(browser, RECEIVED_BLOCKS)),
    },
    {
      name: 'takeover',
      where,
      title: 'Taking over from another tab; ms from the lock on, and the page’s first call is an invitation',
      run: () => inBrowser(async (browser) => ({ rows: [await benchTakeover(browser, TAKEOVER_BLOCKS)] })),
    },
    {
      name: 'away',
      where,
      title: 'Equal again after being away, WebRTC; ms from the direct connection on',
      run: () => inBrowser(async (browser) => ({ rows: await benchAway(browser, AWAY_BLOCKS) })),
    },
  ]
}

function ofStore({ sizes, grown, packed }: StoreBench): Found {
  const better = 'more'
  const writing = grown.map((turn) => turn.grown)
  const toEmpty = grown.map((turn) => turn.grown / turn.empty)
  const toUnpacked = packed.map((turn) => turn.packed / turn.unpacked)
  const reopening = packed.map((turn) => turn.packedReopened / turn.unpackedReopened)
  return {
    rows: sizes,
    figures: [
      { name: 'writing', unit: 'blocks/s', better, rounds: writing, goal: WRITE_RATE_GOAL },
      { name: 'writing, to an empty store', unit: 'times', better, rounds: toEmpty, goal: GROWN_GOAL },
      { name: 'writing, to a record for each block', unit: 'times', better, rounds: toUnpacked },
      { name: 'reopening, to a record for each block', unit: 'times', better, rounds: reopening },
    ],
  }
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
async function inPage<T>(module: string, run: (count: number) => Promise<T>, count: number): Promise<T> {
  const served = await serveModule(module)
  try {
    return await inBrowser(async (browser) => {
      // the harness lets no workers in, which some measure
      const page = await browser.newPage({ bypassCSP: true })
      await page.goto(served.url, { waitUntil: 'load' }) // the module has run by then
      return page.evaluate(run, count)
    })
  } finally {
    await served.close()
  }
}
