import type { BlockHasher } from '../core/crypto/block-hasher.ts'
import type { CheckedBlock } from '../core/model/block.ts'
import type { Network } from '../core/model/genesis.ts'
import type { Commit } from '../core/model/proposal.ts'
import type {
  BlockStore,
  Clock,
  LedgerStore,
  LossMark,
  Miner,
  ProposerStore,
  Random,
  Signer,
  Transport,
  Verifier,
} from '../ports.ts'

/** What a node is composed of, and whom it tells. */
export interface NodeParts {
  readonly network: Network
  readonly clock: Clock
  readonly random: Random
  readonly blocks: BlockStore
  readonly ledger: LedgerStore
  readonly proposals: ProposerStore
  readonly lossMark: LossMark
  readonly signer: Signer
  readonly verifier: Verifier
  /** Hashes blocks; noble does where it is left out. */
  readonly hasher?: BlockHasher
  readonly miner: Miner
  /** Whether this device mines for others just now; it never does where this is left out. */
  readonly minesForOthers?: () => boolean
  readonly transport: Transport
  /** Blocks kept in memory, a power of two; the protocol's window unless a test asks for less. */
  readonly windowBlocksMax?: number
  /**
   * Called for each block once it is in the graph and on disk, parents first; and for each found there at start, in no
   * order. Its bytes may be a view of a larger buffer.
   */
  readonly onStored: (checked: CheckedBlock, isCommitted: boolean) => void
  /** Called for each commit made since the start, in order, once its blocks are on disk. */
  onCommitted(commit: Commit): void
  /** Runs `task` once after `delayMs`. */
  readonly after: (delayMs: number, task: () => void) => void
  /** Peers, storage, or what peers hold changed. */
  onChanged(): void
}
