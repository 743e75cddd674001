/**
 * How long a second tab takes to answer once it may lead: a device that is its network's only validator logs blocks in
 * one tab, the tab is closed, and the other takes over. Production build, Chromium, IndexedDB.
 */
import type { Browser, Page } from '@playwright/test'
import { startAppServer } from '../browser/harness/server.ts'
import type { StreamKey } from '../../src/node/api.ts'
import { builtApp } from './built-app.ts'
import { joinOwnNetwork, newDevice, tabOf } from './device.ts'
import { median } from './median.ts'

/** Times the lead is handed on, back and forth between two tabs. */
const ROUNDS = 5

/** What one run measured, in milliseconds from the lock on; medians. */
export interface TakeoverBench {
  readonly blocks: number
  /** A tab knows who leads and has the state as it was known last. */
  readonly answerMs: number
  /** Notes and keys are open. */
  readonly keysMs: number
  /** The network's blocks and ledger are in memory, and the device is on the network. */
  readonly openMs: number
  /** A tab has the result of a call it made as soon as it knew who leads. */
  readonly callMs: number
}

declare global {
  /** When this tab heard the first of each from a new leader, in milliseconds since 1970. */
  var heard: { snapshot?: number; result?: number }
}

/** Logs `count` blocks and measures how the lead is taken over. */
export async function benchTakeover(browser: Browser, count: number): Promise<TakeoverBench> {
  const app = await startAppServer({ folder: await builtApp() })
  const context = await newDevice(browser)
  try {
    let leading = await tabOf(context, app.url)
    await joinOwnNetwork(leading)
    await logBlocks(leading, count)
    const rounds: Omit<TakeoverBench, 'blocks'>[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const next = await tabOf(context, app.url)
      rounds.push(await takeOver(leading, next))
      leading = next
    }
    const { storage } = await leading.evaluate(() => weftTest.snapshot(() => true))
    const of = (figure: keyof (typeof rounds)[number]) => Math.round(median(rounds.map((one) => one[figure])))
    return {
      blocks: storage.blocks,
      answerMs: of('answerMs'),
      keysMs: of('keysMs'),
      openMs: of('openMs'),
      callMs: of('callMs'),
    }
  } finally {
    await context.close()
    await app.stop()
  }
}

async function logBlocks(page: Page, count: number): Promise<void> {
  await page.evaluate(async (blocks) => {
    const thing: StreamKey = await weftTest.api.addThing({ name: 'Barn', kind: 'simulated' })
    for (let made = 0; made < blocks; made++) {
      const reading = {
        quantity: 'temperature',
        unit: 'Cel',
        value: 20 + (made % 7),
        atMs: Date.now(),
      } as const
      await weftTest.api.logReadings({ thing, readings: [reading] })
      await weftTest.api.flush({ thing })
    }
  }, count)
}

/** Closes `leading` and resolves with when `next` took over, by the marks of its worker and what its page heard. */
async function takeOver(leading: Page, next: Page): Promise<Omit<TakeoverBench, 'blocks'>> {
  const worker = next.workers().find((one) => one.url().includes('peer'))
  if (worker === undefined) throw new Error('The tab has no peer worker.')
  await waits(next)
  await next.evaluate(() => {
    const heard: typeof globalThis.heard = {}
    globalThis.heard = heard
    const now = () => performance.timeOrigin + performance.now()
    const channel = new BroadcastChannel('weft-api')
    let isNew = false
    channel.addEventListener(
      'message',
      ({ data }: MessageEvent<{ type: string; leader?: string; client?: string }>) => {
        if (data.type === 'leader') {
          isNew = true
          const { leader } = data
          channel.postMessage({
            to: 'peer',
            type: 'call',
            leader,
            client: 'bench',
            call: 1,
            method: 'invite',
          })
        }
        if (isNew && data.type === 'snapshot') heard.snapshot ??= now()
        if (data.client === 'bench') heard.result ??= now()
      },
    )
  })
  await leading.close()
  await next.waitForFunction(() => {
    const { snapshot, result } = globalThis.heard
    return snapshot !== undefined && result !== undefined
  })
  const heard = await next.evaluate(() => globalThis.heard)
  const marks = await worker.evaluate(() =>
    Object.fromEntries(
      performance
        .getEntriesByType('mark')
        .map(({ name, startTime }) => [name, performance.timeOrigin + startTime]),
    ),
  )
  const since = (atMs = Number.NaN) => atMs - (marks['weft-leads'] ?? Number.NaN)
  return {
    answerMs: since(heard.snapshot),
    keysMs: since(marks['weft-keys']),
    openMs: since(marks['weft-opened']),
    callMs: since(heard.result),
  }
}

/** Resolves once the tab's worker is in line for the lead and knows what the leader knows: a page may be shown sooner. */
async function waits(page: Page): Promise<void> {
  await page.waitForFunction(async () => {
    const { pending = [] } = await navigator.locks.query()
    return pending.some(({ name }) => name === 'weft-peer')
  })
  // the leader has answered the worker's greeting before this
  await page.evaluate(() => weftTest.api.invite({}))
}
