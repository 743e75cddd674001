/** The characteristics of one connection: which are there, and how what they say is heard. */
import { isMissing } from './choosing.ts'
import { namesOf } from './descriptors.ts'
import type { GattCharacteristic, GattServer, Turns } from './gatt.ts'
import { makeFramer, type Framing } from './parse/framing.ts'
import { malformed } from './parse/malformed.ts'
import type { Parse, Parsed } from './parse/parse.ts'
import type { Followed, FollowedService } from './profiles.ts'
import type { SensorTime } from './sensor.ts'

/** Characteristics of one UUID in a service, such as several thermometers; a device that has more is out of its mind. */
const SAME_MAX = 8

export interface Link {
  /** Of the device. */
  readonly turns: Turns
  readonly time: Pick<SensorTime, 'after'>
  /** Aborted when nothing is to be heard any more. */
  readonly ended: AbortSignal
  /** @param parse reads the frame that came; at most once, and now */
  onFrame(parse: (atMs: number) => Parsed): void
}

/**
 * Follows what a connected device has of `wanted`, until the link has ended. Rejects with a `DOMException`, by the Web
 * Bluetooth specification: `NetworkError` where the device is gone, `NotFoundError` where it lacks the service.
 *
 * @returns whether it has any of the characteristics
 */
export async function followService(
  server: GattServer,
  { service, characteristics }: FollowedService,
  link: Link,
): Promise<boolean> {
  const { turns } = link
  const found = await turns.take(() => server.getPrimaryService(service))
  let hasAny = false
  for (const wanted of characteristics) {
    try {
      const same = await turns.take(() => found.getCharacteristics(wanted.uuid))
      const some = same.slice(0, SAME_MAX)
      const names = await namesOf(some, turns)
      for (const [i, one] of some.entries()) {
        await follow(one, wanted, wanted.make(names[i]), link)
        hasAny = true
      }
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }
  return hasAny
}

async function follow(
  characteristic: GattCharacteristic,
  { how, framing }: Followed,
  parse: Parse,
  link: Link,
): Promise<void> {
  const { turns, ended } = link
  const { read, notify, indicate } = characteristic.properties
  const whole = (frame: DataView) => {
    if (!ended.aborted) link.onFrame((atMs) => parse(frame, atMs))
  }
  const take = framing === undefined ? whole : cutting(framing, link, whole)
  if (how !== 'notify' && read) {
    take(await turns.take(() => characteristic.readValue()))
    if (!notify && !indicate) {
      readAgain(characteristic, how.readEveryMs, take, link)
      return
    }
  }
  // Listening only now: a read fires the same event. Neither characteristic nor listener outlives the connection.
  characteristic.addEventListener('characteristicvaluechanged', () => {
    if (characteristic.value !== undefined) take(characteristic.value)
  })
  await turns.take(() => characteristic.startNotifications())
}

/** One read that fails is passed over; of a lost connection the device tells. */
function readAgain(
  characteristic: GattCharacteristic,
  everyMs: number,
  take: (frame: DataView) => void,
  link: Link,
): void {
  const { turns, time, ended } = link
  if (ended.aborted) return
  const cancel = time.after(everyMs, () => {
    ended.removeEventListener('abort', cancel)
    void turns
      .take(() => characteristic.readValue())
      .then(take)
      .catch(() => undefined)
      .then(() => readAgain(characteristic, everyMs, take, link))
  })
  ended.addEventListener('abort', cancel)
}

/** Takes notifications as the bytes of a stream, and hands on the frames in it; what is thrown away comes as no frame. */
function cutting(framing: Framing, link: Link, take: (frame: DataView) => void): (chunk: DataView) => void {
  const framer = makeFramer(framing)
  let dropped = 0
  return ({ buffer, byteOffset, byteLength }) => {
    framer.push(new Uint8Array(buffer, byteOffset, byteLength), (frame) =>
      take(new DataView(frame.buffer, frame.byteOffset, frame.byteLength)),
    )
    if (framer.dropped > dropped && !link.ended.aborted) {
      link.onFrame(() => malformed('unknown', byteLength))
    }
    dropped = framer.dropped
  }
}
