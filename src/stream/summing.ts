import type { PageStore } from '../ports.ts'
import type { Reading } from '../reading/reading.ts'
import { BucketPage, bucketPageOf, LEVELS, widthOf } from './bucket-page.ts'
import { bucketPageKey } from './history-keys.ts'
import { HotPages } from './hot-pages.ts'
import { SERIES_MAX } from './series.ts'
import { SeriesEntry, type StreamEntry } from './stream-entry.ts'

/**
 * How often the readings of one record may turn to another page of the finest level. Ours turn twice a quantity at most;
 * with a page of each level a turn, a stranger's record costs 512 pages and not four for each of its readings.
 */
const TURNS_MAX = 128

/** Stands for a series where a reading is not summed up. */
const NONE = SERIES_MAX

/** Which series each reading of a record goes to. */
export type SummingPlan = Uint8Array

/** Sums the readings of records up in buckets, at every level at once. */
export class Summing {
  readonly buckets: HotPages<BucketPage>
  /** The series that hold on to pages. */
  readonly #warm = new Set<SeriesEntry>()
  /** By series, the page that the reading before went to; here because each record needs one. */
  readonly #turns = new Float64Array(SERIES_MAX)

  constructor(pages: PageStore) {
    this.buckets = new HotPages(pages, { make: () => new BucketPage(), decode: BucketPage.decode })
  }

  /**
   * Sees to it that the pages these readings go to are in memory; nothing is summed up yet. Left out are quantities beyond
   * `SERIES_MAX` of a stream, and readings after too many turns. Throws `StoreError`.
   */
  prepare(stream: StreamEntry, readings: readonly Reading[]): SummingPlan | Promise<SummingPlan> {
    const plan = new Uint8Array(readings.length)
    const absent = new Set<string>()
    let turns = 0
    this.#turns.fill(-1)
    for (let i = 0; i < readings.length; i++) {
      const reading = readings[i]
      if (reading === undefined) continue
      const number = seriesOf(stream, reading)
      const finest = bucketPageOf(0, reading.atMs)
      const series = stream.series[number]
      // Pages of wider levels turn only where one of the finest does.
      const isTurn = series !== undefined && this.#turns[number] !== finest
      if (isTurn && ++turns <= TURNS_MAX) {
        this.#turns[number] = finest
        this.#hold(stream.number, number, series, reading.atMs, absent)
      }
      plan[i] = isTurn && turns > TURNS_MAX ? NONE : number
    }
    return absent.size === 0 ? plan : this.#load([...absent]).then(() => plan)
  }

  /** Takes the readings in, as they were prepared right before. */
  add(stream: StreamEntry, readings: readonly Reading[], plan: SummingPlan): void {
    for (let i = 0; i < readings.length; i++) {
      const reading = readings[i]
      const number = plan[i] ?? NONE
      const series = stream.series[number]
      if (reading === undefined || series === undefined) continue
      const { value, atMs } = reading
      const summed = typeof value === 'string' ? 0 : Number(value)
      for (let level = 0; level < LEVELS.length; level++) {
        const page = bucketPageOf(level, atMs)
        if (series.pageNumbers[level] !== page) this.#turn(stream.number, number, series, level, page)
        series.pages[level]?.addReading(widthOf(level), atMs, summed)
      }
    }
  }

  /** The pages have been written, and may be let go. */
  written(): void {
    this.buckets.written()
    for (const series of this.#warm) series.cool()
    this.#warm.clear()
  }

  /** Pages that are in memory are held on to by counting as changed; keys of the others are added to `absent`. */
  #hold(stream: number, number: number, series: SeriesEntry, atMs: number, absent: Set<string>): void {
    for (let level = 0; level < LEVELS.length; level++) {
      const page = bucketPageOf(level, atMs)
      if (series.pageNumbers[level] === page) continue
      const key = bucketPageKey(stream, number, level, page)
      const hot = this.buckets.peek(key)
      if (hot === undefined) absent.add(key)
      else this.buckets.change(key, hot)
    }
  }

  async #load(keys: readonly string[]): Promise<void> {
    const pages = await this.buckets.load(keys)
    for (const [i, page] of pages.entries()) this.buckets.change(keys[i] ?? '', page)
  }

  #turn(stream: number, number: number, series: SeriesEntry, level: number, page: number): void {
    series.pages[level] = this.buckets.peek(bucketPageKey(stream, number, level, page))
    series.pageNumbers[level] = page
    this.#warm.add(series)
  }
}

/** The number of a reading's series within its stream: one there is, a new one, or none. */
function seriesOf({ series }: StreamEntry, { quantity, unit = '', value }: Reading): number {
  const isText = typeof value === 'string'
  for (let i = 0; i < series.length; i++) {
    const known = series[i]
    if (known?.quantity === quantity && known.unit === unit && known.isText === isText) return i
  }
  return series.length === SERIES_MAX ? NONE : series.push(new SeriesEntry(quantity, unit, isText)) - 1
}
