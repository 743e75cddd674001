/** What is typed into the forms of sensors, and back. */
import { quantityOf } from '../reading/quantities.ts'
import { serialText } from './texts/serial/text.ts'
import { typedNumber } from './units.ts'
import { quantityWords } from './words.ts'

/** A number as it is typed; NaN where it is none. */
export function numberOf(typed: string): number {
  return typedNumber(typed) ?? NaN
}

/** A unit as it is typed: nothing where the table has it, or where none was typed. */
export function unitOf(quantity: string, typed: string): { readonly unit?: string } {
  const unit = typed.trim()
  return unit === '' || unit === quantityOf(quantity)?.unit ? {} : { unit }
}

/** What to know of a quantity's numbers before one gives their scale: which unit they are to come out in. */
export function quantityHint(quantity: string): string {
  const text = serialText()
  const name = quantity.trim()
  const known = quantityOf(name)
  if (known === undefined) return name === '' ? text.chooseQuantity : text.ownQuantity
  const label = quantityWords(name)
  const { unit, unitLabel, scale } = known
  if (unit === undefined || unitLabel === '') return label
  if (scale === undefined) return text.quantityIn(label, unitLabel)
  return text.quantityShownIn(label, unit === '/' ? text.partsOf1 : unit, unitLabel)
}
