/** One frame of the graph on a canvas: what is in sight and nothing else, a path for all that looks alike. */
import { KIND_BYTES } from '../core/model/block.ts'
import { GRAPH_BITS, GRAPH_BLOCKS_MAX } from '../node/api.ts'
import type { Span } from './chart-window.ts'
import { AXIS_PX, drawAxis } from './graph-axis.ts'
import type { GraphBlocks } from './graph-blocks.ts'

export interface GraphColours {
  readonly ground: string
  readonly mine: string
  readonly other: string
  readonly edge: string
  readonly text: string
  readonly chosen: string
}

/** What a frame shows. Sizes in CSS pixels. */
export interface GraphView {
  readonly span: Span
  readonly width: number
  readonly height: number
  readonly mineOnly: boolean
  /** The number of the block that is looked at. */
  readonly chosen: number | undefined
  /** What the first lane is called, and those below, where there are some. */
  readonly labels: readonly [mine: string, others: string]
}

/** Half the size of a block by how many are in sight, up to so many. */
const SIZES: readonly (readonly [blocks: number, px: number])[] = [
  [80, 6],
  [300, 4.5],
  [1200, 3],
  [Infinity, 1.5],
]

/** Smaller than this no shape is made out, and the first lane and hollowness are left to tell blocks apart by. */
const SHAPED_PX = 3

/** Beyond so many blocks in sight lines are a grey area, and the dearest part of a frame. */
const LINED_MAX = 1200

/** A finger hits what is so near, in pixels: the least size of a target, across. */
const REACH_PX = 22

/** What is in sight, a column a fact, for one frame at a time: at most as many as a page knows. */
const seen = {
  /** Numbers, counted from the first block there is. */
  at: new Int32Array(GRAPH_BLOCKS_MAX),
  x: new Float32Array(GRAPH_BLOCKS_MAX),
  y: new Float32Array(GRAPH_BLOCKS_MAX),
  bits: new Uint8Array(GRAPH_BLOCKS_MAX),
}

/** Bits by which the style of a block goes. */
const STYLE = GRAPH_BITS.mine | GRAPH_BITS.committed

/** Reads the theme's colours where `element` stands. */
export function readGraphColours(element: Element): GraphColours {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    ground: token('--surface'),
    mine: token('--accent'),
    other: token('--ink-soft'),
    edge: token('--line-strong'),
    text: token('--ink-soft'),
    chosen: token('--ink'),
  }
}

/** Draws on a context whose unit is a CSS pixel. */
export function drawGraph(
  context: CanvasRenderingContext2D,
  blocks: GraphBlocks,
  view: GraphView,
  colours: GraphColours,
): void {
  context.clearRect(0, 0, view.width, view.height)
  drawAxis(context, blocks.lanes, view, colours)
  const count = findSeen(blocks, view)
  const size = SIZES.find(([most]) => count <= most)?.[1] ?? 1
  const places = placesOf(blocks, view)
  if (count <= LINED_MAX) drawEdges(context, blocks, count, places, colours)
  for (const mine of [0, GRAPH_BITS.mine])
    for (const committed of [0, GRAPH_BITS.committed]) {
      const style = { bits: mine | committed, colour: mine ? colours.mine : colours.other, size }
      if (size < SHAPED_PX) drawDots(context, count, style, colours)
      else drawShapes(context, count, style, colours)
    }
  drawRings(context, count, size, colours)
  drawChosen(context, blocks, view, places, size, colours)
}

/** The block at a point of the drawing, or nothing. */
export function blockAt(blocks: GraphBlocks, view: GraphView, x: number, y: number): number | undefined {
  const places = placesOf(blocks, view)
  let nearest: number | undefined
  let best = REACH_PX ** 2
  for (let number = blocks.first; number < blocks.next; number++) {
    if (view.mineOnly && !blocks.isMine(number)) continue
    const away = (places.x(number) - x) ** 2 + (places.y(number) - y) ** 2
    if (away > best) continue
    best = away
    nearest = number
  }
  return nearest
}

/** Where blocks are, by their numbers. */
interface Places {
  readonly x: (number: number) => number
  readonly y: (number: number) => number
}

function placesOf(blocks: GraphBlocks, { span, width, height }: GraphView): Places {
  const perMs = width / (span.toMs - span.fromMs)
  const perLane = (height - AXIS_PX) / blocks.lanes
  return {
    x: (number) => ((blocks.atMs[blocks.slotOf(number)] ?? 0) - span.fromMs) * perMs,
    y: (number) => (blocks.heights[blocks.slotOf(number)] ?? 0) * perLane,
  }
}

/** Finds what is in sight, with a little beside it; returns how many there are. */
function findSeen(blocks: GraphBlocks, { span, width, height, mineOnly }: GraphView): number {
  const { first, next } = blocks
  const beside = (span.toMs - span.fromMs) / 20
  const [fromMs, toMs] = [span.fromMs - beside, span.toMs + beside]
  const perMs = width / (span.toMs - span.fromMs)
  const perLane = (height - AXIS_PX) / blocks.lanes
  let count = 0
  for (let number = first; number < next; number++) {
    const slot = blocks.slotOf(number)
    const atMs = blocks.atMs[slot] ?? 0
    const bits = blocks.bits[slot] ?? 0
    if (atMs < fromMs || atMs > toMs || (mineOnly && (bits & GRAPH_BITS.mine) === 0)) continue
    seen.at[count] = number - first
    seen.x[count] = (atMs - span.fromMs) * perMs
    seen.y[count] = (blocks.heights[slot] ?? 0) * perLane
    seen.bits[count++] = bits
  }
  return count
}

function drawEdges(
  context: CanvasRenderingContext2D,
  blocks: GraphBlocks,
  count: number,
  { x, y }: Places,
  { edge }: GraphColours,
): void {
  context.strokeStyle = edge
  context.lineWidth = 1
  context.globalAlpha = 0.55
  context.beginPath()
  for (let i = 0; i < count; i++) {
    const number = blocks.first + (seen.at[i] ?? 0)
    for (const distance of blocks.parentsOf(number)) {
      const parent = number - distance
      if (!blocks.has(parent)) continue
      context.moveTo(x(parent), y(parent))
      context.lineTo(seen.x[i] ?? 0, seen.y[i] ?? 0)
    }
  }
  context.stroke()
  context.globalAlpha = 1
}

/** What blocks of one style look like. */
interface Style {
  /** Whose they are and whether they are committed, of `STYLE`. */
  readonly bits: number
  readonly colour: string
  /** Half the width of a block. */
  readonly size: number
}

/** Blocks in one path: each kind has its own shape, and what is not committed is hollow. */
function drawShapes(
  context: CanvasRenderingContext2D,
  count: number,
  { bits, colour, size }: Style,
  { ground }: GraphColours,
): void {
  const committed = (bits & GRAPH_BITS.committed) !== 0
  context.beginPath()
  for (let i = 0; i < count; i++) {
    const own = seen.bits[i] ?? 0
    if ((own & STYLE) === bits) addShape(context, own & GRAPH_BITS.kind, seen.x[i] ?? 0, seen.y[i] ?? 0, size)
  }
  // filled with the ground, so that no line shows through
  context.fillStyle = committed ? colour : ground
  context.fill()
  if (committed) return
  context.strokeStyle = colour
  context.lineWidth = 1.5
  context.stroke()
}

/** The same where there are too many for shapes: whole pixels, which cost nothing to smooth. */
function drawDots(
  context: CanvasRenderingContext2D,
  count: number,
  { bits, colour, size }: Style,
  { ground }: GraphColours,
): void {
  const across = 2 * size
  for (const isInside of (bits & GRAPH_BITS.committed) !== 0 ? [false] : [false, true]) {
    context.fillStyle = isInside ? ground : colour
    const by = isInside ? 1 : 0
    for (let i = 0; i < count; i++) {
      if (((seen.bits[i] ?? 0) & STYLE) !== bits) continue
      const x = Math.round((seen.x[i] ?? 0) - size) + by
      context.fillRect(x, Math.round((seen.y[i] ?? 0) - size) + by, across - 2 * by, across - 2 * by)
    }
  }
}

function addShape(context: CanvasRenderingContext2D, kind: number, x: number, y: number, size: number): void {
  if (kind === KIND_BYTES.proposal) {
    const reach = 1.25 * size
    context.moveTo(x, y - reach)
    context.lineTo(x + reach, y)
    context.lineTo(x, y + reach)
    context.lineTo(x - reach, y)
    context.closePath()
  } else if (kind === KIND_BYTES.transaction) {
    context.rect(x - size, y - size, 2 * size, 2 * size)
  } else {
    context.moveTo(x + size, y)
    context.arc(x, y, size, 0, 2 * Math.PI)
  }
}

/** Rings around the tips, which nobody has built on yet. */
function drawRings(
  context: CanvasRenderingContext2D,
  count: number,
  size: number,
  { chosen }: GraphColours,
): void {
  const reach = 1.5 * size + 2
  context.strokeStyle = chosen
  context.lineWidth = 1
  context.beginPath()
  for (let i = 0; i < count; i++) {
    if (((seen.bits[i] ?? 0) & GRAPH_BITS.named) !== 0) continue
    const [x, y] = [seen.x[i] ?? 0, seen.y[i] ?? 0]
    context.moveTo(x + reach, y)
    context.arc(x, y, reach, 0, 2 * Math.PI)
  }
  context.stroke()
}

/** The block that is looked at: a thick ring, and thick lines to its parents. */
function drawChosen(
  context: CanvasRenderingContext2D,
  blocks: GraphBlocks,
  view: GraphView,
  { x, y }: Places,
  size: number,
  { chosen: colour }: GraphColours,
): void {
  const { chosen } = view
  if (chosen === undefined || !blocks.has(chosen)) return
  context.strokeStyle = colour
  context.lineWidth = 2
  context.beginPath()
  for (const distance of blocks.parentsOf(chosen)) {
    if (!blocks.has(chosen - distance)) continue
    context.moveTo(x(chosen - distance), y(chosen - distance))
    context.lineTo(x(chosen), y(chosen))
  }
  context.moveTo(x(chosen) + size + 6, y(chosen))
  context.arc(x(chosen), y(chosen), size + 6, 0, 2 * Math.PI)
  context.stroke()
}
