/** The wheel of a bicycle, as a person fills it in. Pure. */
import { WHEEL_MM, WHEEL_MM_MAX, WHEEL_MM_MIN } from '../sensor/parse/cycling.ts'
import { numberOf } from './field-text.ts'

/** @param wheelMm its circumference, where a person has named one */
export function wheelText(wheelMm: number | undefined): string {
  return String(wheelMm ?? WHEEL_MM)
}

/** Its circumference, mm; `undefined` where it is the usual one, or what is wrong in words. */
export function readWheel(typed: string): number | string | undefined {
  if (typed.trim() === '') return undefined
  const wheelMm = numberOf(typed)
  if (!Number.isInteger(wheelMm) || wheelMm < WHEEL_MM_MIN || wheelMm > WHEEL_MM_MAX)
    return `A wheel has a whole number of millimetres from ${WHEEL_MM_MIN} to ${WHEEL_MM_MAX}.`
  return wheelMm === WHEEL_MM ? undefined : wheelMm
}
