/** The search for nonces, here and by peers. */

/** What is mined: 32-byte essence digest, and the first u32 value an id's last four bytes may not reach. Protocol §4. */
export interface MiningTask {
  /** The network id, 32 bytes: the key of the hash. */
  readonly key: Uint8Array
  readonly digest: Uint8Array
  /** 1 … 2^32; a nonce wins when the u32 at the id's end is below it. */
  readonly target: number
  /** The first nonce that is tried, 0 … 2^53 − 1; 0 where it is left out. */
  readonly start?: number
}

/** How far a search is. At its rate a task takes `expectedMsOf` (core/crypto/work.ts) on average. */
export interface MiningProgress {
  readonly hashes: number
  readonly hashesPerSecond: number
}

export interface MiningOptions {
  readonly signal?: AbortSignal
  /** Called at most every 100 ms or so. */
  readonly onProgress?: (progress: MiningProgress) => void
}

/** Finds a nonce. Rejects with the signal's reason when cancelled; other tasks go on. */
export interface Miner {
  mine(task: MiningTask, options?: MiningOptions): Promise<number>
  close(): void
}

/** What one device asks another to mine. A digest says nothing of the content. Protocol §4. */
export interface MineRequest extends Pick<MiningTask, 'digest' | 'target'> {
  /** An answer is of use for so long: 1 … `MINE_MS_MAX` milliseconds from when it was asked for. */
  readonly withinMs: number
}

/**
 * Why a peer does not mine: it does so for nobody (`off`), has work to do (`busy`), is asked for more work than a block of the
 * network takes (`too-much`), has done enough for now (`too-often`), or found nothing in time (`unfinished`).
 */
export type MineRefusal = 'off' | 'busy' | 'too-much' | 'too-often' | 'unfinished'

/** The nonce is unchecked where it comes from a peer. */
export type MineAnswer =
  | { readonly type: 'found'; readonly nonce: number }
  | { readonly type: 'refused'; readonly reason: MineRefusal }

/** How long a peer may be asked to mine for: many times what a block takes on any device that is of help. */
export const MINE_MS_MAX = 30_000
