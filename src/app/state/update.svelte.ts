import type { Workbox } from 'workbox-window'

/** A newer version that waits, and the person's word that it may take over. */
export class UpdateState {
  waiting = $state(false)
  applying = $state(false)
  readonly #workbox: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>
  readonly #save: () => Promise<void>

  /**
   * @param save saves what waits in memory, in bounded time: every tab is loaded anew after it
   */
  constructor(workbox: Pick<Workbox, 'addEventListener' | 'messageSkipWaiting'>, save: () => Promise<void>) {
    this.#workbox = workbox
    this.#save = save
    workbox.addEventListener('waiting', () => (this.waiting = true))
  }

  async apply(): Promise<void> {
    this.applying = true
    await this.#save()
    this.#workbox.messageSkipWaiting()
  }

  /** Puts it off: the newer version takes over when every tab has been closed. */
  later(): void {
    this.waiting = false
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
