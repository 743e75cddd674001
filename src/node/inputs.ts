import * as v from 'valibot'
import { decodeDidKey } from '../core/codec/did-key.ts'
import type { BlockId } from '../core/model/id.ts'
import { COMMITTEE_MAX, NETWORK_NAME_CHARACTERS_MAX } from '../core/model/params.ts'
import { THING_KINDS } from '../reading/kinds.ts'
import {
  ApiError,
  CONTACT_CHARACTERS_MAX,
  HISTORY_BUCKETS_MAX,
  NAME_CHARACTERS_MAX,
  READINGS_PER_CALL_MAX,
  SEARCH_CHARACTERS_MAX,
} from './api.ts'
import { ReadingForm } from './reading-form.ts'
import { SettingsForm, SourceForm } from './settings-form.ts'

const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(NAME_CHARACTERS_MAX))
/** Runs of spaces and controls, and marks that turn the direction of writing. */
const UNSEEN = /[\s\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

const Key = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}:[0-9a-f]{64}$/))
const Moment = v.pipe(v.number(), v.finite())

const Hex32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const Time = Whole

/** A name on one line, in one form of Unicode, so that two that look the same are. */
const ContactName = v.pipe(
  v.string(),
  v.maxLength(4 * CONTACT_CHARACTERS_MAX),
  v.normalize('NFC'),
  v.transform((name) => name.replace(UNSEEN, ' ').trim()),
  v.minLength(1),
  v.maxLength(CONTACT_CHARACTERS_MAX),
)

/** As a session names its feed of the graph. */
const FeedName = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))

/** A did:key, parsed to its key. */
const Did = v.pipe(
  v.string(),
  v.trim(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const key = decodeDidKey(dataset.value)
    if (key !== undefined) return key
    addIssue({ message: 'not a did:key' })
    return NEVER
  }),
)

const SPAN = { thing: Key, fromMs: Moment, toMs: Moment }

const Format = v.picklist(['csv', 'json', 'senml'])

/** What each call of the api takes; anything else is `bad-input`. */
export const INPUTS = {
  addThing: v.object({ name: Name, kind: v.picklist(THING_KINDS), source: v.exactOptional(SourceForm) }),
  logReadings: v.object({
    thing: Key,
    readings: v.pipe(v.array(ReadingForm), v.maxLength(READINGS_PER_CALL_MAX)),
  }),
  thing: v.object({ thing: Key }),
  renameThing: v.object({ thing: Key, name: Name }),
  setThing: v.object({
    thing: Key,
    settings: v.exactOptional(SettingsForm),
    source: v.exactOptional(SourceForm),
  }),
  readReadings: v.object({
    ...SPAN,
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(READINGS_PER_CALL_MAX)),
  }),
  exportHistory: v.object({ ...SPAN, format: Format }),
  importHistory: v.object({ thing: Key, format: Format, file: v.instance(Blob) }),
  deleteHistory: v.object({ thing: Key, beforeMs: v.number() }),
  shareThing: v.object({ thing: Key, open: v.boolean() }),
  readHistory: v.pipe(
    v.object({
      thing: Key,
      fromMs: Moment,
      toMs: Moment,
      buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(HISTORY_BUCKETS_MAX)),
    }),
    v.check(({ fromMs, toMs }) => fromMs < toMs),
  ),
  invitation: v.object({ invitation: v.string() }),
  found: v.object({
    name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(NETWORK_NAME_CHARACTERS_MAX)),
    validators: v.pipe(v.array(Did), v.minLength(1), v.maxLength(COMMITTEE_MAX)),
  }),
  graph: v.object({
    after: v.exactOptional(v.object({ feed: FeedName, next: Whole, changes: Whole })),
  }),
  blockFacts: v.union([
    v.object({
      id: v.pipe(
        Hex32,
        v.transform((id) => id as BlockId),
      ),
    }),
    v.object({ feed: FeedName, number: Whole }),
  ]),
  pay: v.object({
    to: Did,
    amount: Amount,
    memo: v.exactOptional(v.string()),
    notBeforeMs: v.exactOptional(Time),
    hashlock: v.exactOptional(Hex32),
    refundAtMs: v.exactOptional(Time),
    instead: v.exactOptional(Hex32),
    by: v.exactOptional(v.literal('app')),
  }),
  takeBack: v.object({ payment: Hex32 }),
  claim: v.object({ secret: Hex32 }),
  findPayments: v.object({
    text: v.exactOptional(v.pipe(v.string(), v.maxLength(SEARCH_CHARACTERS_MAX))),
    amount: v.exactOptional(Amount),
    kind: v.exactOptional(v.picklist(['sent', 'received', 'pending'])),
    before: v.exactOptional(v.object({ commit: Whole, place: Whole, atMs: Whole })),
  }),
  allow: v.object({ perPayment: Whole, perDay: Whole }),
  nameContact: v.object({ key: Did, name: ContactName }),
  removeContact: v.object({ key: Did }),
  mineForOthers: v.object({ on: v.boolean() }),
  offer: v.object({ offer: v.string() }),
  answer: v.object({ answer: v.string() }),
  pairing: v.object({ pairing: v.pipe(v.string(), v.regex(/^[0-9a-f]{6}$/)) }),
} as const

/** Parses an api call's input. @throws ApiError `bad-input`, naming the field and never its value */
export function parseInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, input)
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const field = v.getDotPath(issue) ?? 'the input'
  throw new ApiError(
    'bad-input',
    `That cannot be used: ${field} is not what was expected. Nothing was changed.`,
  )
}
