/** What devices and their makers' sketches write for units. */
import { PA_PER_MMHG } from '../../reading/quantities.ts'

/** A unit as SenML names it (RFC 8428 §12.1), and how a value gets there: times `scale`, then plus `offset`. */
export interface WrittenUnit {
  readonly unit: string
  readonly scale: number
  readonly offset: number
}

/** Pascals in a pound-force per square inch. NIST SP 811, appendix B.8. */
const PA_PER_PSI = 6894.757

const KELVIN_AT_0_C = 273.15

/** m/s². BIPM, The International System of Units, 9th edition, appendix 4. */
export const STANDARD_GRAVITY = 9.80665

/** By lower-case spelling, without a degree sign: SenML unit, scale, offset. */
const SPELLINGS: Readonly<Record<string, readonly [unit: string, scale?: number, offset?: number]>> = {
  c: ['Cel'],
  degc: ['Cel'],
  celsius: ['Cel'],
  cel: ['Cel'],
  f: ['Cel', 5 / 9, -160 / 9],
  degf: ['Cel', 5 / 9, -160 / 9],
  fahrenheit: ['Cel', 5 / 9, -160 / 9],
  k: ['Cel', 1, -KELVIN_AT_0_C],
  '%rh': ['%RH'],
  '%': ['/', 0.01],
  percent: ['/', 0.01],
  ppm: ['/', 1e-6],
  pa: ['Pa'],
  hpa: ['Pa', 100],
  mbar: ['Pa', 100],
  kpa: ['Pa', 1000],
  bar: ['Pa', 1e5],
  psi: ['Pa', PA_PER_PSI],
  mmhg: ['Pa', PA_PER_MMHG],
  v: ['V'],
  mv: ['V', 0.001],
  a: ['A'],
  ma: ['A', 0.001],
  w: ['W'],
  kw: ['W', 1000],
  j: ['J'],
  m: ['m'],
  cm: ['m', 0.01],
  mm: ['m', 0.001],
  km: ['m', 1000],
  'm/s': ['m/s'],
  'km/h': ['m/s', 1 / 3.6],
  kmh: ['m/s', 1 / 3.6],
  kg: ['kg'],
  g: ['kg', 0.001],
  s: ['s'],
  ms: ['s', 0.001],
  hz: ['Hz'],
  rpm: ['1/min'],
  bpm: ['beat/min'],
  lx: ['lx'],
  lux: ['lx'],
  db: ['dB'],
  deg: ['deg'],
  'ug/m3': ['kg/m3', 1e-9],
}

/** What a written unit means, for a quantity kept in `wanted`; `undefined` where it is not known. */
export function unitOf(written: string, wanted: string | undefined): WrittenUnit | undefined {
  const spelling = written
    .toLowerCase()
    .replace(/[°º\s]/g, '')
    .replace(/[µμ]/g, 'u')
    .replace('³', '3')
  // A bare degree sign is an angle; per cent are of whatever is counted in them.
  const key = spelling === '' && /[°º]/.test(written) ? 'deg' : spelling
  if (key === '%' && (wanted === '%RH' || wanted === '%EL')) return { unit: wanted, scale: 1, offset: 0 }
  // Grams where a mass is wanted, and what an accelerometer is at rest; by itself it may be either.
  if (key === 'g' && wanted !== 'kg') {
    return wanted === 'm/s2' ? { unit: wanted, scale: STANDARD_GRAVITY, offset: 0 } : undefined
  }
  if (!Object.hasOwn(SPELLINGS, key)) return undefined
  const [unit, scale = 1, offset = 0] = SPELLINGS[key] ?? ['']
  return { unit, scale, offset }
}
