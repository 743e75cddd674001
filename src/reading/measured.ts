import { quantityOf } from './quantities.ts'
import type { Reading } from './reading.ts'

/**
 * A reading of a known quantity, in the unit the table gives it.
 *
 * @param quantity a row of `QUANTITIES`, with what tells it from others of its kind behind a slash; any other is a mistake of ours and throws
 * @param atMs when it was measured, Unix milliseconds
 */
export function measured(quantity: string, value: Reading['value'], atMs: number): Reading {
  const known = quantityOf(quantity)
  if (known === undefined) throw new Error(`no such quantity: ${quantity}`)
  return known.unit === undefined ? { quantity, value, atMs } : { quantity, unit: known.unit, value, atMs }
}
