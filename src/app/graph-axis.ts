/** What stays where it is while blocks pass: the time, and the lanes. */
import type { GraphColours, GraphView } from './graph-drawing.ts'
import { locale } from './language.svelte.ts'
import { timeLabels } from './plot.ts'

/** Room for the time below the lanes. */
export const AXIS_PX = 22

/** Half the width of a time on the axis: none is shown in part. */
const LABEL_HALF_PX = 28

/** Draws the time along the bottom, and the lanes with their names. */
export function drawAxis(
  context: CanvasRenderingContext2D,
  lanes: number,
  { span, width, height, labels }: GraphView,
  colours: GraphColours,
): void {
  const bottom = height - AXIS_PX
  context.fillStyle = colours.text
  context.strokeStyle = colours.edge
  context.font = '12px system-ui, sans-serif'
  context.textAlign = 'start'
  context.textBaseline = 'top'
  const names = lanes > 1 ? labels : labels.slice(0, 1)
  for (const [lane, name] of names.entries())
    context.fillText(name, 8, (lane * bottom) / lanes + 4, width / 2)
  context.globalAlpha = 0.4
  context.lineWidth = 1
  context.beginPath()
  for (let lane = 1; lane <= lanes; lane++) {
    const y = Math.round((lane * bottom) / lanes) + 0.5
    context.moveTo(0, y)
    context.lineTo(width, y)
  }
  context.stroke()
  context.globalAlpha = 1
  const stepMs = stepFor((span.toMs - span.fromMs) / Math.max(2, Math.floor(width / 110)))
  const times: number[] = []
  const cutMs = (LABEL_HALF_PX / width) * (span.toMs - span.fromMs)
  const firstMs = Math.ceil((span.fromMs + cutMs) / stepMs) * stepMs
  for (let atMs = firstMs; atMs < span.toMs - cutMs; atMs += stepMs) times.push(atMs)
  context.textAlign = 'center'
  for (const [i, label] of labelsOf(times, stepMs).entries())
    context.fillText(label, (((times[i] ?? 0) - span.fromMs) / (span.toMs - span.fromMs)) * width, bottom + 5)
}

/** Steps between two times on the axis, in seconds. */
const STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400]

function stepFor(leastMs: number): number {
  const found = STEPS_S.find((seconds) => 1000 * seconds >= leastMs)
  return found === undefined ? Math.ceil(leastMs / 86_400_000) * 86_400_000 : 1000 * found
}

/** The newest labels, and of which times: words for a time are most of a frame, and change a few times a minute. */
let written: { readonly of: string; readonly labels: readonly string[] } | undefined

function labelsOf(times: readonly number[], stepMs: number): readonly string[] {
  const of = `${times[0]} ${times.length} ${stepMs} ${locale()}`
  if (written?.of !== of) written = { of, labels: timeLabels(times, stepMs) }
  return written.labels
}
