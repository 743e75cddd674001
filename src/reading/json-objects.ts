import type { Reading } from './reading.ts'

/** Characters of one object: a reading with the longest text and names, each of its characters escaped, has under 2000. */
const OBJECT_CHARACTERS_MAX = 4096

/** `too-long`: longer than any reading is. `not-json`: what stands between braces is no object. */
export type ObjectFault = 'too-long' | 'not-json'

type Json = Readonly<Record<string, unknown>>

/** A member's value as a reading's; `undefined` where it is none. */
export function valueFrom(value: unknown): Reading['value'] | undefined {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
    ? value
    : undefined
}

/**
 * Finds the objects in a JSON list as its text comes, however it is laid out, without ever holding more than one of them.
 * What stands between objects is passed over.
 */
export class JsonObjects<Fault extends string> {
  readonly #readingOf: (object: Json) => Reading | Fault
  #text = ''
  #depth = 0
  #inText = false
  #isEscaped = false
  #isTooLong = false

  /** @param readingOf called for each object in turn */
  constructor(readingOf: (object: Json) => Reading | Fault) {
    this.#readingOf = readingOf
  }

  push(text: string): readonly (Reading | Fault | ObjectFault)[] {
    const rows: (Reading | Fault | ObjectFault)[] = []
    let start = this.#depth > 0 ? 0 : -1
    for (let i = 0; i < text.length; i++) {
      const wasInside = this.#depth > 0
      this.#step(text.charCodeAt(i))
      if (!wasInside && this.#depth > 0) start = i
      if (wasInside && this.#depth === 0) {
        this.#keep(text.slice(start, i + 1))
        rows.push(this.#take())
        start = -1
      }
    }
    if (start >= 0) this.#keep(text.slice(start))
    return rows
  }

  end(): readonly ObjectFault[] {
    return this.#depth > 0 ? ['not-json'] : []
  }

  /** Counts braces, those in texts aside. RFC 8259 §7. */
  #step(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false
    else if (this.#inText) {
      if (code === BACKSLASH) this.#isEscaped = true
      else if (code === QUOTE) this.#inText = false
    } else if (code === QUOTE) this.#inText = this.#depth > 0
    else if (code === OPEN) this.#depth++
    else if (code === CLOSE) this.#depth = Math.max(0, this.#depth - 1)
  }

  #keep(part: string): void {
    if (this.#text.length + part.length > OBJECT_CHARACTERS_MAX) this.#isTooLong = true
    this.#text = this.#isTooLong ? '' : this.#text + part
  }

  #take(): Reading | Fault | ObjectFault {
    const text = this.#text
    const isTooLong = this.#isTooLong
    this.#text = ''
    this.#isTooLong = false
    if (isTooLong) return 'too-long'
    try {
      // between the braces of a list's member nothing but an object can be parsed
      return this.#readingOf(JSON.parse(text) as Json)
    } catch {
      return 'not-json'
    }
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
