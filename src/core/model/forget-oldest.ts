/**
 * Leaves the newest `max` entries of a map or a set. Both remember the order in which their keys were set: whoever wants
 * one that was used again to count as new, deletes it before setting it.
 */
export function forgetOldest<K>(
  entries: Pick<Map<K, unknown>, 'size' | 'keys' | 'delete'>,
  max: number,
): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= max) return
    entries.delete(oldest)
  }
}
