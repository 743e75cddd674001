import { wins } from '../core/crypto/work.ts'
import type { Miner, MiningProgress, MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import { noncesOf, type NonceRange, type RunOptions } from './run.ts'
import { SerialMiner } from './serial.ts'

/**
 * Workers at most: each doubles the heat for half the wait that is left, and eight do the default work (protocol §7) in
 * some hundredths of a second.
 */
const WORKERS_MAX = 8

/** How many workers mine on a device: a core is left to whatever else it does. At least 1, at most `WORKERS_MAX`. */
export function workerCount(hardwareConcurrency: number): number {
  return Math.min(Math.max(hardwareConcurrency - 1, 1), WORKERS_MAX)
}

/** What one racer does of a task. */
export interface RacerRun extends Omit<RunOptions, 'nowMs'> {
  readonly task: MiningTask
  readonly range: NonceRange
}

/** One of those who race for a nonce: a worker, a GPU. */
export interface Racer {
  /**
   * A winning nonce of the range. Called again only when the run before has settled.
   *
   * @throws the signal's reason at once when it is aborted; MinerError
   */
  run(run: RacerRun): Promise<number>
  /** Lets go of what it works with; what it runs need not settle any more. */
  end(): void
}

/**
 * A miner whose racers search a range of their own each, all for one task at a time; the first to find a nonce ends it
 * for the others. Which nonce that is depends on chance. A racer that fails, or is wrong, leaves the task to the others and is asked
 * again for the next one; where all fail, so does the task, with what the first of them says.
 *
 * @param racers at least one
 */
export function poolMiner(racers: readonly Racer[]): Miner {
  return new SerialMiner(
    (task, signal, onProgress) => race(racers, task, signal, onProgress),
    () => {
      for (const racer of racers) racer.end()
    },
  )
}

/** As `Run` of serial.ts asks. */
async function race(
  racers: readonly Racer[],
  task: MiningTask,
  signal: AbortSignal,
  onProgress: (progress: MiningProgress) => void,
): Promise<number> {
  const over = new AbortController()
  signal.addEventListener('abort', () => over.abort(signal.reason), { once: true })
  const total = new Total(racers.length, onProgress)
  const reasons: unknown[] = []
  const runs = racers.map(async (racer, place) => {
    try {
      const range = rangeOf(place, racers.length, noncesOf(task))
      const report = (progress: MiningProgress) => {
        if (!over.signal.aborted) total.report(place, progress)
      }
      const nonce = await racer.run({ task, range, signal: over.signal, onProgress: report })
      // a block without its work would have every neighbour blame us
      if (!wins(task, nonce)) throw new MinerError('failed', 'A nonce was found that does not win.')
      return nonce
    } catch (reason) {
      reasons[place] = reason
      total.leave(place)
      throw reason
    }
  })
  try {
    return await Promise.any(runs)
  } catch {
    throw signal.aborted ? signal.reason : reasons[0]
  } finally {
    over.abort()
  }
}

/**
 * The part of `nonces` that is searched by the one at `place` of `count`, where there are at least as many nonces; a
 * start in the lower half of them all, as anyone chooses, leaves enough.
 */
export function rangeOf(place: number, count: number, { start, end }: NonceRange): NonceRange {
  const each = Math.floor((end - start) / count)
  return { start: start + place * each, end: place === count - 1 ? end : start + (place + 1) * each }
}

/** Adds up what the racers report. */
class Total {
  readonly #onProgress: (progress: MiningProgress) => void
  readonly #latest = new Map<number, MiningProgress>()
  #racing: number
  #unheard = 0

  constructor(racing: number, onProgress: (progress: MiningProgress) => void) {
    this.#racing = racing
    this.#onProgress = onProgress
  }

  /** Passes a sum on once for as many reports as there are racers: as often as each of them reports. */
  report(place: number, progress: MiningProgress): void {
    this.#latest.set(place, progress)
    if (++this.#unheard < this.#racing) return
    this.#unheard = 0
    const all = [...this.#latest.values()]
    this.#onProgress({
      hashes: all.reduce((sum, { hashes }) => sum + hashes, 0),
      hashesPerSecond: all.reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0),
    })
  }

  /** What the racer has done still counts; that it goes on does not. */
  leave(place: number): void {
    this.#racing--
    const { hashes } = this.#latest.get(place) ?? { hashes: 0 }
    this.#latest.set(place, { hashes, hashesPerSecond: 0 })
  }
}
