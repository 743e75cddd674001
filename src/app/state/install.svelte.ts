/** Chromium's offer to install a page. https://wicg.github.io/manifest-incubations/#beforeinstallpromptevent-interface */
interface InstallOffer extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>
}

/**
 * How this page gets on the device's home screen. `installed`: it runs as an app now. `offer`: the browser asks the person
 * when it is told to. `ios`: by the menu of Safari. `menu`: by the browser's menu, where it can at all.
 */
export type InstallWay = 'installed' | 'offer' | 'ios' | 'menu'

/** What of `window` is needed. */
interface InstallPage {
  readonly navigator: {
    readonly userAgent: string
    readonly maxTouchPoints: number
    /** Safari's own, on iPhones and iPads. */
    readonly standalone?: boolean
  }
  matchMedia(query: string): { readonly matches: boolean }
  addEventListener(type: string, listener: (event: Event) => void): void
}

/** Keeps the browser's offer to install until the person asks for it: no browser makes it twice on a page. */
export class InstallState {
  way: InstallWay
  #offer: InstallOffer | undefined

  constructor(page: InstallPage) {
    this.way = $state(wayOf(page))
    page.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault()
      this.#offer = event as InstallOffer
      this.way = 'offer'
    })
    page.addEventListener('appinstalled', () => (this.way = 'installed'))
  }

  /** Has the browser ask. Call it in a click. */
  async install(): Promise<void> {
    const offer = this.#offer
    if (offer === undefined) return
    this.#offer = undefined
    this.way = 'menu'
    await offer.prompt().catch(() => undefined) // it was used up, and the menu is left
  }
}

function wayOf(page: InstallPage): InstallWay {
  const { navigator } = page
  if (navigator.standalone === true || page.matchMedia('(display-mode: standalone)').matches)
    return 'installed'
  const { userAgent, maxTouchPoints } = navigator
  // an iPad calls itself a Macintosh, which has no touch screen
  const isIos = /iPhone|iPod|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)
  return isIos ? 'ios' : 'menu'
}
