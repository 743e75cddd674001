/** Numbers as the language that is spoken writes them. */
import { locale } from './language.svelte.ts'

const formats = new Map<string, Intl.NumberFormat>()
const plurals = new Map<string, Intl.PluralRules>()

/** Made once for each way of writing: making one takes longer than all it is then used for. */
function formatOf(decimals: number, isGrouped: boolean): Intl.NumberFormat {
  const name = `${locale()} ${decimals} ${isGrouped}`
  let format = formats.get(name)
  if (format === undefined) {
    format = new Intl.NumberFormat(locale(), {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      useGrouping: isGrouped ? 'always' : false,
    })
    formats.set(name, format)
  }
  return format
}

/** A whole number with thousands apart: `12,345`. */
export function count(value: number): string {
  return formatOf(0, true).format(value)
}

/** A number with exactly so many decimals and thousands together: `1234.50`. */
export function fixed(value: number, decimals: number): string {
  // rounded as every other number here is: Intl rounds the shortest decimal that means the same, which may be a half
  return formatOf(decimals, false).format(Number(value.toFixed(decimals)))
}

/** Forms of a word or a sentence by number, as a language has them (Unicode TR 35, plural rules). */
export interface Forms {
  readonly zero?: string
  readonly one?: string
  readonly two?: string
  readonly few?: string
  readonly many?: string
  readonly other: string
}

/** The form that goes with a whole number. */
export function form(value: number, forms: Forms): string {
  let rules = plurals.get(locale())
  if (rules === undefined) {
    rules = new Intl.PluralRules(locale())
    plurals.set(locale(), rules)
  }
  return forms[rules.select(value)] ?? forms.other
}

/** A whole number and what is counted: `1 block`, `1,204 blocks`. */
export function counted(value: number, forms: Forms): string {
  return `${count(value)} ${form(value, forms)}`
}

/** Foreign text inside a sentence, so that neither turns the direction of the other (UAX #9, isolates). */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`
}
