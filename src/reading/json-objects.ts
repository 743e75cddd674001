import type { Reading } from './reading.ts'

/** Characters of one object: a reading with the longest text and names, each of its characters escaped, has under 2000. */
const OBJECT_CHARACTERS_MAX = 4096

/** `too-long`: longer than any reading is. `not-json`: what stands between braces is no object, or it has no end. */
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
 * What stands between objects is passed over. One that has no end would make one of all that follows: it is let go of where a
 * text in it goes over the end of a line, which none may (RFC 8259 §7), or where it is too long; from there on the next is
 * looked for.
 */
export class JsonObjects<Fault extends string> {
  readonly #readingOf: (object: Json) => Reading | Fault
  #text = ''
  #depth = 0
  #inText = false
  #isEscaped = false

  /** @param readingOf called for each object in turn */
  constructor(readingOf: (object: Json) => Reading | Fault) {
    this.#readingOf = readingOf
  }

  push(text: string): readonly (Reading | Fault | ObjectFault)[] {
    const rows: (Reading | Fault | ObjectFault)[] = []
    let start = 0
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      const wasInside = this.#depth > 0
      if (wasInside && this.#inText && (code === LINE_FEED || code === RETURN)) {
        rows.push(this.#letGo('not-json'))
        continue
      }
      this.#step(code)
      if (!wasInside && this.#depth > 0) start = i
      if (!wasInside) continue
      if (this.#text.length + i + 1 - start > OBJECT_CHARACTERS_MAX) rows.push(this.#letGo('too-long'))
      else if (this.#depth === 0) rows.push(this.#take(text.slice(start, i + 1)))
    }
    if (this.#depth > 0) this.#text += text.slice(start)
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

  #letGo(fault: ObjectFault): ObjectFault {
    this.#text = ''
    this.#depth = 0
    this.#inText = false
    this.#isEscaped = false
    return fault
  }

  #take(rest: string): Reading | Fault | ObjectFault {
    const text = this.#text + rest
    this.#text = ''
    try {
      // between the braces of a list's member nothing but an object can be parsed
      return this.#readingOf(JSON.parse(text) as Json)
    } catch {
      return 'not-json'
    }
  }
}

const LINE_FEED = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
