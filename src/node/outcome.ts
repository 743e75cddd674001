import type { Change } from '../core/model/change.ts'
import type { BlockId } from '../core/model/id.ts'
import type { Blame } from '../ports.ts'
import type { Intaken } from './intake.ts'

/** What became of bytes that came in. Only `blamed` is held against whoever sent them. */
export type Outcome =
  | { readonly type: 'attached' | 'known' | 'waiting' | 'dropped'; readonly id: BlockId }
  | { readonly type: 'blamed'; readonly blame: Blame; readonly id?: BlockId }
  | { readonly type: 'busy' }

/** What a peer is blamed for where bytes did not pass the check in isolation. Protocol §8. */
export function outcomeOfFault(fault: Exclude<Intaken, { readonly type: 'checked' }>): Outcome {
  switch (fault.type) {
    case 'known':
    case 'busy':
      return fault
    case 'malformed':
      return { type: 'blamed', blame: 'malformed' }
    case 'too-little-work':
      return { type: 'blamed', blame: 'bad-work', id: fault.id }
    case 'bad-signature':
      return { type: 'blamed', blame: 'bad-signature', id: fault.id }
  }
}

/** What the engine's changes say of the block `id` they came from. */
export function outcomeOfChanges(id: BlockId, changes: readonly Change[]): Outcome {
  for (const change of changes) {
    if (change.type === 'attached' && change.checked.id === id) return { type: 'attached', id }
    if (change.type === 'dropped' && change.id === id) return { type: 'dropped', id }
    if (change.type === 'invalid' && change.verdict.id === id)
      return { type: 'blamed', blame: 'invalid-block', id }
  }
  return changes.length === 0 ? { type: 'known', id } : { type: 'waiting', id }
}
