/** Days and months as people write them, in the words of a locale; that of the language spoken where it is left out. */
import { locale } from './language.svelte.ts'

/** A moment with its day: `1 March 2026 at 08:00`. */
export function dayWords(atMs: number, tag = locale()): string {
  return new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs)
}

/** A month: `March 2026`. */
export function monthWords(atMs: number, tag = locale()): string {
  return new Intl.DateTimeFormat(tag, { month: 'long', year: 'numeric' }).format(atMs)
}
