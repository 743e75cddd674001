/** What the browser says of this page's storage. */
export interface StorageUse {
  readonly usedBytes: number
  readonly quotaBytes: number
  /** Whether the browser keeps it even when space runs short. */
  readonly persisted: boolean
}

/** Asks the browser about storage, now and then. */
export class StorageState {
  /** Undefined before the first answer, and where the browser gives none. */
  use = $state.raw<StorageUse>()
  /** Whether the browser was asked to keep what is stored, and did not say yes. */
  refused = $state(false)
  readonly #storage: StorageManager | undefined

  /** @param storage `navigator.storage`, where the browser has it */
  constructor(storage: StorageManager | undefined) {
    this.#storage = storage
  }

  /** Never rejects. */
  async refresh(): Promise<void> {
    try {
      const { usage = 0, quota = 0 } = (await this.#storage?.estimate()) ?? {}
      const persisted = (await this.#storage?.persisted()) ?? false
      this.use = quota > 0 ? { usedBytes: usage, quotaBytes: quota, persisted } : undefined
    } catch {
      // what was known is shown on
    }
  }

  /** Asks for storage that is kept. Call it in a click: Firefox asks its person. */
  async persist(): Promise<void> {
    try {
      this.refused = (await this.#storage?.persist()) !== true
    } catch {
      this.refused = true
    }
    await this.refresh()
  }
}
