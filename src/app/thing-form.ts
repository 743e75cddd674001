/** How a thing is measured, kept and watched, as a person fills it in: in the units that are shown. Pure. */
import { ALERTS_MAX, type AlertRule, type Shaping, type ThingSettings } from '../reading/thing-settings.ts'
import { thingText } from './texts/thing/text.ts'
import { keptNumber, plainNumber, shownNumber, typedNumber } from './units.ts'
import { durationWords } from './words.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** Lengths of time that are offered; 0 stands for none. All are within what `settings-form.ts` of the peer takes. */
export const EVERY_MS = [0, 1, 5, 10, 30, 60, 300, 900, 3600].map((seconds) => seconds * SECOND_MS)
export const SAVE_EVERY_MS = [1, 5, 15, 60, 300, 900, 3600].map((seconds) => seconds * SECOND_MS)
export const KEEP_MS = [0, 7, 30, 365].map((days) => days * DAY_MS)
export const STALE_MS = [30, 60, 300, 900, 3600, 21_600, 86_400].map((seconds) => seconds * SECOND_MS)

/** A length that is offered, in words. @param none what 0 stands for */
export function lengthWords(ms: number, none = ''): string {
  if (ms === 0) return none
  if (ms === 365 * DAY_MS) return thingText().oneYear
  return ms === DAY_MS ? thingText().oneDay : durationWords(ms)
}

/** What is offered, with what holds now among it even where it is another length. */
export function offered(lengthsMs: readonly number[], currentMs: number): readonly number[] {
  return lengthsMs.includes(currentMs) ? lengthsMs : [...lengthsMs, currentMs].sort((a, b) => a - b)
}

/** What becomes of a quantity's readings, as typed; empty where nothing does. */
export interface ShapingForm {
  /** 0: as measured. */
  readonly everyMs: number
  readonly deadband: string
  readonly gain: string
  readonly offset: string
}

/** What can be wrong with what was typed; the texts have a sentence for each. */
export type FormFault = 'noNumber' | 'noChange' | 'timesZero' | 'tooManyAlerts' | 'alertThere'

/** What is wrong, in words. */
export function faultWords(fault: FormFault | undefined): string | undefined {
  if (fault === undefined) return undefined
  const text = thingText()
  return fault === 'tooManyAlerts' ? text.tooManyAlerts(ALERTS_MAX) : text[fault]
}

/** What is wrong with each field that is wrong. */
export type ShapingFaults = { readonly [field in keyof ShapingForm]?: FormFault }

/** A quantity's shaping as its form. */
export function shapingForm(quantity: string, shaping: Shaping = {}): ShapingForm {
  const { everyMs = 0, deadband, gain, offset } = shaping
  return {
    everyMs,
    deadband: deadband === undefined ? '' : shownNumber(quantity, deadband),
    gain: gain === undefined ? '' : plainNumber(gain),
    offset: offset === undefined ? '' : shownNumber(quantity, offset),
  }
}

/** A quantity's shaping from its form. What changes nothing is left out of it. */
export function readShapingForm(
  quantity: string,
  form: ShapingForm,
): Shaping | { readonly faults: ShapingFaults } {
  const read = (text: string, fallback: number) => (text.trim() === '' ? fallback : typedNumber(text))
  const deadband = read(form.deadband, 0)
  const gain = read(form.gain, 1)
  const offset = read(form.offset, 0)
  const faults: ShapingFaults = {
    ...(deadband === undefined && { deadband: 'noNumber' }),
    ...(deadband !== undefined && deadband < 0 && { deadband: 'noChange' }),
    ...(gain === undefined && { gain: 'noNumber' }),
    ...(gain === 0 && { gain: 'timesZero' }),
    ...(offset === undefined && { offset: 'noNumber' }),
  }
  if (Object.keys(faults).length > 0) return { faults }
  return {
    ...(form.everyMs > 0 && { everyMs: form.everyMs }),
    ...(deadband && { deadband: keptNumber(quantity, deadband) }),
    ...(gain !== undefined && gain !== 1 && { gain }),
    ...(offset && { offset: keptNumber(quantity, offset) }),
  }
}

/** `settings` with a quantity shaped so; a shaping that changes nothing is dropped. */
export function withShaping(settings: ThingSettings, quantity: string, shaping: Shaping): ThingSettings {
  const others = Object.entries(settings.shaping).filter(([name]) => name !== quantity)
  const own: [string, Shaping][] = Object.keys(shaping).length > 0 ? [[quantity, shaping]] : []
  return { ...settings, shaping: Object.fromEntries([...others, ...own]) }
}

/** `settings` with readings kept for so long; 0: all of them, for good. */
export function withKeeping(settings: ThingSettings, saveEveryMs: number, keepForMs: number): ThingSettings {
  const { shaping, alerts } = settings
  return { shaping, alerts, saveEveryMs, ...(keepForMs > 0 && { keepMs: keepForMs }) }
}

/** An alert rule as typed. `value` is what is crossed, or changed by within a minute; it counts for nothing in `stale`. */
export interface AlertForm {
  readonly quantity: string
  readonly type: AlertRule['type']
  readonly value: string
  readonly afterMs: number
}

/** The rule of a form, or what is wrong with it. @param rules those there are already */
export function readAlertForm(
  { quantity, type, value, afterMs }: AlertForm,
  rules: readonly AlertRule[],
): AlertRule | { readonly fault: FormFault } {
  if (rules.length >= ALERTS_MAX) return { fault: 'tooManyAlerts' }
  const typed = typedNumber(value)
  if (type !== 'stale' && typed === undefined) return { fault: 'noNumber' }
  const kept = keptNumber(quantity, typed ?? 0)
  if (type === 'changes' && kept <= 0) return { fault: 'noChange' }
  const rule: AlertRule =
    type === 'stale'
      ? { quantity, type, afterMs }
      : type === 'changes'
        ? { quantity, type, perMinute: kept }
        : { quantity, type, value: kept }
  if (rules.some((other) => sameRule(other, rule))) return { fault: 'alertThere' }
  return rule
}

/** Whether two rules say the same. */
export function sameRule(a: AlertRule, b: AlertRule): boolean {
  if (a.quantity !== b.quantity || a.type !== b.type) return false
  return numberOf(a) === numberOf(b)
}

function numberOf(rule: AlertRule): number {
  switch (rule.type) {
    case 'over':
    case 'under':
      return rule.value
    case 'stale':
      return rule.afterMs
    case 'changes':
      return rule.perMinute
  }
}
