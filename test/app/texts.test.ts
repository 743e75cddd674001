import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES, speak, type Language } from '../../src/app/language.svelte.ts'
import { KINDS } from '../../src/reading/kinds.ts'
import { QUANTITIES } from '../../src/reading/quantities.ts'
import { PROBLEM_MESSAGES } from '../../src/sensor/problem.ts'
import { faultOf, say, trialsOf, unmarked, type Sentence, type Trials } from './text-markers.ts'

const FOLDER = `${import.meta.dirname}/../../src/app/texts`

const OTHERS = LANGUAGES.map(({ language }) => language).filter((language) => language !== 'en')

const words = (list: string): ReadonlySet<string> => new Set(list.split(', '))

/** What a key may hold: words, a sentence with something in it, or more keys. */
interface Texts {
  readonly [key: string]: unknown
}

/** Words that are the same in every language: names, units and what programs are called. */
const SAME_EVERYWHERE = words('Weft, Bluetooth, CO₂, s, min, h, kB, MB, GB, 1 h, 24 h')

/** Words that happen to be the same in one language. */
const SAME: Readonly<Record<Exclude<Language, 'en'>, ReadonlySet<string>>> = {
  de: words(
    'Name, Thermometer, Graph, Passphrase, Passkey, Plus, Register, System, Version, Code, Codes, live, Offline, Bytes, in, Holding, Input',
  ),
  es: words('no, firmware, bits, Bytes, Holding, Input'),
  ar: words('Holding, Input'),
}

/** What English leaves to tables of `src/reading` and `src/sensor`, which every other language has to have words for. */
const TABLES: Record<string, Texts> = {
  'words.quantities': Object.fromEntries(
    Object.entries(QUANTITIES).map(([name, { label }]) => [name, label]),
  ),
  'words.kinds': Object.fromEntries(Object.entries(KINDS).map(([name, { label }]) => [name, label])),
  'sensors.problems': PROBLEM_MESSAGES,
}

/** Tables by the English sentences themselves, which come from elsewhere: all languages have the same of them. */
const BY_SENTENCE = new Set(['things.capabilities'])

/** Tables in which a language has only what it calls otherwise. */
const OPEN = new Set(['words.units'])

/** What sentences are called with that have no words for marks. */
const GIVEN: Readonly<Record<string, readonly unknown[]>> = {}

/** Sentences that cannot be called here, by their keys. */
const NOT_CALLED = new Set<string>([])

const areas = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'books')
  .map(({ name }) => name)

const inLanguage = async (area: string, language: string) =>
  ((await import(`../../src/app/texts/${area}/${language}.ts`)) as Record<string, Texts>)[language] ?? {}

const bookOf = async (language: string) =>
  ((await import(`../../src/app/texts/books/${language}.ts`)) as { readonly book: Texts }).book

const hasLetters = (text: string) => /\p{L}/u.test(text)
const isTexts = (value: unknown): value is Texts => typeof value === 'object' && value !== null
const isSentence = (value: unknown): value is Sentence => typeof value === 'function'

/** The sentences of a table by sentences, over all languages. */
async function sentencesOf(path: string): Promise<Texts> {
  const [area = '', key = ''] = path.split('.')
  const tables = await Promise.all(OTHERS.map(async (language) => (await inLanguage(area, language))[key]))
  return Object.fromEntries(tables.flatMap((table) => Object.keys(table ?? {})).map((name) => [name, name]))
}

/** What English says, with how each of its sentences is tried. */
interface English {
  readonly texts: Texts
  readonly trials: ReadonlyMap<string, readonly Trials[]>
}

function trialsIn(texts: Texts, path: string): readonly (readonly [string, readonly Trials[]])[] {
  return Object.entries(texts).flatMap(([key, value]) => {
    const name = `${path}.${key}`
    if (isSentence(value)) return NOT_CALLED.has(name) ? [] : [[name, trialsOf(value, GIVEN[name])] as const]
    return isTexts(value) ? trialsIn(value, name) : []
  })
}

/** Compares the texts of a language with the English ones; call it while that language is spoken. */
class Comparison {
  readonly faults: string[] = []
  readonly #trials: English['trials']
  readonly #same: ReadonlySet<string>

  constructor(trials: English['trials'], same: ReadonlySet<string>) {
    this.#trials = trials
    this.#same = same
  }

  texts(path: string, english: Texts, other: Texts): void {
    if (Array.isArray(english) !== Array.isArray(other)) this.#fault(path, 'is a list in one of them')
    const wanted = TABLES[path] ?? english
    for (const key of Object.keys(wanted)) {
      if (Object.hasOwn(other, key)) this.#value(`${path}.${key}`, wanted[key], other[key])
      else this.#fault(`${path}.${key}`, 'is missing')
    }
    for (const key of Object.keys(other))
      if (!Object.hasOwn(wanted, key)) {
        if (OPEN.has(path)) this.#value(`${path}.${key}`, '', other[key])
        else this.#fault(`${path}.${key}`, 'is in no English text')
      }
  }

  #value(path: string, english: unknown, other: unknown): void {
    if (typeof english === 'string' && typeof other === 'string') this.#words(path, english, other)
    else if (isSentence(english) && isSentence(other)) this.#sentence(path, english, other)
    else if (isTexts(english) && isTexts(other)) this.texts(path, english, other)
    else this.#fault(path, `is ${typeof other}, in English ${typeof english}`)
  }

  #words(path: string, english: string, other: string): void {
    if (other === '') this.#fault(path, 'is empty')
    if (other === english) this.#isTheSame(path, english)
  }

  #sentence(path: string, english: Sentence, other: Sentence): void {
    if (english.length !== other.length)
      this.#fault(path, `takes ${other.length} arguments, in English ${english.length}`)
    const trials = this.#trials.get(path) ?? []
    const fault = faultOf(other, trials)
    if (fault !== undefined) this.#fault(path, fault)
    if (trials.length > 0 && trials.every(({ best }) => say(other, best.given) === best.words))
      this.#isTheSame(path, unmarked(trials[0]?.best.words ?? ''))
  }

  #isTheSame(path: string, words: string): void {
    if (hasLetters(words) && !SAME_EVERYWHERE.has(words) && !this.#same.has(words))
      this.#fault(path, `is English: “${words}”`)
  }

  #fault(path: string, what: string): void {
    this.faults.push(`${path} ${what}`)
  }
}

const english = new Map<string, English>()

beforeAll(async () => {
  await speak('en')
  for (const path of BY_SENTENCE) TABLES[path] = await sentencesOf(path)
  for (const area of areas) {
    const texts = await inLanguage(area, 'en')
    english.set(area, { texts, trials: new Map(trialsIn(texts, area)) })
  }
})

afterAll(() => speak('en'))

describe('what the app says in English', () => {
  it.each(areas)('is all there, in the area “%s”', (area) => {
    const { texts, trials } = english.get(area) ?? { texts: {}, trials: new Map<string, readonly Trials[]>() }
    expect(Object.keys(texts)).not.toEqual([])
    const comparison = new Comparison(trials, new Set())
    comparison.texts(area, texts, { ...texts, ...(area === 'words' && { quantities: {}, kinds: {} }) })
    expect(comparison.faults.filter((fault) => fault.endsWith('is empty'))).toEqual([])
    const unsaid = [...trials].filter(([, ways]) => ways.length === 0).map(([path]) => path)
    expect(unsaid, 'no way was found to call these: say one in GIVEN').toEqual([])
  })
})

describe.each(OTHERS)('what the app says in “%s”', (language) => {
  beforeAll(() => speak(language))

  it('is one book of all areas', async () => {
    const book = await bookOf(language)
    expect(Object.keys(book).sort()).toEqual([...areas].sort())
    for (const area of areas) expect(book[area], area).toBe(await inLanguage(area, language))
  })

  it.each(areas)('is all of what English says, in the area “%s”', async (area) => {
    const { texts, trials } = english.get(area) ?? { texts: {}, trials: new Map<string, readonly Trials[]>() }
    const comparison = new Comparison(trials, SAME[language])
    comparison.texts(area, texts, await inLanguage(area, language))
    expect(comparison.faults).toEqual([])
  })
})

describe('a translation that is wrong', () => {
  const faultsOf = (original: Texts, other: Texts) => {
    const comparison = new Comparison(new Map(trialsIn(original, 'x')), new Set(['Name']))
    comparison.texts('x', original, other)
    return comparison.faults
  }

  it('is found where a key is missing, extra, empty, English or of another kind', () => {
    const original = { a: 'One', deep: { list: ['Two', 'Three'], of: 'Name' }, dash: '–' }
    expect(
      faultsOf(original, { a: 'Eins', deep: { list: ['Zwei', 'Drei'], of: 'Name' }, dash: '–' }),
    ).toEqual([])
    expect(
      faultsOf(original, { a: '', deep: { list: ['Zwei'], of: () => '' }, more: 'x', dash: '–' }),
    ).toEqual([
      'x.a is empty',
      'x.deep.list.1 is missing',
      'x.deep.of is function, in English string',
      'x.more is in no English text',
    ])
    expect(faultsOf({ a: 'One' }, { a: 'One' })).toEqual(['x.a is English: “One”'])
  })

  it('is found where a sentence drops what it is given, takes less, or breaks', () => {
    const original = {
      text: (name: string) => `Hello ${name.trim()}`,
      number: (n: number, of: string) => `${n.toLocaleString('en-GB')} of ${of}`,
      record: ({ name, from }: { name: string; from: string }) => `${name} from ${from}`,
      maybe: (name: string, by?: string) => (by === undefined ? `To ${name}` : `To ${name} by ${by}`),
      pair: (day: string): readonly [string, string] => [`Before ${day} of`, 'all'],
    }
    const good = {
      text: (name: string) => `Hallo ${name.trim()}`,
      number: (n: number, of: string) =>
        n === 1 ? `eins von ${of}` : `${n.toLocaleString('de-DE')} von ${of}`,
      record: ({ name, from }: { name: string; from: string }) => `${name} aus ${from}`,
      maybe: (name: string, by?: string) => (by === undefined ? `An ${name}` : `Von ${by} an ${name}`),
      pair: (day: string): readonly [string, string] => ['Alle', `von vor ${day}`],
    }
    expect(faultsOf(original, good)).toEqual([])
    expect(
      faultsOf(original, {
        text: () => 'Hallo',
        number: (n: number, of: string) => (n === 2 ? 'zwei' : `${n} von ${of}`),
        record: ({ name }: { name: string }) => `${name} aus`,
        maybe: (name: string, by?: string) => `Von ${by} an ${name}`,
        pair: (_day: string): readonly [string, string] => ['Alle', 'von früher'],
      }).map((fault) => fault.split(':')[0]),
    ).toEqual([
      'x.text takes 0 arguments, in English 1',
      'x.text drops ⟪0⟫',
      'x.number drops ⟪1⟫',
      'x.record drops ⟪0.from⟫',
      'x.maybe cannot be said where English says “To ⟪0⟫”',
      'x.pair drops ⟪0⟫',
    ])
  })
})
