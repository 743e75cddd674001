import { isRatio, meetsGoal, type Summary } from './figure.ts'

/** Lines of a table, in order, or by what stands before each. Values are shown as they are but for numbers. */
export type Rows = readonly object[] | Readonly<Record<string, object>>

/** Digits a number is shown with; more would be noise. */
const DIGITS = 4

/** Lines of text with columns of equal width: a head, a rule, and a line for each row. Empty without rows. */
export function formatRows(rows: Rows): string {
  const named = !Array.isArray(rows)
  const lines = Object.entries(rows).map(([name, row]): Readonly<Record<string, unknown>> => ({
    ...(named && { '': name }),
    ...row,
  }))
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))]
  if (columns.length === 0) return ''
  const cells = [columns, ...lines.map((line) => columns.map((column) => shown(line[column])))]
  const isNumber = columns.map((column) => lines.every((line) => typeof line[column] !== 'string'))
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => line[i]?.length ?? 0)))
  const text = cells.map((line) =>
    line.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))),
  )
  text.splice(
    1,
    0,
    widths.map((width) => '─'.repeat(width)),
  )
  return text.map((line) => `  ${line.join('  ')}`.trimEnd()).join('\n')
}

/** Figures as such a table: median, quartiles, and whether the goal is met. */
export function formatFigures(summaries: readonly Summary[]): string {
  return formatRows(
    summaries.map((summary) => {
      const { name, unit, median, low, high, rounds, isExact, goal, better } = summary
      return {
        figure: name,
        median: shown(median),
        quartiles: isExact ? 'exact' : rounds === 1 ? 'one round' : `${shown(low)} … ${shown(high)}`,
        unit,
        goal: goal === undefined ? '' : `${better === 'more' ? '≥' : '≤'} ${shown(goal)}`,
        is: { true: 'met', false: 'MISSED', undefined: '' }[String(meetsGoal(summary))] ?? '',
        compared: isRatio(summary) ? 'yes' : 'no',
      }
    }),
  )
}

/** A value as text. Numbers have four digits that count, whole ones all of theirs with thousands apart: `12 345`, `4.711`. */
export function shown(value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return JSON.stringify(value)
  if (!Number.isFinite(value)) return '–'
  const whole = Math.trunc(Math.abs(value)).toString().length
  const [integer = '', fraction] = String(Number(value.toFixed(Math.max(0, DIGITS - whole)))).split('.')
  const apart = integer.replace(/\B(?=(\d{3})+$)/g, ' ')
  return fraction === undefined ? apart : `${apart}.${fraction}`
}
