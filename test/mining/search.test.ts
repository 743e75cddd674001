import { beforeAll, describe, expect, it, vi } from 'vitest'
import fc from 'fast-check'
import {
  KERNEL_BUILDS,
  type KernelBuild,
  loadKernel,
  NONCE_END,
  Searcher,
  SEARCH_COUNT_MAX,
} from '../../src/mining/search.ts'
import { firstWinner, lastWord, readKernel } from './kernels.ts'

const EVERYTHING_WINS = 2 ** 32

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** Nonces from everywhere, most of them where the words of a u64, or lanes of four, begin and end. */
const anyNonce = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc
    .tuple(fc.integer({ min: 1, max: 2 ** 21 - 1 }), fc.integer({ min: -70, max: 70 }))
    .map(([high, offset]) => high * 2 ** 32 + offset),
  fc.integer({ min: 2 ** 31 - 70, max: 2 ** 31 + 70 }),
  fc.integer({ min: NONCE_END - 70, max: NONCE_END - 1 }),
  fc.maxSafeNat(),
)

/** From one winner in two to one in 256, and the rare ends. */
const anyTarget = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 2 ** 24, max: 2 ** 31 }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 2, 2 ** 31, EVERYTHING_WINS - 1, EVERYTHING_WINS) },
)

const edges = [
  ...[0, 1, 2, 3, 4, 5, 7, 8],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1],
  ...[-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5].map((offset) => 2 ** 32 + offset),
  ...[-5, -1, 0, 5].map((offset) => 7 * 2 ** 32 + offset),
  ...[-8, -5, -4, -3, -2, -1].map((offset) => NONCE_END + offset),
]

describe.each(KERNEL_BUILDS)('the %s kernel', (build) => {
  let searcher: Searcher

  beforeAll(async () => {
    searcher = new Searcher(await WebAssembly.compile(await readKernel(build)))
  })

  it('finds what noble finds, or nothing, in thousands of random ranges', () => {
    let hits = 0
    const count = fc.integer({ min: 0, max: 40 })
    const property = (key: Uint8Array, digest: Uint8Array, target: number, start: number, wanted: number) => {
      const task = { key, digest, target }
      const tried = Math.min(wanted, NONCE_END - start)
      searcher.setTask(task)
      const found = searcher.search(start, tried)
      expect(found).toBe(firstWinner(task, start, tried))
      if (found !== undefined) hits++
    }
    fc.assert(fc.property(bytes32, bytes32, anyTarget, anyNonce, count, property), { seed: 1, numRuns: 3000 })
    expect(hits).toBeGreaterThan(500)
    expect(hits).toBeLessThan(2500)
  })

  it('knows every last word exactly: one less than what is needed loses', () => {
    const property = (key: Uint8Array, digest: Uint8Array, nonce: number) => {
      expectExact(key, digest, nonce)
    }
    fc.assert(fc.property(bytes32, bytes32, anyNonce, property), { seed: 2, numRuns: 3000 })
  })

  it.each(edges)('hashes nonce %d as it is on the wire', (nonce) => {
    expectExact(new Uint8Array(32).fill(0xa5), new Uint8Array(32).fill(0x5a), nonce)
  })

  it.each(edges)('runs over nonce %d from every start near it, with every count near it', (edge) => {
    const task = { key: new Uint8Array(32).fill(3), digest: new Uint8Array(32).fill(4), target: 2 ** 29 }
    searcher.setTask(task)
    for (let start = Math.max(0, edge - 6); start <= edge; start++) {
      for (let count = 0; count <= Math.min(13, NONCE_END - start); count++) {
        expect(searcher.search(start, count)).toBe(firstWinner(task, start, count))
      }
    }
  })

  it('wins at once with the target 2^32, wherever it starts', () => {
    searcher.setTask({ key: new Uint8Array(32), digest: new Uint8Array(32), target: EVERYTHING_WINS })
    for (const start of edges) expect(searcher.search(start, 1)).toBe(start)
    expect(searcher.search(5, SEARCH_COUNT_MAX)).toBe(5)
    expect(searcher.search(5, 0)).toBeUndefined()
  })

  it('finds nothing where nothing is', () => {
    searcher.setTask({ key: new Uint8Array(32), digest: new Uint8Array(32), target: 1 })
    expect(searcher.search(2 ** 32 - 50_001, 100_003)).toBeUndefined()
  })

  it('forgets the task before', () => {
    const easy = { key: new Uint8Array(32).fill(1), digest: new Uint8Array(32).fill(2), target: 2 ** 26 }
    const other = { key: new Uint8Array(32).fill(5), digest: new Uint8Array(32).fill(6), target: 2 ** 25 }
    for (const task of [easy, other, { ...easy, key: other.key }, { ...easy, digest: other.digest }, easy]) {
      searcher.setTask(task)
      expect(searcher.search(0, 1000)).toBe(firstWinner(task, 0, 1000))
    }
  })

  /** A target just above the last word wins, and that word itself does not. */
  function expectExact(key: Uint8Array, digest: Uint8Array, nonce: number): void {
    const word = lastWord({ key, digest }, nonce)
    searcher.setTask({ key, digest, target: word + 1 })
    expect(searcher.search(nonce, 1)).toBe(nonce)
    if (word === 0) return
    searcher.setTask({ key, digest, target: word })
    expect(searcher.search(nonce, 1)).toBeUndefined()
  }
})

describe('a searcher', () => {
  const task = { key: new Uint8Array(32), digest: new Uint8Array(32), target: 1 }

  const create = async () => new Searcher(await WebAssembly.compile(await readKernel('scalar')))

  it('refuses a task that cannot be', async () => {
    const searcher = await create()
    for (const target of [0, -1, 1.5, 2 ** 32 + 1, NaN, Infinity]) {
      expect(() => searcher.setTask({ ...task, target })).toThrow(RangeError)
    }
    expect(() => searcher.setTask({ ...task, key: new Uint8Array(31) })).toThrow(RangeError)
    expect(() => searcher.setTask({ ...task, digest: new Uint8Array(33) })).toThrow(RangeError)
  })

  it('refuses a range that reaches outside the nonces', async () => {
    const searcher = await create()
    searcher.setTask(task)
    for (const start of [-1, 0.5, NONCE_END, NaN]) expect(() => searcher.search(start, 1)).toThrow(RangeError)
    for (const count of [-1, 0.5, SEARCH_COUNT_MAX + 1, NaN]) {
      expect(() => searcher.search(0, count)).toThrow(RangeError)
    }
    expect(() => searcher.search(NONCE_END - 1, 2)).toThrow(RangeError)
  })

  it('wants a task first', async () => {
    const searcher = await create()
    expect(() => searcher.search(0, 1)).toThrow('setTask')
  })
})

describe('loadKernel', () => {
  /** A module of a version that no engine knows stands for opcodes that an old engine does not know. */
  const UNKNOWN = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x7f, 0x00, 0x00, 0x00)

  it('takes the fastest build the engine accepts, and asks for no other', async () => {
    const read = vi.fn(readKernel)
    await loadKernel(read)
    expect(read.mock.calls).toEqual([['relaxed']])
  })

  it.each([1, 2])('goes on to the next build where the engine refuses the first %d', async (refused) => {
    const read = vi.fn(async (build: KernelBuild) =>
      KERNEL_BUILDS.indexOf(build) < refused ? UNKNOWN : readKernel(build),
    )
    const searcher = new Searcher(await loadKernel(read))
    expect(read.mock.calls.flat()).toEqual(KERNEL_BUILDS.slice(0, refused + 1))
    searcher.setTask({ key: new Uint8Array(32), digest: new Uint8Array(32), target: EVERYTHING_WINS })
    expect(searcher.search(9, 1)).toBe(9)
  })

  it('rejects where none is a module, and where the bytes cannot be had', async () => {
    await expect(loadKernel(async () => new Uint8Array(4))).rejects.toThrow(WebAssembly.CompileError)
    await expect(loadKernel(() => Promise.reject(new Error('offline')))).rejects.toThrow('offline')
  })
})
