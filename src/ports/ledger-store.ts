/** The store of commits, of unspent outputs and of what this device paid and got. */
import type { BlockId, Hash } from '../core/model/id.ts'
import type { HistoryEntry, LedgerHead } from '../core/model/ledger.ts'
import type { NamedOutput, OutputId, TransactionId } from '../core/model/transaction.ts'

/** A commit as it is kept: its place in the order, and its blocks in that order. */
export interface StoredCommit {
  readonly index: number
  readonly leader: BlockId
  readonly round: number
  readonly atMs: number
  readonly digest: Hash
  readonly blocks: readonly BlockId[]
  /** Blocks the block store held, or was about to, when this commit was made. */
  readonly blocksStored: number
}

/** What some commits, one after the other, changed. Written whole or not at all. */
export interface LedgerStep {
  /** At least one, indexes without a gap, the first right after the newest commit kept. */
  readonly commits: readonly StoredCommit[]
  /** The head after the last of them. */
  readonly head: LedgerHead
  /** Of the newest blocks in the block store, how many a node has to read to go on from here. */
  readonly blocksNeeded: number
  /** Outputs that were there before and are spent now. */
  readonly spent: readonly OutputId[]
  /** Outputs that are unspent now and were not there before. */
  readonly created: readonly NamedOutput[]
  /** Transactions applied, and how many outputs each has. */
  readonly applied: readonly (readonly [TransactionId, number])[]
  /** What touched this device's key, oldest first. */
  readonly history: readonly HistoryEntry[]
}

/** The newest step as a node starts from it. */
export interface StoredLedger {
  readonly head: LedgerHead
  readonly blocksNeeded: number
  /** Of the last commit. */
  readonly blocksStored: number
  readonly unspent: readonly NamedOutput[]
}

/**
 * Keeps the commits of one network, the unspent outputs after the newest, and this device's history. Reads throw
 * `StoreError` `damaged` where they find what was never written.
 */
export interface LedgerStore {
  /** What the last step left; `undefined` before the first. */
  load(): Promise<StoredLedger | undefined>
  /**
   * Keeps a step, which must not change until this resolves. Steps are kept in the order of the calls; where one fails,
   * those waiting behind it fail with it. Throws `StoreError`, and RangeError for one that does not follow the newest.
   */
  append(step: LedgerStep): Promise<void>
  /**
   * Commits after the one with this index (0 before the first), oldest first, at most `count` (1 …
   * `COMMITS_PER_READ_MAX`): fewer where they are large, none only where there is none. Throws RangeError where asked
   * for what there cannot be.
   */
  commitsAfter(index: number, count: number): Promise<readonly StoredCommit[]>
  /** Commits, newest first, in batches. */
  newestCommits(): AsyncIterable<readonly StoredCommit[]>
  /** How many outputs each transaction has if it was applied, in the order asked. */
  applied(ids: readonly TransactionId[]): Promise<readonly (number | undefined)[]>
  /** The newest entries of the history before commit `before` and place, newest first, at most `count`. */
  history(count: number, before?: Pick<HistoryEntry, 'commit' | 'place'>): Promise<readonly HistoryEntry[]>
  /** Forgets everything, after `damaged`: the commits, and all that follows from them, are derived from the blocks again. */
  clear(): Promise<void>
  /** Waits for steps under way, then lets go. Later calls throw `StoreError` `closed`. */
  close(): Promise<void>
}

/** Commits one read takes: usual ones name a few blocks, and together they fit a hundred kilobytes. */
export const COMMITS_PER_READ_MAX = 256
