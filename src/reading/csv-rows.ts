import type { RowFault, RowReader } from './history-file.ts'
import { isoTime } from './iso-time.ts'
import type { Reading } from './reading.ts'

const COLUMNS = ['time', 'quantity', 'unit', 'value'] as const

/** The first line of a table. */
export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`

/** Characters of one row: a reading with the longest text and names, each of its characters doubled, has under 1000. */
const ROW_CHARACTERS_MAX = 4096

/** A row of a table. RFC 4180, with texts always in quotes, so that `"1"` is no number. */
export function csvRow({ atMs, quantity, unit = '', value }: Reading): string {
  const shown = typeof value === 'string' ? quoted(value) : String(value)
  const shownUnit = /[",]/.test(unit) ? quoted(unit) : unit
  return `${new Date(atMs).toISOString()},${quantity},${shownUnit},${shown}\r\n`
}

/** Reads a table whose first line names at least the columns time, quantity and value, in any order. */
export class CsvReader implements RowReader {
  #text = ''
  #inQuotes = false
  #isTooLong = false
  /** Of the row that is being read, ended ones. */
  #lines = 0
  /** Where each column is, once the first line has said so. */
  #places: ReadonlyMap<string, number> | undefined

  push(text: string): readonly (Reading | RowFault | undefined)[] {
    const rows: (Reading | RowFault | undefined)[] = []
    let start = 0
    for (let i = 0; i < text.length; i++) {
      const character = text[i]
      if (character === '"') this.#inQuotes = !this.#inQuotes
      if (this.#isTooLong || this.#text.length + i - start > ROW_CHARACTERS_MAX) this.#letGo()
      if (character !== '\n') continue
      this.#lines++
      if (this.#inQuotes) continue
      this.#keep(text.slice(start, i))
      rows.push(...this.#take())
      start = i + 1
    }
    this.#keep(text.slice(start))
    return rows
  }

  end(): readonly (Reading | RowFault | undefined)[] {
    return this.#take()
  }

  /** A quote that is never closed would make one row of all that follows: what is too long is let go of, quotes and all. */
  #letGo(): void {
    this.#isTooLong = true
    this.#inQuotes = false
  }

  #keep(part: string): void {
    this.#text = this.#isTooLong ? '' : this.#text + part
  }

  /** The row that has ended, and nothing for each line after its first. */
  #take(): readonly (Reading | RowFault | undefined)[] {
    const more = Array.from({ length: Math.max(0, this.#lines - 1) }, () => undefined)
    const row = this.#row()
    this.#text = ''
    this.#isTooLong = false
    this.#lines = 0
    return [row, ...more]
  }

  #row(): Reading | RowFault | undefined {
    if (this.#isTooLong) return 'too-long'
    const text = this.#text.replace(/^\uFEFF/, '').replace(/\r$/, '')
    if (text === '') return undefined
    const fields = fieldsOf(text)
    if (this.#places !== undefined) return this.#readingOf(fields, this.#places)
    this.#places = new Map(fields.map(({ text: name }, i) => [name.trim().toLowerCase(), i]))
    return undefined
  }

  #readingOf(fields: readonly Field[], places: ReadonlyMap<string, number>): Reading | RowFault {
    const field = (name: (typeof COLUMNS)[number]) => fields[places.get(name) ?? -1]
    if (!['time', 'quantity', 'value'].every((name) => places.has(name))) return 'no-such-columns'
    const value = valueOf(field('value'))
    const quantity = field('quantity')?.text
    if (value === undefined || quantity === undefined) return 'not-understood'
    const atMs = isoTime(field('time')?.text ?? '')
    const unit = field('unit')?.text ?? ''
    return unit === '' ? { quantity, value, atMs } : { quantity, unit, value, atMs }
  }
}

interface Field {
  readonly text: string
  readonly isQuoted: boolean
}

function fieldsOf(row: string): readonly Field[] {
  // a comma before each field, the first too: no match is empty, even of an empty field
  const fields = `,${row}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)
  return [...fields].map(([, inQuotes, bare = '']) => ({
    text: inQuotes?.replaceAll('""', '"') ?? bare,
    isQuoted: inQuotes !== undefined,
  }))
}

function valueOf(field: Field | undefined): Reading['value'] | undefined {
  if (field === undefined || (field.text.trim() === '' && !field.isQuoted)) return undefined
  if (field.isQuoted) return field.text
  if (field.text === 'true' || field.text === 'false') return field.text === 'true'
  const number = Number(field.text)
  return Number.isNaN(number) ? undefined : number
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
