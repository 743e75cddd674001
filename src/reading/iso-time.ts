/**
 * A time by ISO 8601, from the day on (ECMA-262 §21.4.1.32), in Unix milliseconds; NaN where it is none. `Date.parse` alone
 * makes a time of almost anything, and of a day and a month in either order.
 */
export function isoTime(text: string): number {
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
}
