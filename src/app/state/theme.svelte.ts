import { createContext } from 'svelte'
import { MediaQuery } from 'svelte/reactivity'

/** `system`: whatever the device says, at any time. */
export type Appearance = 'system' | 'light' | 'dark'

/** What was chosen, unless it is `system`. Also read by public/early.js, before anything is painted. */
const CHOSEN = 'weft.theme'

/** Light or dark: what the person chose for this browser, and what holds. One for the whole app. */
export class ThemeState {
  choice: Appearance
  readonly #page: Document
  readonly #systemIsDark = new MediaQuery('prefers-color-scheme: dark')

  constructor(page: Document) {
    this.#page = page
    this.choice = $state(appearanceOf(page.documentElement.dataset['theme']))
    this.#apply()
    // another tab of this browser
    addEventListener('storage', ({ key, newValue }) => {
      if (key !== CHOSEN) return
      this.choice = appearanceOf(newValue)
      this.#apply()
    })
  }

  /** Whether dark colours hold now. Whatever draws them on a canvas draws again when this changes. */
  get dark(): boolean {
    return this.choice === 'system' ? this.#systemIsDark.current : this.choice === 'dark'
  }

  /** Changes it at once, here and in every other tab, and remembers it. */
  choose(choice: Appearance): void {
    this.choice = choice
    this.#apply()
    try {
      if (choice === 'system') localStorage.removeItem(CHOSEN)
      else localStorage.setItem(CHOSEN, choice)
    } catch {
      // it holds until this tab is closed
    }
  }

  #apply(): void {
    const { choice } = this
    const { documentElement, head } = this.#page
    if (choice === 'system') delete documentElement.dataset['theme']
    else documentElement.dataset['theme'] = choice
    // the bar around the page goes by these, and not by the page's own scheme
    for (const meta of head.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"][data-for]')) {
      const appearance = meta.dataset['for']
      if (choice === 'system') meta.media = `(prefers-color-scheme: ${appearance})`
      else meta.media = appearance === choice ? 'all' : 'not all'
    }
  }
}

function appearanceOf(text: string | null | undefined): Appearance {
  return text === 'light' || text === 'dark' ? text : 'system'
}

/** The app's theme, for parts far down that draw: given by App.svelte. */
export const [getTheme, setTheme] = createContext<ThemeState>()
