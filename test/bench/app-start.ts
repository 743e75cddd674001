/**
 * How soon a device that has been in use for long shows its first screen, which is what it knew last, and how soon it is
 * open: the app is closed and opened again, over a store of many blocks and, in turn, over an empty one. Production build
 * and headers, Chromium, IndexedDB.
 */
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test'
import { LAST_KNOWN } from '../../src/node/last-known.ts'
import { DEVICE_NOTES } from '../../src/store/note-database.ts'
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
  /** From there until the device is open: its blocks are read, all is rebuilt, and what is asked of it is answered. */
  readonly opened: number
  /** Of that, in the worker, from the lock on. */
  readonly opening: number
  /** Of one core, by the page and its worker, until the first screen: on an idle machine the rest is waiting for the disk. */
  readonly processor: number
  /** The same until the device is open. */
  readonly processorOpened: number
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
      await start(context, app.url, session) // the first one fetches what is cached, and keeps what is known, from then on
    }
    const runs = contexts.map((): Start[] => [])
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, context] of contexts.entries()) runs[i]?.push(await start(context, app.url, session))
    const of = (i: number, what: keyof Start) => (runs[i] ?? []).map((run) => run[what])
    const ms = (name: string, what: keyof Start, device = 0) =>
      ({ name, unit: 'ms', better: 'less', rounds: of(device, what) }) as const
    const times = (name: string, what: keyof Start) =>
      ({ name, unit: 'times', better: 'less', rounds: ratios(of(0, what), of(1, what)) }) as const
    return {
      figures: [
        { ...ms('first screen', 'screen'), goal: SCREEN_MS_MAX },
        ms('device open', 'opened'),
        ms('of it, the worker from lock to open', 'opening'),
        ms('of one core until the first screen', 'processor'),
        ms('of one core until the device is open', 'processorOpened'),
        ms('first screen, empty store', 'screen', 1),
        times('first screen, to an empty store', 'screen'),
        times('opening, to an empty store', 'opening'),
      ],
    }
  } finally {
    for (const context of contexts) await context.close()
    await app.stop()
  }
}

/** Opens the app, waits for its first screen, its device and all that is loaded after them, and closes it again. */
async function start(context: BrowserContext, url: string, session: CDPSession): Promise<Start> {
  const before = await processorMs(session)
  const page = await context.newPage()
  await page.goto(url)
  const screen = Number(await (await page.waitForFunction(() => globalThis.firstScreenMs)).jsonValue())
  const processor = (await processorMs(session)) - before
  const { opened, opening } = await openOf(page)
  const processorOpened = (await processorMs(session)) - before
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.waitForFunction(isKept, [DEVICE_NOTES, LAST_KNOWN] as const)
  await page.close({ runBeforeUnload: true })
  await released(context, url)
  return { screen, opened, opening, processor, processorOpened }
}

/** When the device of a page is open. */
async function openOf(page: Page): Promise<Pick<Start, 'opened' | 'opening'>> {
  const worker = page.workers().find((one) => one.url().includes('peer'))
  if (worker === undefined) throw new Error('The tab has no peer worker.')
  const marks = await worker.evaluate(async () => {
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime
    const markOf = (name: string) =>
      new Promise<number>((resolve) => {
        const look = () => resolve(at(name) ?? Number.NaN)
        if (at(name) !== undefined) look()
        else new PerformanceObserver(() => at(name) !== undefined && look()).observe({ type: 'mark' })
      })
    return {
      origin: performance.timeOrigin,
      leads: await markOf('weft-leads'),
      opened: await markOf('weft-opened'),
    }
  })
  const pageOrigin = await page.evaluate(() => performance.timeOrigin)
  return { opened: marks.origin + marks.opened - pageOrigin, opening: marks.opened - marks.leads }
}

/** Runs in the page: whether what is known is kept for the next start. */
function isKept([database, note]: readonly [string, string]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(database)
    opening.onerror = () => reject(new Error('no notes'))
    opening.onsuccess = () => {
      const { result: notes } = opening
      const reading = notes.transaction('notes').objectStore('notes').get(note)
      reading.onsuccess = () => {
        notes.close()
        resolve(reading.result !== undefined)
      }
    }
  })
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
