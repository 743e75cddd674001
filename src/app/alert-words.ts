/** Alert rules in words. Pure. */
import type { AlertRule } from '../reading/thing-settings.ts'
import { shownNumber } from './units.ts'
import { durationWords, nameWords, quantityWords, unitWords } from './words.ts'

/** A number of a rule with its unit: `30 °C`. */
function amountOf(quantity: string, kept: number): string {
  return `${shownNumber(quantity, kept)} ${unitWords(quantity)}`.trim()
}

/** What a rule is about: `Temperature over 30 °C`. */
export function ruleWords(rule: AlertRule): string {
  const what = quantityWords(rule.quantity)
  switch (rule.type) {
    case 'over':
    case 'under':
      return `${what} ${rule.type} ${amountOf(rule.quantity, rule.value)}`
    case 'stale':
      return `No reading of ${what} for ${durationWords(rule.afterMs)}`
    case 'changes':
      return `${what} changes by ${amountOf(rule.quantity, rule.perMinute)} or more in a minute`
  }
}

/** What a person is told when a rule of a thing begins to hold. */
export function firedWords(name: string, rule: AlertRule): string {
  return `${nameWords(name)}: ${ruleWords(rule)}.`
}

/** A line to draw over a chart, in the unit its quantity is shown in. */
export interface AlertLine {
  readonly value: number
  readonly label: string
}

/** The lines of a quantity's rules. */
export function alertLines(rules: readonly AlertRule[], quantity: string): readonly AlertLine[] {
  return rules.flatMap((rule) => {
    if (rule.quantity !== quantity || (rule.type !== 'over' && rule.type !== 'under')) return []
    const shown = shownNumber(quantity, rule.value)
    return [{ value: Number(shown), label: `${rule.type} ${shown}` }]
  })
}
