import { describe, expect, it } from 'vitest'
import { dearestTaskMs, TASKS_MARK } from './page-tasks.ts'

const PAGE = { pid: 7, tid: 1 }

/** A trace of tasks `[thread, when in µs, its processor time in µs]` and of a page's mark at 1000 µs. */
function traceOf(...tasks: readonly (readonly [{ pid: number; tid: number }, number, number])[]): string {
  const traceEvents = [
    { name: 'thread_name', pid: 7, tid: 1, args: { name: 'CrRendererMain' } },
    { name: TASKS_MARK, ...PAGE, ts: 1000, ph: 'I' },
    ...tasks.map(([thread, ts, tdur]) => ({ name: 'RunTask', ...thread, ts, tdur, dur: 90_000, ph: 'X' })),
  ]
  return JSON.stringify({ traceEvents })
}

describe('what the dearest task of a page cost', () => {
  it('is their processor time, however long they lasted', () => {
    expect(dearestTaskMs(traceOf([PAGE, 1500, 2000], [PAGE, 99_000, 7000]))).toBe(7)
  })

  it('leaves out what came before the mark, and other threads and pages', () => {
    const others = [
      [PAGE, 900, 50_000],
      [{ pid: 7, tid: 2 }, 2000, 50_000],
      [{ pid: 8, tid: 1 }, 2000, 50_000],
    ] as const
    expect(dearestTaskMs(traceOf(...others, [PAGE, 2000, 1000]))).toBe(1)
  })

  it('is nothing without a mark, and said so', () => {
    expect(() => dearestTaskMs(JSON.stringify({ traceEvents: [] }))).toThrow('mark')
  })
})
