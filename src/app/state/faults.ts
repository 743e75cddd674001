/** Faults remembered. The newest say what is wrong; more is a loop. */
const FAULTS_MAX = 20

/** What errors call themselves that the language or the program makes. A name of another kind could say anything. */
const NAMES: ReadonlySet<string> = new Set([
  ...['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'AggregateError'],
  'ApiError',
])

/** Something in the program that went wrong where nobody had reckoned with it. */
export interface Fault {
  readonly atMs: number
  /** What kind of error: `TypeError`. */
  readonly name: string
  /** Where in the program: `index-C5vOUPrH.js:1:4711`; empty where that is not known. */
  readonly where: string
}

/** What of `window` is needed. */
interface FaultyPage {
  addEventListener(type: 'error', listener: (event: { readonly error?: unknown }) => void): void
  addEventListener(type: 'unhandledrejection', listener: (event: { readonly reason?: unknown }) => void): void
}

/** The last faults of this page, for a person who wants to tell of them. What an error says is left out: it may hold names. */
export class FaultsState {
  list: readonly Fault[] = []

  /** @param now the wall clock, Unix milliseconds */
  constructor(page: FaultyPage, now: () => number) {
    const note = (error: unknown) => (this.list = [...this.list, faultOf(error, now())].slice(-FAULTS_MAX))
    page.addEventListener('error', ({ error }) => note(error))
    page.addEventListener('unhandledrejection', ({ reason }) => note(reason))
  }
}

/** Of an error its kind and its place in our own files; of anything else nothing. */
export function faultOf(error: unknown, atMs: number): Fault {
  if (!(error instanceof Error)) return { atMs, name: 'unknown', where: '' }
  const name =
    (error instanceof DOMException && /^[A-Z][A-Za-z]+Error$/.test(error.name)) || NAMES.has(error.name)
      ? error.name
      : 'Error'
  // Chromium's `at f (https://…/a.js:1:2)` and the others' `f@https://…/a.js:1:2`; the message comes before
  const calls = (error.stack ?? '').replace(`${error.name}: ${error.message}`, '')
  const where = /\/([\w.-]{1,80}\.(?:js|ts|svelte):\d{1,9}:\d{1,9})\)?$/m.exec(calls)?.[1] ?? ''
  return { atMs, name, where }
}
