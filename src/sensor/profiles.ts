/** What Bluetooth devices are spoken to, one line each: the service they offer and the characteristics that are followed. */
import type { ThingKind } from '../reading/kinds.ts'
import type { GattUuid } from './gatt.ts'
import { parseBattery } from './parse/battery.ts'
import { parseBloodPressure, parseCuffPressure } from './parse/blood-pressure.ts'
import { makeParseCyclingPower } from './parse/cycling-power.ts'
import { makeParseCycling, WHEEL_MM } from './parse/cycling.ts'
import { ENVIRONMENTAL, environmentalParser } from './parse/environmental.ts'
import { parseThermometer } from './parse/health-thermometer.ts'
import { parseHeartRate } from './parse/heart-rate.ts'
import { mappedParse, type Mapping } from './parse/mapping.ts'
import type { Parse } from './parse/parse.ts'
import { parseContinuous, parseSpotCheck } from './parse/pulse-oximeter.ts'
import { parseRunning } from './parse/running.ts'
import { parseWeight } from './parse/weight-scale.ts'
import type { Reader } from './talk.ts'

export interface Followed {
  readonly uuid: GattUuid
  /**
   * `notify`: it notifies or indicates. Otherwise it is read at once, and then followed where it notifies, or else read
   * again and again, so many ms after each answer.
   */
  readonly how: 'notify' | { readonly readEveryMs: number }
  /**
   * Makes a parser for one connection: some count on from the frame before.
   *
   * @param name what tells it from others of its UUID on the same device, as in `temperature/2`
   */
  readonly make: (name: string | undefined) => Parse
}

/** One that notifies of a stream of bytes, whose frames are not those of the connection. */
export interface FollowedStream {
  readonly uuid: GattUuid
  /** The characteristic to which questions are written. */
  readonly askedOver: GattUuid
  /** For one connection. */
  readonly makeReader: () => Reader
}

/** A service and what is followed of it. Each characteristic may be missing, and one of them has to be there. */
export interface FollowedService {
  readonly service: GattUuid
  readonly characteristics: readonly (Followed | FollowedStream)[]
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

/** They count the turns of a wheel, and do not say how large it is. */
const WHEELED = {
  cycling: { service: 0x1816, characteristic: 0x2a5b, make: makeParseCycling },
  'cycling-power': { service: 0x1818, characteristic: 0x2a63, make: makeParseCyclingPower },
} as const

export type WheeledKind = keyof typeof WHEELED

/** Whether things of a kind measure a speed by a wheel. */
export function isWheeled(kind: ThingKind | 'unknown'): kind is WheeledKind {
  return Object.hasOwn(WHEELED, kind)
}

/** @param circumferenceMm how far the wheel goes in one turn, `WHEEL_MM_MIN` … `WHEEL_MM_MAX` */
export function wheelProfile(kind: WheeledKind, circumferenceMm: number): Profile {
  const { service, characteristic, make } = WHEELED[kind]
  return profile(
    kind,
    service,
    notified(characteristic, () => make(circumferenceMm / 1000)),
  )
}

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
  wheelProfile('cycling', WHEEL_MM),
  wheelProfile('cycling-power', WHEEL_MM),
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

/** Nordic UART Service: what is written to RX the device receives, what it sends are notifications of TX. docs.nordicsemi.com */
export const UART_SERVICE = '6e400001-b5a3-f393-e0a9-e50e24dcca9e'
const UART_TO_DEVICE = '6e400002-b5a3-f393-e0a9-e50e24dcca9e'
const UART_FROM_DEVICE = '6e400003-b5a3-f393-e0a9-e50e24dcca9e'

/**
 * A device that speaks lines or telegrams over a Nordic UART, by itself or when it is asked.
 *
 * @param makeReader for one connection
 */
export function uartProfile(kind: ThingKind, makeReader: () => Reader): Profile {
  const stream = { uuid: UART_FROM_DEVICE, askedOver: UART_TO_DEVICE, makeReader }
  return { kind, service: UART_SERVICE, characteristics: [stream] }
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
