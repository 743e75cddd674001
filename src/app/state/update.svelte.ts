import type { Workbox } from 'workbox-window'

/** Every tab is loaded anew within a second of the word; where the browser takes longer, it may be asked again. */
const TAKEOVER_MS = 10_000

interface UpdateNeeds {
  /** Saves what waits in memory, in bounded time: every tab is loaded anew after it. */
  readonly save: () => Promise<void>
  /** Whether a payment is being worked at on this device, in any tab. */
  readonly isPaying: () => boolean
  /** Resolves once none is, at once where there is none. */
  readonly paid: () => Promise<void>
  /** Runs `task` so much later. */
  readonly after: (delayMs: number, task: () => void) => void
}

/** How far an update has come since the person asked for it. */
export type UpdateStep = 'offered' | 'paying' | 'saving'

/** A newer version that waits, and the person's word that it may take over. */
export class UpdateState {
  waiting = $state(false)
  step = $state<UpdateStep>('offered')
  readonly #workbox: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>
  readonly #needs: UpdateNeeds

  constructor(workbox: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>, needs: UpdateNeeds) {
    this.#workbox = workbox
    this.#needs = needs
    workbox.addEventListener('waiting', () => (this.waiting = true))
  }

  /** Updates, once no payment is being worked at: it would be cut off. `later` calls it off till then. */
  async apply(): Promise<void> {
    if (this.step !== 'offered') return
    const { isPaying, paid, save, after } = this.#needs
    do {
      this.step = 'paying'
      await paid()
      if (!this.#isAsked) return
      this.step = 'saving'
      await save()
      // one may have been begun meanwhile
    } while (isPaying())
    this.#workbox.messageSkipWaiting()
    after(TAKEOVER_MS, () => (this.step = 'offered'))
  }

  /** Puts it off: the newer version takes over when every tab has been closed. */
  later(): void {
    this.waiting = false
    this.step = 'offered'
  }

  get #isAsked(): boolean {
    return this.step !== 'offered'
  }
}

/**
 * Loads this page anew when another version takes over, which every tab notices by itself. The first service
 * worker taking over a page that had none is no other version.
 */
export function reloadOnTakeover(container: ServiceWorkerContainer, reload: () => void): void {
  let controlled = container.controller !== null
  container.addEventListener('controllerchange', () => {
    if (controlled) reload()
    controlled = true
  })
}
