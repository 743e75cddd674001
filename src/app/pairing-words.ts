/** What the app says about pairing by codes. Pure: times in, words out. */
import { plural } from './words.ts'

/** How long a code that is shown still works, in whole minutes, so that it is not read out every second. */
export function codeLifeWords(expiresAtMs: number, nowMs: number): string {
  const leftMs = expiresAtMs - nowMs
  if (leftMs <= 0) return 'This code has expired.'
  if (leftMs < 60_000) return 'This code works once, for less than a minute more.'
  return `This code works once, for about ${plural(Math.round(leftMs / 60_000), 'more minute')}.`
}
