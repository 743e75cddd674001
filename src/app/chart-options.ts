/** How uPlot draws a thing: a hairline for the mean in a band from min to max, in the colours of the theme. */
import type uPlot from 'uplot'
import { timeLabels } from './plot.ts'

export interface ChartColours {
  readonly line: string
  readonly band: string
  readonly grid: string
  readonly text: string
}

export interface ChartInput {
  readonly width: number
  readonly height: number
  /** Asked for at every drawing, so that a change of theme needs no new chart. */
  readonly colours: () => ChartColours
  /** Indexes that need a dot because no line reaches them. */
  readonly lonely: () => number[]
  /** The index under the pointer, or null when it left. */
  readonly onPoint: (index: number | null) => void
}

const FONT = '12px system-ui, sans-serif'

/** Room for five digits and a sign beside the axis, so that a longer number does not move the plot. */
const VALUE_AXIS_PX = 48

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
    band: `${token('--accent')}2e`,
    grid: token('--line'),
    text: token('--ink-soft'),
  }
}

/** uPlot's options for min, max and mean over time in milliseconds. */
export function chartOptions({ width, height, colours, lonely, onPoint }: ChartInput): uPlot.Options {
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
    scales: { x: { time: true }, y: { range: paddedRange } },
    axes: [
      {
        ...axis(),
        size: TIME_AXIS_PX,
        space: TIME_LABEL_PX,
        values: (_, splits, __, ___, stepMs) => timeLabels(splits, stepMs),
      },
      { ...axis(), size: VALUE_AXIS_PX },
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
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  }
}

/** A little air above and below; a steady value gets a whole unit each way, or it would fill the chart with noise. */
function paddedRange(_: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1]
  const pad = Math.max((high - low) * 0.1, high === low ? 1 : 0)
  return [low - pad, high + pad]
}
