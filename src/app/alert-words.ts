/** Alert rules in words. Pure. */
import type { AlertRule } from '../reading/thing-settings.ts'
import { fixed } from './numbers.ts'
import { alertsText } from './texts/alerts/text.ts'
import { shownNumber } from './units.ts'
import { durationWords, nameWords, quantityWords, unitWords } from './words.ts'

/** A number of a rule with its unit: `30 °C`. */
function amountOf(quantity: string, kept: number): string {
  return `${writtenNumber(shownNumber(quantity, kept))} ${unitWords(quantity)}`.trim()
}

/** A plain number as the language that is spoken writes it, with the digits it has; a power of ten stays as it is. */
function writtenNumber(plain: string): string {
  if (plain.includes('e')) return plain
  const [, decimals = ''] = plain.split('.')
  return fixed(Number(plain), decimals.length)
}

/** What a rule is about: `Temperature over 30 °C`. */
export function ruleWords(rule: AlertRule): string {
  const text = alertsText()
  const what = quantityWords(rule.quantity)
  switch (rule.type) {
    case 'over':
      return text.over(what, amountOf(rule.quantity, rule.value))
    case 'under':
      return text.under(what, amountOf(rule.quantity, rule.value))
    case 'stale':
      return text.stale(what, durationWords(rule.afterMs))
    case 'changes':
      return text.changes(what, amountOf(rule.quantity, rule.perMinute))
  }
}

/** What a person is told when a rule of a thing begins to hold. */
export function firedWords(name: string, rule: AlertRule): string {
  return alertsText().fired(nameWords(name), ruleWords(rule))
}

/** A line to draw over a chart, in the unit its quantity is shown in. */
export interface AlertLine {
  readonly value: number
  readonly label: string
}

/** The lines of a quantity's rules. */
export function alertLines(rules: readonly AlertRule[], quantity: string): readonly AlertLine[] {
  const { lineOver, lineUnder } = alertsText()
  return rules.flatMap((rule) => {
    if (rule.quantity !== quantity || (rule.type !== 'over' && rule.type !== 'under')) return []
    const shown = shownNumber(quantity, rule.value)
    const label = rule.type === 'over' ? lineOver : lineUnder
    return [{ value: Number(shown), label: label(writtenNumber(shown)) }]
  })
}
