/** How a quantity is named, kept and shown. */
export interface Quantity {
  /** For people: "Heart rate". */
  readonly label: string
  /** The SenML unit readings carry. Absent where the registry has none, and for truth values and texts. */
  readonly unit?: string
  /** For people: "bpm". */
  readonly unitLabel: string
  /** Digits after the point, as shown. */
  readonly decimals: number
  /** What a value is multiplied by before it is shown with `unitLabel`; 1 where it is left out. */
  readonly scale?: number
}

/** Pascals in a millimetre of mercury, by which medicine goes. NIST SP 811, appendix B.8. */
export const PA_PER_MMHG = 133.322387415

const PERCENT = { unit: '/', unitLabel: '%', scale: 100 }
const MMHG = { unit: 'Pa', unitLabel: 'mmHg', decimals: 0, scale: 1 / PA_PER_MMHG }
const CELSIUS = { unit: 'Cel', unitLabel: '°C', decimals: 1 }
const DEGREES = { unit: 'deg', unitLabel: '°', decimals: 0 }
const METRES = { unit: 'm', unitLabel: 'm', decimals: 0 }
const PER_MINUTE = { unit: '1/min', unitLabel: 'rpm', decimals: 0 }
const COUNT = { unit: 'count', unitLabel: '', decimals: 0 }
const PLAIN = { unitLabel: '', decimals: 0 }

/**
 * Known quantities by name. Units are primary ones of the SenML registry (RFC 8428 §12.1, RFC 8798 §2), since others need
 * a version of their own (RFC 9100).
 */
export const QUANTITIES: Readonly<Record<string, Quantity>> = {
  'heart-rate': { label: 'Heart rate', unit: 'beat/min', unitLabel: 'bpm', decimals: 0 },
  'rr-interval': { label: 'RR interval', unit: 's', unitLabel: 's', decimals: 3 },
  'skin-contact': { label: 'Skin contact', ...PLAIN },
  energy: { label: 'Energy expended', unit: 'J', unitLabel: 'kJ', decimals: 0, scale: 0.001 },
  battery: { label: 'Battery', unit: '%EL', unitLabel: '%', decimals: 0 },
  charging: { label: 'Charging', ...PLAIN },

  temperature: { label: 'Temperature', ...CELSIUS },
  humidity: { label: 'Humidity', unit: '%RH', unitLabel: '%', decimals: 0 },
  pressure: { label: 'Air pressure', unit: 'Pa', unitLabel: 'hPa', decimals: 1, scale: 0.01 },
  'dew-point': { label: 'Dew point', ...CELSIUS },
  'heat-index': { label: 'Heat index', ...CELSIUS },
  'wind-chill': { label: 'Wind chill', ...CELSIUS },
  'uv-index': { label: 'UV index', ...PLAIN },
  'wind-speed': { label: 'Wind speed', unit: 'm/s', unitLabel: 'm/s', decimals: 1 },
  'wind-direction': { label: 'Wind direction', ...DEGREES },
  rainfall: { label: 'Rainfall', unit: 'm', unitLabel: 'mm', decimals: 1, scale: 1000 },
  illuminance: { label: 'Light', unit: 'lx', unitLabel: 'lx', decimals: 0 },
  'carbon-dioxide': { label: 'CO₂', unit: '/', unitLabel: 'ppm', decimals: 0, scale: 1e6 },
  'particulates-2.5': { label: 'Fine dust', unit: 'kg/m3', unitLabel: 'µg/m³', decimals: 0, scale: 1e9 },
  'particulates-10': { label: 'Dust', unit: 'kg/m3', unitLabel: 'µg/m³', decimals: 0, scale: 1e9 },
  moisture: { label: 'Moisture', ...PERCENT, decimals: 0 },
  motion: { label: 'Motion', ...PLAIN },
  opening: { label: 'Open', ...PLAIN },
  movements: { label: 'Movements', ...COUNT },
  count: { label: 'Count', ...COUNT },

  'body-temperature': { label: 'Body temperature', ...CELSIUS },
  weight: { label: 'Weight', unit: 'kg', unitLabel: 'kg', decimals: 1 },
  height: { label: 'Height', unit: 'm', unitLabel: 'cm', decimals: 0, scale: 100 },
  'body-mass-index': { label: 'Body mass index', unitLabel: '', decimals: 1 },
  'systolic-pressure': { label: 'Systolic pressure', ...MMHG },
  'diastolic-pressure': { label: 'Diastolic pressure', ...MMHG },
  'mean-arterial-pressure': { label: 'Mean arterial pressure', ...MMHG },
  'cuff-pressure': { label: 'Cuff pressure', ...MMHG },
  'pulse-rate': { label: 'Pulse', unit: 'beat/min', unitLabel: 'bpm', decimals: 0 },
  'oxygen-saturation': { label: 'Oxygen saturation', ...PERCENT, decimals: 0 },
  'pulse-amplitude-index': { label: 'Pulse amplitude', ...PERCENT, decimals: 1 },

  speed: { label: 'Speed', unit: 'm/s', unitLabel: 'km/h', decimals: 1, scale: 3.6 },
  cadence: { label: 'Cadence', ...PER_MINUTE },
  power: { label: 'Power', unit: 'W', unitLabel: 'W', decimals: 0 },
  'pedal-balance': { label: 'Pedal balance', ...PERCENT, decimals: 1 },
  distance: { label: 'Distance', ...METRES },
  'stride-length': { label: 'Stride length', unit: 'm', unitLabel: 'm', decimals: 2 },
  running: { label: 'Running', ...PLAIN },

  acceleration: { label: 'Acceleration', unit: 'm/s2', unitLabel: 'm/s²', decimals: 2 },
  heading: { label: 'Heading', ...DEGREES },
  'tilt-forward': { label: 'Tilt forward', ...DEGREES },
  'tilt-side': { label: 'Tilt to the side', ...DEGREES },
  latitude: { label: 'Latitude', unit: 'lat', unitLabel: '°', decimals: 5 },
  longitude: { label: 'Longitude', unit: 'lon', unitLabel: '°', decimals: 5 },
  altitude: { label: 'Altitude', ...METRES },
  accuracy: { label: 'Accuracy', ...METRES },
  satellites: { label: 'Satellites', ...COUNT },
  'sound-level': { label: 'Sound level', unit: 'dB', unitLabel: 'dB', decimals: 0 },

  'engine-speed': { label: 'Engine speed', ...PER_MINUTE },
  'engine-load': { label: 'Engine load', ...PERCENT, decimals: 0 },
  'coolant-temperature': { label: 'Coolant', ...CELSIUS, decimals: 0 },
  'fuel-level': { label: 'Fuel', ...PERCENT, decimals: 0 },
  'tyre-pressure': { label: 'Tyre pressure', unit: 'Pa', unitLabel: 'bar', decimals: 2, scale: 1e-5 },
  'tyre-temperature': { label: 'Tyre temperature', ...CELSIUS, decimals: 0 },
  voltage: { label: 'Voltage', unit: 'V', unitLabel: 'V', decimals: 2 },
  current: { label: 'Current', unit: 'A', unitLabel: 'A', decimals: 2 },
  'electric-energy': { label: 'Energy', unit: 'J', unitLabel: 'kWh', decimals: 2, scale: 1 / 3.6e6 },

  'animal-tag': { label: 'Animal tag', ...PLAIN },
  barcode: { label: 'Code', ...PLAIN },
  register: { label: 'Register', ...PLAIN },
}

/**
 * What is known of a quantity. A thing with several of one kind tells them apart behind a slash: `temperature/2` is known
 * as `temperature` is, and named with what follows.
 */
export function quantityOf(name: string): Quantity | undefined {
  const exact = own(name)
  if (exact !== undefined) return exact
  const slash = name.indexOf('/')
  const base = slash > 0 ? own(name.slice(0, slash)) : undefined
  return base && { ...base, label: `${base.label} ${name.slice(slash + 1)}` }
}

/** A name from outside may be that of something every object has. */
function own(name: string): Quantity | undefined {
  return Object.hasOwn(QUANTITIES, name) ? QUANTITIES[name] : undefined
}
