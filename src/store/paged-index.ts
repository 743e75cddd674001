/** The block index over everything but the newest records: filters in memory, pages where they lie. */
import type { BlockId } from '../core/model/id.ts'
import { findInPage, mayHold, pageWithout, probeOf, type Location, type PageFilter } from './index-page.ts'
import { Lru } from './lru.ts'
import type { ErasedRecord, Page } from './plan.ts'
import { recordOverheadBytes } from './record.ts'

/** Pages kept in memory, 48 kB each. */
const PAGES_CACHED_MAX = 16

/** A filter, and the first record after its page. */
export interface PagedFilter {
  readonly end: number
  readonly filter: PageFilter
}

/** Records from `start` up to, not including, `end`. */
export interface RecordRange {
  readonly start: number
  readonly end: number
}

/** Fetches the pages of these ranges, in their order. */
type LoadPages = (ranges: readonly RecordRange[]) => Promise<readonly Uint8Array[]>

export class PagedIndex {
  /** By `end`, ascending. */
  readonly #filters: PagedFilter[]
  readonly #loadPages: LoadPages
  /** Kept as sums: they are asked for with every commit, and a million blocks have hundreds of pages. */
  #blocks: number
  #bytes: number
  readonly #cache = new Lru<number, Uint8Array>(PAGES_CACHED_MAX)

  constructor(filters: readonly PagedFilter[], loadPages: LoadPages) {
    this.#filters = [...filters]
    this.#blocks = filters.reduce((sum, { filter }) => sum + filter.blocks, 0)
    this.#bytes = filters.reduce((sum, { filter }) => sum + filter.bytes, 0)
    this.#loadPages = loadPages
  }

  /** The first record that no page covers. */
  get end(): number {
    return this.#filters.at(-1)?.end ?? 0
  }

  /** Blocks the pages lead to, and the bytes of these blocks. */
  totals(): { readonly blocks: number; readonly bytes: number } {
    return { blocks: this.#blocks, bytes: this.#bytes }
  }

  /** For each id, the places where it may lie, the newest first: nearly always one or none. */
  async locate(ids: readonly BlockId[]): Promise<readonly (readonly Location[])[]> {
    const searches = ids.map((id) => {
      const probe = probeOf(id)
      const hits = this.#filters.filter(({ filter }) => mayHold(filter, probe))
      return { probe, ends: hits.map(({ end }) => end).reverse() }
    })
    const pages = await this.#pages(new Set(searches.flatMap(({ ends }) => ends)))
    return searches.map(({ probe, ends }) =>
      ends.flatMap((end) => {
        const page = pages.get(end)
        return page === undefined ? [] : findInPage(page, probe)
      }),
    )
  }

  /** Takes in a page that follows all others, or one that replaces the page with its `end`. */
  adopt({ end, page, filter }: Page): void {
    this.refilter({ end, filter })
    this.#cache.set(end, page)
  }

  /**
   * The page over `record` without that record's entries; the store puts it in place with `adopt`.
   *
   * @param recordBytes length of the record, by which its blocks' bytes are known
   */
  async without(record: number, recordBytes: number): Promise<Page> {
    const { end, filter } = this.#covering(record)
    const pages = await this.#pages(new Set([end]))
    const { page, removed } = pageWithout(pages.get(end) ?? new Uint8Array(), record)
    const bytesRemoved = removed === 0 ? 0 : recordBytes - recordOverheadBytes(removed)
    const bytes = Math.max(0, filter.bytes - Math.max(0, bytesRemoved))
    return { end, page, filter: { blocks: filter.blocks - removed, bytes, bits: filter.bits } }
  }

  /** The filters that count the bytes of these records, each anew; the store puts them in place with `refilter`. */
  shortened(records: readonly ErasedRecord[]): readonly PagedFilter[] {
    const counted = new Map<number, PagedFilter>()
    for (const { number, saved } of records) {
      if (number >= this.end) continue
      const covering = this.#covering(number)
      const { end, filter } = counted.get(covering.end) ?? covering
      counted.set(end, { end, filter: { ...filter, bytes: Math.max(0, filter.bytes - saved) } })
    }
    return [...counted.values()]
  }

  /** Takes in a filter that replaces the one with its `end`, or follows all others. */
  refilter({ end, filter }: PagedFilter): void {
    const index = this.#filters.findIndex((known) => known.end === end)
    const replaced = this.#filters[index]?.filter
    if (index === -1) this.#filters.push({ end, filter })
    else this.#filters[index] = { end, filter }
    this.#blocks += filter.blocks - (replaced?.blocks ?? 0)
    this.#bytes += filter.bytes - (replaced?.bytes ?? 0)
  }

  #covering(record: number): PagedFilter {
    const covering = this.#filters.find(({ end }) => end > record)
    if (covering === undefined) throw new RangeError(`no page covers record ${record}`)
    return covering
  }

  async #pages(ends: ReadonlySet<number>): Promise<ReadonlyMap<number, Uint8Array>> {
    const pages = new Map<number, Uint8Array>()
    const missing: RecordRange[] = []
    for (const end of ends) {
      const cached = this.#cache.get(end)
      if (cached === undefined) missing.push({ start: this.#startOf(end), end })
      else pages.set(end, cached)
    }
    if (missing.length === 0) return pages
    const loaded = await this.#loadPages(missing)
    missing.forEach(({ end }, index) => {
      // While it was loading, a damaged record may have been taken out of it.
      const page = this.#cache.get(end) ?? loaded[index]
      if (page === undefined) return
      pages.set(end, page)
      this.#cache.set(end, page)
    })
    return pages
  }

  #startOf(end: number): number {
    return this.#filters.findLast((filter) => filter.end < end)?.end ?? 0
  }
}
