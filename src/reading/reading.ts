/** One measured value. `quantity` names a row of `QUANTITIES`, or is a name the sensor gave. */
export interface Reading {
  readonly quantity: string
  /** A SenML unit (RFC 8428 §12.1, RFC 8798), such as `beat/min`. Absent for a truth value. */
  readonly unit?: string
  readonly value: number | boolean
  /** When it was measured, Unix milliseconds. */
  readonly atMs: number
}

/** What kinds of thing the app can add. */
export type ThingKind = 'heart-rate' | 'motion' | 'simulated'

/** A row of the table of known quantities: how a value is named and shown. */
export interface Quantity {
  /** For people: "Heart rate". */
  readonly label: string
  /** The SenML unit readings carry. */
  readonly unit?: string
  /** For people: "bpm". */
  readonly unitLabel: string
  /** Digits after the point. */
  readonly decimals: number
}

/** Known quantities by name. Units by the SenML registry (RFC 8428 §12.1, RFC 8798 §4). */
export const QUANTITIES: Readonly<Record<string, Quantity>> = {
  'heart-rate': { label: 'Heart rate', unit: 'beat/min', unitLabel: 'bpm', decimals: 0 },
  'rr-interval': { label: 'RR interval', unit: 's', unitLabel: 's', decimals: 3 },
  'skin-contact': { label: 'Skin contact', unitLabel: '', decimals: 0 },
  energy: { label: 'Energy expended', unit: 'J', unitLabel: 'J', decimals: 0 },
  battery: { label: 'Battery', unit: '%EL', unitLabel: '%', decimals: 0 },
  acceleration: { label: 'Acceleration', unit: 'm/s2', unitLabel: 'm/s²', decimals: 2 },
  temperature: { label: 'Temperature', unit: 'Cel', unitLabel: '°C', decimals: 1 },
}

/** The quantity a kind of thing shows large on its card. */
export const MAIN_QUANTITY: Readonly<Record<ThingKind, string>> = {
  'heart-rate': 'heart-rate',
  motion: 'acceleration',
  simulated: 'temperature',
}
