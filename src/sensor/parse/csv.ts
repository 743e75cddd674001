/** Lines of values with a separator between them, as RFC 4180 has them, and as sketches and loggers print them. */
import type { Reading } from '../../reading/reading.ts'
import { malformed } from './malformed.ts'
import { namedOf, numbered, numberOf, readingOf, timeOf, VALUES_MAX, type Named } from './named-values.ts'
import type { Parsed, ParseLine } from './parse.ts'
import { textOf } from './text.ts'

/** In order of what tells most: a comma may be a decimal one where there are semicolons or tabs. */
const SEPARATORS = ['\t', ';', ',']

/** A sensor's words for having no value, which are no names of columns. */
const WORDS_OF_VALUES = /^(nan|inf|infinity|null|none|true|false|on|off|error|fail(ed)?)$/i

/** Texts that look like numbers. */
const TEXT_QUANTITIES = ['animal-tag', 'barcode']

interface Column {
  readonly name: string
  readonly named: Named
}

/**
 * Reads lines of comma, semicolon or tab separated values. A line of names alone is the header, also in mid-stream;
 * a unit stands after its name in brackets. Without one the columns are `column/1` and so on. A line with more or fewer
 * fields than the header, or without one than the line before it, is malformed. Past a semicolon or tab a comma is decimal.
 */
export function makeParseCsv(): ParseLine {
  let header: readonly Column[] | undefined
  let headerless: number | undefined
  return (frame, atMs) => {
    const line = textOf(frame)
    if (line === undefined) return malformed('not-text', frame.length)
    if (line === '') return malformed('empty', frame.length)
    const separator = SEPARATORS.find((candidate) => line.includes(candidate)) ?? ','
    const fields = fieldsOf(line, separator)
    if (fields === undefined) return malformed('truncated', frame.length)
    const names = namesOf(fields)
    // A lone word between rows is a message, such as that of a restart.
    if (names !== undefined && (names.length > 1 || header === undefined || header.length === 1)) {
      header = names
      return []
    }
    // Messages also come before the first row: one word is no header of several columns.
    const columns = header?.length === 1 && fields.length > 1 ? undefined : header
    const expected = columns?.length ?? headerless ?? fields.length
    const found = fields.length === expected + 1 && fields.at(-1) === '' ? expected : fields.length
    if (columns === undefined) headerless = found
    if (found !== expected) return malformed(found < expected ? 'truncated' : 'trailing-bytes', frame.length)
    return rowOf(fields.slice(0, found), columns, separator, atMs)
  }
}

function rowOf(
  fields: readonly string[],
  columns: readonly Column[] | undefined,
  separator: string,
  atMs: number,
): Parsed {
  let at = atMs
  const values: { readonly named: Named; readonly value: unknown }[] = []
  for (const [index, field] of fields.entries()) {
    const { name, named } = columns?.[index] ?? unnamedColumn(index)
    const time = timeOf(name, field, atMs)
    if (time !== undefined) at = time
    else if (values.length < VALUES_MAX) values.push({ named, value: valueOf(field, named, separator) })
  }
  const readings: Reading[] = []
  for (const { named, value } of values) {
    const reading = readingOf(named, value, at)
    if (reading !== undefined) readings.push(reading)
  }
  return numbered(readings)
}

function unnamedColumn(index: number): Column {
  const name = `column/${index + 1}`
  return { name, named: { quantity: name, perhapsHpa: false } }
}

function valueOf(field: string, named: Named, separator: string): number | boolean | string | undefined {
  if (TEXT_QUANTITIES.includes(named.quantity)) return field
  const number = numberOf(separator === ',' ? field : field.replace(',', '.'))
  if (number !== undefined) return number
  if (/^(true|false)$/i.test(field)) return field.toLowerCase() === 'true'
  return WORDS_OF_VALUES.test(field) ? undefined : field
}

/** The columns of a header, or `undefined` where a field is no name. */
function namesOf(fields: readonly string[]): readonly Column[] | undefined {
  const names = fields.at(-1) === '' ? fields.slice(0, -1) : fields
  if (names.length === 0) return undefined
  const columns: Column[] = []
  for (const [index, field] of names.entries()) {
    // Some loggers mark the header as a comment.
    const text = index === 0 ? field.replace(/^#\s*/, '') : field
    if (!/^[\p{L}_]/u.test(text) || WORDS_OF_VALUES.test(text)) return undefined
    columns.push(columnOf(text))
  }
  return columns
}

/** `name (unit)` and `name [unit]`. */
function columnOf(text: string): Column {
  const [, name, , unit] = /^([^([]*[^([\s])\s*([([])([^()[\]]*)[)\]]$/.exec(text) ?? []
  return name === undefined || unit === undefined || unit.trim() === ''
    ? { name: text, named: namedOf([text]) }
    : { name, named: namedOf([name], unit.trim()) }
}

/** RFC 4180 §2, within one line: a quoted field may hold separators, and quotes doubled. `undefined` for an open quote. */
function fieldsOf(line: string, separator: string): readonly string[] | undefined {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (quoted) {
      if (character !== '"') field += character
      else if (line.charAt(at + 1) === '"') {
        field += character
        at++
      } else quoted = false
    } else if (character === '"' && field.trim() === '') {
      field = ''
      quoted = true
    } else if (character === separator) {
      fields.push(field.trim())
      field = ''
    } else field += character
  }
  if (quoted) return undefined
  fields.push(field.trim())
  return fields
}
