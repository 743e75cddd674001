/**
 * What the characteristics of the Bluetooth Environmental Sensing Service 1.0.1 measure. Each is a single number; its
 * format, range and "value is not known" are by the GATT Specification Supplement, under the characteristic's name.
 */
import { measured } from '../../reading/measured.ts'
import { FrameReader } from './frame-reader.ts'
import { malformed } from './malformed.ts'
import type { Parse } from './parse.ts'

/** A characteristic that is one number. */
export interface Environmental {
  /** The 16 bits assigned to it. */
  readonly uuid: number
  /** A row of `QUANTITIES`. */
  readonly quantity: string
  /** The method of `FrameReader` that reads it. */
  readonly format: 'u8' | 'i8' | 'u16' | 'i16' | 'u24' | 'u32' | 'sfloat'
  /** The power of ten that makes of the number a value in the quantity's unit. */
  readonly exponent: number
  /** The least number allowed and the most; where they are left out, all that the format holds are. */
  readonly min?: number
  readonly max?: number
  /** The number that stands for "value is not known". */
  readonly notKnown?: number
}

/**
 * Kilograms of dust in a cubic metre. The supplement sets no range; 1 is as heavy as the air itself, 10⁵ times what a
 * sandstorm holds.
 */
const PARTICULATES = { format: 'sfloat', exponent: 0, min: 0, max: 1 } as const

export const ENVIRONMENTAL: readonly Environmental[] = [
  { uuid: 0x2a6e, quantity: 'temperature', format: 'i16', exponent: -2, min: -27315, notKnown: -0x8000 },
  { uuid: 0x2a6f, quantity: 'humidity', format: 'u16', exponent: -2, max: 10000, notKnown: 0xffff },
  { uuid: 0x2a6d, quantity: 'pressure', format: 'u32', exponent: -1 },
  { uuid: 0x2a7b, quantity: 'dew-point', format: 'i8', exponent: 0 },
  { uuid: 0x2a7a, quantity: 'heat-index', format: 'i8', exponent: 0 },
  { uuid: 0x2a79, quantity: 'wind-chill', format: 'i8', exponent: 0 },
  { uuid: 0x2a76, quantity: 'uv-index', format: 'u8', exponent: 0 },
  { uuid: 0x2a70, quantity: 'wind-speed', format: 'u16', exponent: -2 },
  { uuid: 0x2a71, quantity: 'wind-direction', format: 'u16', exponent: -2, max: 35999 },
  { uuid: 0x2a78, quantity: 'rainfall', format: 'u16', exponent: -3 },
  { uuid: 0x2afb, quantity: 'illuminance', format: 'u24', exponent: -2, notKnown: 0xffffff },
  // 0xfffe is "65534 or greater". It is read as 65534: an alert that should ring there needs a value.
  { uuid: 0x2b8c, quantity: 'carbon-dioxide', format: 'u16', exponent: -6, notKnown: 0xffff },
  { uuid: 0x2bd6, quantity: 'particulates-2.5', ...PARTICULATES },
  { uuid: 0x2bd7, quantity: 'particulates-10', ...PARTICULATES },
]

/**
 * The parser of a characteristic in the table.
 *
 * @param quantity what its readings are called, such as `temperature/soil`
 */
export function environmentalParser(row: Environmental, quantity = row.quantity): Parse {
  const { format, exponent, min = -Infinity, max = Infinity, notKnown } = row
  return (frame, atMs) => {
    const reader = new FrameReader(frame)
    const number = reader[format]()
    const fault = reader.fault()
    if (fault !== undefined) return fault
    if (number === undefined || number === notKnown) return malformed('not-known', frame.byteLength)
    if (number < min || number > max) return malformed('out-of-range', frame.byteLength)
    return [measured(quantity, scaled(number, exponent), atMs)]
  }
}

/** A whole number goes through decimal text, which rounds once; a medical float has an exponent of its own. */
function scaled(number: number, exponent: number): number {
  return exponent === 0 ? number : Number(`${number}e${exponent}`)
}

/** What the numbers of one characteristic are, where a device has several of a kind. */
export interface EnvironmentalMeasurement {
  /** Where it is measured; `undefined` where that is not said. Fit to stand behind the slash of a quantity. */
  readonly application: string | undefined
  /** What is made of the samples, such as `maximum`; `undefined` where that is not said. */
  readonly sampling: string | undefined
}

// Environmental Sensing Service 1.0.1, subsections of §3.1.2.1, by their numbers; 0 of both is "unspecified".
const SAMPLINGS = ['', 'instantaneous', 'mean', 'rms', 'maximum', 'minimum', 'accumulated', 'count']
const APPLICATIONS = (
  ' air water barometric soil infrared map-database barometric-elevation gps-elevation gps-and-map-elevation ' +
  'vertical-datum-elevation onshore on-board front back upper lower primary secondary outdoor indoor top bottom main ' +
  'backup auxiliary supplementary inside outside left right internal external solar'
).split(' ')

/**
 * ES Measurement, descriptor 0x290C: Environmental Sensing Service 1.0.1 §3.1.2.1. Its periods and its uncertainty are left
 * out.
 *
 * @returns `undefined` where the bytes are no such descriptor
 */
export function parseEsMeasurement(descriptor: DataView): EnvironmentalMeasurement | undefined {
  const reader = new FrameReader(descriptor)
  reader.skip(2) // flags, all reserved for future use
  const sampling = reader.u8()
  reader.skip(3 + 3) // measurement period and internal update interval
  const application = reader.u8()
  reader.skip(1) // measurement uncertainty
  if (reader.fault() !== undefined) return undefined
  // Numbers that are reserved are not said either.
  return { application: APPLICATIONS[application] || undefined, sampling: SAMPLINGS[sampling] || undefined }
}

/** Characters of a description: as much as is read at a glance, and far below the 512 bytes that a device may send. */
const DESCRIPTION_CHARACTERS_MAX = 64

/**
 * Characteristic User Description, descriptor 0x2901: UTF-8, by Bluetooth Core 5.4, volume 3, part G, §3.3.3.2.
 *
 * @returns without control characters and spaces around it, cut at `DESCRIPTION_CHARACTERS_MAX`; `undefined` where nothing
 * is left or it is no text
 */
export function parseUserDescription(descriptor: DataView): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(descriptor)
    const shown = Array.from(text.replace(/\p{Cc}/gu, '').trim()).slice(0, DESCRIPTION_CHARACTERS_MAX)
    return shown.join('').trimEnd() || undefined
  } catch {
    return undefined
  }
}
