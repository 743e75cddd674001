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

/** Devices that join, one after the other. */
const ROUNDS = 3

/** How long a task may keep the page: what it costs, and, on a machine that nobody shares, what it lasts. */
const TASK_MS_MAX = 50

const RATE_MIN = 5000

/** What one device saw, from its direct connection on. */
interface Received {
  readonly rate: number
  /** Processor time of the page's dearest task. */
  readonly taskCpuMs: number
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
    const held = await page.evaluate(() =>
      weftTest.snapshot(({ network }) => network.relay.type === 'connected'),
    )
    const runs: Received[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const taker = await newDevice(browser)
      runs.push(await receive(browser, taker, idle, app.url, { invitation, blocks: held.storage.blocks }))
      await page.evaluate(() => weftTest.snapshot(({ network }) => network.peers.length === 0))
      await taker.close()
    }
    const of = (what: keyof Received) => runs.map((run) => run[what])
    const ms = { unit: 'ms', better: 'less' } as const
    return {
      figures: [
        { name: 'rate reached', unit: 'blocks/s', better: 'more', goal: RATE_MIN, rounds: of('rate') },
        {
          name: 'dearest task of the page, processor time',
          ...ms,
          goal: TASK_MS_MAX,
          rounds: of('taskCpuMs'),
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

/** A new device joins, takes all blocks that are there, and leaves. */
async function receive(
  browser: Browser,
  context: BrowserContext,
  idle: Page,
  url: string,
  given: { readonly invitation: string; readonly blocks: number },
): Promise<Received> {
  await watch(context)
  const page = await tabOf(context, url)
  await takeWatched(idle)
  const [{ storage, endedAtMs }, taskCpuMs] = await withDearestTask(browser, page, async () => {
    await page.evaluate((text) => weftTest.api.join({ invitation: text }), given.invitation)
    const { storage } = await page.evaluate(
      (all) => weftTest.snapshot(({ storage }) => storage.waitingBlocks === 0 && storage.blocks >= all),
      given.blocks,
    )
    const endedAtMs = await page.evaluate(() => performance.timeOrigin + performance.now())
    return { storage, endedAtMs }
  })
  const { connectedAtMs = Number.NaN, longestTaskMs, longestGapMs } = await takeWatched(page)
  const { longestGapMs: idleGapMs } = await takeWatched(idle)
  await page.close({ runBeforeUnload: true }) // so it says goodbye
  const rate = (1000 * storage.blocks) / (endedAtMs - connectedAtMs)
  return { rate, taskCpuMs, longestTaskMs, longestGapMs, idleGapMs }
}
