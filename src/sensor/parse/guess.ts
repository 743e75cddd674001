/** What a serial line speaks, from the first bytes heard. */
import { AT_MS_MIN } from '../../reading/check.ts'
import { makeParseAnimalTag, TELEGRAM_BYTES } from './animal-tag.ts'
import { makeParseCsv } from './csv.ts'
import { makeFramer, type Framing } from './framing.ts'
import { parseJsonLine } from './json-lines.ts'
import { makeParseNmea } from './nmea.ts'
import type { ParseLine } from './parse.ts'

/** Bits a second that sensors are set to, the likeliest first; each is listened to in turn. 4800 is NMEA 0183's own. */
export const BAUD_RATES = [9600, 115_200, 4800, 57_600, 38_400, 19_200, 230_400, 2400, 1200] as const

/** Bytes that are looked at: some lines of any device, at 9600 baud two seconds of a busy line. */
export const GUESS_BYTES_MAX = 2048

/** Bytes under which chance may make anything of them. */
const GUESS_BYTES_MIN = 16

/** Below this share of understood bytes a guess is none. */
const CONFIDENCE_MIN = 0.6

/** A third of noise is printable by chance; of text, a line broken at the start may be lost. */
const TEXT_SHARE_MIN = 0.9

/** Stuffed frames carry no mark of what is in them: so many have to be whole, each longer than chance makes them. */
const COBS_FRAMES_MIN = 3
const COBS_BYTES_MIN = 3

type Decoder = 'nmea' | 'json' | 'csv' | 'animal-tag' | 'unknown'

export interface Guess {
  readonly framing: Framing
  readonly decoder: Decoder
  /** The share of the bytes that this makes sense of, 0 to 1. */
  readonly confidence: number
}

interface Candidate {
  readonly framing: Framing
  readonly decoder: Decoder
  readonly makeParse: () => ParseLine
  /** Readings that are numbers it takes to believe it, where what is read proves nothing by itself. */
  readonly numbersMin: number
}

const LINE: Framing = { type: 'line' }
const TELEGRAM: Framing = { type: 'stx-etx', bytes: TELEGRAM_BYTES }

/** The most particular first: a line of values with a separator may be anything. */
const CANDIDATES: readonly Candidate[] = [
  { framing: LINE, decoder: 'nmea', makeParse: makeParseNmea, numbersMin: 0 },
  { framing: LINE, decoder: 'json', makeParse: () => parseJsonLine, numbersMin: 0 },
  { framing: LINE, decoder: 'animal-tag', makeParse: makeParseAnimalTag, numbersMin: 0 },
  { framing: TELEGRAM, decoder: 'animal-tag', makeParse: makeParseAnimalTag, numbersMin: 0 },
  { framing: { type: 'stx-etx' }, decoder: 'animal-tag', makeParse: makeParseAnimalTag, numbersMin: 0 },
  { framing: LINE, decoder: 'csv', makeParse: makeParseCsv, numbersMin: 2 },
]

/**
 * How the bytes heard are framed and what they say, by trying. `unknown` within a framing that fits: lines of other text,
 * or stuffed frames; with confidence 0 nothing fits. Bytes after `GUESS_BYTES_MAX` are not looked at.
 */
export function guess(heard: Uint8Array): Guess {
  const bytes = heard.subarray(0, GUESS_BYTES_MAX)
  const unknown: Guess = { framing: LINE, decoder: 'unknown', confidence: 0 }
  if (bytes.length < GUESS_BYTES_MIN) return unknown
  for (const candidate of CANDIDATES) {
    const confidence = understood(bytes, candidate)
    const { framing, decoder } = candidate
    if (confidence >= CONFIDENCE_MIN) return { framing, decoder, confidence }
  }
  if (looksStuffed(bytes)) return { framing: { type: 'cobs' }, decoder: 'unknown', confidence: 1 }
  const confidence = shareOfText(bytes)
  // Text that nothing reads is worth less than what is read, and noise has letters too.
  return confidence >= TEXT_SHARE_MIN ? { ...unknown, confidence: confidence / 2 } : unknown
}

/** The share of the bytes in frames that are read; 0 where frames were lost other than before the first. */
function understood(bytes: Uint8Array, { framing, makeParse, numbersMin }: Candidate): number {
  const parse = makeParse()
  const framer = makeFramer(framing)
  let first = true
  let read = 0
  let total = 0
  let numbers = 0
  framer.push(bytes, (frame) => {
    // When it was does not matter, only whether there is something to read.
    const parsed = parse(frame, AT_MS_MIN)
    const fits = !('type' in parsed)
    // Listening began anywhere, so that the first may be the rest of one.
    if (fits || !first) total += frame.length
    if (fits) {
      read += frame.length
      numbers += parsed.filter(({ value }) => typeof value === 'number').length
    }
    first = false
  })
  return total === 0 || framer.dropped > 1 || numbers < numbersMin ? 0 : read / total
}

function looksStuffed(bytes: Uint8Array): boolean {
  const framer = makeFramer({ type: 'cobs' })
  const lengths: number[] = []
  framer.push(bytes, (frame) => lengths.push(frame.length))
  const whole = lengths.slice(1)
  return (
    framer.dropped <= 1 &&
    whole.length >= COBS_FRAMES_MIN &&
    whole.every((length) => length >= COBS_BYTES_MIN)
  )
}

/** The share of printable ASCII and line ends; 0 where no line ends. */
function shareOfText(bytes: Uint8Array): number {
  const isEnd = (byte: number) => byte === 0x0a || byte === 0x0d
  const printable = bytes.filter((byte) => isEnd(byte) || byte === 0x09 || (byte >= 0x20 && byte <= 0x7e))
  return bytes.some(isEnd) ? printable.length / bytes.length : 0
}
