/** What can go wrong with a sensor. */
export type SensorProblemKind =
  | 'insecure'
  | 'bluetooth-unsupported'
  | 'bluetooth-off'
  | 'bluetooth-refused'
  | 'cancelled'
  | 'unreachable'
  | 'wrong-device'
  | 'bluetooth-failed'
  | 'motion-unsupported'
  | 'motion-refused'
  | 'no-sensor'

export interface SensorProblem {
  readonly kind: SensorProblemKind
  /** For people: what happened, what was kept, what to do. */
  readonly message: string
  /** What the browser said, for a bug report. */
  readonly detail?: string
}

/** A browser's own words are kept up to here. */
const DETAIL_CHARACTERS_MAX = 200

const MESSAGES: Readonly<Record<SensorProblemKind, string>> = {
  insecure:
    'This page did not come over a secure connection, so the browser hides its sensors. Open it by https, or on localhost.',
  'bluetooth-unsupported':
    'This browser has no Web Bluetooth, so no strap can be paired here. Use Chrome or Edge (on an iPhone: Bluefy), or pair the sensor on another phone.',
  'bluetooth-off':
    'Bluetooth is off, or this device has none. Readings taken so far are kept. Turn Bluetooth on, then try again.',
  'bluetooth-refused':
    'The browser was not allowed to use Bluetooth. Readings taken so far are kept. Allow it for this site in the browser and for the browser in the system settings, then try again.',
  cancelled:
    'No sensor was chosen, so nothing was paired. If yours was not in the list, wear it so that it wakes up, then try again.',
  unreachable:
    'The sensor could not be reached. Readings taken so far are kept. Wear it, bring it closer, disconnect it from other apps and watches, then reconnect.',
  'wrong-device':
    'This device does not offer its heart rate. Nothing was lost. Turn on its heart-rate broadcast if it has one, or pair another sensor.',
  'bluetooth-failed':
    'Bluetooth stopped working. Readings taken so far are kept. Turn Bluetooth off and on again, then reconnect.',
  'motion-unsupported':
    'This browser cannot read a motion sensor. Nothing was lost. Use another browser, or add this thing on a phone.',
  'motion-refused':
    'The browser was not allowed to read the motion sensor. Readings taken so far are kept. Close this page, open it again and choose Allow.',
  'no-sensor':
    'The motion sensor said nothing. Readings taken so far are kept. This device may have none, or the browser may block it in its site settings; a phone has one.',
}

/**
 * The problem of a kind, with its words.
 *
 * @param cause what the browser threw, if anything
 */
export function sensorProblem(kind: SensorProblemKind, cause?: unknown): SensorProblem {
  const message = MESSAGES[kind]
  if (!(cause instanceof Error)) return { kind, message }
  return { kind, message, detail: `${cause.name}: ${cause.message}`.slice(0, DETAIL_CHARACTERS_MAX) }
}
