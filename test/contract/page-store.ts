/** The contract of `PageStore` (src/ports.ts), as cases that run under vitest and in a browser page alike. */
import type { PageStore } from '../../src/ports.ts'
import { checkRejects, checkSame, type ContractCase } from '../store/cases.ts'

type PageStoreCase = ContractCase<PageStore>

/** A page that says which one it is. */
function pageOf(key: string): Uint8Array {
  return new TextEncoder().encode(`the page ${key}`)
}

/** What every page store does. */
export const pageStoreCases: readonly PageStoreCase[] = [
  {
    name: 'gives back what was put in the order asked, and nothing for what was not',
    run: async (open) => {
      const pages = await open('pages-put')
      await pages.put([
        ['a/1', pageOf('a/1')],
        ['a/2', new Uint8Array()],
      ])
      checkSame(
        await pages.get(['a/2', 'b', 'a/1', 'a/1']),
        [new Uint8Array(), undefined, pageOf('a/1'), pageOf('a/1')],
        'pages',
      )
      await pages.put([['a/1', pageOf('new')]])
      checkSame(await pages.get(['a/1']), [pageOf('new')], 'a page put again')
      checkSame(await pages.get([]), [], 'no keys')
      await pages.put([])
      await pages.close()
    },
  },
  {
    name: 'deletes what is put as undefined, and forgets all it is told to',
    run: async (open) => {
      const pages = await open('pages-delete')
      await pages.put(['a', 'b', 'c'].map((key) => [key, pageOf(key)]))
      await pages.put([
        ['a', undefined],
        ['never', undefined],
        ['d', pageOf('d')],
      ])
      checkSame(await pages.get(['a', 'b', 'd']), [undefined, pageOf('b'), pageOf('d')], 'what is left')
      await pages.clear()
      checkSame(await pages.range('', '~', 10), [], 'after it was cleared')
      await pages.put([['e', pageOf('e')]])
      checkSame(await pages.get(['b', 'e']), [undefined, pageOf('e')], 'after it was cleared and put to')
      await pages.close()
    },
  },
  {
    name: 'hands over a range in the order of the keys, as much of it as asked for',
    run: async (open) => {
      const pages = await open('pages-range')
      const keys = ['b', 'a/2', 'a', 'a/10', 'a0', 'A/1', 'a/', 'a/~', '0', '~']
      await pages.put(keys.map((key) => [key, pageOf(key)]))
      for (const [from, before] of [
        ['', '~~'],
        ['a/', 'a0'],
        ['a/1', 'a/2'],
        ['a/2', 'a/2'],
        ['b', 'a'],
        ['c', 'd'],
      ] as const)
        for (const count of [0, 1, 3, 100]) {
          const expected = keys.filter((key) => key >= from && key < before).sort()
          checkSame(
            await pages.range(from, before, count),
            expected.slice(0, count).map((key) => [key, pageOf(key)]),
            `range(${from}, ${before}, ${count})`,
          )
        }
      await pages.close()
    },
  },
  {
    name: 'keeps its own copy of a page, and no more than the page',
    run: async (open) => {
      const pages = await open('pages-copies')
      const buffer = new Uint8Array(1000).fill(7)
      const put = pages.put([['a', buffer.subarray(10, 20)]])
      buffer.fill(0)
      await put
      const [read] = await pages.get(['a'])
      checkSame(read?.buffer.byteLength, 10, 'bytes of the buffer')
      read?.fill(1)
      for (const [, page] of await pages.range('', 'b', 1)) page.fill(2)
      checkSame(await pages.get(['a']), [new Uint8Array(10).fill(7)], 'the page')
      await pages.close()
    },
  },
  {
    name: 'is closed after it was closed',
    run: async (open) => {
      const pages = await open('pages-closed')
      await pages.close()
      await checkRejects(pages.get(['a']), 'closed')
      await checkRejects(pages.range('a', 'b', 1), 'closed')
      await checkRejects(pages.put([['a', pageOf('a')]]), 'closed')
      await checkRejects(pages.clear(), 'closed')
      await pages.close()
    },
  },
]

/** What a page store does that outlives the program. */
export const lastingPageStoreCases: readonly PageStoreCase[] = [
  {
    name: 'holds after a restart what was put before it',
    run: async (open) => {
      const first = await open('pages-restart')
      await first.put([['a', pageOf('a')]])
      await first.close()
      const second = await open('pages-restart')
      checkSame(await second.range('', '~', 10), [['a', pageOf('a')]], 'the pages')
      await second.close()
    },
  },
]
