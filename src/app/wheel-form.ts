/** The wheel of a bicycle, as a person fills it in. */
import { WHEEL_MM, WHEEL_MM_MAX, WHEEL_MM_MIN } from '../sensor/parse/cycling.ts'
import { numberOf } from './field-text.ts'
import { serialText } from './texts/serial/text.ts'

/** @param wheelMm its circumference, where a person has named one */
export function wheelText(wheelMm: number | undefined): string {
  return String(wheelMm ?? WHEEL_MM)
}

/** Its circumference, mm; `undefined` where it is the usual one, or what is wrong in words. */
export function readWheel(typed: string): number | string | undefined {
  if (typed.trim() === '') return undefined
  const wheelMm = numberOf(typed)
  if (!Number.isInteger(wheelMm) || wheelMm < WHEEL_MM_MIN || wheelMm > WHEEL_MM_MAX)
    return serialText().badWheel(WHEEL_MM_MIN, WHEEL_MM_MAX)
  return wheelMm === WHEEL_MM ? undefined : wheelMm
}
