import type { MiningProgress, MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import { NONCE_END, type Searcher } from './search.ts'

/** A chunk is searched without looking up: this long, so that a cancel is heard at once and pausing costs 1 %. */
const CHUNK_MS = 2

/** The first chunk: 2 ms even at the 2 MH/s of an old phone. */
const CHUNK_FIRST = 2 ** 12

/** Still only 10 ms on a device that does 0.1 MH/s. */
const CHUNK_MIN = 2 ** 10

/** Bounds a chunk where the clock is too coarse to time one: 10 ms on a laptop, 0.1 s on an old phone. */
const CHUNK_MAX = 2 ** 18

/** Least time between two reports: ports.ts promises about 100 ms. */
const PROGRESS_MS = 100

/** A clock that never runs back, in milliseconds from anywhere: `performance.now`. */
export type NowMs = () => number

export interface RunOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: MiningProgress) => void
  readonly nowMs: NowMs
  /**
   * Where to begin, 0 … 2^53 − 1; 0 unless said. It need not be random: every block has a digest of its own, so no two
   * searches repeat each other, and a search begun again after a crash ends at the same id.
   */
  readonly start?: number
}

/**
 * Searches from `start` upwards, chunk after chunk, and lets the thread's other work in between them.
 *
 * @returns the smallest winning nonce from `start` on
 * @throws the signal's reason within a chunk of its abort; MinerError `exhausted` after nonce 2^53 − 1; RangeError for
 *   a task that cannot be
 */
export async function runTask(searcher: Searcher, task: MiningTask, options: RunOptions): Promise<number> {
  const { signal, nowMs, start = 0 } = options
  const pause = new Pause()
  try {
    searcher.setTask(task)
    const startedMs = nowMs()
    let reportedMs = startedMs
    let size = CHUNK_FIRST
    for (let nonce = start; nonce < NONCE_END;) {
      signal.throwIfAborted()
      const count = Math.min(size, NONCE_END - nonce)
      const beforeMs = nowMs()
      const found = searcher.search(nonce, count)
      if (found !== undefined) return found
      const afterMs = nowMs()
      nonce += count
      size = nextSize(size, afterMs - beforeMs)
      if (afterMs - reportedMs >= PROGRESS_MS) {
        reportedMs = afterMs
        const hashes = nonce - start
        options.onProgress({ hashes, hashesPerSecond: (hashes * 1000) / (afterMs - startedMs) })
      }
      await pause.once()
    }
    throw new MinerError('exhausted', 'No nonce wins for this digest.')
  } finally {
    pause.end()
  }
}

/** Doubles or halves a chunk's size, so that it comes to take `CHUNK_MS` within a factor of two. */
function nextSize(size: number, tookMs: number): number {
  if (tookMs < CHUNK_MS / 2) return Math.min(size * 2, CHUNK_MAX)
  if (tookMs > CHUNK_MS * 2) return Math.max(size / 2, CHUNK_MIN)
  return size
}

/**
 * Lets waiting messages and events in. A message to oneself comes after those already queued; a nested timer would
 * wait 4 ms (HTML, timer initialisation steps), and a microtask would let nothing in.
 */
class Pause {
  #near: MessagePort
  #far: MessagePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#near = port1
    this.#far = port2
  }

  /** To be awaited before it is called again. */
  once(): Promise<void> {
    // Node empties a port of up to 1000 messages before it looks elsewhere, and would count those posted meanwhile:
    // so the ends take turns.
    const from = this.#far
    const to = this.#near
    this.#near = from
    this.#far = to
    return new Promise((resolve) => {
      to.onmessage = () => resolve()
      from.postMessage(undefined)
    })
  }

  /** Without this an open channel would keep a Node process alive. */
  end(): void {
    this.#near.close()
  }
}
