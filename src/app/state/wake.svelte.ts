/** What of the document and of the Screen Wake Lock API is needed. https://www.w3.org/TR/screen-wake-lock/ */
interface WakePage {
  readonly visibilityState: string
  addEventListener(type: 'visibilitychange', listener: () => void): void
}

interface WakeLocks {
  request(type: 'screen'): Promise<{
    readonly released: boolean
    release(): Promise<void>
    addEventListener(type: 'release', listener: () => void): void
  }>
}

type Held = Awaited<ReturnType<WakeLocks['request']>>

/** Keeps the screen on while the person wants that. A browser lets go of it whenever the tab is hidden; then it is taken again. */
export class WakeState {
  /** Whether the person wants it, until this tab is closed. */
  on = $state(false)
  /** Whether the browser did not let it be: a battery that is low, mostly. */
  refused = $state(false)
  readonly #locks: WakeLocks | undefined
  readonly #page: WakePage
  #held: Held | undefined
  #isAsking = false

  /**
   * @param locks `navigator.wakeLock`, where the browser has it
   */
  constructor(locks: WakeLocks | undefined, page: WakePage) {
    this.#locks = locks
    this.#page = page
    page.addEventListener('visibilitychange', () => void this.#settle())
  }

  /** Whether this browser can. */
  get possible(): boolean {
    return this.#locks !== undefined
  }

  /** Resolves with whether it is as was asked. Never rejects. */
  async set(on: boolean): Promise<boolean> {
    this.on = on
    this.refused = false
    await this.#settle()
    return this.on === on
  }

  /** Takes or lets go of it, until what is held is what is wanted. */
  async #settle(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      while (this.#isWanted !== (this.#held !== undefined)) {
        if (this.#isWanted) await this.#take()
        else await this.#letGo()
      }
    } catch {
      this.refused = true
      this.on = false
    }
    this.#isAsking = false
  }

  get #isWanted(): boolean {
    return this.on && this.#page.visibilityState === 'visible'
  }

  async #take(): Promise<void> {
    const held = await this.#locks?.request('screen')
    if (held === undefined) throw new Error('there is no wake lock')
    this.#held = held
    held.addEventListener('release', () => {
      if (this.#held === held) this.#held = undefined
    })
  }

  async #letGo(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    if (held?.released === false) await held.release()
  }
}
