/**
 * How soon a device that has been in use for long shows its first screen: the app is closed and opened again, over a
 * store of many blocks and, in turn, over an empty one. Production build and headers, Chromium, IndexedDB.
 */
import type { Browser, BrowserContext, CDPSession } from '@playwright/test'
import { startAppServer } from '../browser/harness/server.ts'
import { builtApp, watchFirstScreen } from './built-app.ts'
import { ratios } from './figure.ts'
import { fillDevice } from './history.ts'
import type { Found } from './runner.ts'

const ROUNDS = 7

const SCREEN_MS_MAX = 400

/** What one start took, in milliseconds. */
interface Start {
  /** From the start of the navigation until the first thing is on the screen. */
  readonly screen: number
  /** In the worker, from the lock on until all is rebuilt and the device is on the network. */
  readonly open: number
  /** Of one core, by the page and its worker, until the first screen: on an idle machine the rest is waiting for the disk. */
  readonly processor: number
}

/** Starts in turn over `count` blocks in commits and over none. */
export async function benchAppStart(browser: Browser, count: number): Promise<Found> {
  const app = await startAppServer({ folder: await builtApp() })
  const contexts: BrowserContext[] = []
  const session = await browser.newBrowserCDPSession()
  try {
    for (const blocks of [count, 0]) {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
      contexts.push(context)
      await fillDevice(context, app.url, blocks)
      await watchFirstScreen(context)
      await start(context, app.url, session) // the first one fetches what is cached from then on
    }
    const runs = contexts.map((): Start[] => [])
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, context] of contexts.entries()) runs[i]?.push(await start(context, app.url, session))
    const of = (i: number, what: keyof Start) => (runs[i] ?? []).map((run) => run[what])
    const screen = { name: 'first screen', unit: 'ms', better: 'less', goal: SCREEN_MS_MAX } as const
    const times = { unit: 'times', better: 'less' } as const
    return {
      figures: [
        { ...screen, rounds: of(0, 'screen') },
        { name: 'of it, the worker from lock to open', unit: 'ms', better: 'less', rounds: of(0, 'open') },
        {
          name: 'of one core until the first screen',
          unit: 'ms',
          better: 'less',
          rounds: of(0, 'processor'),
        },
        { name: 'first screen, empty store', unit: 'ms', better: 'less', rounds: of(1, 'screen') },
        {
          name: 'first screen, to an empty store',
          ...times,
          rounds: ratios(of(0, 'screen'), of(1, 'screen')),
        },
        { name: 'opening, to an empty store', ...times, rounds: ratios(of(0, 'open'), of(1, 'open')) },
      ],
    }
  } finally {
    for (const context of contexts) await context.close()
    await app.stop()
  }
}

/** Opens the app, waits for its first screen and for all that is loaded after it, and closes it again. */
async function start(context: BrowserContext, url: string, session: CDPSession): Promise<Start> {
  const before = await processorMs(session)
  const page = await context.newPage()
  await page.goto(url)
  const screen = Number(await (await page.waitForFunction(() => globalThis.firstScreenMs)).jsonValue())
  const processor = (await processorMs(session)) - before
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  const worker = page.workers().find((one) => one.url().includes('peer'))
  if (worker === undefined) throw new Error('The tab has no peer worker.')
  const open = await worker.evaluate(() => {
    const [leads, opened] = ['weft-leads', 'weft-opened'].map((name) => performance.getEntriesByName(name)[0])
    return (opened?.startTime ?? Number.NaN) - (leads?.startTime ?? Number.NaN)
  })
  await page.close({ runBeforeUnload: true })
  await released(context, url)
  return { screen, open, processor }
}

/** Resolves once no page of the context leads any more: the next one need not wait for its turn. */
async function released(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage()
  await page.goto(new URL('relay.json', url).href)
  await page.evaluate(() => navigator.locks.request('weft-peer', () => undefined))
  await page.close()
}

/** What the processes of all pages have taken of one core so far. No page that has taken any goes meanwhile. */
async function processorMs(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const pages = processInfo.filter(({ type }) => type === 'renderer')
  return pages.reduce((sum, { cpuTime }) => sum + 1000 * cpuTime, 0)
}
