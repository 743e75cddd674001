/** Which sources a built script comes from, by its source map (ECMA-426, version 3). */
import * as v from 'valibot'

const SourceMap = v.object({
  version: v.literal(3),
  sources: v.array(v.nullable(v.string())),
  mappings: v.string(),
})

const DIGITS = new Map(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((digit, value) => [
    digit,
    value,
  ]),
)

/** Of a base64 digit: five bits of the number, and one that says that more follow. */
const MORE = 32

/** Characters of `script` by the source they come from, as the map names it; '' for what comes from none. */
export function charactersBySource(script: string, mapJson: string): ReadonlyMap<string, number> {
  const { sources, mappings } = v.parse(SourceMap, JSON.parse(mapJson))
  const characters = new Map<string, number>()
  const lines = script.split('\n')
  let source = 0
  // kept from line to line: a text of many lines is mapped where it begins, and nowhere after
  let name = ''
  for (const [index, segments] of mappings.split(';').entries()) {
    const length = lines[index]?.length ?? 0
    let column = 0
    const upTo = (end: number) => {
      if (end > column) characters.set(name, (characters.get(name) ?? 0) + end - column)
      column = end
    }
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const [columns = 0, sourceChange] = numbersIn(segment)
      upTo(column + columns)
      if (sourceChange !== undefined) source += sourceChange
      name = sourceChange === undefined ? '' : (sources[source] ?? '')
    }
    upTo(length)
  }
  return characters
}

/** The base64 VLQ numbers of a segment: each of digits with the least bits first, whose very first is the sign. */
function numbersIn(segment: string): readonly number[] {
  const numbers: number[] = []
  let value = 0
  let shift = 0
  for (const character of segment) {
    const digit = DIGITS.get(character)
    if (digit === undefined) throw new Error(`${character} is no digit of a source map`)
    value += (digit & (MORE - 1)) << shift
    shift += 5
    if (digit & MORE) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = 0
    shift = 0
  }
  return numbers
}
