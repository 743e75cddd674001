/** A part of the app that its first screen does without: its code is loaded by need, or before when there is time. */
export class LateState<Part> {
  /** What was loaded. */
  part = $state.raw<Part>()
  /** Whether the last attempt has failed: there is no network, and the service worker does not have it yet. */
  failed = $state(false)
  readonly #load: () => Promise<{ readonly default: Part }>
  #isLoading = false

  /** @param load imports the module whose default export is the part; asked again after it has rejected */
  constructor(load: () => Promise<{ readonly default: Part }>) {
    this.#load = load
  }

  /** Loads it unless it is there or on its way. Never rejects: what went wrong is in `failed`. */
  async load(): Promise<void> {
    if (this.part !== undefined || this.#isLoading) return
    this.#isLoading = true
    this.failed = false
    try {
      this.part = (await this.#load()).default
    } catch {
      this.failed = true
    }
    this.#isLoading = false
  }
}
