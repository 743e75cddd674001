/**
 * Sentences of positioning receivers: NMEA 0183, whose text is sold; fields as in "NMEA Revealed" by E. Raymond (gpsd.gitlab.io/gpsd/NMEA.html).
 */
import { measured } from '../../reading/measured.ts'
import type { Reading } from '../../reading/reading.ts'
import { malformed, type FrameFault } from './malformed.ts'
import { DAY_MS, dayOf, timeOfDay } from './nmea-time.ts'
import type { ParseLine } from './parse.ts'
import { textOf } from './text.ts'

const M_PER_NAUTICAL_MILE = 1852
const S_PER_HOUR = 3600

/** VTG names no time: it is of the fix told just before it, if that came no longer ago than receivers take for a round. */
const ROUND_MS = 1000

/** RMC, VTG and GLL: nothing is measured in modes N (not valid), M (typed in) and S (simulated). */
const MODES_WITHOUT_FIX = ['N', 'M', 'S']

/** GGA: 1 to 6 are kinds of fix, dead reckoning the last; 0 is none, 7 typed in, 8 simulated. */
const QUALITY_OF_FIX = /^[1-6]$/

const NUMBER = /^-?\d{1,9}(\.\d{1,9})?$/

/** What a sentence says, or what is wrong with it. */
type Said = readonly Told[] | FrameFault
type Told = readonly [quantity: string, value: number]

/**
 * Reads sentences of any talker: GGA, RMC, GLL and VTG give readings, RMC and ZDA the date. Others, and those without a
 * fix, give none. The time is the receiver's, once it has said a date; until then that of arrival. What several
 * sentences say of one moment is given once.
 */
export function makeParseNmea(): ParseLine {
  const receiver = new Receiver()
  return (frame, atMs) => {
    const line = textOf(frame)
    if (line === undefined) return malformed('not-text', frame.length)
    if (line === '') return malformed('empty', frame.length)
    const body = bodyOf(line)
    if (typeof body === 'string') return malformed(body, frame.length)
    const said = receiver.take(body.fields, atMs)
    return typeof said === 'string' ? malformed(said, frame.length) : said
  }
}

/** The fields between `$` and `*`, the address first. The checksum is the exclusive or of what lies between. */
function bodyOf(line: string): FrameFault | { readonly fields: readonly string[] } {
  if (!/^[$!]/.test(line)) return 'unknown'
  const [, body, sum] = /^.([^*]*)\*([0-9A-Fa-f]{2})$/.exec(line) ?? []
  if (body === undefined || sum === undefined) return 'truncated'
  let parity = 0
  for (let at = 0; at < body.length; at++) parity ^= body.charCodeAt(at)
  return parity === parseInt(sum, 16) ? { fields: body.split(',') } : 'bad-checksum'
}

class Receiver {
  /** The last moment that is known with its date, Unix milliseconds. */
  #lastMs: number | undefined
  /** When the last fix was, and when it arrived. */
  #fix: { readonly atMs: number; readonly arrivedMs: number } | undefined
  /** Of each quantity, of which there are seven at most, the time of the last reading. */
  readonly #given = new Map<string, number>()

  take(fields: readonly string[], arrivedMs: number): readonly Reading[] | FrameFault {
    const address = fields[0] ?? ''
    // P marks a maker's own sentence; of the others two characters name the talker and three the kind.
    if (!/^[A-OQ-Z][A-Z0-9][A-Z]{3}$/.test(address)) return []
    switch (address.slice(2)) {
      case 'GGA':
        return this.#fixed(this.#moment(fields[1], undefined), arrivedMs, fixData(fields))
      case 'RMC':
        return this.#fixed(this.#moment(fields[1], shortDate(fields[9])), arrivedMs, minimum(fields))
      case 'GLL':
        return this.#fixed(this.#moment(fields[5], undefined), arrivedMs, position(fields))
      case 'VTG':
        return this.#told(this.#sameRound(arrivedMs), arrivedMs, track(fields))
      case 'ZDA':
        this.#lastMs = this.#moment(fields[1], dayOf(fields[4], fields[3], fields[2])) ?? this.#lastMs
        return []
      default:
        return []
    }
  }

  /** Says it, and takes its moment for that of what follows. */
  #fixed(momentMs: number | undefined, arrivedMs: number, said: Said): readonly Reading[] | FrameFault {
    if (momentMs !== undefined && typeof said !== 'string' && said.length > 0) {
      this.#lastMs = momentMs
      this.#fix = { atMs: momentMs, arrivedMs }
    }
    return this.#told(momentMs, arrivedMs, said)
  }

  #told(momentMs: number | undefined, arrivedMs: number, said: Said): readonly Reading[] | FrameFault {
    if (typeof said === 'string') return said
    if (momentMs === undefined) return said.map(([quantity, value]) => measured(quantity, value, arrivedMs))
    const news = said.filter(([quantity]) => this.#given.get(quantity) !== momentMs)
    for (const [quantity] of news) this.#given.set(quantity, momentMs)
    return news.map(([quantity, value]) => measured(quantity, value, momentMs))
  }

  #sameRound(arrivedMs: number): number | undefined {
    const fix = this.#fix
    return fix !== undefined && Math.abs(arrivedMs - fix.arrivedMs) <= ROUND_MS ? fix.atMs : undefined
  }

  /** A time of day on its day; without one, on the day that brings it nearest to the last moment known. */
  #moment(time: string | undefined, dayMs: number | undefined): number | undefined {
    const ofDayMs = timeOfDay(time)
    if (ofDayMs === undefined) return undefined
    if (dayMs !== undefined) return dayMs + ofDayMs
    const lastMs = this.#lastMs
    if (lastMs === undefined) return undefined
    return ofDayMs + Math.round((lastMs - ofDayMs) / DAY_MS) * DAY_MS
  }
}

function shortDate(text: string | undefined): number | undefined {
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(text ?? '') ?? []
  // GPS began in 1980, so that no receiver means an earlier year.
  return year === undefined ? undefined : dayOf(`${Number(year) < 80 ? 20 : 19}${year}`, month, day)
}

/** GGA: time, latitude, N or S, longitude, E or W, quality, satellites, dilution, altitude, M, and more. */
function fixData(fields: readonly string[]): Said {
  if (fields.length < 11) return 'truncated'
  if (!QUALITY_OF_FIX.test(fields[6] ?? '')) return []
  return joined(
    place(fields.slice(2, 6)),
    fields[10] === 'M' ? one('altitude', fields[9], -20_000, 100_000) : [],
    one('satellites', fields[7], 0, 999),
  )
}

/** RMC: time, status, latitude, N or S, longitude, E or W, knots, course, date, variation, E or W, mode. */
function minimum(fields: readonly string[]): Said {
  if (fields.length < 10) return 'truncated'
  if (fields[2] !== 'A' || MODES_WITHOUT_FIX.includes(fields[12] ?? '')) return []
  return joined(place(fields.slice(3, 7)), speed(fields[7]), course(fields[8]))
}

/** GLL: latitude, N or S, longitude, E or W, time, status, mode. */
function position(fields: readonly string[]): Said {
  if (fields.length < 7) return 'truncated'
  if (fields[6] !== 'A' || MODES_WITHOUT_FIX.includes(fields[7] ?? '')) return []
  return place(fields.slice(1, 5))
}

/** VTG: course, T, magnetic course, M, knots, N, km/h, K, mode. */
function track(fields: readonly string[]): Said {
  if (fields.length < 9) return 'truncated'
  if (MODES_WITHOUT_FIX.includes(fields[9] ?? '')) return []
  return joined(fields[6] === 'N' ? speed(fields[5]) : [], fields[2] === 'T' ? course(fields[1]) : [])
}

function speed(knots: string | undefined): Said {
  const said = one('speed', knots, 0, 20_000)
  if (typeof said === 'string') return said
  return said.map(([quantity, value]) => [quantity, (value * M_PER_NAUTICAL_MILE) / S_PER_HOUR])
}

function course(degrees: string | undefined): Said {
  return one('heading', degrees, 0, 360)
}

/** Four fields to latitude and longitude in degrees, north and east positive; none where they are empty. */
function place([latitude, northSouth, longitude, eastWest]: readonly string[]): Said {
  if (latitude === '' && longitude === '') return []
  const north = degreesOf(/^(\d\d)(\d\d(?:\.\d{1,12})?)$/.exec(latitude ?? ''), 90)
  const east = degreesOf(/^(\d{3})(\d\d(?:\.\d{1,12})?)$/.exec(longitude ?? ''), 180)
  if (north === undefined || east === undefined) return 'out-of-range'
  if (!/^[NS]$/.test(northSouth ?? '') || !/^[EW]$/.test(eastWest ?? '')) return 'out-of-range'
  return [
    ['latitude', northSouth === 'S' ? 0 - north : north],
    ['longitude', eastWest === 'W' ? 0 - east : east],
  ]
}

function degreesOf(match: RegExpExecArray | null, max: number): number | undefined {
  const minutes = Number(match?.[2] ?? NaN)
  const degrees = Number(match?.[1] ?? NaN) + minutes / 60
  return minutes < 60 && degrees <= max ? degrees : undefined
}

/** A field that may be empty. */
function one(quantity: string, field: string | undefined, min: number, max: number): Said {
  if (field === undefined || field === '') return []
  const value = Number(field)
  return NUMBER.test(field) && value >= min && value <= max ? [[quantity, value]] : 'out-of-range'
}

function joined(...parts: readonly Said[]): Said {
  const fault = parts.find((part) => typeof part === 'string')
  return fault ?? parts.flatMap((part) => (typeof part === 'string' ? [] : part))
}
