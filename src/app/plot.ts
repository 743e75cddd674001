/** Between a history and a drawing of it: ranges, columns, labels. Pure. */
import type { Series } from '../node/api.ts'

export type RangeName = '1h' | '24h' | '7d' | 'all'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The ranges offered, with their length; `all` starts where the readings start. */
export const RANGES: readonly {
  readonly name: RangeName
  readonly label: string
  readonly lengthMs: number
}[] = [
  { name: '1h', label: '1 h', lengthMs: HOUR_MS },
  { name: '24h', label: '24 h', lengthMs: DAY_MS },
  { name: '7d', label: '7 d', lengthMs: 7 * DAY_MS },
  { name: 'all', label: 'All', lengthMs: Infinity },
]

/** A drawn value; `null` breaks the line, as uPlot has it. */
type Cell = number | null

/** uPlot's aligned data: times, then min, max and mean. */
export type Columns = [number[], Cell[], Cell[], Cell[]]

/** The columns of `series` for uPlot. */
export function columnsOf({ atMs, min, max, mean }: Series): Columns {
  const cells = (values: Float64Array) =>
    Array.from(values, (value) => (Number.isFinite(value) ? value : null))
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
export function timeLabels(splits: readonly number[], stepMs: number, locale?: string): string[] {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
  const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const second = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  return splits.map((atMs) => {
    const date = new Date(atMs)
    if (stepMs >= DAY_MS || (date.getHours() === 0 && date.getMinutes() === 0)) return day.format(date)
    return stepMs < 60_000 ? second.format(date) : minute.format(date)
  })
}

/** A moment for people, with the day where the range is longer than one: `14:05`, `3 May, 14:05`. */
export function momentWords(atMs: number, rangeMs: number, locale?: string): string {
  const format = new Intl.DateTimeFormat(locale, {
    ...(rangeMs > DAY_MS ? { day: 'numeric', month: 'short' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    ...(rangeMs <= HOUR_MS ? { second: '2-digit' } : {}),
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
