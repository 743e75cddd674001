/** What fingers, wheels and keys do to a chart. */
import type { ChartMotion } from './chart-motion.ts'

/** What a key or a button moves a chart by, as a part of what is shown. */
export const PAN_STEP = 0.25

/** What a key or a button shows more or less of. */
export const ZOOM_STEP = 1.5

/** Pixels of a wheel that zoom by a factor of e: four notches of a usual mouse. */
const WHEEL_ZOOM_PX = 400

/** Pixels of a line, for wheels that count in lines. */
const WHEEL_LINE_PX = 16

/** Fingers closer than this would zoom by leaps. */
const PINCH_PX_MIN = 16

type Motion = Pick<ChartMotion, 'pan' | 'zoom' | 'goTo'>

/**
 * Has `motion` follow what is done to `element`: a drag pans, two fingers zoom, a wheel held level pans, a wheel with
 * Ctrl, or over a chart that has the focus, zooms (else it scrolls the page), arrows, + and −, Home and End do the same.
 *
 * @param plot the part with the curve in it, by which places are measured
 * @returns a function that lets go
 */
export function followGestures(element: HTMLElement, plot: Element, motion: Motion): () => void {
  const release = new AbortController()
  const { signal } = release
  followPointers(element, plot, motion, signal)
  element.addEventListener('wheel', (event) => onWheel(event, element, plot, motion), {
    signal,
    passive: false,
  })
  element.addEventListener('keydown', (event) => onKey(event, motion), { signal })
  return () => release.abort()
}

/** Where `x` of the window lies on the plot: 0 at its left edge, 1 at its right. */
function placeOf(x: number, plot: Element): number {
  const { left, width } = plot.getBoundingClientRect()
  return width > 0 ? (x - left) / width : 0.5
}

function followPointers(element: HTMLElement, plot: Element, motion: Motion, signal: AbortSignal): void {
  /** Where each finger is on the plot. */
  const fingers = new Map<number, number>()

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || fingers.size === 2) return
      element.setPointerCapture(event.pointerId)
      fingers.set(event.pointerId, placeOf(event.clientX, plot))
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    ({ pointerId, clientX }) => {
      const before = fingers.get(pointerId)
      if (before === undefined) return
      const now = placeOf(clientX, plot)
      fingers.set(pointerId, now)
      const other = [...fingers].find(([id]) => id !== pointerId)?.[1]
      if (other === undefined) return motion.pan(before - now)
      const least = PINCH_PX_MIN / (plot.clientWidth || 1)
      const apart = (place: number) => Math.max(least, Math.abs(place - other))
      // the other finger stays on what it holds
      motion.zoom(apart(before) / apart(now), other)
    },
    { signal },
  )
  const lift = ({ pointerId }: PointerEvent) => fingers.delete(pointerId)
  element.addEventListener('pointerup', lift, { signal })
  element.addEventListener('pointercancel', lift, { signal })
  element.addEventListener('lostpointercapture', lift, { signal })
}

function onWheel(event: WheelEvent, element: HTMLElement, plot: Element, motion: Motion): void {
  const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1
  const { deltaX, deltaY } = event
  if (Math.abs(deltaX) > Math.abs(deltaY)) motion.pan((deltaX * px) / (plot.clientWidth || 1))
  else if (event.ctrlKey || element.contains(document.activeElement))
    motion.zoom(Math.exp((deltaY * px) / WHEEL_ZOOM_PX), placeOf(event.clientX, plot))
  else return
  event.preventDefault()
}

function onKey(event: KeyboardEvent, motion: Motion): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  switch (event.key) {
    case 'ArrowLeft':
      motion.pan(-PAN_STEP)
      break
    case 'ArrowRight':
      motion.pan(PAN_STEP)
      break
    case '+':
    case '=':
      motion.zoom(1 / ZOOM_STEP, 0.5)
      break
    case '-':
      motion.zoom(ZOOM_STEP, 0.5)
      break
    case 'Home':
      motion.goTo('start')
      break
    case 'End':
      motion.goTo('end')
      break
    default:
      return
  }
  event.preventDefault()
}
