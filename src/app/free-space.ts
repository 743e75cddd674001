/** Making room: deleting what several things measured, by one rule. */
import type { Api, CallOptions, ThingView } from '../node/api.ts'

const DAY_MS = 24 * 60 * 60_000

/** What may go: what each thing is set to keep no longer, or what is older than so many days. */
export type FreeRule = 'settings' | 'week' | 'month' | 'quarter' | 'year'

const AGES_MS: Readonly<Record<Exclude<FreeRule, 'settings'>, number>> = {
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
  quarter: 90 * DAY_MS,
  year: 365 * DAY_MS,
}

/** Of one thing, everything before a time. */
export interface FreeStep {
  readonly thing: ThingView
  readonly beforeMs: number
}

/** What `rule` deletes: of things of ours that have blocks, in the order they are listed in. */
export function planOf(rule: FreeRule, things: readonly ThingView[], nowMs: number): readonly FreeStep[] {
  return things.flatMap((thing) => {
    if (!thing.mine || thing.blocks.total === 0) return []
    const ageMs = rule === 'settings' ? thing.settings?.keepMs : AGES_MS[rule]
    return ageMs === undefined ? [] : [{ thing, beforeMs: nowMs - ageMs }]
  })
}

/** What came of it: blocks whose readings are gone, blocks that go later, things that were not reached before a cancel. */
export interface Freed {
  readonly blocks: number
  readonly left: number
  readonly notReached: number
}

/** Goes through a plan, thing by thing; a cancel holds between two. Reports progress. Rejects as `deleteHistory` does. */
export async function freeSpace(
  api: Pick<Api, 'deleteHistory'>,
  plan: readonly FreeStep[],
  { signal, onProgress }: CallOptions,
): Promise<Freed> {
  let blocks = 0
  let left = 0
  for (const [i, { thing, beforeMs }] of plan.entries()) {
    if (signal?.aborted) return { blocks, left, notReached: plan.length - i }
    const done = await api.deleteHistory({ thing: thing.key, beforeMs })
    blocks += done.blocks
    left += done.left
    onProgress?.((i + 1) / plan.length)
  }
  return { blocks, left, notReached: 0 }
}
