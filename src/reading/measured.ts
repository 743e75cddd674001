import { QUANTITIES, type Reading } from './reading.ts'

/**
 * A reading of a known quantity, in the unit the table gives it.
 *
 * @param quantity a row of `QUANTITIES`; any other is a mistake of ours and throws
 * @param atMs when it was measured, Unix milliseconds
 */
export function measured(quantity: string, value: number | boolean, atMs: number): Reading {
  const known = QUANTITIES[quantity]
  if (known === undefined) throw new Error(`no such quantity: ${quantity}`)
  return known.unit === undefined ? { quantity, value, atMs } : { quantity, unit: known.unit, value, atMs }
}
