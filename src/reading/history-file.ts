/**
 * Histories as files, written and read piece by piece. Times are ISO 8601 in a table and in a list of readings, and seconds
 * since 1970 in SenML.
 */
import { readingFault, type ReadingFault } from './check.ts'
import { CsvReader, csvRow, CSV_HEAD } from './csv-rows.ts'
import { JsonObjects, valueFrom, type ObjectFault } from './json-objects.ts'
import { isoTime } from './iso-time.ts'
import type { Reading } from './reading.ts'
import { senmlObject, SenmlReader } from './senml-objects.ts'

/** A table (RFC 4180), a JSON list of readings, or SenML in JSON (RFC 8428 §5). */
export type FileFormat = 'csv' | 'json' | 'senml'

/** Why a row of a file is no reading. */
export type RowFault = ReadingFault | ObjectFault | 'no-such-columns' | 'not-understood' | 'must-understand'

/**
 * A row of a file: a reading, or its place in the file, counted from 1, and what is wrong with it. The place of a row of a table
 * is its first line, as an editor counts them; that of an object is among the objects, which may share a line.
 */
export type FileRow = { readonly reading: Reading } | { readonly row: number; readonly reason: RowFault }

/** Takes text as it comes; gives the rows that it completes, and `undefined` for each place where none begins. */
export interface RowReader {
  push(text: string): readonly (Reading | RowFault | undefined)[]
  /** The last row, where the text ended without an end of its own. */
  end(): readonly (Reading | RowFault | undefined)[]
}

/** What a file of each format is served as. RFC 7111, RFC 8259, RFC 8428 §12.3. */
export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  senml: 'application/senml+json',
}

/** What a file begins with. */
export function fileHead(format: FileFormat): string {
  return format === 'csv' ? CSV_HEAD : '[\n'
}

/** Some readings of a file. @param isFirst whether none was written before */
export function fileRows(format: FileFormat, readings: readonly Reading[], isFirst: boolean): string {
  if (readings.length === 0) return ''
  if (format === 'csv') return readings.map(csvRow).join('')
  const objects = readings.map((reading) =>
    JSON.stringify(format === 'json' ? plainObject(reading) : senmlObject(reading)),
  )
  return (isFirst ? '' : ',\n') + objects.join(',\n')
}

/** What a file ends with. */
export function fileTail(format: FileFormat): string {
  return format === 'csv' ? '' : '\n]\n'
}

/** Reads what `fileRows` writes, and what others write in these forms. Never throws. */
export class FileReader {
  readonly #rows: RowReader
  #count = 0

  constructor(format: FileFormat) {
    if (format === 'csv') this.#rows = new CsvReader()
    else if (format === 'senml') this.#rows = new SenmlReader()
    else this.#rows = new JsonObjects(plainReading)
  }

  push(text: string): readonly FileRow[] {
    return this.#rows.push(text).flatMap((row) => this.#rowOf(row))
  }

  end(): readonly FileRow[] {
    return this.#rows.end().flatMap((row) => this.#rowOf(row))
  }

  #rowOf(row: Reading | RowFault | undefined): readonly FileRow[] {
    this.#count++
    if (row === undefined) return []
    const reason = typeof row === 'string' ? row : readingFault(row)
    if (typeof row === 'string' || reason !== undefined)
      return [{ row: this.#count, reason: reason ?? 'not-understood' }]
    return [{ reading: row }]
  }
}

function plainObject({ atMs, ...rest }: Reading): object {
  return { time: new Date(atMs).toISOString(), ...rest }
}

function plainReading(object: Readonly<Record<string, unknown>>): Reading | RowFault {
  const { time, quantity, unit } = object
  const value = valueFrom(object['value'])
  const atMs = typeof time === 'string' ? isoTime(time) : NaN
  if (value === undefined || typeof quantity !== 'string') return 'not-understood'
  if (unit === undefined) return { quantity, value, atMs }
  return typeof unit === 'string' ? { quantity, unit, value, atMs } : 'not-understood'
}
