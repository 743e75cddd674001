/** What is typed into the forms of sensors, and back. */
import { quantityOf } from '../reading/quantities.ts'
import { typedNumber } from './units.ts'

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
  const name = quantity.trim()
  const known = quantityOf(name)
  if (known === undefined)
    return name === '' ? 'Choose from the list, or name your own' : 'A name of your own'
  const { label, unit, unitLabel, scale } = known
  if (unit === undefined || unitLabel === '') return label
  if (scale === undefined) return `${label}, in ${unitLabel}`
  return `${label}, in ${unit === '/' ? 'parts of 1' : unit}; shown in ${unitLabel}`
}
