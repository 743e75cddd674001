import type { Reading } from './reading.ts'
import type { Shaping, ThingSettings } from './thing-settings.ts'

/**
 * Readings as a sensor gives them with the calibration of their quantities: gain, then offset, numbers alone. A number that
 * leaves what can be written is left as it was. What is recorded goes through here once, and so does what is shown before it
 * comes back from there.
 */
export function calibrated(
  readings: readonly Reading[],
  shaping: ThingSettings['shaping'],
): readonly Reading[] {
  return readings.map((reading) => {
    const { gain = 1, offset = 0 } = shapingOf(reading.quantity, shaping) ?? {}
    if (typeof reading.value !== 'number') return reading
    const value = reading.value * gain + offset
    return Number.isFinite(value) ? { ...reading, value } : reading
  })
}

/** The shaping of one quantity, whose name may be that of something every object has. */
export function shapingOf(quantity: string, shaping: ThingSettings['shaping']): Shaping | undefined {
  return Object.hasOwn(shaping, quantity) ? shaping[quantity] : undefined
}
