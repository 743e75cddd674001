/** What the app says about pairing by codes. Pure: times in, words out. */
import { pairingText } from './texts/pairing/text.ts'

/** How long a code that is shown still works, in whole minutes, so that it is not read out every second. */
export function codeLifeWords(expiresAtMs: number, nowMs: number): string {
  const text = pairingText()
  const leftMs = expiresAtMs - nowMs
  if (leftMs <= 0) return text.codeExpired
  if (leftMs < 60_000) return text.codeLastMinute
  return text.codeWorks(Math.round(leftMs / 60_000))
}
