import * as v from 'valibot'
import { decodeDidKey } from '../core/codec/did-key.ts'
import { COMMITTEE_MAX, NETWORK_NAME_CHARACTERS_MAX } from '../core/model/params.ts'
import { THING_KINDS } from '../reading/kinds.ts'
import { ApiError, HISTORY_BUCKETS_MAX, NAME_CHARACTERS_MAX, READINGS_PER_CALL_MAX } from './api.ts'
import { ReadingForm } from './reading-form.ts'
import { SettingsForm, SourceForm } from './settings-form.ts'

const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(NAME_CHARACTERS_MAX))
const Key = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}:[0-9a-f]{64}$/))
const Moment = v.pipe(v.number(), v.finite())

const Hex32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
const Time = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

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
  pay: v.object({
    to: Did,
    amount: Amount,
    memo: v.exactOptional(v.string()),
    notBeforeMs: v.exactOptional(Time),
    hashlock: v.exactOptional(Hex32),
    refundAtMs: v.exactOptional(Time),
    instead: v.exactOptional(Hex32),
  }),
  takeBack: v.object({ payment: Hex32 }),
  claim: v.object({ secret: Hex32 }),
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
