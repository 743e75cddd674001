import type { CheckedBlock } from './block.ts'
import type { BlockId, Hash } from './id.ts'
import type { Commit, Diverged, Equivocation, ProposalPlan } from './proposal.ts'
import type { Dropped, Invalid, Waiting } from './verdict.ts'

/** Names a source of blocks so that bounds and blame can be kept for each; `undefined` is this node itself. */
export type Source = string | undefined

/** What `receive`, `tick`, `recall` and `restore` did. The shell stores, forwards, asks and tells from these alone. */
export type Change =
  /** The block is solid, ripe and valid in context: store it, then pass it on. */
  | { readonly type: 'attached'; readonly checked: CheckedBlock; readonly from: Source }
  | { readonly type: 'parked'; readonly id: BlockId; readonly waiting: Waiting; readonly from: Source }
  /** Parents nobody here knows: look in the store and `recall` them, else ask `from`, then others. */
  | { readonly type: 'missing'; readonly ids: readonly BlockId[]; readonly from: Source }
  | { readonly type: 'invalid'; readonly verdict: Invalid; readonly from: Source }
  | { readonly type: 'dropped'; readonly id: BlockId; readonly dropped: Dropped; readonly from: Source }
  /** The order grew by a commit: keep it with what it changed, after its blocks. Protocol §6. */
  | { readonly type: 'committed'; readonly commit: Commit }
  /** A quorum of validators named this digest for this commit. Protocol §6. */
  | { readonly type: 'certified'; readonly index: number; readonly digest: Hash }
  /** A validator made two proposals for one round; both are in the graph. Protocol §6. */
  | { readonly type: 'equivocation'; readonly equivocation: Equivocation }
  /** Said once: from now on this node makes no commits and no proposals. Protocol §8. */
  | ({ readonly type: 'diverged' } & Diverged)
  /** This node's validator is to propose: make the block, store it for good, only then receive and send it. */
  | { readonly type: 'propose'; readonly plan: ProposalPlan }
