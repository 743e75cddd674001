/**
 * How soon there is a chart of a month: a thing that is read each second, in blocks of as many readings as a minute has,
 * and of as few as a few seconds have, over IndexedDB in Chromium. Each chart is a page's first, its device just opened.
 */
import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test'
import { serveModule } from '../browser/harness/bundle.ts'
import type { Charted } from './charts-page.ts'
import { ratios, type Figure } from './figure.ts'
import type { Found } from './runner.ts'

const ROUNDS = 7

/** What a batch takes at the most, and what five seconds of such a thing are. */
const READINGS_PER_BLOCK = [64, 5]

const HOUR_MS = 3_600_000
const MONTH_MS = 30 * 24 * HOUR_MS

const CHART_MS_MAX = 300

/** What a page held when it had read its chart. */
interface Turn extends Charted {
  readonly bytes: number
}

/** Where a month lies, and when it ends. */
interface Month {
  readonly context: BrowserContext
  readonly endMs: number
}

/** Charts of a month and of its last hour over both histories, in turn. */
export async function benchCharts(browser: Browser, readingsPerBlock = READINGS_PER_BLOCK): Promise<Found> {
  const served = await serveModule('test/bench/charts-page.ts')
  const months: Month[] = []
  try {
    const rows: object[] = []
    const figures: Figure[] = []
    for (const size of readingsPerBlock) {
      const context = await browser.newContext()
      const endMs = await inPage(context, served.url, (page) =>
        page.evaluate((count) => globalThis.fillMonth(count), size),
      )
      months.push({ context, endMs })
      const indexed = await inPage(context, served.url, (page) =>
        page.evaluate(() => globalThis.indexMonth()),
      )
      const { readings, blocks, blockBytes, pages, pageBytes, indexMs } = indexed
      rows.push({ 'readings a block': size, readings, blocks, blockBytes, pages, pageBytes })
      const each = (1000 * indexMs) / readings
      figures.push({
        name: `indexing a reading, ${size} a block`,
        unit: 'µs',
        better: 'less',
        rounds: [each],
      })
    }
    const turns = await takeTurns(months, served.url)
    return { rows, figures: [...figures, ...figuresOf(turns, readingsPerBlock)] }
  } finally {
    for (const { context } of months) await context.close()
    await served.close()
  }
}

/** By the length of the chart, and then by month. */
async function takeTurns(
  months: readonly Month[],
  url: string,
): Promise<ReadonlyMap<number, readonly Turn[][]>> {
  const turns = new Map([MONTH_MS, HOUR_MS].map((lengthMs) => [lengthMs, months.map((): Turn[] => [])]))
  for (let round = 0; round < ROUNDS; round++)
    for (const [lengthMs, of] of turns)
      for (const [i, { context, endMs }] of months.entries())
        of[i]?.push(await inPage(context, url, (page, session) => chartOf(page, session, [lengthMs, endMs])))
  return turns
}

async function chartOf(
  page: Page,
  session: CDPSession,
  span: readonly [lengthMs: number, toMs: number],
): Promise<Turn> {
  const charted = await page.evaluate(([lengthMs, toMs]) => globalThis.readChart(lengthMs, toMs), span)
  const [lengthMs] = span
  if (charted.readings < (0.99 * lengthMs) / 1000) throw new Error(`a chart of ${charted.readings} readings`)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  return { ...charted, bytes: usedSize + backingStorageSize }
}

function figuresOf(
  turns: ReadonlyMap<number, readonly (readonly Turn[])[]>,
  readingsPerBlock: readonly number[],
): readonly Figure[] {
  const of = (lengthMs: number, i: number, what: keyof Turn) =>
    (turns.get(lengthMs)?.[i] ?? []).map((turn) => turn[what])
  const less = { better: 'less' } as const
  const ms = readingsPerBlock.flatMap((size, i): Figure[] => [
    {
      name: `chart of the month, ${size} a block`,
      unit: 'ms',
      ...less,
      goal: CHART_MS_MAX,
      rounds: of(MONTH_MS, i, 'chartMs'),
    },
    {
      name: `chart of its last hour, ${size} a block`,
      unit: 'ms',
      ...less,
      rounds: of(HOUR_MS, i, 'chartMs'),
    },
    { name: `opening the device, ${size} a block`, unit: 'ms', ...less, rounds: of(MONTH_MS, i, 'openMs') },
    {
      name: `memory with the chart, ${size} a block`,
      unit: 'MB',
      ...less,
      rounds: of(MONTH_MS, i, 'bytes').map((bytes) => bytes / 1e6),
    },
  ])
  const last = readingsPerBlock.length - 1
  const rounds = ratios(of(MONTH_MS, last, 'chartMs'), of(MONTH_MS, 0, 'chartMs'))
  return [...ms, { name: 'chart of the month, short blocks to long', unit: 'times', ...less, rounds }]
}

async function inPage<T>(
  context: BrowserContext,
  url: string,
  run: (page: Page, session: CDPSession) => Promise<T>,
): Promise<T> {
  const page = await context.newPage()
  try {
    await page.goto(url, { waitUntil: 'load' }) // the module has run by then
    return await run(page, await context.newCDPSession(page))
  } finally {
    await page.close()
  }
}
