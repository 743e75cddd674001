import { RIPE_AHEAD_MS } from '../model/limits.ts'
import type { Graph, Handle } from './graph.ts'

/**
 * Tips that are ripe by a clock and not withheld, in the order given, and after them blocks that only others name: those
 * count as tips too, or a clock that was ahead for a while would have hidden them from everybody. Protocol §2.
 */
export function ripeTips(tips: Iterable<Handle>, graph: Graph, nowMs: number): readonly Handle[] {
  const isRipe = (handle: Handle) =>
    graph.timeOf(handle) <= nowMs + RIPE_AHEAD_MS && !graph.withheld.has(handle)
  const ripe = new Set<Handle>()
  const unripe: Handle[] = []
  for (const tip of tips)
    if (isRipe(tip)) ripe.add(tip)
    else unripe.push(tip)
  for (const from of unripe)
    graph.walkPast(from, (handle) => {
      if (!isRipe(handle)) return true
      if (!graph.is(handle, 'committed')) ripe.add(handle)
      return false
    })
  return [...ripe]
}
