/**
 * What the tasks of a page's own thread cost, by the processor time Chromium's trace gives for each. On a machine that
 * others share a task lasts as long as they let it; what it costs says whether it can last under 50 ms where they do not.
 */
import type { Browser, Page } from '@playwright/test'
import * as v from 'valibot'

/** The name of the mark a page sets when its tasks begin to count. */
export const TASKS_MARK = 'weft-bench-tasks'

/** One event of a trace, as far as it is read here. Times in microseconds. */
const Event = v.object({
  name: v.string(),
  pid: v.number(),
  tid: v.number(),
  ts: v.optional(v.number(), 0),
  /** Of the thread's processor time. */
  tdur: v.optional(v.number(), 0),
})

const Trace = v.object({ traceEvents: v.array(Event) })

/**
 * Traces while `work` goes on; returns what it resolves with, and the milliseconds of processor the dearest task took.
 *
 * @param page sets `TASKS_MARK` meanwhile; its tasks after the last one count
 */
export async function withDearestTask<T>(
  browser: Browser,
  page: Page,
  work: () => Promise<T>,
): Promise<readonly [T, number]> {
  const categories = ['disabled-by-default-devtools.timeline', 'blink.user_timing']
  await browser.startTracing(page, { categories })
  const done = await work()
  const trace = (await browser.stopTracing()).toString()
  return [done, dearestTaskMs(trace)]
}

/** What the dearest task cost of those that the thread of the last mark ran after it. Throws where there is no mark. */
export function dearestTaskMs(trace: string): number {
  const { traceEvents } = v.parse(Trace, JSON.parse(trace))
  const mark = traceEvents.findLast(({ name }) => name === TASKS_MARK)
  if (mark === undefined) throw new Error('The page has set no mark.')
  return traceEvents
    .filter(
      ({ name, pid, tid, ts }) => name === 'RunTask' && pid === mark.pid && tid === mark.tid && ts > mark.ts,
    )
    .reduce((dearest, { tdur }) => Math.max(dearest, tdur / 1000), 0)
}
