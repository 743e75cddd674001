/** Days and months as people write them, in the words of a locale; the browser's where it is left out. */

/** A moment with its day: `1 March 2026 at 08:00`. */
export function dayWords(atMs: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs)
}

/** A month: `March 2026`. */
export function monthWords(atMs: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(atMs)
}
