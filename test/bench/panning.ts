/**
 * Whether a chart follows a finger: the app over a month of a thing that is read each second, its chart of seven days
 * dragged through the whole month and back. Production build, Chromium, IndexedDB. A page that does nothing is dragged
 * over as well: what frames it gets, the machine allows.
 */
import type { Browser, CDPSession, Page } from '@playwright/test'
import { startAppServer } from '../browser/harness/server.ts'
import { builtApp } from './built-app.ts'
import { newDevice, tabOf } from './device.ts'
import { ratios, type Figure } from './figure.ts'
import { fillDevice } from './history.ts'
import type { Found } from './runner.ts'

const ROUNDS = 5

/** What a batch takes at the most. */
const READINGS_PER_BLOCK = 64
const MONTH_BLOCKS = Math.ceil((30 * 86_400) / READINGS_PER_BLOCK)

/** Seven days of thirty lie within five drags of nearly a screen's width. */
const DRAGS = 5

/** Moves of the finger in a drag: some 300 pixels, a few at a time. */
const MOVES = 100

/** Of the frames that a page gets which does nothing: 60 a second where the screen has them. */
const FRAMES_PART_MIN = 0.98

/** What a frame may take of the page's thread at 60 a second. */
const FRAME_MS_MAX = 1000 / 60

/** What a page felt while it was dragged. */
interface Panned {
  readonly framesPerSecond: number
  readonly frameMs99: number
  /** Of the page's own thread, of its tasks: what a frame costs, whoever else wants the machine. */
  readonly taskMs: number
}

declare global {
  /** When each frame came since the last look, in milliseconds. */
  var frameTimes: number[] | undefined
}

/** Drags a chart, and an empty page, in turn. */
export async function benchPanning(browser: Browser): Promise<Found> {
  const app = await startAppServer({ folder: await builtApp() })
  const context = await newDevice(browser)
  try {
    await fillDevice(context, app.url, MONTH_BLOCKS, READINGS_PER_BLOCK)
    const idle = await context.newPage()
    await idle.goto(new URL('relay.json', app.url).href)
    const page = await tabOf(context, app.url)
    await openChart(page)
    const of = new Map([page, idle].map((one) => [one, [] as Panned[]]))
    for (let round = 0; round < ROUNDS; round++)
      for (const [one, runs] of of) runs.push(await panned(one, await context.newCDPSession(one)))
    return { figures: figuresOf(of.get(page) ?? [], of.get(idle) ?? []) }
  } finally {
    await context.close()
    await app.stop()
  }
}

function figuresOf(chart: readonly Panned[], idle: readonly Panned[]): readonly Figure[] {
  const all = (runs: readonly Panned[], what: keyof Panned) => runs.map((run) => run[what])
  const rates = all(chart, 'framesPerSecond')
  const ms = { unit: 'ms', better: 'less' } as const
  return [
    {
      name: 'frames while a month is panned',
      unit: 'frames/s',
      better: 'more',
      rounds: rates,
    },
    {
      name: 'frames, to a page that does nothing',
      unit: 'times',
      better: 'more',
      goal: FRAMES_PART_MIN,
      rounds: ratios(rates, all(idle, 'framesPerSecond')),
    },
    { name: 'page’s tasks a frame', ...ms, goal: FRAME_MS_MAX, rounds: all(chart, 'taskMs') },
    { name: '99th of a hundred frames', ...ms, rounds: all(chart, 'frameMs99') },
    { name: '99th of a hundred frames, page that does nothing', ...ms, rounds: all(idle, 'frameMs99') },
  ]
}

/** The chart of seven days, once the whole month is indexed and it shows the newest. */
async function openChart(page: Page): Promise<void> {
  await page.evaluate(
    (month) => weftTest.snapshot(({ things }) => things[0]?.blocks.total === month),
    MONTH_BLOCKS,
  )
  await page.getByTestId('thing-card').getByRole('link').first().click()
  await page.getByText('7 d', { exact: true }).click()
  await page.getByTestId('thing-chart').locator('canvas').waitFor()
}

/** Drags to the oldest and back to the newest. */
async function panned(page: Page, session: CDPSession): Promise<Panned> {
  await page.bringToFront()
  const chart = page.getByTestId('thing-chart').locator('canvas')
  const box = (await chart.count()) > 0 ? await chart.boundingBox() : undefined
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: 340, height: 240 }
  const [left, right, level] = [x + 20, x + width - 20, y + height / 2]
  await page.evaluate(countFrames)
  await session.send('Performance.enable')
  const before = await taskSeconds(session)
  for (let i = 0; i < 2 * DRAGS; i++) {
    const [from, to] = i < DRAGS ? [left, right] : [right, left]
    await page.mouse.move(from, level)
    await page.mouse.down()
    await page.mouse.move(to, level, { steps: MOVES })
    await page.mouse.up()
  }
  const spentMs = 1000 * ((await taskSeconds(session)) - before)
  const times = await page.evaluate(() => globalThis.frameTimes?.splice(0) ?? [])
  await session.detach()
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time))
  const lengthMs = gaps.reduce((sum, gap) => sum + gap, 0)
  const sorted = gaps.toSorted((a, b) => a - b)
  return {
    framesPerSecond: (1000 * gaps.length) / lengthMs,
    frameMs99: sorted[Math.floor(0.99 * sorted.length)] ?? Number.NaN,
    taskMs: spentMs / gaps.length,
  }
}

/** What the page's thread has done so far. */
async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}

/** Runs in the page: notes when each frame comes, from now on. */
function countFrames(): void {
  const isCounting = globalThis.frameTimes !== undefined
  globalThis.frameTimes = []
  if (isCounting) return
  const note = (atMs: number) => {
    globalThis.frameTimes?.push(atMs)
    requestAnimationFrame(note)
  }
  requestAnimationFrame(note)
}
