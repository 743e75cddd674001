/** What a device says of its characteristics beyond their UUIDs. */
import type { GattCharacteristic, GattUuid, Turns } from './gatt.ts'
import { parseEsMeasurement, parseUserDescription } from './parse/environmental.ts'

/** Assigned Numbers §3.7. */
const USER_DESCRIPTION = 0x2901
const ES_MEASUREMENT = 0x290c

/** Of a name behind a quantity's slash: both fit the 64 that a quantity may have. */
const NAME_CHARACTERS_MAX = 32

/**
 * What tells several characteristics of one UUID apart: where and how each measures or what its maker calls it, in letters
 * a quantity may have, and otherwise its number, counted from 1. `undefined` for one that is alone. Never rejects.
 */
export async function namesOf(
  same: readonly GattCharacteristic[],
  turns: Turns,
): Promise<readonly (string | undefined)[]> {
  if (same.length === 1) return [undefined]
  const names: string[] = []
  for (const [i, one] of same.entries()) {
    const said = await nameOf(one, turns)
    names.push(said === '' || names.includes(said) ? String(i + 1) : said)
  }
  return names
}

/** What a device calls a characteristic; `undefined` where it calls it nothing. Never rejects. */
export async function describe(one: GattCharacteristic, turns: Turns): Promise<string | undefined> {
  return readDescriptor(one, USER_DESCRIPTION, turns, parseUserDescription)
}

/** Empty where nothing is said. */
async function nameOf(one: GattCharacteristic, turns: Turns): Promise<string> {
  const measurement = await readDescriptor(one, ES_MEASUREMENT, turns, parseEsMeasurement)
  const { application, sampling } = measurement ?? {}
  const said = [application, sampling].filter((word) => word !== undefined).join('-')
  const words = said === '' ? ((await describe(one, turns)) ?? '') : said
  return words
    .toLowerCase()
    .slice(0, NAME_CHARACTERS_MAX)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

async function readDescriptor<T>(
  one: GattCharacteristic,
  uuid: GattUuid,
  turns: Turns,
  parse: (descriptor: DataView) => T | undefined,
): Promise<T | undefined> {
  try {
    const descriptor = await turns.take(() => one.getDescriptor(uuid))
    return parse(await turns.take(() => descriptor.readValue()))
  } catch {
    // Most have none.
    return undefined
  }
}
