/** Amounts of money as a person reads them, in the language that is spoken. */
import { DECIMALS, MONEY, writeAmount, type AmountFault } from './amount.ts'
import { directionOf, language } from './language.svelte.ts'
import { fixed, isolated } from './numbers.ts'
import { walletText } from './texts/wallet/text.ts'

/** Between groups of three digits. Comma and point both stand for decimals somewhere, so neither is used for this. */
const GROUP = '\u202f'

/** Between a number and its unit, so that no line ends there. */
const TIE = '\u00a0'

/** Shown before an amount that leaves. */
const MINUS = '\u2212'

/** Units as a number to read: `1 234.5`. Groups of three digits, and only the decimals it needs. */
export function numberWords(units: number): string {
  const [whole = '', decimals] = writeAmount(units).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, GROUP)
  return decimals === undefined ? grouped : `${grouped}${decimalMark()}${decimals}`
}

/** Units as an amount to read: `1 234.5 W`. */
export function amountWords(units: number): string {
  return leftToRight(`${numberWords(units)}${TIE}${MONEY}`)
}

/** An amount with the sign of what it does to a balance: `+5 W`. */
export function signedWords(units: number, sign: -1 | 0 | 1): string {
  return leftToRight(`${sign === 0 ? '' : sign === 1 ? '+' : MINUS}${numberWords(units)}${TIE}${MONEY}`)
}

/** What is wrong with an amount, and what to do. */
export function amountFaultWords({ type }: AmountFault): string {
  const text = walletText().amountFaults
  if (type === 'not-a-number') return text[type](`12${decimalMark()}5`)
  if (type === 'too-many-decimals') return text[type](amountWords(1), DECIMALS)
  return text[type]
}

/** What stands before decimals: a comma in German and Spanish, else a point. */
function decimalMark(): string {
  return fixed(0, 1).replaceAll('0', '')
}

/** Between words that are read from the right, an unit and its number would change places. */
function leftToRight(amount: string): string {
  return directionOf(language()) === 'rtl' ? isolated(amount) : amount
}
