/**
 * Whether the graph keeps up: the app's Network screen with as many blocks as it shows, following the newest while they go on
 * arriving. Production build, Chromium; what the worker does for its blocks is left out (see `graph-canvas-page.ts`), the way
 * from its graph to the page is not. A page that does nothing is in front by turns: what frames it gets, the machine allows.
 */
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { startAppServer } from '../browser/harness/server.ts'
import { builtApp } from './built-app.ts'
import { newDevice, tabOf } from './device.ts'
import { ratios, type Figure } from './figure.ts'
import type {} from './graph-canvas-page.ts' // names `serveFlood`
import { bundledScript } from './history.ts'
import type { Found } from './runner.ts'

const ROUNDS = 5

/** How long a page is in front at a time. */
const ROUND_MS = 5000

const BLOCKS_PER_SECOND = 500

/** Of the frames that a page gets which does nothing: 60 a second where the screen has them. */
const FRAMES_PART_MIN = 0.98

/** What a frame may take of the page's thread at 60 a second. */
const FRAME_MS_MAX = 1000 / 60

/** How a page fared while it was in front. */
interface Watched {
  readonly framesPerSecond: number
  readonly frameMs50: number
  readonly frameMs99: number
  /** Processor time of the page's own thread: what a frame costs, whoever else wants the machine. */
  readonly threadMs: number
}

/** Watches the graph, and an empty page, in turn. */
export async function benchGraphCanvas(browser: Browser): Promise<Found> {
  const app = await startAppServer({ folder: await builtApp() })
  const context = await newDevice(browser)
  try {
    const idle = await context.newPage()
    await idle.goto(new URL('relay.json', app.url).href)
    const page = await tabOf(context, app.url)
    const flood = await startFlood(context, app.url)
    await page.bringToFront()
    await page.getByTestId('nav-network').click()
    await page.getByTestId('graph').waitFor()
    const of = new Map([page, idle].map((one) => [one, [] as Watched[]]))
    for (let round = 0; round < ROUNDS; round++)
      for (const [one, runs] of of) runs.push(await watched(one, await context.newCDPSession(one)))
    const made = await flood.evaluate(() => globalThis.floodBlocks())
    return { rows: [{ 'blocks made': made }], figures: figuresOf(of.get(page) ?? [], of.get(idle) ?? []) }
  } finally {
    await context.close()
    await app.stop()
  }
}

function figuresOf(graph: readonly Watched[], idle: readonly Watched[]): readonly Figure[] {
  const all = (runs: readonly Watched[], what: keyof Watched) => runs.map((run) => run[what])
  const ms = { unit: 'ms', better: 'less' } as const
  const rates = all(graph, 'framesPerSecond')
  return [
    { name: 'frames of the graph', unit: 'frames/s', better: 'more', rounds: rates },
    {
      name: 'frames, to a page that does nothing',
      unit: 'times',
      better: 'more',
      goal: FRAMES_PART_MIN,
      rounds: ratios(rates, all(idle, 'framesPerSecond')),
    },
    {
      name: 'page’s thread a frame, processor time',
      ...ms,
      goal: FRAME_MS_MAX,
      rounds: all(graph, 'threadMs'),
    },
    { name: 'half of all frames', ...ms, rounds: all(graph, 'frameMs50') },
    { name: '99th of a hundred frames', ...ms, rounds: all(graph, 'frameMs99') },
    { name: '99th of a hundred frames, page that does nothing', ...ms, rounds: all(idle, 'frameMs99') },
  ]
}

/** Opens the page that has the blocks. */
async function startFlood(context: BrowserContext, url: string): Promise<Page> {
  const flood = await context.newPage()
  const script = fileURLToPath(new URL('./graph-canvas-page.ts', import.meta.url))
  await flood.addInitScript({ content: await bundledScript(script) })
  await flood.goto(new URL('relay.json', url).href) // of the origin, and not the app
  await flood.evaluate((perSecond) => globalThis.serveFlood(perSecond), BLOCKS_PER_SECOND)
  return flood
}

async function watched(page: Page, session: CDPSession): Promise<Watched> {
  await page.bringToFront()
  await session.send('Performance.enable')
  const before = await threadSeconds(session)
  const gaps = await page.evaluate(frameGaps, ROUND_MS)
  const spentMs = 1000 * ((await threadSeconds(session)) - before)
  await session.detach()
  const sorted = gaps.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(part * sorted.length)] ?? Number.NaN
  return {
    framesPerSecond: (1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0),
    frameMs50: at(0.5),
    frameMs99: at(0.99),
    threadMs: spentMs / gaps.length,
  }
}

/** Processor time of the page's thread so far. */
async function threadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN
}

/** Runs in the page: the milliseconds between frames, for so long. */
function frameGaps(lengthMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = []
    const note = (atMs: number) => {
      times.push(atMs)
      if (atMs - (times[0] ?? atMs) < lengthMs) requestAnimationFrame(note)
      else resolve(times.slice(1).map((time, i) => time - (times[i] ?? time)))
    }
    requestAnimationFrame(note)
  })
}
