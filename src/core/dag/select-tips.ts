import { PARENTS_MAX } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'

/**
 * Parents for a block of our own: every tip while there are at most eight, else eight of them by chance, so that
 * nobody can predict which tips are passed over. Protocol §4, §9.
 *
 * @param random gives a number in [0, 1)
 * @param named at most eight that are parents in any case, none of them among the tips
 * @returns strictly ascending, at least one
 */
export function selectTips(
  tips: readonly BlockId[],
  genesis: BlockId,
  random: () => number,
  named: readonly BlockId[] = [],
): BlockId[] {
  if (tips.length + named.length === 0) return [genesis]
  const pool = [...tips]
  const chosen = [...named]
  while (chosen.length < PARENTS_MAX && pool.length > 0) {
    const at = Math.floor(random() * pool.length)
    const last = pool.pop()
    const tip = at < pool.length ? pool[at] : last
    if (tip === undefined || last === undefined) break
    if (at < pool.length) pool[at] = last
    chosen.push(tip)
  }
  return chosen.sort()
}
