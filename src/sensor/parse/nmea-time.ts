/** Days and times of day as NMEA 0183 writes them, in UTC. */

export const DAY_MS = 86_400_000

/**
 * The start of a day, Unix milliseconds; `undefined` where there is no such day, or none that a receiver means: GPS began
 * in 1980, and the year 9999 is left out so that every moment near the day can be packed.
 */
export function dayOf(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
): number | undefined {
  if (!/^\d{4},\d\d?,\d\d?$/.test(`${year},${month},${day}`)) return undefined
  const dayMs = Date.UTC(Number(year), Number(month) - 1, Number(day))
  const date = new Date(dayMs)
  const same = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day)
  return same && Number(year) >= 1980 && Number(year) <= 9998 ? dayMs : undefined
}

/** `hhmmss` with or without a fraction to whole milliseconds of the day; `undefined` where it is no time. */
export function timeOfDay(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d(?:\.\d{1,9})?)$/.exec(text ?? '') ?? []
  // A leap second is the sixty-first of its minute.
  if (seconds === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 61) {
    return undefined
  }
  return (Number(hours) * 3600 + Number(minutes) * 60) * 1000 + Math.round(Number(seconds) * 1000)
}
