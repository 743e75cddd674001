import { beforeAll, describe, expect, it } from 'vitest'
import { noncesOf, runTask } from '../../src/mining/run.ts'
import { NONCE_END, Searcher } from '../../src/mining/search.ts'
import type { MiningProgress } from '../../src/ports.ts'
import { ENDLESS, quickTask } from '../contract/miner.ts'
import { firstWinner, readKernel } from './kernels.ts'

const ALL_NONCES = noncesOf({})

describe('runTask', () => {
  let searcher: Searcher

  beforeAll(async () => {
    searcher = new Searcher(await WebAssembly.compile(await readKernel('simd')))
  })

  /** Runs until `reports` reports have come, on a clock where a chunk takes `chunkMs` and a pause `pauseMs`. */
  async function reportsOf(chunkMs: number, pauseMs: number, reports: number): Promise<MiningProgress[]> {
    const seen: MiningProgress[] = []
    const stop = new AbortController()
    const onProgress = (progress: MiningProgress) => {
      if (seen.push(progress) === reports) stop.abort()
    }
    const nowMs = tickingClock(chunkMs, pauseMs)
    const run = runTask(searcher, ENDLESS, ALL_NONCES, { signal: stop.signal, onProgress, nowMs })
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    return seen
  }

  it('starts where it is told, and finds the smallest winner from there', async () => {
    const { signal } = new AbortController()
    const task = quickTask(1)
    for (const start of [0, 1000, 2 ** 32 - 5, NONCE_END - 100_000]) {
      const range = { start, end: NONCE_END }
      const nonce = await runTask(searcher, task, range, {
        signal,
        onProgress: () => {},
        nowMs: tickingClock(1, 1),
      })
      expect(nonce).toBe(firstWinner(task, start, 100_000))
    }
  })

  it('says so when it has tried the last nonce of its range, and tries none beyond', async () => {
    const { signal } = new AbortController()
    const options = { signal, onProgress: () => {}, nowMs: tickingClock(1, 1) }
    const last = { start: NONCE_END - 10_001, end: NONCE_END }
    await expect(runTask(searcher, ENDLESS, last, options)).rejects.toMatchObject({ kind: 'exhausted' })
    const winner = firstWinner(quickTask(1), 0, 100_000) ?? NaN
    const upTo = (end: number) => runTask(searcher, quickTask(1), { start: 0, end }, options)
    await expect(upTo(winner)).rejects.toMatchObject({ kind: 'exhausted' })
    expect(await upTo(winner + 1)).toBe(winner)
  })

  it('searches in smaller chunks on a slow device, down to a limit', async () => {
    const reports = await reportsOf(100, 0, 5)
    expect(reports.map(({ hashes }) => hashes)).toEqual([2048, 3072, 3584, 4096, 4608])
  })

  it('searches in larger chunks on a fast device, up to a limit', async () => {
    const reports = await reportsOf(0.25, 200, 9)
    const chunks = reports.map(({ hashes }, index) => hashes - (reports[index - 1]?.hashes ?? 0))
    expect(chunks.slice(1)).toEqual([13, 14, 15, 16, 17, 17, 17, 17].map((power) => 2 ** power))
  })

  it('keeps a chunk that takes about a millisecond', async () => {
    const reports = await reportsOf(1, 99, 4)
    expect(reports.map(({ hashes }) => hashes)).toEqual([4096, 6144, 8192, 10_240])
  })

  it('reports no more than every 100 ms, with the rate since the start', async () => {
    const reports = await reportsOf(2, 28, 3)
    // A chunk each 30 ms: the fifth is the first to end at 100 ms or later, and then every fourth.
    const ends = [122, 242, 362]
    expect(reports).toEqual(
      ends.map((ms, index) => {
        const hashes = 2048 * (5 + 4 * index)
        return { hashes, hashesPerSecond: (hashes * 1000) / ms }
      }),
    )
  })

  it('stops before the next chunk when it is cancelled, and lets other work in between chunks', async () => {
    const stop = new AbortController()
    let reads = 0
    const nowMs = () => {
      reads++
      return 0
    }
    setImmediate(() => stop.abort())
    const run = runTask(searcher, ENDLESS, ALL_NONCES, {
      signal: stop.signal,
      onProgress: () => {},
      nowMs,
    })
    stop.signal.addEventListener('abort', () => (reads = 0))
    await expect(run).rejects.toMatchObject({ name: 'AbortError' })
    expect(reads).toBe(0)
  })
})

/** A clock that is read once at the start, then before and after each chunk. */
function tickingClock(chunkMs: number, pauseMs: number): () => number {
  let ms = 0
  let reads = 0
  return () => {
    if (reads > 1) ms += reads % 2 === 0 ? chunkMs : pauseMs
    reads++
    return ms
  }
}
