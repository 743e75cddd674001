/**
 * Amounts of money between units, which are whole numbers, and text. No fraction is ever a floating-point number here. How
 * a person reads them is in amount-words.ts: this file is also read without the Svelte compiler, by the browser tests.
 */

/** What the money of a network is called on every screen. */
export const MONEY = 'W'

/** Decimals of one `MONEY`: 1 W is 1 000 000 units. */
export const DECIMALS = 6

const UNITS = 10n ** BigInt(DECIMALS)

/** Characters of a typed amount that are looked at: nobody means a longer one. */
const TYPED_CHARACTERS_MAX = 64

/** Why a text is no amount. */
export type AmountFault = {
  readonly type: 'empty' | 'not-a-number' | 'too-many-decimals' | 'too-large' | 'zero'
}

/** Units as text for programs: `1234.5`. A point before only the decimals it needs, and no groups, in every language. */
export function writeAmount(units: number): string {
  const exact = BigInt(units)
  const decimals = String(exact % UNITS)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '')
  return decimals === '' ? String(exact / UNITS) : `${exact / UNITS}.${decimals}`
}

/** Marks of direction, which an amount copied out of a line of Arabic brings along. */
const TURNS = /[\u200e\u200f\u2066-\u2069]/g

/** Digits, in groups of three or in none, with a point or a comma before decimals. */
const TYPED = /^(\d*|\d{1,3}(?: \d{3})+)(?:[.,](\d*))?$/

/**
 * What a person typed, in units: at least 1, at most the greatest safe integer. A point and a comma both start the
 * decimals, whatever the locale, so `1,000` is one and not a thousand; thousands are set apart by spaces.
 */
export function parseAmount(text: string): number | AmountFault {
  const typed = text
    .slice(0, TYPED_CHARACTERS_MAX + 1)
    .replace(TURNS, '')
    .replace(/\s/g, ' ')
    .trim()
  const number = typed.endsWith(MONEY) ? typed.slice(0, -MONEY.length).trimEnd() : typed
  if (number === '') return { type: 'empty' }
  const [, grouped = '', typedDecimals = ''] = TYPED.exec(number) ?? []
  const whole = grouped.replaceAll(' ', '')
  if (whole + typedDecimals === '' || text.length > TYPED_CHARACTERS_MAX) return { type: 'not-a-number' }
  const decimals = typedDecimals.replace(/0+$/, '')
  if (decimals.length > DECIMALS) return { type: 'too-many-decimals' }
  const units = BigInt(whole) * UNITS + BigInt(decimals.padEnd(DECIMALS, '0'))
  if (units > BigInt(Number.MAX_SAFE_INTEGER)) return { type: 'too-large' }
  return units === 0n ? { type: 'zero' } : Number(units)
}
