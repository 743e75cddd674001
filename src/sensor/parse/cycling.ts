/**
 * CSC Measurement, characteristic 0x2A5B: Cycling Speed and Cadence Service 1.0 §3.1, and the GATT Specification
 * Supplement, "CSC Measurement". Counts of revolutions and the times of the last ones; rates come of two in a row.
 */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { FrameReader } from './frame-reader.ts'
import type { Parse } from './parse.ts'

// The flags byte. Bits 2 to 7 are reserved for future use, and a client ignores them.
const HAS_WHEEL = 0x01
const HAS_CRANK = 0x02

/** Event times of wheel and crank count units of 1/1024 s. */
const UNITS_PER_S = 1024

/** Event times are two bytes wide. */
const UNITS_END = 2 ** 16

/** How far a 700×25C wheel goes in one turn, mm, the usual one of a road bicycle: CatEye's tire size chart. */
export const WHEEL_MM = 2105
export const WHEEL_M = WHEEL_MM / 1000

/** What a wheel may have, mm: less is a caster's, more a penny-farthing's. */
export const WHEEL_MM_MIN = 500
export const WHEEL_MM_MAX = 4000

/**
 * A wheel or crank without a new event for so long is at rest: at walking pace, 2 km/h, a wheel still turns within it. A
 * crank at 15 a minute does as well.
 */
const STILL_MS = 4000

/** A count that says more is none: downhill, no bicycle has reached 64 m/s (Barone, 2017: 227.7 km/h). */
const SPEED_MAX_MPS = 64

/** A count that says more is none: trained legs without any load stay below it. */
const CADENCE_MAX_PER_MINUTE = 300

/** A count of revolutions, and when it last went up in units that roll over. */
export interface RevolutionEvent {
  readonly count: number
  readonly units: number
}

/**
 * Counts one wheel or crank on from frame to frame. Both numbers roll over. Arrival says how long ago the event before
 * was: beyond half a rollover of the event time that one may have gone round unseen, so the time between arrivals stands
 * in for it. A count that went backwards (a wheel's may be set, or roll back), or faster than anything can turn, says
 * nothing of what was ridden: it yields nothing, and counting starts anew from it.
 */
class Revolutions {
  readonly #countEnd: number
  readonly #unitsPerS: number
  readonly #perSMax: number
  #last: { readonly event: RevolutionEvent; readonly atMs: number } | undefined

  /** @param countEnd where the count rolls over */
  constructor(countEnd: number, unitsPerS: number, perSMax: number) {
    this.#countEnd = countEnd
    this.#unitsPerS = unitsPerS
    this.#perSMax = perSMax
  }

  /** Revolutions since the event before, and a second; `undefined` where the frame says nothing of them. */
  turn(event: RevolutionEvent, atMs: number): { readonly turned: number; readonly perS: number } | undefined {
    const last = this.#last
    if (last === undefined) {
      this.#last = { event, atMs }
      return undefined
    }
    const turned = since(last.event.count, event.count, this.#countEnd)
    const arrivalMs = atMs - last.atMs
    if (turned === 0) return arrivalMs >= STILL_MS ? { turned, perS: 0 } : undefined
    this.#last = { event, atMs }
    const certainMs = (UNITS_END / 2 / this.#unitsPerS) * 1000
    const eventS = since(last.event.units, event.units, UNITS_END) / this.#unitsPerS
    const perS = turned / (arrivalMs > certainMs ? arrivalMs / 1000 : eventS)
    return perS <= this.#perSMax ? { turned, perS } : undefined
  }
}

/** The wheel of one connection. */
export class Wheel {
  readonly #circumferenceM: number
  readonly #revolutions: Revolutions
  #turned = 0

  /** @param unitsPerS of the event time */
  constructor(unitsPerS: number, circumferenceM: number) {
    this.#circumferenceM = circumferenceM
    this.#revolutions = new Revolutions(2 ** 32, unitsPerS, SPEED_MAX_MPS / circumferenceM)
  }

  /** Speed, and distance since the connection began; nothing where the event says nothing of them. */
  read(event: RevolutionEvent, atMs: number): Reading[] {
    const turn = this.#revolutions.turn(event, atMs)
    if (turn === undefined) return []
    this.#turned += turn.turned
    // To the millimetre: a tyre's circumference is known no better.
    const distance = Math.round(this.#turned * this.#circumferenceM * 1000) / 1000
    return [measured('speed', turn.perS * this.#circumferenceM, atMs), measured('distance', distance, atMs)]
  }
}

/** The crank of one connection. */
export class Crank {
  readonly #revolutions = new Revolutions(2 ** 16, UNITS_PER_S, CADENCE_MAX_PER_MINUTE / 60)

  /** Cadence; nothing where the event says nothing of it. */
  read(event: RevolutionEvent, atMs: number): Reading[] {
    const turn = this.#revolutions.turn(event, atMs)
    return turn === undefined ? [] : [measured('cadence', turn.perS * 60, atMs)]
  }
}

/**
 * A parser for one connection: speed, distance since it began, cadence. The first frame only starts the counting.
 * Without a new event nothing is said at first, then speed and cadence of 0 with each frame.
 *
 * @param circumferenceM how far the wheel goes in one turn, over 0
 */
export function makeParseCycling(circumferenceM = WHEEL_M): Parse {
  const wheel = new Wheel(UNITS_PER_S, circumferenceM)
  const crank = new Crank()
  return (frame, atMs) => {
    const reader = new FrameReader(frame)
    const flags = reader.u8()
    const wheelEvent = (flags & HAS_WHEEL) !== 0 ? readWheelEvent(reader) : undefined
    const crankEvent = (flags & HAS_CRANK) !== 0 ? readCrankEvent(reader) : undefined
    const fault = reader.fault()
    if (fault !== undefined) return fault
    return [
      ...(wheelEvent === undefined ? [] : wheel.read(wheelEvent, atMs)),
      ...(crankEvent === undefined ? [] : crank.read(crankEvent, atMs)),
    ]
  }
}

/** Six bytes: count, event time. */
export function readWheelEvent(reader: FrameReader): RevolutionEvent {
  return { count: reader.u32(), units: reader.u16() }
}

/** Four bytes: count, event time. */
export function readCrankEvent(reader: FrameReader): RevolutionEvent {
  return { count: reader.u16(), units: reader.u16() }
}

/** What a counter that starts over at `end` has gone forward by. */
function since(before: number, after: number, end: number): number {
  return (after - before + end) % end
}
