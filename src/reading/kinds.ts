/** What kinds of thing there are, and the quantity each shows large; the first it names where that differs. */
export const KINDS = {
  'heart-rate': { label: 'Heart rate', main: 'heart-rate' },
  environment: { label: 'Surroundings', main: 'temperature' },
  thermometer: { label: 'Thermometer', main: 'body-temperature' },
  scale: { label: 'Scale', main: 'weight' },
  'blood-pressure': { label: 'Blood pressure', main: 'systolic-pressure' },
  oximeter: { label: 'Oximeter', main: 'oxygen-saturation' },
  cycling: { label: 'Bicycle', main: 'speed' },
  'cycling-power': { label: 'Cycling power', main: 'power' },
  running: { label: 'Running', main: 'speed' },
  tyres: { label: 'Tyres', main: 'tyre-pressure' },
  tags: { label: 'Animal tags', main: 'animal-tag' },
  car: { label: 'Car', main: 'speed' },
  meter: { label: 'Meter', main: undefined },
  gps: { label: 'GPS receiver', main: 'speed' },
  lines: { label: 'Line device', main: undefined },
  custom: { label: 'Own device', main: undefined },
  motion: { label: 'Motion', main: 'acceleration' },
  orientation: { label: 'Orientation', main: 'heading' },
  light: { label: 'Light', main: 'illuminance' },
  location: { label: 'Location', main: 'latitude' },
  sound: { label: 'Sound level', main: 'sound-level' },
  'phone-battery': { label: 'Battery', main: 'battery' },
  barcode: { label: 'Codes', main: 'barcode' },
  simulated: { label: 'Simulated', main: 'temperature' },
} as const satisfies Readonly<Record<string, { readonly label: string; readonly main: string | undefined }>>

/** What kinds of thing the app can add. */
export type ThingKind = keyof typeof KINDS

/** All of them. */
export const THING_KINDS = Object.keys(KINDS) as readonly ThingKind[]

/** The quantity a kind shows large; `undefined` where that is whatever it names first. */
export function mainQuantityOf(kind: ThingKind | 'unknown'): string | undefined {
  return kind === 'unknown' ? undefined : KINDS[kind].main
}
