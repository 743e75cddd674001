/** How uPlot draws a thing: a hairline for the mean in a band from min to max, in the colours of the theme. */
import type uPlot from 'uplot'
import type { AlertLine } from './alert-words.ts'
import { locale } from './language.svelte.ts'
import { timeLabels } from './plot.ts'

export interface ChartColours {
  readonly line: string
  readonly band: string
  readonly grid: string
  readonly text: string
  readonly alert: string
}

export interface ChartInput {
  readonly width: number
  readonly height: number
  /** Asked for at every stroke, so that a change of theme needs no new chart. */
  readonly colours: () => ChartColours
  /** Indexes that need a dot because no line reaches them. */
  readonly lonely: () => number[]
  /** Lines to draw over it. */
  readonly lines: () => readonly AlertLine[]
  /** The index under the pointer, or null when it left. */
  readonly onPoint: (index: number | null) => void
}

const FONT = '12px system-ui, sans-serif'

/** Room for six digits and a sign beside the axis, so that a longer number does not move the plot. */
const VALUE_AXIS_PX = 56

/** One line of labels under the plot. */
const TIME_AXIS_PX = 30

/** Room for the half of the last time label that lies beyond the plot. */
const LABEL_HALF_PX = 28

/** The least distance between two labels of the time axis. */
const TIME_LABEL_PX = 64

/** Reads the theme's colours where `element` stands. */
export function readChartColours(element: Element): ChartColours {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    line: token('--accent'),
    band: `color-mix(in srgb, ${token('--accent')} 18%, transparent)`,
    grid: token('--line'),
    text: token('--ink-soft'),
    alert: token('--warn'),
  }
}

/** uPlot's options for min, max and mean over time in milliseconds. */
export function chartOptions({ width, height, colours, lonely, lines, onPoint }: ChartInput): uPlot.Options {
  const axis = (): Pick<uPlot.Axis, 'font' | 'stroke' | 'grid' | 'ticks'> => ({
    font: FONT,
    stroke: () => colours().text,
    grid: { stroke: () => colours().grid, width: 1 },
    ticks: { show: false },
  })
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false } }
  return {
    width,
    height,
    ms: 1,
    padding: [8, LABEL_HALF_PX, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { time: true }, y: { range: (_, low, high) => valueRange(low, high, lines()) } },
    axes: [
      {
        ...axis(),
        size: TIME_AXIS_PX,
        space: TIME_LABEL_PX,
        values: (_, splits, __, ___, stepMs) => timeLabels(splits, stepMs),
      },
      { ...axis(), size: VALUE_AXIS_PX, values: (_, splits) => valueLabels(splits) },
    ],
    series: [
      {},
      edge,
      edge,
      {
        stroke: () => colours().line,
        width: 1.25,
        points: { show: true, size: 4, fill: () => colours().line, filter: () => lonely() },
      },
    ],
    bands: [{ series: [2, 1], fill: () => colours().band }],
    hooks: {
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)],
      draw: [(plot) => drawLines(plot, lines(), colours().alert)],
    },
  }
}

let axisNumbers: { readonly of: string; readonly format: Intl.NumberFormat } | undefined

/** Labels for the axis of values, which uPlot would write as the browser does. The format is made once a language. */
function valueLabels(splits: readonly number[]): string[] {
  const of = locale()
  if (axisNumbers?.of !== of) axisNumbers = { of, format: new Intl.NumberFormat(of) }
  const { format } = axisNumbers
  return splits.map((value) => format.format(value))
}

/** A line farther off, as a part of what the values span, is left out of sight: it would flatten the curve. */
const LINE_REACH = 1

/**
 * From where to where a chart's values go: a little air above and below, a whole unit where they are steady, or noise would
 * fill the chart; and the lines that are near.
 */
export function valueRange(
  low: number | null,
  high: number | null,
  lines: readonly AlertLine[],
): [number, number] {
  if (low === null || high === null) return [0, 1]
  const reach = LINE_REACH * (high === low ? 1 : high - low)
  const near = lines
    .map(({ value }) => value)
    .filter((value) => value >= low - reach && value <= high + reach)
  const least = Math.min(low, ...near)
  const most = Math.max(high, ...near)
  const pad = Math.max((most - least) * 0.1, most === least ? 1 : 0)
  return [least - pad, most + pad]
}

/** Draws lines across the plot, each with its word above it. */
function drawLines(plot: uPlot, lines: readonly AlertLine[], colour: string): void {
  const { ctx, bbox } = plot
  const { min, max } = plot.scales['y'] ?? {}
  const shown = lines.filter(({ value }) => value >= (min ?? Infinity) && value <= (max ?? -Infinity))
  if (shown.length === 0) return
  const ratio = devicePixelRatio
  ctx.save()
  ctx.strokeStyle = ctx.fillStyle = colour
  ctx.lineWidth = ratio
  ctx.setLineDash([4 * ratio, 4 * ratio])
  ctx.font = `${11 * ratio}px system-ui, sans-serif`
  ctx.textAlign = 'right'
  ctx.textBaseline = 'bottom'
  for (const { value, label } of shown) {
    const y = Math.round(plot.valToPos(value, 'y', true))
    ctx.beginPath()
    ctx.moveTo(bbox.left, y)
    ctx.lineTo(bbox.left + bbox.width, y)
    ctx.stroke()
    ctx.fillText(label, bbox.left + bbox.width - 4 * ratio, y - 2 * ratio)
  }
  ctx.restore()
}
