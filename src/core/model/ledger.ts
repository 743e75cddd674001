import type { BlockId, Hash } from './id.ts'
import type { NamedOutput, TransactionId } from './transaction.ts'

/** Where the order stands after a commit, without the outputs. Before the first: index and round 0. Protocol §6. */
export interface LedgerHead {
  readonly index: number
  /** The round of the newest commit's leader. */
  readonly round: number
  /** Commit time τ. */
  readonly atMs: number
  readonly digest: Hash
  /** The 1024 u16 lanes of the state's LtHash, little-endian: 2048 bytes. */
  readonly lanes: Uint8Array
}

/** An applied transaction that touched the outputs of a key. */
export interface HistoryEntry {
  readonly commit: number
  /** Its place among the commit's transactions. */
  readonly place: number
  readonly atMs: number
  readonly block: BlockId
  readonly transaction: TransactionId
  readonly memo: Uint8Array
  readonly spent: readonly NamedOutput[]
  readonly created: readonly NamedOutput[]
}
