/** Calls the sentences that are functions with marks in place of what they say, to see which marks come out again. */

/** A sentence with something in it. */
export type Sentence = (...given: unknown[]) => unknown

/** A call of a sentence, with what came out of it. */
interface Trial {
  readonly given: readonly unknown[]
  readonly words: string
  /** The marks that are in the words. */
  readonly marks: readonly string[]
}

/** A way to try a sentence: a call in which all it says of its arguments comes out, and the same with one of them another. */
export interface Trials {
  readonly best: Trial
  readonly variants: readonly Trial[]
}

/** Numbers between which the forms of a word differ, in one language or another. */
const COUNTS = [0, 1, 2, 3, 5, 11, 20, 21, 100, 101, 1000]

const NUMBER_MARK_MIN = 7301
const NUMBER_MARK_STEP = 1101

const textMark = (name: string) => `⟪${name}⟫`
const numberMark = (place: number) => NUMBER_MARK_MIN + place * NUMBER_MARK_STEP

/** A list that is said part by part: put into words whole, it would pass for one text. */
function listOf(...marks: readonly string[]): unknown {
  const refuse = () => {
    throw new TypeError('A list is no text.')
  }
  return Object.assign([...marks], { toString: refuse, toLocaleString: refuse })
}

/** A record that has a mark under whatever name it is asked for. */
function recordOf(mark: (property: string) => unknown): unknown {
  return new Proxy(Object.create(null) as object, {
    get: (_, property) => (typeof property === 'symbol' ? undefined : mark(property)),
  })
}

/** What may stand for the argument at `place`: the first that does well is taken. */
const KINDS: readonly ((place: number) => unknown)[] = [
  (place) => textMark(String(place)),
  (place) => numberMark(place),
  (place) => listOf(textMark(`${place}, first`), textMark(`${place}, second`)),
  (place) => recordOf((property) => textMark(`${place}.${property}`)),
  (place) => recordOf(() => numberMark(place)),
  (place) => new Date(Date.UTC(2026, 4, 3 + place)),
  () => true,
  () => undefined,
]

/** All words of what a sentence gives, or nothing where it gives something else. */
function wordsOf(said: unknown): string | undefined {
  if (typeof said === 'string') return said
  if (typeof said !== 'object' || said === null) return undefined
  const parts = Object.values(said).map(wordsOf)
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('\n')
}

/** Words in which something was not understood. */
const BROKEN = /\bNaN\b|\bundefined\b|\bnull\b|\[object|Invalid Date|function \(|=>/

/** Says a sentence; undefined where it cannot be said with what it is given. */
export function say(sentence: Sentence, given: readonly unknown[]): string | undefined {
  try {
    const words = wordsOf(sentence(...given))
    return words === undefined || words.trim() === '' || BROKEN.test(words) ? undefined : words
  } catch {
    return undefined
  }
}

/** The marks that are in `words`, whichever way the language writes its numbers. */
function marksIn(words: string): readonly string[] {
  const texts = words.match(/⟪[^⟫]*⟫/g) ?? []
  const numbers = words.replace(/(?<=\d)[.,\u00a0\u202f\u066c’](?=\d{3})/g, '').match(/\d{4,}/g) ?? []
  const known = numbers.filter((number) => (Number(number) - NUMBER_MARK_MIN) % NUMBER_MARK_STEP === 0)
  return [...new Set([...texts, ...known])]
}

/** What is left of words without their marks. */
export function unmarked(words: string): string {
  return words.replace(/⟪[^⟫]*⟫|[\d.,:;()]+|[\u2066-\u2069\u00a0]/g, ' ').trim()
}

function trial(sentence: Sentence, given: readonly unknown[]): Trial | undefined {
  const words = say(sentence, given)
  return words === undefined ? undefined : { given, words, marks: marksIn(words) }
}

/** The same call with one argument another: numbers that take other forms, and texts that are not there. */
function variantsOf(sentence: Sentence, { given }: Trial): readonly Trial[] {
  return given.flatMap((value, place) => {
    const others = typeof value === 'number' ? COUNTS : [undefined, false]
    return others.flatMap((other) => trial(sentence, given.with(place, other)) ?? [])
  })
}

function product(places: number): readonly (readonly unknown[])[] {
  let all: readonly (readonly unknown[])[] = [[]]
  for (let place = 0; place < places; place++)
    all = all.flatMap((given) => KINDS.map((kind) => [...given, kind(place)]))
  return all
}

/**
 * Ways to say the English sentence in which all it says of its arguments comes out. Empty where none was found.
 *
 * @param given what to call it with, where marks alone do not do
 */
export function trialsOf(sentence: Sentence, given?: readonly unknown[]): readonly Trials[] {
  const calls = given ? [given] : product(sentence.length)
  const said = calls.flatMap((call) => trial(sentence, call) ?? [])
  const most = Math.max(0, ...said.map(({ marks }) => marks.length))
  return said
    .filter(({ marks }) => marks.length === most)
    .map((best) => ({ best, variants: variantsOf(sentence, best) }))
}

/** What a translation of a sentence does wrong; undefined where it does well. */
export function faultOf(sentence: Sentence, trials: readonly Trials[]): string | undefined {
  // a mark of the wrong kind may pass in English alone: a text where a number belongs
  const said = trials.filter(({ best }) => say(sentence, best.given) !== undefined)
  const faults = (said.length > 0 ? said : trials.slice(0, 1)).map(({ best, variants }) =>
    faultIn(sentence, [best, ...variants]),
  )
  return faults.find((fault) => fault !== undefined)
}

function faultIn(sentence: Sentence, trials: readonly Trial[]): string | undefined {
  for (const { given, words, marks } of trials) {
    const said = say(sentence, given)
    if (said === undefined) return `cannot be said where English says “${words}”`
    const dropped = marks.filter((mark) => !marksIn(said).includes(mark))
    if (dropped.length > 0) return `drops ${dropped.join(', ')}: “${said}” for “${words}”`
  }
  return undefined
}
