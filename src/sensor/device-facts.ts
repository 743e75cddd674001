/** What a Bluetooth device says of itself. */
import type { GattServer, GattService, Turns } from './gatt.ts'
import { parseText } from './parse/device-information.ts'

/** Texts of its maker's choice, short enough to show. */
export interface DeviceFacts {
  readonly manufacturer?: string
  readonly model?: string
  readonly firmware?: string
}

/** Device Information Service 1.1. The serial number is left out: browsers do not give it, as it would name a person. */
export const DEVICE_INFORMATION = 0x180a

const CHARACTERISTICS = {
  manufacturer: 0x2a29,
  model: 0x2a24,
  firmware: 0x2a26,
} as const satisfies Readonly<Record<keyof DeviceFacts, number>>

/** Reads what there is of it on a connected device, which may be nothing. Never rejects. */
export async function readFacts(server: GattServer, turns: Turns): Promise<DeviceFacts> {
  const facts: { -readonly [Fact in keyof DeviceFacts]: DeviceFacts[Fact] } = {}
  try {
    const service = await turns.take(() => server.getPrimaryService(DEVICE_INFORMATION))
    for (const fact of Object.keys(CHARACTERISTICS) as (keyof DeviceFacts)[]) {
      const text = await readText(service, CHARACTERISTICS[fact], turns).catch(() => undefined)
      if (text !== undefined) facts[fact] = text
    }
  } catch {
    // Many devices have no such service, and nothing depends on it.
  }
  return facts
}

async function readText(service: GattService, uuid: number, turns: Turns): Promise<string | undefined> {
  const [characteristic] = await turns.take(() => service.getCharacteristics(uuid))
  return characteristic && parseText(await turns.take(() => characteristic.readValue()))
}
