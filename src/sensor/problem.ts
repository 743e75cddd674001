/** What can go wrong with a sensor. */
export type SensorProblemKind =
  | 'insecure'
  | 'bluetooth-unsupported'
  | 'bluetooth-off'
  | 'bluetooth-refused'
  | 'cancelled'
  | 'unreachable'
  | 'wrong-device'
  | 'changed-device'
  | 'adverts-unsupported'
  | 'no-adverts'
  | 'bluetooth-failed'
  | 'serial-unsupported'
  | 'serial-refused'
  | 'port-busy'
  | 'port-lost'
  | 'no-data'
  | 'no-file'
  | 'unreadable-text'
  | 'motion-unsupported'
  | 'motion-refused'
  | 'no-sensor'
  | 'light-unsupported'
  | 'light-refused'
  | 'location-unsupported'
  | 'location-refused'
  | 'location-unavailable'
  | 'microphone-unsupported'
  | 'microphone-refused'
  | 'microphone-failed'
  | 'battery-unsupported'
  | 'camera-unsupported'
  | 'camera-refused'
  | 'camera-failed'

export interface SensorProblem {
  readonly kind: SensorProblemKind
  /** For people: what happened, what was kept, what to do. */
  readonly message: string
  /** What the browser said, for a bug report. */
  readonly detail?: string
}

/** A browser's own words are kept up to here. */
const DETAIL_CHARACTERS_MAX = 200

/** What is said of each, in English. */
export const PROBLEM_MESSAGES: Readonly<Record<SensorProblemKind, string>> = {
  insecure:
    'This page did not come over a secure connection, so the browser hides its sensors. Nothing was lost. Open it by https, or on localhost.',
  'bluetooth-unsupported':
    'This browser has no Web Bluetooth, so no sensor can be paired here. Nothing was lost. Use Chrome or Edge (on an iPhone: Bluefy; on Linux: with “Experimental Web Platform features” on at chrome://flags), or pair the sensor on another phone.',
  'bluetooth-off':
    'Bluetooth is off, or this device has none. Readings taken so far are kept. Turn Bluetooth on, then try again.',
  'bluetooth-refused':
    'The browser was not allowed to use Bluetooth. Readings taken so far are kept. Allow it for this site in the browser and for the browser in the system settings, then try again.',
  cancelled:
    'No sensor was chosen, so nothing was paired. If yours was not in the list, wake it up (wear it, step on it, press its button) or plug its cable in, then try again.',
  unreachable:
    'The sensor could not be reached. Readings taken so far are kept. Wake it up, bring it closer, disconnect it from other apps and watches, then reconnect.',
  'wrong-device':
    'This device does not offer these readings. Nothing was lost. Turn on its broadcast or sharing if it has one, or pair another sensor.',
  'changed-device':
    'This sensor came back without the readings it gave before. Readings taken so far are kept. Switch it off and on again, or finish its update, then reconnect.',
  'adverts-unsupported':
    'This browser does not hear what Bluetooth sensors broadcast. Nothing was lost. In Chrome turn on “Experimental Web Platform features” at chrome://flags, or use a sensor that is paired.',
  'no-adverts':
    'Nothing that can be read was heard from this sensor. Nothing was lost. Wake it up and bring it closer, and turn off encryption in its own app, then try again.',
  'bluetooth-failed':
    'Bluetooth stopped working. Readings taken so far are kept. Turn Bluetooth off and on again, then reconnect.',
  'serial-unsupported':
    'This browser cannot read a serial cable. Nothing was lost. Use Chrome or Edge on a computer, or save what the device says to a file and add that.',
  'serial-refused':
    'The browser was not allowed to use the serial port. Readings taken so far are kept. Allow it for this site in the browser, then try again.',
  'port-busy':
    'The port could not be opened: another program or page may be using it, or the system does not allow it. Readings taken so far are kept. Close what uses it, or unplug it and plug it in again, then try again.',
  'port-lost':
    'The device was unplugged, or its line went dead. Readings taken so far are kept. Plug it in again, then reconnect.',
  'no-data':
    'Nothing that can be read came from the device, at any speed that was tried. Readings taken so far are kept. Switch it on, check that it is the right port and cable, set its speed by hand if you know it, then try again.',
  'no-file':
    'No file was chosen, so nothing was read. Readings taken so far are kept. Choose one when you want to go on.',
  'unreadable-text':
    'Nothing in this file or text could be read as readings. Nothing was lost. Choose one with a reading on each line: JSON, values with commas between them, NMEA sentences or animal tags.',
  'motion-unsupported':
    'This browser cannot read motion sensors. Nothing was lost. Use another browser, or add this thing on a phone.',
  'motion-refused':
    'The browser was not allowed to read the motion sensors. Readings taken so far are kept. Allow them for this site in the browser, or close this page, open it again and choose Allow.',
  'no-sensor':
    'The sensor said nothing. Readings taken so far are kept. This device may have none, or the browser may block it in its site settings; a phone has one.',
  'light-unsupported':
    'This browser does not read light, as nearly all do not. Nothing was lost. Use Chrome on Android, with “Generic Sensor Extra Classes” on at chrome://flags.',
  'light-refused':
    'The browser was not allowed to read light. Readings taken so far are kept. Allow motion and light sensors for this site in the browser, then try again.',
  'location-unsupported': 'This browser does not say where it is. Nothing was lost. Use another browser.',
  'location-refused':
    'The browser was not allowed to say where this device is. Readings taken so far are kept. Allow location for this site in the browser and for the browser in the system settings, then try again.',
  'location-unavailable':
    'This device could not find out where it is. Readings taken so far are kept. Turn location on in the system settings, go near a window or outside, then try again.',
  'microphone-unsupported': 'This browser cannot use a microphone. Nothing was lost. Use another browser.',
  'microphone-refused':
    'The browser was not allowed to use the microphone. Readings taken so far are kept. Allow it for this site in the browser, then try again: only how loud it is leaves the microphone, never sound.',
  'microphone-failed':
    'The microphone gives no sound. Readings taken so far are kept. This device may have none, it may be muted, or another app may use it. See to that, then try again.',
  'battery-unsupported':
    'This browser does not read the battery. Nothing was lost. Use Chrome or Edge; on an iPhone none does.',
  'camera-unsupported': 'This browser cannot use a camera. Nothing was lost. Use another browser.',
  'camera-refused':
    'The browser was not allowed to use the camera. Readings taken so far are kept. Allow it for this site in the browser, then try again: only what codes say is kept, never a picture.',
  'camera-failed':
    'The camera gives no picture. Readings taken so far are kept. This device may have none, or another app may use it. Close that app, then try again.',
}

/**
 * The problem of a kind, with its words.
 *
 * @param cause what the browser threw, if anything
 */
export function sensorProblem(kind: SensorProblemKind, cause?: unknown): SensorProblem {
  const message = PROBLEM_MESSAGES[kind]
  if (!(cause instanceof Error)) return { kind, message }
  return { kind, message, detail: `${cause.name}: ${cause.message}`.slice(0, DETAIL_CHARACTERS_MAX) }
}
