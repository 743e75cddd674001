/**
 * Amounts of money between units, which are whole numbers, and the text a person reads and types. No fraction is ever
 * a floating-point number here.
 */

/** What the money of a network is called on every screen. */
export const MONEY = 'W'

/** Decimals of one `MONEY`: 1 W is 1 000 000 units. */
const DECIMALS = 6

const UNITS = 10n ** BigInt(DECIMALS)

/** Between groups of three digits. Comma and point both stand for decimals somewhere, so neither is used for this. */
const GROUP = '\u202f'

/** Between a number and its unit, so that no line ends there. */
const TIE = '\u00a0'

/** Shown before an amount that leaves. */
const MINUS = '\u2212'

/** Characters of a typed amount that are looked at: nobody means a longer one. */
const TYPED_CHARACTERS_MAX = 64

/** Why a text is no amount. */
export type AmountFault = {
  readonly type: 'empty' | 'not-a-number' | 'too-many-decimals' | 'too-large' | 'zero'
}

/** Units as a number to read: `1 234.5`. Groups of three digits, and only the decimals it needs. */
export function numberWords(units: number): string {
  const exact = BigInt(units)
  const whole = String(exact / UNITS).replace(/\B(?=(?:\d{3})+$)/g, GROUP)
  const decimals = String(exact % UNITS)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '')
  return decimals === '' ? whole : `${whole}.${decimals}`
}

/** Units as an amount to read: `1 234.5 W`. */
export function amountWords(units: number): string {
  return `${numberWords(units)}${TIE}${MONEY}`
}

/** An amount with the sign of what it does to a balance: `+5 W`. */
export function signedWords(units: number, sign: -1 | 0 | 1): string {
  return `${sign === 0 ? '' : sign === 1 ? '+' : MINUS}${amountWords(units)}`
}

/** Digits, in groups of three or in none, with a point or a comma before decimals. */
const TYPED = /^(\d*|\d{1,3}(?: \d{3})+)(?:[.,](\d*))?$/

/**
 * What a person typed, in units: at least 1, at most the greatest safe integer. A point and a comma both start the
 * decimals, whatever the locale, so `1,000` is one and not a thousand; thousands are set apart by spaces.
 */
export function parseAmount(text: string): number | AmountFault {
  const typed = text
    .slice(0, TYPED_CHARACTERS_MAX + 1)
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

/** What is wrong with an amount, and what to do. */
export function amountFaultWords({ type }: AmountFault): string {
  return {
    empty: 'Say how much.',
    'not-a-number': 'This is no amount. Write it like 12.5.',
    'too-many-decimals': `The smallest part is 0.000001 ${MONEY}: at most ${DECIMALS} decimals.`,
    'too-large': 'There is not that much money.',
    zero: 'Say more than nothing.',
  }[type]
}
