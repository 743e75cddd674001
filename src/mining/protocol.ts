/**
 * What a page (or the peer worker) and a miner worker say to each other. The miner worker has one task at a time: the
 * next `mine` is sent after the last one's answer, so no message needs a number.
 */
import type { MiningProgress, MiningTask } from '../ports.ts'
import type { MinerErrorKind } from './errors.ts'
import type { NonceRange } from './run.ts'

/** `cancel` means the task under way; one that crosses its answer on the way means nothing any more. */
export type ToWorker =
  | { readonly type: 'mine'; readonly task: MiningTask; readonly range: NonceRange }
  | { readonly type: 'cancel' }

/** Each `mine` has exactly one answer, which is any of these but `progress`. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: MiningProgress }
  | { readonly type: 'found'; readonly nonce: number }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly kind: MinerErrorKind; readonly message: string }

/** The near end: the part of `Worker` that is used here, so that a browser's `Worker` is one as it stands. */
export interface Port {
  postMessage(message: ToWorker): void
  addEventListener(type: 'message', listener: (event: { readonly data: FromWorker }) => void): void
  /** The worker threw, or never started. */
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void
  terminate(): void
}

/** The far end: the part of a dedicated worker's global scope that is used here. */
export interface MinerScope {
  postMessage(message: FromWorker): void
  addEventListener(type: 'message', listener: (event: { readonly data: ToWorker }) => void): void
}
