/**
 * What the app says about values, times, blocks and peers: a value in, words of the language spoken out. Names and units that
 * came from somebody else are cut to a bound here and shown as text, never as markup.
 */
import type {
  Access,
  BlockCounts,
  CatchingUpView,
  Series,
  Snapshot,
  StorageState,
  StrangerView,
  ThingView,
} from '../node/api.ts'
import { NAME_CHARACTERS_MAX } from '../node/api.ts'
import { KINDS, mainQuantityOf, type ThingKind } from '../reading/kinds.ts'
import { quantityOf } from '../reading/quantities.ts'
import type { Reading } from '../reading/reading.ts'
import { count, fixed } from './numbers.ts'
import { wordsText } from './texts/words/text.ts'

/**
 * How a thing of this device stands with its sensor. `idle`: nothing feeds it. `failed`: it stopped for a reason
 * the person can do something about. `elsewhere`: another tab of this browser feeds it.
 */
export type LiveState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed' | 'elsewhere'

/** Characters of a unit or quantity that nobody here has in a table. Units of the registry have at most 11. */
const FOREIGN_WORD_CHARACTERS_MAX = 24

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Shown where there is no value. */
export const NO_VALUE = '–'

/** `text` cut to `characters` code points, with an ellipsis where something was cut. */
export function clip(text: string, characters: number): string {
  // two code units a code point at most: a huge name is never spread into an array whole
  const points = [...text.slice(0, 2 * characters + 2)]
  return points.length <= characters ? text : `${points.slice(0, characters - 1).join('')}…`
}

/** A thing's name as it is shown: bounded, and never empty. */
export function nameWords(name: string): string {
  return clip(visible(name), NAME_CHARACTERS_MAX) || wordsText().unnamedThing
}

/** Spaces, controls, and marks that turn the direction of writing, which could reach beyond the text they are in. */
const UNSEEN = /[\s\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** Text from outside as one line, without what cannot be seen. */
export function visible(text: string): string {
  return text.replace(UNSEEN, ' ').trim()
}

/** The word for `name` in a table of a language, where it has one of its own. */
function own(table: Readonly<Record<string, string>>, name: string): string | undefined {
  // a name from outside may be that of something every object has
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** What a kind of thing is called: `Thermometer`. */
export function thingKindWords(kind: ThingKind): string {
  return own(wordsText().kinds, kind) ?? KINDS[kind].label
}

/** What a quantity is called: `Heart rate`. */
export function quantityWords(quantity: string): string {
  const known = quantityOf(quantity)
  if (known === undefined) return clip(visible(quantity), FOREIGN_WORD_CHARACTERS_MAX)
  const [base = ''] = quantity.split('/', 1)
  const word = own(wordsText().quantities, base)
  // what follows a slash tells several of one kind apart
  return word === undefined ? known.label : `${word} ${quantity.slice(base.length + 1)}`.trimEnd()
}

/** The unit a reading of `quantity` is shown in: `bpm`. `unit` is the SenML unit it carries. */
export function unitWords(quantity: string, unit?: string): string {
  const known = quantityOf(quantity)?.unitLabel
  if (known === undefined) return clip(visible(unit ?? ''), FOREIGN_WORD_CHARACTERS_MAX)
  return own(wordsText().units, known) ?? known
}

/** Tells series of one history apart: one quantity may come in two units. */
export function seriesName({ quantity, unit }: Pick<Series, 'quantity' | 'unit'>): string {
  return `${quantity} ${unit}`
}

/** Digits of a quantity that is in no table. */
const FOREIGN_DECIMALS = 2

/** Characters of a text value that are shown; the whole is in the export. */
const TEXT_CHARACTERS_MAX = 32

/** A value of `quantity` as it is shown, in the unit it is shown in: `72`, `21.4`, `yes`. */
export function valueWords(quantity: string, value: Reading['value']): string {
  if (typeof value === 'boolean') return value ? wordsText().yes : wordsText().no
  if (typeof value === 'string') return clip(visible(value), TEXT_CHARACTERS_MAX)
  return numberWords(shownValue(quantity, value), quantityOf(quantity)?.decimals ?? FOREIGN_DECIMALS)
}

/** Where a thing is, of its newest readings: `52.52°, 13.41°`. A latitude alone is no place. */
export function placeWords(readings: readonly Reading[]): string | undefined {
  const [first] = readings
  const longitude = readings.find(({ quantity }) => quantity === 'longitude')
  if (first?.quantity !== 'latitude' || longitude === undefined) return undefined
  return `${valueWords('latitude', first.value)}°, ${valueWords('longitude', longitude.value)}°`
}

/** A value in the unit it is shown in. */
export function shownValue(quantity: string, value: number): number {
  return value * (quantityOf(quantity)?.scale ?? 1)
}

function numberWords(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return NO_VALUE
  const size = Math.abs(value)
  if (size >= 1e6) {
    const [digits = '', power = ''] = value.toExponential(1).split('e+')
    return `${fixed(Number(digits), 1)}e${power}`
  }
  // seven characters fit a card whole; half a number would be a wrong one
  const room = size >= 1e4 ? 0 : size >= 1e3 ? 1 : 3
  return fixed(value, Math.min(decimals, room))
}

/** A length of time in its largest unit, said by the words for each. */
function inLargest(ms: number, said: ReturnType<typeof wordsText>['duration']): string {
  if (ms < MINUTE_MS) return said.seconds(Math.floor(ms / SECOND_MS))
  if (ms < HOUR_MS) return said.minutes(Math.floor(ms / MINUTE_MS))
  if (ms < 2 * DAY_MS) return said.hours(Math.floor(ms / HOUR_MS))
  return said.days(Math.floor(ms / DAY_MS))
}

/** A length of time in its largest unit: `12 s`, `3 min`, `5 h`, `4 days`. */
export function durationWords(ms: number): string {
  return inLargest(ms, wordsText().duration)
}

/** How long ago `atMs` was: `now`, `12 s ago`, `3 min ago`. A time ahead of this clock counts as now. */
export function ageWords(atMs: number, nowMs: number): string {
  const age = nowMs - atMs
  return age < 3 * SECOND_MS ? wordsText().now : inLargest(age, wordsText().ago)
}

/** Where a thing of this device has its readings from, in a word. */
export function liveWords(state: LiveState): string {
  return wordsText().live[state]
}

/** What a person is told when a sensor sent something that is no reading. */
export function malformedWords({
  name,
  malformed,
}: {
  readonly name: string
  readonly malformed: number
}): string {
  return wordsText().malformed(malformed, nameWords(name))
}

/** How far the newest block of a thing has got. Final is what others hold too: a lost phone must not take it along. */
export function statusWords(blocks: BlockCounts): string {
  const { status } = wordsText()
  if (blocks.total === 0) return status.none
  if (blocks.newestHeldBy === 0) return status.here
  return blocks.newestCommitted ? status.final : status.sharedWith(blocks.newestHeldBy)
}

/** How far all blocks of a thing have got: `128 of 130 blocks shared`. */
export function blocksWords(blocks: BlockCounts): string {
  if (blocks.total === 0) return wordsText().noBlocks
  return wordsText().blocksShared(blocks.total - blocks.hereOnly, blocks.total)
}

/** How many blocks of a thing are in the order for good: `128 of 130 blocks final`. */
export function finalWords(blocks: BlockCounts): string {
  return wordsText().blocksFinal(blocks.committed, blocks.total)
}

/** Who can read a thing, in a word or two. */
export function accessWords(access: Access): string {
  return wordsText().access[access]
}

/** What a thing's access means, in a sentence. */
export function accessSentence(thing: Pick<ThingView, 'access' | 'mine'>): string {
  const { othersSealed, othersOpen, mineOpen, minePrivate } = wordsText().accessMeans
  if (!thing.mine) return thing.access === 'sealed' ? othersSealed : othersOpen
  return thing.access === 'open' ? mineOpen : minePrivate
}

/** The quantity shown large for a thing: its kind's own, else that of its newest reading. */
export function mainQuantity(thing: Pick<ThingView, 'kind' | 'latest'>): string {
  return mainQuantityOf(thing.kind) ?? thing.latest[0]?.quantity ?? ''
}

/** The newest reading of each quantity from two lists, in the order of the first; `main` comes first. */
export function newestOf(main: string, ...lists: readonly (readonly Reading[])[]): readonly Reading[] {
  const newest = new Map<string, Reading>()
  for (const reading of lists.flat()) {
    const held = newest.get(reading.quantity)
    if (!held || reading.atMs >= held.atMs) newest.set(reading.quantity, reading)
  }
  return [...newest.values()].sort((a, b) => Number(b.quantity === main) - Number(a.quantity === main))
}

/** Blocks of ours that no other peer is known to hold. */
function blocksHere(things: readonly ThingView[]): number {
  return things.filter((thing) => thing.mine).reduce((sum, { blocks }) => sum + blocks.hereOnly, 0)
}

/** The peers chip. Offline is normal, and says what waits. */
export function peersWords({ network, things }: Pick<Snapshot, 'network' | 'things'>): string {
  const text = wordsText()
  if (network.catchingUp) return text.catchingUpPercent(Math.floor(100 * caughtUp(network.catchingUp)))
  if (network.peers.length > 0) return text.peers(network.peers.length)
  if (network.relay.type === 'connected') return text.noPeersYet
  if ('attempt' in network.relay && network.relay.attempt <= 1) return text.connecting
  const here = blocksHere(things)
  return here === 0 ? text.offline : text.offlineWaiting(here)
}

/** How much of the commits there are is here: 0 … 1. */
export function caughtUp({ index, upTo }: Pick<CatchingUpView, 'index' | 'upTo'>): number {
  return upTo === 0 ? 1 : Math.min(1, index / upTo)
}

/** How catching up goes: `Catching up: 1,200 of 10,000 commits, about 4 s left.` An estimate of days is left out. */
export function catchingUpWords({ index, upTo, leftMs = Infinity }: CatchingUpView): string {
  const left = leftMs >= DAY_MS ? undefined : aboutLeft(Math.max(SECOND_MS, leftMs))
  return wordsText().catchingUp(Math.min(index, upTo), upTo, left)
}

/** About how long work goes on, where that is worth a word: `about 4 s left`. */
export function leftWords(leftMs: number | undefined): string | undefined {
  if (leftMs === undefined || leftMs < SECOND_MS || leftMs >= DAY_MS) return undefined
  return aboutLeft(leftMs)
}

function aboutLeft(leftMs: number): string {
  return wordsText().aboutLeft(durationWords(SECOND_MS * Math.ceil(leftMs / SECOND_MS)))
}

/** How long a stranger is told of: while the two people are likely still at it. */
const STRANGER_TOLD_MS = 5 * MINUTE_MS

/** Digits of a network's id that tell it from another to a person. */
const NETWORK_DIGITS = 6

/** A stranger that was met lately, in a sentence or two. */
export function strangerWords(stranger: StrangerView, nowMs: number): string | undefined {
  if (Math.abs(nowMs - stranger.atMs) >= STRANGER_TOLD_MS) return undefined
  return stranger.type === 'other-version'
    ? wordsText().otherVersion
    : wordsText().otherNetwork(clip(stranger.network, NETWORK_DIGITS + 1))
}

/** The relay in a sentence. */
export function relayWords(relay: Snapshot['network']['relay']): string {
  const text = wordsText().relay
  return relay.type === 'loading' && relay.attempt > 1 ? text.loadingAgain : text[relay.type]
}

/** What a person should know about storage, if anything. */
export function storageWords(state: StorageState, waitingBlocks: number): string | undefined {
  if (state === 'ok') return undefined
  const { storageFull, storageFails, blocksWait } = wordsText()
  const what = state === 'full' ? storageFull : storageFails
  return waitingBlocks > 0 ? `${what} ${blocksWait(waitingBlocks)}` : what
}

/** What a person should know about damaged records. */
export function damagedWords(damaged: number): string {
  return wordsText().damaged(damaged)
}

/** Bytes for people: `1.2 MB`. */
export function bytesWords(bytes: number): string {
  const text = wordsText().bytes
  if (bytes < 1e6) return text.kilo(count(Math.ceil(bytes / 1000)))
  return bytes < 1e9 ? text.mega(fixed(bytes / 1e6, 1)) : text.giga(fixed(bytes / 1e9, 1))
}

/** An id cut to a chip: `z6Mk…9fQ2`. A `did:key:` in front is left out. */
export function idWords(id: string): string {
  const bare = id.replace(/^did:key:/, '')
  return bare.length <= 9 ? bare : `${bare.slice(0, 4)}…${bare.slice(-4)}`
}
