import type { MiningProgress, MiningTask } from '../ports.ts'
import { MinerError } from './errors.ts'
import { NONCE_END, type ChunkLimits, type NonceSearch } from './search.ts'

/** Least time between two reports: ports.ts promises about 100 ms. */
const PROGRESS_MS = 100

/** A clock that never runs back, in milliseconds from anywhere: `performance.now`. */
export type NowMs = () => number

/** The nonces from `start` to `end` − 1: 0 ≤ start < end ≤ 2^53. */
export interface NonceRange {
  readonly start: number
  readonly end: number
}

/** What a task leaves to search: all from its start on. */
export function noncesOf({ start = 0 }: Pick<MiningTask, 'start'>): NonceRange {
  return { start, end: NONCE_END }
}

export interface RunOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: MiningProgress) => void
  readonly nowMs: NowMs
}

/**
 * Searches a range upwards, chunk after chunk, and lets the thread's other work in between them.
 *
 * @returns the smallest winning nonce of the range
 * @throws the signal's reason within a chunk of its abort; MinerError `exhausted` at the range's end; RangeError for
 *   a task that cannot be; whatever `searcher` throws
 */
export async function runTask(
  searcher: NonceSearch,
  task: MiningTask,
  { start, end }: NonceRange,
  options: RunOptions,
): Promise<number> {
  const { signal, nowMs } = options
  const pause = new Pause()
  try {
    searcher.setTask(task)
    const startedMs = nowMs()
    let reportedMs = startedMs
    let size = searcher.chunk.first
    for (let nonce = start; nonce < end;) {
      signal.throwIfAborted()
      const count = Math.min(size, end - nonce)
      const beforeMs = nowMs()
      const found = await searcher.search(nonce, count)
      if (found !== undefined) return found
      const afterMs = nowMs()
      nonce += count
      size = nextSize(size, afterMs - beforeMs, searcher.chunk)
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

/** The next chunk's size. Three times, and not twice: a size that suits must not be doubled and halved by turns. */
function nextSize(size: number, tookMs: number, { ms, min, max }: ChunkLimits): number {
  if (tookMs < ms) return Math.min(size * 2, max)
  if (tookMs > 3 * ms) return Math.max(size / 2, min)
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
