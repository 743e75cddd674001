import { ID_BYTES } from '../model/id.ts'
import type { TimedIds } from '../model/timed-ids.ts'
import type { Rows } from './rows.ts'

/**
 * Copies of the times and ids of some rows, in the order (issuedAt, id). What is sorted are the numbers of the rows:
 * there may be a hundred thousand of them, and a string for each id would cost more than all the rest. Protocol §8.
 *
 * @param slots distinct rows, in any order; sorted in place
 */
export function sortRows(slots: Uint32Array, rows: Pick<Rows, 'ids' | 'issuedAtMs'>): TimedIds {
  const { ids, issuedAtMs } = rows
  slots.sort((a, b) => (issuedAtMs[a] ?? 0) - (issuedAtMs[b] ?? 0) || compareIds(ids, a, b))
  const sorted = { times: new Float64Array(slots.length), ids: new Uint8Array(slots.length * ID_BYTES) }
  for (const [i, slot] of slots.entries()) {
    sorted.times[i] = issuedAtMs[slot] ?? 0
    sorted.ids.set(ids.subarray(slot * ID_BYTES, (slot + 1) * ID_BYTES), i * ID_BYTES)
  }
  return sorted
}

function compareIds(ids: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (ids[a * ID_BYTES + i] ?? 0) - (ids[b * ID_BYTES + i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
