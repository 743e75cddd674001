/** What can be added, in the groups and the order in which a person is asked. */
import type { ThingKind } from '../reading/kinds.ts'
import type { Capability } from '../sensor/capabilities.ts'
import { writeSource } from './source.ts'

/** What is asked before a sensor starts: how its line is set, which file, or what its bytes mean. */
type Step = 'serial' | 'uart' | 'text' | 'raw'

export interface Choice {
  readonly kind: ThingKind
  readonly title: string
  readonly words: string
  /** The text of a source, where the kind alone does not say which sensor it is. */
  readonly source?: string
  readonly step?: Step
  /** What the browser has to be capable of besides what its group needs. `nothing`: not even that, as for a file. */
  readonly needs?: Capability['kind'] | 'nothing'
}

export interface Group {
  readonly id: 'bluetooth' | 'serial' | 'phone'
  readonly title: string
  readonly words: string
  readonly needs?: Capability['kind']
  readonly choices: readonly Choice[]
}

const BLUETOOTH: readonly Choice[] = [
  { kind: 'heart-rate', title: 'Heart rate', words: 'A strap or watch that sends its pulse' },
  { kind: 'environment', title: 'Surroundings', words: 'Temperature, humidity, air pressure' },
  {
    kind: 'environment',
    title: 'Ruuvi or BTHome tag',
    words: 'A tag that broadcasts its surroundings',
    source: writeSource({ type: 'adverts' }) ?? '',
    needs: 'adverts',
  },
  { kind: 'thermometer', title: 'Thermometer', words: 'Body temperature' },
  { kind: 'scale', title: 'Scale', words: 'Weight' },
  { kind: 'blood-pressure', title: 'Blood pressure', words: 'A cuff on the arm or wrist' },
  { kind: 'oximeter', title: 'Oximeter', words: 'Oxygen in the blood, and pulse' },
  { kind: 'cycling', title: 'Bicycle', words: 'Speed and cadence' },
  { kind: 'cycling-power', title: 'Cycling power', words: 'A crank, pedal or hub that measures power' },
  { kind: 'running', title: 'Running', words: 'A foot pod: speed, cadence, stride' },
  { kind: 'tyres', title: 'Tyres', words: 'Caps that broadcast pressure and temperature', needs: 'adverts' },
  {
    kind: 'lines',
    title: 'Board that sends lines',
    words: 'Over Bluetooth serial (Nordic UART)',
    step: 'uart',
  },
  {
    kind: 'car',
    title: 'Car',
    words: 'An OBD-II adapter (ELM327) with a Nordic UART',
    source: writeSource({ type: 'uart', decoder: 'elm327' }) ?? '',
  },
  { kind: 'meter', title: 'Meter', words: 'Modbus over a Nordic UART', step: 'uart' },
  {
    kind: 'custom',
    title: 'Another Bluetooth device',
    words: 'See what it says, and say what it means',
    step: 'raw',
  },
]

const SERIAL: readonly Choice[] = [
  { kind: 'gps', title: 'GPS receiver', words: 'Position, speed, satellites (NMEA 0183)', step: 'serial' },
  { kind: 'tags', title: 'Animal tag reader', words: 'Ear tags and implants (ISO 11784)', step: 'serial' },
  { kind: 'car', title: 'Car', words: 'An OBD-II adapter (ELM327)', step: 'serial' },
  { kind: 'meter', title: 'Meter', words: 'Energy, water, machines (Modbus)', step: 'serial' },
  {
    kind: 'lines',
    title: 'Anything that sends lines',
    words: 'A board or logger: JSON, CSV, NMEA',
    step: 'serial',
  },
  {
    kind: 'lines',
    title: 'From a file or pasted text',
    words: 'What such a device has said',
    step: 'text',
    needs: 'nothing',
  },
]

const PHONE: readonly Choice[] = [
  { kind: 'motion', title: 'Motion', words: 'The acceleration this device feels', needs: 'motion' },
  { kind: 'orientation', title: 'Orientation', words: 'Heading and tilt', needs: 'orientation' },
  { kind: 'light', title: 'Light', words: 'How bright it is', needs: 'light' },
  { kind: 'location', title: 'Location, coarse', words: 'To about a kilometre', needs: 'location' },
  {
    kind: 'location',
    title: 'Location, precise',
    words: 'As exact as it can, with altitude and speed',
    source: writeSource({ type: 'location', precise: true }) ?? '',
    needs: 'location',
  },
  { kind: 'sound', title: 'Sound level', words: 'How loud it is; no sound is kept', needs: 'sound' },
  { kind: 'phone-battery', title: 'Battery', words: 'How full it is', needs: 'phone-battery' },
  {
    kind: 'barcode',
    title: 'Codes by camera',
    words: 'What QR and bar codes say; no picture is kept',
    needs: 'barcode',
  },
]

/** What is there to choose among first; besides it the simulated thing, which needs nothing. */
export const GROUPS: readonly Group[] = [
  {
    id: 'bluetooth',
    title: 'Bluetooth',
    words: 'Straps, scales, weather, tyres, and your own',
    needs: 'bluetooth',
    choices: BLUETOOTH,
  },
  {
    id: 'serial',
    title: 'USB and serial',
    words: 'GPS, animal tags, cars, meters, boards, files',
    needs: 'serial',
    choices: SERIAL,
  },
  {
    id: 'phone',
    title: 'This phone',
    words: 'Motion, light, location, sound, battery, codes',
    choices: PHONE,
  },
]

export const SIMULATED: Choice = {
  kind: 'simulated',
  title: 'Simulated',
  words: 'A made-up room, to see how things work',
}

/** The choices of a group, those this browser can do before the others, and of these why it cannot. */
export function possibleFirst(
  group: Group,
  can: readonly Capability[],
): readonly { readonly row: Choice; readonly reason: string | undefined }[] {
  return group.choices
    .map((row) => ({ row, reason: hindrance(row, group, can) }))
    .sort((a, b) => Number(a.reason !== undefined) - Number(b.reason !== undefined))
}

/**
 * Why this browser cannot do a choice, and what to do instead; `undefined` where it can, or where that is not known yet.
 * Something that is off is tried: it may be on by then.
 */
export function hindrance(choice: Choice, group: Group, can: readonly Capability[]): string | undefined {
  const needs = choice.needs === 'nothing' ? [] : [group.needs, choice.needs]
  const lacking = needs
    .map((need) => can.find(({ kind }) => kind === need))
    .find((found) => found?.available === 'no')
  return lacking && `${lacking.words}.`
}
