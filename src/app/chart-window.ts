/** The stretch of time a chart shows, how it moves, and what is read for it. Pure. */

/** A stretch of time in Unix milliseconds, the end not included. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What is read at a time, and how finely: never more than `HISTORY_BUCKETS_MAX` buckets. */
export interface Cover extends Span {
  readonly buckets: number
}

/** The least that is shown: ten readings of a sensor of 1 Hz. */
export const SPAN_MS_MIN = 10_000

/** Buckets across one chart: a phone has about as many pixels, and a hairline is no finer on a laptop. */
export const BUCKETS_ACROSS = 360

/** A chart moves inside what was read once, so there is a screen's width of it on either side. */
const SCREENS = 3

/** Of a screen's width so much is to be left on either side before more is read: a fast finger does not outrun it. */
const MARGIN = 0.5

/** Buckets up to so many times as wide as they should be still look right, and half as wide do no harm. */
const COARSE_MAX = 1.6
const FINE_MAX = 2.5

/** Buckets that may lack at the end of what was read up to now: time went on meanwhile. */
const LATE_BUCKETS = 8

/** `span` moved by `byMs`, as far as `limits` let it. */
export function panned({ fromMs, toMs }: Span, byMs: number, limits: Span): Span {
  const width = Math.min(toMs - fromMs, limits.toMs - limits.fromMs)
  const start = Math.min(Math.max(fromMs + byMs, limits.fromMs), limits.toMs - width)
  return { fromMs: start, toMs: start + width }
}

/**
 * `span` made longer by `factor` (below 1: shorter), with `atMs` staying where it is on the screen as far as `limits` let
 * it. Never shorter than `leastMs`.
 */
export function zoomed(
  { fromMs, toMs }: Span,
  factor: number,
  atMs: number,
  limits: Span,
  leastMs = SPAN_MS_MIN,
): Span {
  const before = toMs - fromMs
  const width = Math.min(Math.max(before * factor, leastMs), limits.toMs - limits.fromMs)
  const start = atMs - ((atMs - fromMs) / before) * width
  return panned({ fromMs: start, toMs: start + width }, 0, limits)
}

/** What to read for a chart of `span`: a screen's width to either side where there is one, on a grid that stays. */
export function coverOf(span: Span, limits: Span): Cover {
  const width = span.toMs - span.fromMs
  const bucketMs = width / BUCKETS_ACROSS
  const wide = { fromMs: span.fromMs - width, toMs: span.fromMs - width + SCREENS * width }
  const { fromMs, toMs } = panned(wide, 0, limits)
  const startMs = Math.floor(Math.min(fromMs, span.fromMs) / bucketMs) * bucketMs
  const buckets = Math.ceil((Math.max(toMs, span.toMs) - startMs) / bucketMs)
  return { fromMs: startMs, toMs: startMs + buckets * bucketMs, buckets }
}

/** Whether a chart of `span` can be drawn from what was read, with room to move. */
export function serves(read: Cover, span: Span, limits: Span): boolean {
  const width = span.toMs - span.fromMs
  const bucketMs = (read.toMs - read.fromMs) / read.buckets
  const wanted = width / BUCKETS_ACROSS
  if (bucketMs > wanted * COARSE_MAX || bucketMs < wanted / FINE_MAX) return false
  const fromMs = Math.max(span.fromMs - MARGIN * width, Math.min(limits.fromMs, span.fromMs))
  const toMs = Math.min(span.toMs + MARGIN * width, Math.max(limits.toMs, span.toMs))
  return read.fromMs <= fromMs && read.toMs >= toMs - LATE_BUCKETS * wanted
}
