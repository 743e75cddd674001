/** The graph of blocks as a page draws it: nothing of it is sent unless a page asks, and then only what is new. */
import type { BlockKind } from '../../core/model/block.ts'
import type { BlockId } from '../../core/model/id.ts'

export type { BlockId, BlockKind }

/** The newest blocks a page is told of: more on one screen than anybody tells apart. */
export const GRAPH_BLOCKS_MAX = 5000

/** Blocks, and changes of blocks told of before, in one answer: some 50 kB, and a millisecond of either thread. */
export const GRAPH_ANSWER_MAX = 1024

/** How far a page has heard. Made by an answer, and good for the next question. */
export interface GraphCursor {
  /** Names the feed: another network, or another start of the peer, has another one. */
  readonly feed: string
  /** The number the next block will have. */
  readonly next: number
  /** Changes told of so far. */
  readonly changes: number
}

/** What is known of a block at a glance, a bit each; its kind in the two lowest bits, as `KIND_BYTES`. */
export const GRAPH_BITS = { kind: 3, mine: 4, committed: 8, named: 16 } as const

/**
 * Blocks in the order they came, numbered from `first` without a gap, a column a fact; and what has become of others since.
 * A block that another one names is no tip any more: that is read off the parents of whatever comes.
 */
export interface GraphChanges {
  readonly cursor: GraphCursor
  /** Whatever was told before is to be forgotten: it is of another feed, or too long ago. */
  readonly isFresh: boolean
  /** There is more already: ask again at once. */
  readonly hasMore: boolean
  readonly first: number
  /** Unix milliseconds. */
  readonly issuedAtMs: Float64Array
  /** A number that stands for the issuer: four bytes of its key. */
  readonly issuers: Uint32Array
  /** The first four bytes of the id, as a person tells blocks apart: the last ones show the work, and are the same in all. */
  readonly names: Uint32Array
  /** `GRAPH_BITS`. */
  readonly bits: Uint8Array
  /** Index of the commit each is in; 0 where it is in none, or in one of long ago. */
  readonly commits: Uint32Array
  /** How many parents of each are named in `parents`, which has those that are not older than the window. */
  readonly parentCounts: Uint8Array
  /** How many numbers before its child each parent is. */
  readonly parents: Uint32Array
  /** Numbers of blocks that are committed now, and the commits they are in. */
  readonly committed: Float64Array
  readonly committedIn: Uint32Array
}

/** What may be told of what a block carries. */
export type BlockContent =
  /** Readings of a thing, by its stream. `sealed`: for its owner alone. */
  | { readonly type: 'readings'; readonly thing: string; readonly sealed: boolean }
  /** Every network member can read who gets what. `to`: did:keys; change goes back to its payer. */
  | {
      readonly type: 'payment'
      readonly outputs: readonly { readonly to: string; readonly amount: number }[]
    }
  | { readonly type: 'proposal'; readonly round: number }
  /** Data of a topic that this version does not know. */
  | { readonly type: 'other'; readonly topic: string }
  /** Deleted by its owner: only the header is left. */
  | { readonly type: 'erased' }

/** Another block as a block names it; `number` where it is among those told of. */
export interface ParentView {
  readonly id: BlockId
  readonly number?: number
  /** The beginning of the network, which is no block. */
  readonly isGenesis: boolean
}

export interface BlockFacts {
  readonly id: BlockId
  /** Where it is among the blocks told of. */
  readonly number?: number
  /** did:key. */
  readonly issuer: string
  readonly mine: boolean
  readonly issuedAtMs: number
  readonly kind: BlockKind
  /** The whole block; its header where its content is deleted. */
  readonly bytes: number
  /** Hashes it had to cost, on average. */
  readonly work: number
  readonly parents: readonly ParentView[]
  readonly committed: boolean
  /** Index of its commit; absent where it is in none, or in one of long ago. */
  readonly commit?: number
  /** Other devices known to hold it; 0 for one of long ago, of which nothing is remembered. */
  readonly heldBy: number
  readonly content: BlockContent
}

export interface GraphApi {
  /** What is new or changed since an earlier answer; without one, from the oldest of the newest blocks on. */
  graph(input: { readonly after?: GraphCursor }): Promise<GraphChanges>
  /** All that may be told of one block, by its id or by its number in a feed. */
  blockFacts(
    input: { readonly id: string } | { readonly feed: string; readonly number: number },
  ): Promise<BlockFacts>
}
