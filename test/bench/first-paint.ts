/**
 * How soon a new visitor sees something, on a device four times as slow as this one: nothing cached, nothing stored.
 * Production build and headers, Chromium, and a page of one sentence beside it for comparison.
 */
import type { Browser, BrowserContext } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAppServer } from '../browser/harness/server.ts'
import { serveFolder } from '../browser/harness/static.ts'
import { builtApp, watchFirstScreen } from './built-app.ts'
import { ratios } from './figure.ts'
import type { Found } from './runner.ts'

const ROUNDS = 7

/** What a phone of the middle class is behind a desktop. */
const SLOWDOWN = 4

const PAINT_MS_MAX = 1000

/** Cold loads in turn, each in a context of its own. */
export async function benchFirstPaint(browser: Browser): Promise<Found> {
  const app = await startAppServer({ folder: await builtApp() })
  const folder = await mkdtemp(join(tmpdir(), 'weft-sentence-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Sentence</title><p>A sentence.</p>')
  const sentence = await serveFolder(folder)
  try {
    const paints: number[] = []
    const screens: number[] = []
    const others: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      others.push(await inNewContext(browser, (context) => paintOf(context, sentence.url)))
      await inNewContext(browser, async (context) => {
        await watchFirstScreen(context)
        paints.push(await paintOf(context, app.url))
        screens.push(await firstScreenOf(context))
      })
    }
    const paint = { name: 'first paint', unit: 'ms', better: 'less', goal: PAINT_MS_MAX } as const
    const times = { name: 'first paint, to a page of one sentence', unit: 'times', better: 'less' } as const
    return {
      figures: [
        { ...paint, rounds: paints },
        { name: 'first screen works', unit: 'ms', better: 'less', rounds: screens },
        { name: 'first paint of one sentence', unit: 'ms', better: 'less', rounds: others },
        { ...times, rounds: ratios(paints, others) },
      ],
    }
  } finally {
    await app.stop()
    await sentence.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function inNewContext<T>(browser: Browser, work: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

/** Milliseconds from the start of the navigation to the first text or picture. */
async function paintOf(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  await page.goto(url)
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  )
  return Number(await paint.jsonValue())
}

async function firstScreenOf(context: BrowserContext): Promise<number> {
  const [page] = context.pages()
  if (page === undefined) throw new Error('a context without a page')
  return Number(await (await page.waitForFunction(() => globalThis.firstScreenMs)).jsonValue())
}
