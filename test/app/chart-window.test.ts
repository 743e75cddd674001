import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coverOf, panned, serves, SPAN_MS_MIN, zoomed, type Span } from '../../src/app/chart-window.ts'
import { ChartMotion } from '../../src/app/chart-motion.ts'
import { HISTORY_BUCKETS_MAX } from '../../src/node/api.ts'

const SEED = 61
const NOW_MS = Date.UTC(2026, 4, 3)
const DAY_MS = 86_400_000

const LIMITS = fc
  .integer({ min: 60_000, max: 400 * DAY_MS })
  .map((ageMs): Span => ({ fromMs: NOW_MS - ageMs, toMs: NOW_MS }))

/** Limits, and a span within them that is not too short. */
const PLACES = LIMITS.chain((limits) => {
  const whole = limits.toMs - limits.fromMs
  const width = fc.integer({ min: SPAN_MS_MIN, max: whole })
  return fc.tuple(width, fc.double({ min: 0, max: 1, noNaN: true })).map(([ms, at]) => {
    const fromMs = limits.fromMs + at * (whole - ms)
    return { limits, span: { fromMs, toMs: fromMs + ms } }
  })
})

const widthOf = ({ fromMs, toMs }: Span) => toMs - fromMs

describe('what a chart shows', () => {
  it('keeps its length when it is moved, and stays where there is something', () => {
    fc.assert(
      fc.property(PLACES, fc.integer({ min: -500 * DAY_MS, max: 500 * DAY_MS }), ({ limits, span }, byMs) => {
        const moved = panned(span, byMs, limits)
        expect(widthOf(moved)).toBeCloseTo(widthOf(span), 1)
        expect(moved.fromMs).toBeGreaterThanOrEqual(limits.fromMs - 1)
        expect(moved.toMs).toBeLessThanOrEqual(limits.toMs + 1)
      }),
      { seed: SEED },
    )
  })

  it('keeps what is under the finger there while it zooms, unless an end is in the way', () => {
    const limits = { fromMs: NOW_MS - 30 * DAY_MS, toMs: NOW_MS }
    const span = { fromMs: NOW_MS - 20 * DAY_MS, toMs: NOW_MS - 10 * DAY_MS }
    const atMs = NOW_MS - 12 * DAY_MS
    const closer = zoomed(span, 0.5, atMs, limits)
    expect(widthOf(closer)).toBeCloseTo(5 * DAY_MS)
    expect((atMs - closer.fromMs) / widthOf(closer)).toBeCloseTo(0.8)
    expect(zoomed(span, 100, atMs, limits)).toEqual(limits)
  })

  it('is never shorter than ten seconds however one zooms', () => {
    fc.assert(
      fc.property(PLACES, fc.double({ min: 1e-9, max: 1e9, noNaN: true }), ({ limits, span }, factor) => {
        const width = widthOf(zoomed(span, factor, span.fromMs, limits))
        expect(width).toBeGreaterThanOrEqual(SPAN_MS_MIN - 1)
        expect(width).toBeLessThanOrEqual(widthOf(limits) + 1)
      }),
      { seed: SEED },
    )
  })
})

describe('what is read for a chart', () => {
  it('is enough for it, and within what a peer answers at once', () => {
    fc.assert(
      fc.property(PLACES, ({ limits, span }) => {
        const cover = coverOf(span, limits)
        expect(cover.buckets).toBeLessThanOrEqual(HISTORY_BUCKETS_MAX)
        expect(cover.fromMs).toBeLessThanOrEqual(span.fromMs)
        expect(cover.toMs).toBeGreaterThanOrEqual(span.toMs - 1)
        expect(serves(cover, span, limits)).toBe(true)
      }),
      { seed: SEED, numRuns: 500 },
    )
  })

  it('lets it move by a third of a screen without another reading, and no farther than a screen', () => {
    const limits = { fromMs: NOW_MS - 30 * DAY_MS, toMs: NOW_MS }
    const span = { fromMs: NOW_MS - 11 * DAY_MS, toMs: NOW_MS - 10 * DAY_MS }
    const cover = coverOf(span, limits)
    for (const part of [-0.3, 0.3])
      expect(serves(cover, panned(span, part * DAY_MS, limits), limits)).toBe(true)
    for (const part of [-1.1, 1.1])
      expect(serves(cover, panned(span, part * DAY_MS, limits), limits)).toBe(false)
  })

  it('is read anew where it would be too coarse, or too much', () => {
    const limits = { fromMs: NOW_MS - 300 * DAY_MS, toMs: NOW_MS }
    const span = { fromMs: NOW_MS - 11 * DAY_MS, toMs: NOW_MS - 10 * DAY_MS }
    const cover = coverOf(span, limits)
    expect(serves(cover, zoomed(span, 0.5, span.fromMs, limits), limits)).toBe(false)
    expect(serves(cover, zoomed(span, 3, span.fromMs, limits), limits)).toBe(false)
  })
})

describe('a chart that is moved by hand', () => {
  const limits = { fromMs: NOW_MS - 30 * DAY_MS, toMs: NOW_MS }

  it('is drawn once a frame, where the last finger left it', () => {
    const frames: (() => void)[] = []
    const drawn: Span[] = []
    const motion = new ChartMotion(
      { fromMs: NOW_MS - 4 * DAY_MS, toMs: NOW_MS },
      { limits: () => limits, nextFrame: (run) => frames.push(run), draw: (span) => drawn.push(span) },
    )
    for (let i = 0; i < 8; i++) motion.pan(-0.25)
    expect(frames).toHaveLength(1)
    frames.pop()?.()
    expect(drawn).toEqual([{ fromMs: NOW_MS - 12 * DAY_MS, toMs: NOW_MS - 8 * DAY_MS }])
    motion.goTo('start')
    frames.pop()?.()
    expect(drawn[1]).toEqual({ fromMs: limits.fromMs, toMs: limits.fromMs + 4 * DAY_MS })
  })
})
