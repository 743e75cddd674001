/** Between a history and a drawing of it: ranges, columns, labels. Pure. */
import type { Series } from '../node/api.ts'
import type { Reading } from '../reading/reading.ts'
import type { Span } from './chart-window.ts'
import { locale } from './language.svelte.ts'
import { wordsText } from './texts/words/text.ts'
import { seriesName, shownValue } from './words.ts'

export type RangeName = '1h' | '24h' | '7d' | '30d' | 'all'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The ranges offered, with their length; `all` starts where the readings start. */
export const RANGES: readonly { readonly name: RangeName; readonly lengthMs: number }[] = [
  { name: '1h', lengthMs: HOUR_MS },
  { name: '24h', lengthMs: DAY_MS },
  { name: '7d', lengthMs: 7 * DAY_MS },
  { name: '30d', lengthMs: 30 * DAY_MS },
  { name: 'all', lengthMs: Infinity },
]

/** How long a range is, in milliseconds. */
export function rangeLengthMs(range: RangeName): number {
  return RANGES.find(({ name }) => name === range)?.lengthMs ?? Infinity
}

/** A drawn value; `null` breaks the line, as uPlot has it. */
type Cell = number | null

/** uPlot's aligned data: times, then min, max and mean. */
export type Columns = [number[], Cell[], Cell[], Cell[]]

/** The columns of `series` for uPlot, in the unit its quantity is shown in. */
export function columnsOf({ quantity, atMs, min, max, mean }: Series): Columns {
  const cells = (values: Float64Array) =>
    Array.from(values, (value) => (Number.isFinite(value) ? shownValue(quantity, value) : null))
  return [Array.from(atMs), cells(min), cells(max), cells(mean)]
}

/** Indexes in `columns` of readings that stand alone between gaps: no line shows them, so they need a dot. */
export function lonely(columns: Columns): number[] {
  const mean = columns[3]
  return mean.flatMap((value, i) =>
    typeof value === 'number' && typeof mean[i - 1] !== 'number' && typeof mean[i + 1] !== 'number'
      ? [i]
      : [],
  )
}

/** When the first reading's bucket starts, over all of `series`; undefined where there is none. */
export function firstMs(series: readonly Series[]): number | undefined {
  const starts = series.flatMap(({ atMs, mean }) => {
    const first = atMs[mean.findIndex((value) => Number.isFinite(value))]
    return first === undefined ? [] : [first]
  })
  return starts.length === 0 ? undefined : Math.min(...starts)
}

/** Labels for the time axis: the hour and minute, the day where a day begins or days are far apart. */
export function timeLabels(splits: readonly number[], stepMs: number, tag = locale()): string[] {
  const day = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
  const minute = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const second = new Intl.DateTimeFormat(tag, { timeStyle: 'medium', hourCycle: 'h23' })
  return splits.map((atMs) => {
    const date = new Date(atMs)
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0
    if (stepMs >= DAY_MS || isMidnight) return day.format(date)
    return stepMs < 60_000 ? second.format(date) : minute.format(date)
  })
}

/**
 * A moment for people, with the day where the range is longer than one: `14:05`, `3 May, 14:05`.
 *
 * @param withSeconds by default where the range is an hour or less
 */
export function momentWords(
  atMs: number,
  rangeMs: number,
  tag = locale(),
  withSeconds = rangeMs <= HOUR_MS,
): string {
  const format = new Intl.DateTimeFormat(tag, {
    ...(rangeMs > DAY_MS ? { day: 'numeric', month: 'short' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  })
  return format.format(new Date(atMs))
}

/** The line through a card's newest values as points of an SVG polyline, `width` by `height`. */
export function sparkPoints(values: readonly number[], width: number, height: number): string {
  const finite = values.filter((value) => Number.isFinite(value))
  if (finite.length < 2) return ''
  const low = Math.min(...finite)
  const span = Math.max(...finite) - low
  return finite
    .map((value, i) => {
      const x = (i / (finite.length - 1)) * width
      // a steady value is a line in the middle, not on the floor
      const y = span === 0 ? height / 2 : height - ((value - low) / span) * height
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}

/** A series without a reading, so that an empty stretch of time has a chart to move on from. */
export function emptySeries(quantity: string, unit: string): Series {
  const none = new Float64Array(0)
  return { quantity, unit, atMs: none, min: none, mean: none, max: none }
}

/** Something that can be shown of a thing. */
interface Shown {
  /** As `seriesName`. */
  readonly name: string
  readonly quantity: string
  readonly unit: string
  /** Shown as a list: a text has no curve. */
  readonly isText: boolean
}

/** What can be shown of a thing: all it has measured lately or in what was read, in that order. */
export function quantitiesOf(latest: readonly Reading[], series: readonly Series[]): readonly Shown[] {
  const found = new Map<string, Shown>()
  for (const { quantity, unit = '', value } of latest) {
    const name = seriesName({ quantity, unit })
    found.set(name, { name, quantity, unit, isText: typeof value === 'string' })
  }
  for (const { quantity, unit } of series) {
    const name = seriesName({ quantity, unit })
    found.set(name, { name, quantity, unit, isText: false })
  }
  return [...found.values()]
}

/** The least, mean and greatest value of the buckets that begin in a span, as kept; undefined where there is none. */
export function rangeOf(
  { atMs, min, mean, max }: Series,
  { fromMs, toMs }: Span,
): { readonly min: number; readonly mean: number; readonly max: number } | undefined {
  const inside = [...atMs.keys()].filter((i) => {
    const at = atMs[i] ?? NaN
    return at >= fromMs && at < toMs && Number.isFinite(mean[i])
  })
  if (inside.length === 0) return undefined
  const pick = (values: Float64Array) => inside.map((i) => values[i] ?? NaN)
  const sum = pick(mean).reduce((total, value) => total + value, 0)
  return { min: Math.min(...pick(min)), mean: sum / inside.length, max: Math.max(...pick(max)) }
}

/** A stretch of time for people: `14:05 to 15:05`, `1 May, 14:05 to 3 May, 14:05`. */
export function spanWords({ fromMs, toMs }: Span, tag = locale()): string {
  const day = (atMs: number) => new Date(atMs).toDateString()
  // the day is said of a short stretch too where it goes over midnight
  const lengthMs = day(fromMs) === day(toMs) ? toMs - fromMs : Math.max(toMs - fromMs, DAY_MS + 1)
  return wordsText().fromTo(momentWords(fromMs, lengthMs, tag), momentWords(toMs, lengthMs, tag))
}
