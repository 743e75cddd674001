import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MinerError } from '../../src/mining/errors.ts'
import { poolMiner, type Racer, type RacerRun, rangeOf, workerCount } from '../../src/mining/pool.ts'
import { noncesOf, type NonceRange } from '../../src/mining/run.ts'
import { NONCE_END } from '../../src/mining/search.ts'
import { WorkerRacer } from '../../src/mining/worker-racer.ts'
import type { MiningProgress } from '../../src/ports.ts'
import { ENDLESS, expectWinner, minerContract, quickTask } from '../contract/miner.ts'
import { firstWinner } from './kernels.ts'
import { minerPort, threadPort } from './ports.ts'

const threads = (count: number) => Array.from({ length: count }, () => new WorkerRacer(minerPort))
const deadThread = () => new WorkerRacer(() => threadPort(new URL('./no-such-worker.ts', import.meta.url)))

minerContract('one worker thread', () => poolMiner(threads(1)))
minerContract('three worker threads', () => poolMiner(threads(3)))
minerContract('two worker threads, of which the first never starts', () =>
  poolMiner([deadThread(), ...threads(1)]),
)

const ALL_NONCES = noncesOf({})

describe('workerCount', () => {
  it('leaves a core to everything else, where there are two; and has a limit', () => {
    const counts = [1, 2, 3, 8, 9, 10, 128].map(workerCount)
    expect(counts).toEqual([1, 1, 2, 7, 8, 8, 8])
  })

  it('is one where the browser does not say how many cores there are', () => {
    expect(workerCount(0)).toBe(1)
  })
})

describe('rangeOf', () => {
  it('gives every nonce from a start on to exactly one of any number of racers', () => {
    const property = (count: number, start: number) => {
      const ranges = Array.from({ length: count }, (_, place) => rangeOf(place, count, noncesOf({ start })))
      expect(ranges[0]?.start).toBe(start)
      expect(ranges.at(-1)?.end).toBe(NONCE_END)
      for (const [place, { start, end }] of ranges.entries()) {
        expect(start).toBe(ranges[place - 1]?.end ?? start)
        expect(end).toBeGreaterThan(start)
      }
    }
    const starts = fc.integer({ min: 0, max: NONCE_END / 2 })
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), starts, property), { seed: 5 })
  })
})

describe('poolMiner', () => {
  it('has them search ranges of their own, and ends the race for all when one has won', async () => {
    const racers = [new HandRacer(), new HandRacer(), new HandRacer()]
    const found = poolMiner(racers).mine(freeTask(1))
    expect(racers.map(({ range }) => range)).toEqual([0, 1, 2].map((place) => rangeOf(place, 3, ALL_NONCES)))
    racers[1]?.win(5)
    expect(await found).toBe(5)
    expect(racers.map(({ signal }) => signal?.aborted)).toEqual([true, true, true])
  })

  it('starts the next race when one is over', async () => {
    const racers = [new HandRacer(), new HandRacer()]
    const miner = poolMiner(racers)
    const [first, second] = [miner.mine(freeTask(1)), miner.mine(freeTask(2))]
    expect(racers.map(({ runs }) => runs)).toEqual([1, 1])
    racers[0]?.win(3)
    expect(await first).toBe(3)
    racers[1]?.win(4)
    expect(await second).toBe(4)
    expect(racers.map(({ runs }) => runs)).toEqual([2, 2])
  })

  it('adds up what they report, once for as many reports as racers', async () => {
    const racers = [new HandRacer(), new HandRacer()]
    const reports: MiningProgress[] = []
    const found = poolMiner(racers).mine(freeTask(1), { onProgress: (report) => reports.push(report) })
    const [one, two] = racers
    one?.report({ hashes: 10, hashesPerSecond: 100 })
    expect(reports).toEqual([])
    two?.report({ hashes: 5, hashesPerSecond: 50 })
    one?.report({ hashes: 20, hashesPerSecond: 110 })
    two?.report({ hashes: 10, hashesPerSecond: 60 })
    expect(reports).toEqual([
      { hashes: 15, hashesPerSecond: 150 },
      { hashes: 30, hashesPerSecond: 170 },
    ])
    one?.win(1)
    await found
    two?.report({ hashes: 15, hashesPerSecond: 60 })
    two?.report({ hashes: 20, hashesPerSecond: 60 })
    expect(reports).toHaveLength(2)
  })

  it('goes on with the others when one fails, counts what it did, and asks it again for the next task', async () => {
    const racers = [new HandRacer(), new HandRacer()]
    const reports: MiningProgress[] = []
    const miner = poolMiner(racers)
    const found = miner.mine(freeTask(1), { onProgress: (report) => reports.push(report) })
    const [one, two] = racers
    one?.report({ hashes: 10, hashesPerSecond: 100 })
    one?.fail('out of memory')
    await settledTurns()
    two?.report({ hashes: 5, hashesPerSecond: 50 })
    expect(reports).toEqual([{ hashes: 15, hashesPerSecond: 50 }])
    two?.win(8)
    expect(await found).toBe(8)

    const next = miner.mine(freeTask(2))
    one?.win(9)
    expect(await next).toBe(9)
  })

  it('fails with what the first of them says when all fail, and with it what waits', async () => {
    const racers = [new HandRacer(), new HandRacer()]
    const miner = poolMiner(racers)
    const settled = Promise.allSettled([miner.mine(freeTask(1)), miner.mine(freeTask(2))])
    racers[1]?.fail('no GPU')
    racers[0]?.fail('out of memory')
    const failed = { status: 'rejected', reason: { kind: 'failed', message: 'out of memory' } }
    expect(await settled).toMatchObject([failed, failed])

    const next = miner.mine(freeTask(3))
    racers[1]?.win(2)
    expect(await next).toBe(2)
  })

  it('lets go of them all when it is closed', () => {
    const racers = [new HandRacer(), new HandRacer()]
    poolMiner(racers).close()
    expect(racers.map(({ ended }) => ended)).toEqual([true, true])
  })

  it('believes no nonce that does not win, and leaves the task to the others', async () => {
    const racers = [new HandRacer(), new HandRacer()]
    const found = poolMiner(racers).mine(quickTask(1))
    const winner = firstWinner(quickTask(1), 0, 100_000) ?? NaN
    racers[0]?.win(winner - 1)
    await settledTurns()
    racers[1]?.win(winner)
    expect(await found).toBe(winner)
  })

  it('survives a real worker that dies while others are at work', async () => {
    const miner = poolMiner([...threads(1), deadThread()])
    expectWinner(quickTask(1), await miner.mine(quickTask(1)))
    miner.close()
    const none = poolMiner([deadThread(), deadThread()])
    await expect(none.mine(ENDLESS)).rejects.toMatchObject({ name: 'MinerError', kind: 'failed' })
    none.close()
  })
})

/** A task that every nonce wins. */
const freeTask = (seed: number) => ({ ...quickTask(seed), target: 2 ** 32 })

/** A racer played by the test. */
class HandRacer implements Racer {
  runs = 0
  ended = false
  range: NonceRange | undefined
  signal: AbortSignal | undefined
  report: (progress: MiningProgress) => void = () => {}
  win: (nonce: number) => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  run({ range, signal, onProgress }: RacerRun): Promise<number> {
    this.runs++
    this.range = range
    this.signal = signal
    this.report = onProgress
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    this.win = resolve
    this.#reject = reject
    signal.addEventListener('abort', () => reject(signal.reason))
    return promise
  }

  fail(message: string): void {
    this.#reject(new MinerError('failed', message))
  }

  end(): void {
    this.ended = true
  }
}

/** Lets every promise that can settle do so. */
function settledTurns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
