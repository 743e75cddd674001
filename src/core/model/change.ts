import type { CheckedBlock } from './block.ts'
import type { BlockId } from './id.ts'
import type { Dropped, Invalid, Waiting } from './verdict.ts'

/** Names a source of blocks so that bounds and blame can be kept for each; `undefined` is this node itself. */
export type Source = string | undefined

/** What `receive`, `tick` and `recall` did. The shell stores, forwards, asks and tells from these alone. */
export type Change =
  /** The block is solid, ripe and valid in context: store it, then pass it on. */
  | { readonly type: 'attached'; readonly checked: CheckedBlock; readonly from: Source }
  | { readonly type: 'parked'; readonly id: BlockId; readonly waiting: Waiting; readonly from: Source }
  /** Parents nobody here knows: look in the store and `recall` them, else ask `from`, then others. */
  | { readonly type: 'missing'; readonly ids: readonly BlockId[]; readonly from: Source }
  | { readonly type: 'invalid'; readonly verdict: Invalid; readonly from: Source }
  | { readonly type: 'dropped'; readonly id: BlockId; readonly dropped: Dropped; readonly from: Source }
