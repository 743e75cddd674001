/** What Bluetooth devices are spoken to, one line each: the service they offer and the characteristics that are followed. */
import type { ThingKind } from '../reading/kinds.ts'
import type { GattUuid } from './gatt.ts'
import { parseBattery } from './parse/battery.ts'
import { parseBloodPressure, parseCuffPressure } from './parse/blood-pressure.ts'
import { makeParseCyclingPower } from './parse/cycling-power.ts'
import { makeParseCycling } from './parse/cycling.ts'
import { ENVIRONMENTAL, environmentalParser } from './parse/environmental.ts'
import type { Framing } from './parse/framing.ts'
import { parseThermometer } from './parse/health-thermometer.ts'
import { parseHeartRate } from './parse/heart-rate.ts'
import { mappedParse, type Mapping } from './parse/mapping.ts'
import type { Dialogue, Parse } from './parse/parse.ts'
import { parseContinuous, parseSpotCheck } from './parse/pulse-oximeter.ts'
import { parseRunning } from './parse/running.ts'
import { parseWeight } from './parse/weight-scale.ts'

export interface Followed {
  readonly uuid: GattUuid
  /**
   * `notify`: it notifies or indicates. Otherwise it is read at once, and then followed where it notifies, or else read
   * again and again, so many ms after each answer.
   */
  readonly how: 'notify' | { readonly readEveryMs: number }
  /** Where its frames are not those of the connection: it carries a stream of bytes, and this is how they are cut. */
  readonly framing?: Framing
  /**
   * Makes a parser for one connection: some count on from the frame before.
   *
   * @param name what tells it from others of its UUID on the same device, as in `temperature/2`
   */
  readonly make: (name: string | undefined) => Parse
}

/** A service and what is followed of it. Each characteristic may be missing, and one of them has to be there. */
export interface FollowedService {
  readonly service: GattUuid
  readonly characteristics: readonly Followed[]
}

export interface Profile extends FollowedService {
  readonly kind: ThingKind
  /** True where the chooser lists every device, as few say beforehand that they offer a service of their maker's. */
  readonly isChosenAmongAll?: boolean
}

/** Air changes over minutes; ten reads a minute cost a coin cell next to nothing. */
const SURROUNDINGS_EVERY_MS = 6000

/** A battery lasts days. */
const BATTERY_EVERY_MS = 600_000

/** Numbers are those of the Bluetooth SIG: Assigned Numbers §3.4 and §3.8. */
const ROWS = [
  profile(
    'heart-rate',
    0x180d,
    notified(0x2a37, () => parseHeartRate),
  ),
  profile('environment', 0x181a, ...environmental()),
  profile(
    'thermometer',
    0x1809,
    notified(0x2a1c, () => parseThermometer),
    notified(0x2a1e, () => parseThermometer),
  ),
  profile(
    'scale',
    0x181d,
    notified(0x2a9d, () => parseWeight),
  ),
  profile(
    'blood-pressure',
    0x1810,
    notified(0x2a35, () => parseBloodPressure),
    notified(0x2a36, () => parseCuffPressure),
  ),
  profile(
    'oximeter',
    0x1822,
    notified(0x2a5f, () => parseContinuous),
    notified(0x2a5e, () => parseSpotCheck),
  ),
  profile(
    'cycling',
    0x1816,
    notified(0x2a5b, () => makeParseCycling()),
  ),
  profile(
    'cycling-power',
    0x1818,
    notified(0x2a63, () => makeParseCyclingPower()),
  ),
  profile(
    'running',
    0x1814,
    notified(0x2a53, () => parseRunning),
  ),
]

/** By the kind of thing. */
export const PROFILES: ReadonlyMap<ThingKind, Profile> = new Map(ROWS.map((row) => [row.kind, row]))

/** Followed on every device that has it, whatever else it measures. */
export const BATTERY: FollowedService = {
  service: 0x180f,
  characteristics: [{ uuid: 0x2a19, how: { readEveryMs: BATTERY_EVERY_MS }, make: () => parseBattery }],
}

/** Nordic UART Service: what the device sends comes as notifications of the second. https://docs.nordicsemi.com, "NUS". */
export const UART_SERVICE = '6e400001-b5a3-f393-e0a9-e50e24dcca9e'
const UART_FROM_DEVICE = '6e400003-b5a3-f393-e0a9-e50e24dcca9e'

/**
 * A device that speaks lines or telegrams over a Nordic UART, as makers' boards do. It is only listened to: what waits to
 * be asked says nothing here.
 *
 * @param makeDialogue for one connection
 */
export function uartProfile(kind: ThingKind, framing: Framing, makeDialogue: () => Dialogue): Profile {
  const make = (): Parse => {
    const { take } = makeDialogue()
    return ({ buffer, byteOffset, byteLength }, atMs) =>
      take(new Uint8Array(buffer, byteOffset, byteLength), atMs)
  }
  return profile(kind, UART_SERVICE, { uuid: UART_FROM_DEVICE, how: 'notify', framing, make })
}

/** @param mapping a person's own, without a fault */
export function mappedProfile(mapping: Mapping): Profile {
  const how = { readEveryMs: SURROUNDINGS_EVERY_MS }
  const followed = { uuid: mapping.characteristic, how, make: () => mappedParse(mapping) }
  return { ...profile('custom', mapping.service, followed), isChosenAmongAll: true }
}

function profile(kind: ThingKind, service: GattUuid, ...characteristics: readonly Followed[]): Profile {
  return { kind, service, characteristics }
}

function notified(uuid: GattUuid, make: () => Parse): Followed {
  return { uuid, how: 'notify', make }
}

function environmental(): readonly Followed[] {
  return ENVIRONMENTAL.map((row) => ({
    uuid: row.uuid,
    how: { readEveryMs: SURROUNDINGS_EVERY_MS },
    make: (name) => environmentalParser(row, name === undefined ? row.quantity : `${row.quantity}/${name}`),
  }))
}
