import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BlockId } from '../../src/core/model/id.ts'
import {
  RECORDS_MAX,
  decodeFilter,
  encodeFilter,
  encodePage,
  findInPage,
  isPage,
  locationOf,
  makeFilter,
  mayHold,
  pageWithout,
  positionOf,
  probeOf,
  recordOf,
  type IndexEntry,
} from '../../src/store/index-page.ts'
import { seededWords, standInId } from './cases.ts'

const SEED = { seed: 20_260_103 }

function entries(seed: number, count: number): readonly IndexEntry[] {
  const words = seededWords(seed)
  return Array.from({ length: count }, (_, index) => ({
    id: standInId(words),
    location: locationOf(Math.floor(index / 64), index % 64),
  }))
}

describe('a location', () => {
  it('is a record and a position in one u32', () => {
    fc.assert(
      fc.property(fc.nat(RECORDS_MAX - 1), fc.nat(63), (record, position) => {
        const location = locationOf(record, position)
        expect([recordOf(location), positionOf(location)]).toEqual([record, position])
        expect(location).toBeLessThan(2 ** 32)
      }),
      SEED,
    )
    expect(() => locationOf(RECORDS_MAX, 0)).toThrow(RangeError)
    expect(() => locationOf(0, 64)).toThrow(RangeError)
  })
})

describe('an index page', () => {
  it('finds each of its blocks, and no other', () => {
    const all = entries(1, 4096)
    const page = encodePage(all)
    expect(page.length).toBe(4 + 12 * 4096)
    expect(isPage(page)).toBe(true)
    for (const { id, location } of all) expect(findInPage(page, probeOf(id))).toEqual([location])
    for (const { id } of entries(2, 1000)) expect(findInPage(page, probeOf(id))).toEqual([])
  })

  it('finds the first and the last, and nothing in an empty one', () => {
    const ids = ['00', '7f', '80', 'ff'].map((digits) => digits.repeat(32) as BlockId)
    const page = encodePage(ids.map((id, location) => ({ id, location })))
    ids.forEach((id, location) => expect(findInPage(page, probeOf(id))).toEqual([location]))
    expect(findInPage(encodePage([]), probeOf(ids[0]!))).toEqual([])
  })

  it('names every place of ids that begin alike', () => {
    const [{ id }, ...others] = entries(3, 300) as [IndexEntry, ...IndexEntry[]]
    const twin = `${id.slice(0, 16)}${others[0]?.id.slice(16)}` as BlockId
    const page = encodePage([{ id, location: 70_000 }, { id: twin, location: 80_000 }, ...others])
    expect([...findInPage(page, probeOf(id))].sort()).toEqual([70_000, 80_000])
  })

  it('lets go of one record and keeps the rest', () => {
    const all = entries(4, 640)
    const { page, removed } = pageWithout(encodePage(all), 3)
    expect(removed).toBe(64)
    expect(isPage(page)).toBe(true)
    for (const { id, location } of all) {
      expect(findInPage(page, probeOf(id))).toEqual(recordOf(location) === 3 ? [] : [location])
    }
    expect(pageWithout(page, 3)).toEqual({ page, removed: 0 })
  })

  it('is never made of other bytes', () => {
    const page = encodePage(entries(5, 50))
    fc.assert(
      fc.property(fc.nat(page.length - 1), fc.integer({ min: 1, max: 255 }), (offset, change) => {
        const mutated = page.slice()
        mutated[offset] = (mutated[offset] ?? 0) ^ change
        expect(isPage(mutated)).toBe(false)
      }),
      SEED,
    )
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(isPage(bytes)).toBe(false)
        expect(decodeFilter(bytes)).toBeUndefined()
      }),
      SEED,
    )
  })
})

describe('a filter', () => {
  it('passes all of its own and few of the others, in a byte and a half a block', () => {
    const all = entries(6, 4096)
    const filter = makeFilter(
      all.map(({ id }) => id),
      1_600_000,
    )
    expect(filter.bits.length).toBe(1.5 * 4096)
    expect(all.every(({ id }) => mayHold(filter, probeOf(id)))).toBe(true)
    const passed = entries(7, 20_000).filter(({ id }) => mayHold(filter, probeOf(id))).length
    expect(passed / 20_000).toBeLessThan(0.006)
  })

  it('comes back from its bytes', () => {
    for (const count of [0, 1, 7, 4096]) {
      const filter = makeFilter(
        entries(8, count).map(({ id }) => id),
        12_345,
      )
      expect(decodeFilter(encodeFilter(filter))).toEqual(filter)
    }
  })
})
