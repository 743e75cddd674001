/**
 * Numbers that people type and read about a quantity, in the unit it is shown in, and the same in the unit its readings are
 * kept in. Values that are shown are rounded for reading (`valueWords`); these are not.
 */
import { quantityOf } from '../reading/quantities.ts'
import { shownValue } from './words.ts'

/** Digits that survive a scale and its inverse in doubles, which hold 15 to 17. */
const DIGITS = 12

/** Characters of a typed number that are looked at: nobody means a longer one. */
const TYPED_CHARACTERS_MAX = 40

/** A sign, digits with a point or a comma before decimals, and a power of ten. */
const TYPED = /^[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:e[+-]?\d{1,3})?$/i

/** What a person typed; a point and a comma both start the decimals. Undefined where it is no finite number. */
export function typedNumber(text: string): number | undefined {
  const typed = text.trim().replace(/^\u2212/, '-')
  if (typed.length > TYPED_CHARACTERS_MAX || !TYPED.test(typed)) return undefined
  const number = Number(typed.replace(',', '.'))
  return Number.isFinite(number) ? number : undefined
}

/** A number as a person would type it: no more digits than it has. */
export function plainNumber(value: number): string {
  return String(Number(value.toPrecision(DIGITS)))
}

/** A value or a difference of `quantity`, as kept, in the unit it is shown in. */
export function shownNumber(quantity: string, kept: number): string {
  return plainNumber(shownValue(quantity, kept))
}

/** A value or a difference of `quantity`, as shown, in the unit its readings are kept in. */
export function keptNumber(quantity: string, shown: number): number {
  return shown / (quantityOf(quantity)?.scale ?? 1)
}
