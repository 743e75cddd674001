/** What the app says of sensors while they are added and run. Pure: a value in, words out. */
import type { DeviceFacts } from '../sensor/device-facts.ts'
import type { SensorProblem } from '../sensor/problem.ts'
import type { TextProgress } from '../sensor/text-source.ts'
import { count, liveWords, plural, type LiveState } from './words.ts'

/** Said where code that is loaded late cannot be. */
export const NOT_HERE_YET =
  'This part of Weft is not on this device yet, and there is no network to get it from. Everything saved is kept.'

/** How a problem is said: that a person changed their mind is none. */
export function problemTone({ kind }: SensorProblem): 'info' | 'error' {
  return kind === 'cancelled' || kind === 'no-file' ? 'info' : 'error'
}

/** What of a sensor's messages did not become readings; empty where all did. */
export function passedOverWords({
  malformed,
  skipped = 0,
}: {
  readonly malformed: number
  readonly skipped?: number
}): string {
  const parts: string[] = []
  if (malformed > 0) parts.push(`${plural(malformed, 'message')} could not be read`)
  if (skipped > 0) parts.push(`${plural(skipped, 'message')} came too fast`)
  const were = malformed + skipped === 1 ? 'was' : 'were'
  return parts.length === 0 ? '' : `${parts.join(' and ')}, and ${were} passed over. All others are kept.`
}

/** Who made a device, and which it is; empty where it does not say. */
export function factWords({ manufacturer = '', model = '', firmware }: DeviceFacts = {}): string {
  const made = `${manufacturer} ${model}`.trim()
  return [made, firmware === undefined ? '' : `firmware ${firmware}`].filter((part) => part !== '').join(', ')
}

/** Rows that are named where a text could not be read: a line of them. */
const BAD_ROWS_NAMED = 8

/** What a person is told when a file or text has been read to its end. */
export function textWords({
  good,
  bad,
  badRows,
  known,
}: Pick<TextProgress, 'good' | 'bad' | 'badRows' | 'known'>): string {
  const here = `${plural(known, 'reading')} ${known === 1 ? 'was' : 'were'} here already.`
  const all = `${plural(good, 'row')} read.${known === 0 ? '' : ` ${here}`}`
  if (bad === 0) return all
  const named = badRows.slice(0, BAD_ROWS_NAMED).map(count).join(', ')
  const more = badRows.length > BAD_ROWS_NAMED ? ' and more' : ''
  return `${all} ${plural(bad, 'row')} could not be read and ${bad === 1 ? 'was' : 'were'} passed over: ${named}${more}.`
}

/** How far the file of a thing has been read. */
export function readingWords(
  state: LiveState,
  { bytes, bytesTotal }: Pick<TextProgress, 'bytes' | 'bytesTotal'>,
): string {
  if (state === 'live') return `reading, ${Math.floor((100 * bytes) / Math.max(1, bytesTotal))} %`
  return state === 'idle' && bytes >= bytesTotal ? 'all read' : liveWords(state)
}
