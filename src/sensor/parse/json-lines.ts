import type { Reading } from '../../reading/reading.ts'
import { malformed } from './malformed.ts'
import { namedOf, numbered, readingOf, timeOf, VALUES_MAX } from './named-values.ts'
import type { Parsed } from './parse.ts'
import { textOf } from './text.ts'

/** Objects and lists one inside another; what lies deeper is left. Sensors nest station, sensor and axis. */
const DEPTH_MAX = 4

/**
 * One JSON object (RFC 8259) a line: each number, truth value and text in it, named by its members as `namedOf` does, items
 * of a list by their number from 1. The first `VALUES_MAX` are read. `t`, `time`, `ts` or `timestamp` says when, as `timeOf` does.
 *
 * @param atMs when it arrived, whole Unix milliseconds
 */
export function parseJsonLine(frame: Uint8Array, atMs: number): Parsed {
  const text = textOf(frame)
  if (text === undefined) return malformed('not-text', frame.length)
  if (text === '') return malformed('empty', frame.length)
  const object = objectOf(text)
  if (object === undefined) return malformed(text.startsWith('{') ? 'truncated' : 'unknown', frame.length)
  let at = atMs
  const members: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(object)) {
    const time = timeOf(name, value, atMs)
    if (time === undefined) members[name] = value
    else at = time
  }
  const readings: Reading[] = []
  collect(members, [], at, readings)
  return numbered(readings)
}

function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    // What exactly is wrong with a line helps nobody.
    return undefined
  }
}

function collect(value: unknown, path: readonly string[], atMs: number, into: Reading[]): void {
  if (into.length === VALUES_MAX) return
  if (typeof value !== 'object' || value === null) {
    const reading = readingOf(namedOf(path), value, atMs)
    if (reading !== undefined) into.push(reading)
  } else if (path.length < DEPTH_MAX) {
    for (const [name, inner] of Object.entries(value)) {
      collect(inner, [...path, Array.isArray(value) ? `${Number(name) + 1}` : name], atMs, into)
    }
  }
}
