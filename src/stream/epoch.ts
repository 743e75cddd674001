/** How long an epoch lasts unless its owner chooses otherwise: access is given by the hour. Protocol §10. */
export const EPOCH_LENGTH_MS = 3_600_000

/** With shorter epochs the number would outgrow its u32 before the year 10000. */
const EPOCH_LENGTH_MS_MIN = 60_000

/**
 * The epoch a reading belongs to: floor(time / length). Protocol §10.
 *
 * @param atMs the time of a record's first reading, Unix milliseconds
 * @param lengthMs at least `EPOCH_LENGTH_MS_MIN`
 * @returns a u32; a time or length that gives none is a bug of ours and throws
 */
export function epochOf(atMs: number, lengthMs: number = EPOCH_LENGTH_MS): number {
  const epoch = Math.floor(atMs / lengthMs)
  if (!(lengthMs >= EPOCH_LENGTH_MS_MIN)) throw new RangeError(`epoch length ${lengthMs} ms`)
  if (!(epoch >= 0 && epoch <= 0xffff_ffff)) throw new RangeError(`no epoch for ${atMs}`)
  return epoch
}
