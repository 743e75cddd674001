/** A date and a time of day as a clock on the wall shows them; of which zone is not said. Months count from 1. */
export interface DateTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

/**
 * How old a measurement kept in a device may be. Cuffs and scales keep some hundred, a year's use at most; a clock that
 * nobody has set counts from a year further back than that.
 */
export const STAMP_AGE_MS_MAX = 366 * 24 * 3600 * 1000

/**
 * When a measurement was made: by its stamp, read as the local time of where this runs, since people set such devices by
 * the clock on their wall. By its arrival where there is no stamp or the stamp cannot be: fields "not known" (0) or outside
 * the calendar, later than the arrival, or more than `STAMP_AGE_MS_MAX` before it.
 *
 * @param stamp GATT Specification Supplement, "Date Time": year 1582 to 9999, month 1 to 12, day 1 to 31, 0 for not known
 * @param atMs when the frame arrived, whole Unix milliseconds
 * @returns whole Unix milliseconds, at most `atMs`
 */
export function measuredAtMs(stamp: DateTime | undefined, atMs: number): number {
  if (stamp === undefined || !isInCalendar(stamp)) return atMs
  const { year, month, day, hours, minutes, seconds } = stamp
  const stampMs = new Date(year, month - 1, day, hours, minutes, seconds).getTime()
  return stampMs > atMs || stampMs < atMs - STAMP_AGE_MS_MAX ? atMs : stampMs
}

function isInCalendar({ year, month, day, hours, minutes, seconds }: DateTime): boolean {
  if (year < 1582 || year > 9999 || month < 1 || month > 12 || day < 1) return false
  // Day 0 of the next month is the last of this one.
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day <= lastDay && hours <= 23 && minutes <= 59 && seconds <= 59
}
