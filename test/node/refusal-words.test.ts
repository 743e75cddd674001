import { describe, expect, it } from 'vitest'
import type { Refused } from '../../src/node/payments.ts'
import { refusalWords } from '../../src/node/refusal-words.ts'

type Refusal = Refused['refusal']

/** One of each: the compiler sees to that. */
const REFUSALS: { readonly [type in Refusal['type']]: Refusal } = {
  'amount-is-dust': { type: 'amount-is-dust', amount: 1, dust: 1000 },
  'too-little': { type: 'too-little', spendable: 1, needed: 2 },
  'change-is-dust': { type: 'change-is-dust', change: 1, dust: 1000 },
  'too-many-coins': { type: 'too-many-coins', atOnce: 1, limit: 64 },
  'expires-before-due': { type: 'expires-before-due', notBeforeMs: 2, expiresAtMs: 1 },
  'not-replaceable': { type: 'not-replaceable' },
  'nothing-to-claim': { type: 'nothing-to-claim' },
  diverged: { type: 'diverged' },
}

/** What a person can do about it begins with one of these. */
const TO_DO =
  /(?:^|[.;] |, )(?:Pay|Choose|Look|Compare|Update|in the last case try|if that is on its way still, try)\b/

describe('A payment that is refused', () => {
  it.each(Object.values(REFUSALS))('says why, and what there is to do: $type', (refusal) => {
    const words = refusalWords(refusal)
    expect(words.split(/(?<=\.) /).length).toBeGreaterThanOrEqual(2)
    expect(words).toMatch(TO_DO)
    expect(words).toMatch(/\.$/)
  })

  it('says something of its own each time', () => {
    const all = Object.values(REFUSALS).map(refusalWords)
    expect(new Set(all).size).toBe(all.length)
  })
})
