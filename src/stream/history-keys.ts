import { PAGE_INDEXES } from './record-page.ts'
import { PAGE_EPOCHS } from './epoch-page.ts'

/** Where the index stands. */
export const META_KEY = 'm'

/** The highest number of a page of buckets: eight hex digits, at the finest level until the year 350 000. */
export const PAGE_MAX = 0xffff_ffff

/** The pages whose keys begin alike: at least `from`, and less than `before`. */
export interface KeyRange {
  readonly from: string
  readonly before: string
}

/** Every stream. */
export const STREAM_KEYS = keysUnder('s/')

export function streamPageKey(stream: number): string {
  return `s/${hex(stream, 8)}`
}

/** The number of the stream whose page has this key. */
export function streamNumberOf(key: string): number {
  return Number.parseInt(key.slice(2), 16)
}

/** The page of an epoch's summary. */
export function epochPageKey(stream: number, epoch: number): string {
  return `e/${hex(stream, 8)}/${hex(Math.floor(epoch / PAGE_EPOCHS), 6)}`
}

/** The summaries of all epochs of a stream. */
export function epochKeys(stream: number): KeyRange {
  return keysUnder(`e/${hex(stream, 8)}/`)
}

/** The number of a page of summaries, or of buckets, by its key. */
export function pageNumberOf(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 16)
}

/** The page of the rows with an index of an epoch. */
export function recordPageKey(stream: number, epoch: number, index: number): string {
  return `r/${hex(stream, 8)}/${hex(epoch, 8)}/${hex(Math.floor(index / PAGE_INDEXES), 7)}`
}

/** The rows of an epoch. */
export function recordKeys(stream: number, epoch: number): KeyRange {
  return keysUnder(`r/${hex(stream, 8)}/${hex(epoch, 8)}/`)
}

/** A page of the buckets of one quantity at one level. */
export function bucketPageKey(stream: number, series: number, level: number, page: number): string {
  return `b/${hex(stream, 8)}/${hex(series, 2)}/${level}/${hex(page, 8)}`
}

/** The pages of one quantity at one level, from page `first` to `last`, both included. */
export function bucketKeys(
  stream: number,
  series: number,
  level: number,
  first: number,
  last: number,
): KeyRange {
  return {
    from: bucketPageKey(stream, series, level, first),
    before: `${bucketPageKey(stream, series, level, last)}!`,
  }
}

/** In ASCII '~' comes after every digit and letter. */
function keysUnder(prefix: string): KeyRange {
  return { from: prefix, before: `${prefix}~` }
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}
