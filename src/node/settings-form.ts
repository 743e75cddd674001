import * as v from 'valibot'
import {
  ALERTS_MAX,
  KEEP_MS_MIN,
  SAVE_EVERY_MS_MAX,
  SAVE_EVERY_MS_MIN,
  SHAPED_MAX,
  type ThingSettings,
} from '../reading/thing-settings.ts'
import { SOURCE_CHARACTERS_MAX } from './api.ts'

const Quantity = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9:./_-]{0,63}$/))
const Finite = v.pipe(v.number(), v.finite())
const Positive = v.pipe(Finite, v.gtValue(0))

/** A day: a rule or a rate with a longer one was meant otherwise. */
const SPAN_MS_MAX = 86_400_000
const Span = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(SPAN_MS_MAX))

const Shaped = v.object({
  everyMs: v.exactOptional(Span),
  deadband: v.exactOptional(Positive),
  gain: v.exactOptional(
    v.pipe(
      Finite,
      v.check((gain) => gain !== 0),
    ),
  ),
  offset: v.exactOptional(Finite),
})

const Rule = v.variant('type', [
  v.object({ type: v.picklist(['over', 'under']), quantity: Quantity, value: Finite }),
  v.object({ type: v.literal('stale'), quantity: Quantity, afterMs: Span }),
  v.object({ type: v.literal('changes'), quantity: Quantity, perMinute: Positive }),
])

/** A thing's settings as they are taken from outside and from a note. */
export const SettingsForm: v.GenericSchema<unknown, ThingSettings> = v.object({
  shaping: v.pipe(
    v.record(Quantity, Shaped),
    v.check((shaping) => Object.keys(shaping).length <= SHAPED_MAX),
  ),
  saveEveryMs: v.pipe(v.number(), v.integer(), v.minValue(SAVE_EVERY_MS_MIN), v.maxValue(SAVE_EVERY_MS_MAX)),
  keepMs: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(KEEP_MS_MIN))),
  alerts: v.pipe(v.array(Rule), v.maxLength(ALERTS_MAX)),
})

/** What the app noted of a thing's source: for the app alone to read. */
export const SourceForm = v.pipe(v.string(), v.maxLength(SOURCE_CHARACTERS_MAX))
