/** What the app says of sensors while they are added and run. Pure: a value in, words out. */
import type { TextProgress } from '../sensor/text-source.ts'
import { count, liveWords, plural, type LiveState } from './words.ts'

/** Said where code that is loaded late cannot be. */
export const NOT_HERE_YET =
  'This part of Weft is not on this device yet, and there is no network to get it from. Everything saved is kept.'

/** Rows that are named where a text could not be read: a line of them. */
const BAD_ROWS_NAMED = 8

/** What a person is told when a file or text has been read to its end. */
export function textWords({ good, bad, badRows }: Pick<TextProgress, 'good' | 'bad' | 'badRows'>): string {
  const all = `${plural(good, 'row')} read.`
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
