import type { BlockId, PublicKey } from './id.ts'
import type { Slot } from './proposal.ts'

/** Bytes that are no block. They say nothing about any id. Protocol §3, §4. */
export type Malformed = { readonly type: 'malformed' } & (
  | { readonly reason: 'truncated' | 'trailing-bytes'; readonly length: number; readonly expected: number }
  | { readonly reason: 'too-large'; readonly length: number; readonly limit: number }
  | { readonly reason: 'bad-version' | 'bad-kind' | 'reserved-byte'; readonly value: number }
  | { readonly reason: 'number-too-large' }
  | { readonly reason: 'no-parents' }
  | { readonly reason: 'too-many-parents'; readonly count: number; readonly limit: number }
  | { readonly reason: 'parents-not-ascending'; readonly index: number }
  | { readonly reason: 'payload-too-large'; readonly length: number; readonly limit: number }
  | { readonly reason: 'payload-mismatch' }
)

/**
 * Bytes that have an id but prove nothing about it: whoever sent them is to blame, the id is not remembered,
 * because other bytes with that id may be good. Protocol §4.
 */
export type Unproven =
  | {
      readonly type: 'too-little-work'
      readonly id: BlockId
      readonly found: number
      readonly target: number
    }
  | { readonly type: 'bad-signature'; readonly id: BlockId }

/** Why the payload of a validly signed block does not decode; `index` counts in its list. Protocol §5, §6. */
export type PayloadFault =
  | { readonly reason: 'truncated' | 'number-too-large' }
  | { readonly reason: 'trailing-bytes'; readonly length: number; readonly expected: number }
  | { readonly reason: 'topic-length'; readonly length: number; readonly limit: number }
  | { readonly reason: 'topic-character'; readonly index: number }
  | {
      readonly reason: 'input-count' | 'output-count' | 'unlock-count' | 'preimage-count'
      readonly count: number
      readonly limit: number
    }
  | {
      readonly reason: 'inputs-not-ascending' | 'unlocks-not-ascending' | 'preimages-not-ascending'
      readonly index: number
    }
  | { readonly reason: 'unknown-conditions'; readonly index: number; readonly value: number }
  | { readonly reason: 'memo-length'; readonly length: number; readonly limit: number }

/** A validly signed block that can never be part of the graph. Its id is remembered. Protocol §4. */
export type Invalid = { readonly type: 'invalid'; readonly id: BlockId } & (
  | { readonly reason: 'payload'; readonly fault: PayloadFault }
  | { readonly reason: 'not-a-validator'; readonly issuer: PublicKey }
  | { readonly reason: 'wrong-epoch'; readonly epoch: number }
  | { readonly reason: 'no-round' }
  | {
      readonly reason: 'not-after-parent'
      readonly parent: BlockId
      readonly issuedAtMs: number
      readonly parentIssuedAtMs: number
    }
  | { readonly reason: 'invalid-parent'; readonly parent: BlockId }
  /** Strong parents by one author. */
  | { readonly reason: 'author-named-twice'; readonly parent: BlockId }
  | { readonly reason: 'below-quorum'; readonly weight: number; readonly quorum: number }
  /** A parent that is a proposal of this round or a later one. */
  | { readonly reason: 'parent-round'; readonly parent: BlockId; readonly round: number }
)

/** Why a good block is not in the graph yet. */
export type Waiting =
  | { readonly reason: 'missing-parents'; readonly parents: readonly BlockId[] }
  | { readonly reason: 'unripe'; readonly ripeAtMs: number }

/** Why a good block was let go; it may be sent again. */
export type Dropped =
  | { readonly reason: 'too-far-ahead'; readonly aheadMs: number; readonly limitMs: number }
  | { readonly reason: 'buffer-full' }
  /** Too many blocks are held that are not committed. */
  | { readonly reason: 'too-much-uncommitted' }
  /** A third proposal of one author for one round, which no block here names. */
  | ({ readonly reason: 'twin' } & Slot)
