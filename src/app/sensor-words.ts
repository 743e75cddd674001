/** What the app says of sensors while they are added and run. A value in, words of the language spoken out. */
import type { Capability } from '../sensor/capabilities.ts'
import type { DeviceFacts } from '../sensor/device-facts.ts'
import type { SensorProblem } from '../sensor/problem.ts'
import type { TextProgress } from '../sensor/text-source.ts'
import { count } from './numbers.ts'
import { sensorsText } from './texts/sensors/text.ts'
import { thingsText } from './texts/things/text.ts'
import { liveWords, type LiveState } from './words.ts'

/** What this browser can do with a kind of sensor, or what to do instead, in a sentence. */
export function capabilityWords({ words }: Pick<Capability, 'words'>): string {
  return `${thingsText().capabilities[words] ?? words}.`
}

/** What is said of a problem. */
export function problemWords({ kind, message }: SensorProblem): string {
  return sensorsText().problems[kind] ?? message
}

/** How a problem is said: that a person changed their mind is none. */
export function problemTone({ kind }: SensorProblem): 'info' | 'error' {
  return kind === 'cancelled' || kind === 'no-file' ? 'info' : 'error'
}

/** What of a sensor's messages did not become readings; empty where all did. */
export function passedOverWords({
  malformed,
  skipped = 0,
}: {
  readonly malformed: number
  readonly skipped?: number
}): string {
  const text = sensorsText()
  const unread = malformed > 0 ? text.unread(malformed) : undefined
  const tooFast = skipped > 0 ? text.tooFast(skipped) : undefined
  const what = unread && tooFast ? text.both(unread, tooFast) : (unread ?? tooFast)
  return what === undefined ? '' : text.passedOver(what, malformed + skipped)
}

/** Who made a device, and which it is; empty where it does not say. */
export function factWords({ manufacturer = '', model = '', firmware }: DeviceFacts = {}): string {
  const made = `${manufacturer} ${model}`.trim()
  const text = sensorsText()
  return [made, firmware === undefined ? '' : text.firmware(firmware)]
    .filter((part) => part !== '')
    .join(text.comma)
}

/** Rows that are named where a text could not be read: a line of them. */
const BAD_ROWS_NAMED = 8

/** What a person is told when a file or text has been read to its end. */
export function textWords({
  good,
  bad,
  badRows,
  known,
}: Pick<TextProgress, 'good' | 'bad' | 'badRows' | 'known'>): string {
  const text = sensorsText()
  const said = [text.rowsRead(good)]
  if (known > 0) said.push(text.knownBefore(known))
  if (bad > 0) {
    const named = badRows.slice(0, BAD_ROWS_NAMED).map(count).join(text.comma)
    said.push(text.badRows(bad, badRows.length > BAD_ROWS_NAMED ? text.andMore(named) : named))
  }
  return said.join(' ')
}

/** How far the file of a thing has been read. */
export function readingWords(
  state: LiveState,
  { bytes, bytesTotal }: Pick<TextProgress, 'bytes' | 'bytesTotal'>,
): string {
  const text = sensorsText()
  if (state === 'live') return text.reading(Math.floor((100 * bytes) / Math.max(1, bytesTotal)))
  return state === 'idle' && bytes >= bytesTotal ? text.allRead : liveWords(state)
}
