import { directionOf, LANGUAGES, language, languageFor, speak, type Language } from '../language.svelte.ts'

/** `system`: the first language of the browser's own list that there is. */
export type LanguageChoice = 'system' | Language

/** What was chosen, unless it is `system`. Also read by public/early.js, before anything is painted. */
const CHOSEN = 'weft.language'

/** The language: what the person chose for this browser, and what holds. One for the whole app. */
export class LanguageState {
  choice: LanguageChoice
  /** Whether the words of the language chosen last could not be fetched, so that another is spoken. */
  failed = $state(false)
  /** Settles when the first words can be shown. Never rejects. */
  readonly ready: Promise<void>
  readonly #page: Document
  readonly #wanted: () => readonly string[]
  /** How often a language was asked for: the last time decides. */
  #turn = 0

  /** @param wanted the languages of the browser, most wanted first (BCP 47) */
  constructor(page: Document, wanted: () => readonly string[]) {
    this.#page = page
    this.#wanted = wanted
    this.choice = $state(remembered())
    this.ready = this.#apply()
    // another tab of this browser
    addEventListener('storage', ({ key, newValue }) => {
      if (key !== CHOSEN) return
      this.choice = choiceOf(newValue)
      void this.#apply()
    })
    addEventListener('languagechange', () => void this.#apply())
    addEventListener('online', () => this.failed && void this.#apply())
  }

  /** Changes it at once, here and in every other tab, and remembers it. Never rejects. */
  async choose(choice: LanguageChoice): Promise<void> {
    this.choice = choice
    try {
      if (choice === 'system') localStorage.removeItem(CHOSEN)
      else localStorage.setItem(CHOSEN, choice)
    } catch {
      // it holds until this tab is closed
    }
    await this.#apply()
  }

  /** Marks the page with the language that is spoken: which it is, and where its lines begin. */
  mark(): void {
    const { documentElement } = this.#page
    documentElement.lang = language()
    documentElement.dir = directionOf(language())
  }

  async #apply(): Promise<void> {
    const turn = ++this.#turn
    const { choice } = this
    const failed = await speak(choice === 'system' ? languageFor(this.#wanted()) : choice).then(
      () => false,
      () => true,
    )
    if (turn !== this.#turn) return
    this.failed = failed
    this.mark()
  }
}

function remembered(): LanguageChoice {
  try {
    return choiceOf(localStorage.getItem(CHOSEN))
  } catch {
    return 'system'
  }
}

function choiceOf(text: string | null): LanguageChoice {
  return LANGUAGES.find(({ language }) => language === text)?.language ?? 'system'
}
