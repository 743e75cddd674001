/**
 * The language the app speaks. English is in the program itself; the words of another are one script that is fetched
 * before the first of them is shown, so that a change never shows half of each.
 */
import type { Book } from './texts/book.ts'

export type Language = 'en' | 'de' | 'es' | 'ar'

/** The languages there are, each by its own name. Also read by public/early.js, which names those that are no English. */
export const LANGUAGES: readonly { readonly language: Language; readonly name: string }[] = [
  { language: 'en', name: 'English' },
  { language: 'de', name: 'Deutsch' },
  { language: 'es', name: 'Español' },
  { language: 'ar', name: 'العربية' },
]

const BOOKS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ readonly book: Book }>>> = {
  de: () => import('./texts/books/de.ts'),
  es: () => import('./texts/books/es.ts'),
  ar: () => import('./texts/books/ar.ts'),
}

let spoken = $state.raw<{ readonly language: Language; readonly book?: Book }>({ language: 'en' })

/** The words of one area in the language that is spoken; reading them in a component has it follow a change. */
export function texts<Area extends keyof Book>(area: Area, english: Book[Area]): () => Book[Area] {
  return () => spoken.book?.[area] ?? english
}

/** The language that is spoken. */
export function language(): Language {
  return spoken.language
}

let asked = 0

/**
 * Speaks `language` from when its words are here, unless another was asked for meanwhile. Rejects where they cannot be
 * fetched; what was spoken before goes on then.
 */
export async function speak(language: Language): Promise<void> {
  const turn = ++asked
  const next = language === 'en' ? { language } : { language, book: (await BOOKS[language]()).book }
  if (turn === asked) spoken = next
}

/** Where lines begin in a language. */
export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr'
}

/** The first of the languages a person reads, as the browser lists them, that there is; English where there is none. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary = ''] = tag.toLowerCase().split('-')
    const known = LANGUAGES.find(({ language }) => language === primary)
    if (known) return known.language
  }
  return 'en'
}

/**
 * The locale numbers and dates are written in (BCP 47). Digits are the European ones everywhere, as on the sensors and in
 * the fields, where one kind of digits is typed and read back.
 */
export function locale(): string {
  return LOCALES[spoken.language]
}

const LOCALES: Readonly<Record<Language, string>> = {
  en: 'en-GB',
  de: 'de-DE',
  es: 'es-ES',
  ar: 'ar-u-nu-latn',
}
