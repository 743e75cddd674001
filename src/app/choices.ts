/** What can be added, in the groups and the order in which a person is asked. */
import type { ThingKind } from '../reading/kinds.ts'
import type { Capability } from '../sensor/capabilities.ts'
import { capabilityWords } from './sensor-words.ts'
import { writeSource } from './source.ts'
import type { Book } from './texts/book.ts'

/** What is asked before a sensor starts: how its line is set, which file, or what its bytes mean. */
type Step = 'serial' | 'uart' | 'text' | 'raw'

export interface Choice {
  readonly kind: ThingKind
  /** Of its words. */
  readonly name: keyof Book['adding']['choices']
  /** The text of a source, where the kind alone does not say which sensor it is. */
  readonly source?: string
  readonly step?: Step
  /** What the browser has to be capable of besides what its group needs. `nothing`: not even that, as for a file. */
  readonly needs?: Capability['kind'] | 'nothing'
}

export interface Group {
  /** Of its words too. */
  readonly id: keyof Book['adding']['groups']
  readonly needs?: Capability['kind']
  readonly choices: readonly Choice[]
}

const BLUETOOTH: readonly Choice[] = [
  { kind: 'heart-rate', name: 'heartRate' },
  { kind: 'environment', name: 'surroundings' },
  {
    kind: 'environment',
    name: 'tag',
    source: writeSource({ type: 'adverts' }) ?? '',
    needs: 'adverts',
  },
  { kind: 'thermometer', name: 'thermometer' },
  { kind: 'scale', name: 'scale' },
  { kind: 'blood-pressure', name: 'bloodPressure' },
  { kind: 'oximeter', name: 'oximeter' },
  { kind: 'cycling', name: 'cycling' },
  { kind: 'cycling-power', name: 'cyclingPower' },
  { kind: 'running', name: 'running' },
  { kind: 'tyres', name: 'tyres', needs: 'adverts' },
  { kind: 'lines', name: 'uartLines', step: 'uart' },
  {
    kind: 'car',
    name: 'uartCar',
    source: writeSource({ type: 'uart', decoder: 'elm327' }) ?? '',
  },
  { kind: 'meter', name: 'uartMeter', step: 'uart' },
  { kind: 'custom', name: 'custom', step: 'raw' },
]

const SERIAL: readonly Choice[] = [
  { kind: 'gps', name: 'gps', step: 'serial' },
  { kind: 'tags', name: 'animalTags', step: 'serial' },
  { kind: 'car', name: 'car', step: 'serial' },
  { kind: 'meter', name: 'meter', step: 'serial' },
  { kind: 'lines', name: 'lines', step: 'serial' },
  { kind: 'lines', name: 'text', step: 'text', needs: 'nothing' },
]

const PHONE: readonly Choice[] = [
  { kind: 'motion', name: 'motion', needs: 'motion' },
  { kind: 'orientation', name: 'orientation', needs: 'orientation' },
  { kind: 'light', name: 'light', needs: 'light' },
  { kind: 'location', name: 'coarseLocation', needs: 'location' },
  {
    kind: 'location',
    name: 'preciseLocation',
    source: writeSource({ type: 'location', precise: true }) ?? '',
    needs: 'location',
  },
  { kind: 'sound', name: 'sound', needs: 'sound' },
  { kind: 'phone-battery', name: 'battery', needs: 'phone-battery' },
  { kind: 'barcode', name: 'codes', needs: 'barcode' },
]

/** What is there to choose among first; besides it the simulated thing, which needs nothing. */
export const GROUPS: readonly Group[] = [
  { id: 'bluetooth', needs: 'bluetooth', choices: BLUETOOTH },
  { id: 'serial', needs: 'serial', choices: SERIAL },
  { id: 'phone', choices: PHONE },
]

export const SIMULATED: Choice = { kind: 'simulated', name: 'simulated' }

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
  return lacking && capabilityWords(lacking)
}
