/**
 * What a page feels while its peer receives as fast as it can: a new device joins a network of many blocks in commits,
 * and another browser context has them. Production build, Chromium, WebRTC between two pages whose two workers share the
 * machine with them. A page that does nothing is open beside it: what it waits, the machine is to blame for.
 */
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { recordRtc } from '../browser/harness/rtc.ts'
import { startAppServer, startRelay } from '../browser/harness/server.ts'
import { takeWatched, watchPage } from './away-page.ts'
import { builtApp } from './built-app.ts'
import { newDevice, tabOf } from './device.ts'
import { ratios } from './figure.ts'
import { fillDevice } from './history.ts'
import { withDearestTask } from './page-tasks.ts'
import type { Found } from './runner.ts'

/** Devices that join, one after the other, and are timed. */
const ROUNDS = 3

/** As many again are traced, by what they take of the processor; a trace takes its share of it, so these are not timed. */
const TRACED_ROUNDS = 3

/** How long a task may keep the page: what it costs, and, on a machine that nobody shares, what it lasts. */
const TASK_MS_MAX = 50

const RATE_MIN = 5000

/** What one device saw, from its direct connection on. */
interface Received {
  readonly rate: number
  readonly longestTaskMs: number
  readonly longestGapMs: number
  /** The same of a page that does nothing. */
  readonly idleGapMs: number
}

/** Has devices receive `count` blocks and the commits they are in. */
export async function benchReceiving(browser: Browser, count: number): Promise<Found> {
  const relay = await startRelay()
  const app = await startAppServer({ folder: await builtApp(), relays: [relay.multiaddr] })
  const giver = await newDevice(browser)
  const idler = await browser.newContext()
  try {
    const idle = await idlePage(idler, app.url)
    const invitation = await fillDevice(giver, app.url, count)
    const page = await tabOf(giver, app.url)
    const blocks = await settled(page)
    const join = async <T>(take: (taker: Page) => Promise<T>) => {
      const context = await newDevice(browser)
      await watch(context)
      const taken = await take(await tabOf(context, app.url))
      await page.evaluate(() => weftTest.snapshot(({ network }) => network.peers.length === 0))
      await context.close()
      return taken
    }
    const runs: Received[] = []
    for (let round = 0; round < ROUNDS; round++)
      runs.push(await join((taker) => timed(taker, idle, invitation, blocks)))
    const taskCpuMs: number[] = []
    for (let round = 0; round < TRACED_ROUNDS; round++)
      taskCpuMs.push(await join((taker) => traced(browser, taker, invitation, blocks)))
    const of = (what: keyof Received) => runs.map((run) => run[what])
    const ms = { unit: 'ms', better: 'less' } as const
    return {
      figures: [
        { name: 'rate reached', unit: 'blocks/s', better: 'more', goal: RATE_MIN, rounds: of('rate') },
        {
          name: 'dearest task of the page, processor time',
          ...ms,
          goal: TASK_MS_MAX,
          rounds: taskCpuMs,
        },
        { name: 'longest task of the page', ...ms, goal: TASK_MS_MAX, rounds: of('longestTaskMs') },
        { name: 'longest pause between its timers', ...ms, rounds: of('longestGapMs') },
        { name: 'longest pause of a page that does nothing', ...ms, rounds: of('idleGapMs') },
        {
          name: 'longest pause, to a page that does nothing',
          unit: 'times',
          better: 'less',
          rounds: ratios(of('longestGapMs'), of('idleGapMs')),
        },
      ],
    }
  } finally {
    await giver.close()
    await idler.close()
    await app.stop()
    await relay.stop()
  }
}

/** Watched like the other, and the app is not in it. */
async function idlePage(context: BrowserContext, url: string): Promise<Page> {
  await watch(context)
  const page = await context.newPage()
  await page.goto(new URL('relay.json', url).href)
  return page
}

async function watch(context: BrowserContext): Promise<void> {
  await context.addInitScript(recordRtc)
  await context.addInitScript(watchPage)
}

/** Waits until a device is connected and has nothing to do any more; returns how many blocks it has. */
async function settled(page: Page): Promise<number> {
  const { things } = await page.evaluate(() =>
    weftTest.snapshot(({ network }) => network.relay.type === 'connected'),
  )
  const [thing] = things
  if (thing === undefined) throw new Error('The device has no thing.')
  // its history is read once all of it is known
  await page.evaluate(
    ([key, toMs]) => weftTest.api.readHistory({ thing: key, fromMs: 0, toMs, buckets: 1 }),
    [thing.key, Date.now()] as const,
  )
  const { storage } = await page.evaluate(() => weftTest.snapshot(() => true))
  return storage.blocks
}

/** A new device joins and takes all blocks that are there; when it had them, in milliseconds since 1970. */
async function takeAll(page: Page, invitation: string, blocks: number): Promise<number> {
  await page.evaluate((text) => weftTest.api.join({ invitation: text }), invitation)
  await page.evaluate(
    (all) => weftTest.snapshot(({ storage }) => storage.waitingBlocks === 0 && storage.blocks >= all),
    blocks,
  )
  return page.evaluate(() => performance.timeOrigin + performance.now())
}

/** How fast it was, and what its page felt beside a page that does nothing. */
async function timed(page: Page, idle: Page, invitation: string, blocks: number): Promise<Received> {
  await takeWatched(idle)
  const endedAtMs = await takeAll(page, invitation, blocks)
  const { connectedAtMs = Number.NaN, longestTaskMs, longestGapMs } = await takeWatched(page)
  const { longestGapMs: idleGapMs } = await takeWatched(idle)
  await page.close({ runBeforeUnload: true }) // so it says goodbye
  return { rate: (1000 * blocks) / (endedAtMs - connectedAtMs), longestTaskMs, longestGapMs, idleGapMs }
}

/** Processor time of the page's dearest task, in milliseconds. */
async function traced(browser: Browser, page: Page, invitation: string, blocks: number): Promise<number> {
  const [, taskCpuMs] = await withDearestTask(browser, page, () => takeAll(page, invitation, blocks))
  await page.close({ runBeforeUnload: true })
  return taskCpuMs
}
