/** The characteristics of one connection: which are there, how what they say is heard, and how it is asked for. */
import { isMissing } from './choosing.ts'
import { namesOf } from './descriptors.ts'
import type { GattCharacteristic, GattServer, GattService, Turns } from './gatt.ts'
import type { Parse, Parsed } from './parse/parse.ts'
import type { Followed, FollowedService, FollowedStream } from './profiles.ts'
import type { SensorTime } from './sensor.ts'
import { Talk } from './talk.ts'
import { after } from './timers.ts'

/** Characteristics of one UUID in a service, such as several thermometers; a device that has more is out of its mind. */
const SAME_MAX = 8

/** Of a write: an ATT_MTU of 23, which every connection has, less 3. Core 5.4, volume 3, part F, §3.2.8 and §3.4.5. */
const WRITE_BYTES_MAX = 20

export interface Link {
  /** Of the device. */
  readonly turns: Turns
  readonly time: SensorTime
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
        if ('makeReader' in wanted) await converse(one, wanted, found, link)
        else await follow(one, wanted, wanted.make(names[i]), link)
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
  { how }: Followed,
  parse: Parse,
  link: Link,
): Promise<void> {
  const { turns, ended } = link
  const { read, notify, indicate } = characteristic.properties
  const take = (frame: DataView) => {
    if (!ended.aborted) link.onFrame((atMs) => parse(frame, atMs))
  }
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
  after(time, everyMs, ended, () => {
    void turns
      .take(() => characteristic.readValue())
      .then(take)
      .catch(() => undefined)
      .then(() => readAgain(characteristic, everyMs, take, link))
  })
}

/** Talks with a device, until the link has ended. Rejects as `followService` does where it has to be asked and cannot be. */
async function converse(
  from: GattCharacteristic,
  { askedOver, makeReader }: FollowedStream,
  service: GattService,
  link: Link,
): Promise<void> {
  const { turns, time, ended } = link
  const reader = makeReader()
  const [to] =
    reader.dialogue.ask === undefined ? [] : await turns.take(() => service.getCharacteristics(askedOver))
  const talk = new Talk({
    ...reader,
    time,
    write: to === undefined ? () => undefined : writing(to, link),
    onFrame: (parse) => link.onFrame(parse),
  })
  ended.addEventListener('abort', () => talk.stop())
  from.addEventListener('characteristicvaluechanged', () => {
    if (from.value === undefined || ended.aborted) return
    const { buffer, byteOffset, byteLength } = from.value
    talk.hear(new Uint8Array(buffer, byteOffset, byteLength))
  })
  await turns.take(() => from.startNotifications())
  if (!ended.aborted) talk.start()
}

/**
 * What writes to a characteristic, part by part and one question after another: an answer may be there before the write is
 * over. Of several that wait the last is sent, and what cannot be sent is lost: whoever asks waits for an answer anyway.
 */
function writing(to: GattCharacteristic, { turns, ended }: Link): (bytes: Uint8Array) => void {
  const write = (part: Uint8Array<ArrayBuffer>) =>
    to.properties.write ? to.writeValueWithResponse(part) : to.writeValueWithoutResponse(part)
  const writeAll = async (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length && !ended.aborted; at += WRITE_BYTES_MAX)
      await turns.take(() => write(bytes.slice(at, at + WRITE_BYTES_MAX)))
  }
  let waiting: Uint8Array | undefined
  let isBusy = false
  const work = async () => {
    isBusy = true
    for (let bytes = waiting; bytes !== undefined; bytes = waiting) {
      waiting = undefined
      await writeAll(bytes).catch(() => undefined)
    }
    isBusy = false
  }
  return (bytes) => {
    waiting = bytes
    if (!isBusy) void work()
  }
}
