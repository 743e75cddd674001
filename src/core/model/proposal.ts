import type { Author } from './committee.ts'
import type { BlockId, Hash } from './id.ts'
import type { Executed } from './transaction.ts'

/** What a proposal says. Protocol §6. */
export interface ProposalPayload {
  readonly epoch: number
  /** From 1. */
  readonly round: number
  /** The newest commit its author has executed; 0 before the first. */
  readonly commitIndex: number
  /** That commit's digest; the network id before the first. */
  readonly commitDigest: Hash
}

/** The only epoch of version 1. Protocol §6. */
export const EPOCH = 0

/** The validator and round a proposal is for: a slot honest validators fill once. */
export interface Slot {
  readonly author: Author
  readonly round: number
}

/** A commit: a leader's proposal, and its past cone in the one order. Protocol §6. */
export interface Commit {
  /** From 1. */
  readonly index: number
  readonly leader: BlockId
  /** The leader's round. */
  readonly round: number
  /** Commit time τ. */
  readonly atMs: number
  readonly digest: Hash
  /** The blocks in no earlier commit, by (issuedAt, id). */
  readonly blocks: readonly BlockId[]
  /** One for each transaction block among them, in that order. */
  readonly executed: readonly Executed[]
}

/** Two proposals of one validator for one round, which no honest validator makes. Protocol §6. */
export interface Equivocation extends Slot {
  readonly blocks: readonly [BlockId, BlockId]
}

/** Proof that this node has not the order that validators of more than a third of the weight have. Protocol §8. */
export interface Diverged {
  /** A commit this node has made. */
  readonly index: number
  /** Its digest here. */
  readonly ours: Hash
  /** Proposals that name another digest for it, one of each validator that does. */
  readonly proposals: readonly BlockId[]
}

/** The proposal this node's validator should make now: the shell mines, signs and stores it before it is sent. */
export interface ProposalPlan {
  readonly payload: ProposalPayload
  readonly parents: readonly BlockId[]
  readonly issuedAtMs: number
}
