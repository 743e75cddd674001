import type { StreamKey } from '../../node/api.ts'

export type Route = { readonly screen: 'things' } | { readonly screen: 'thing'; readonly key: StreamKey }

const THING = /^#\/thing\/([0-9a-f]{64}:[0-9a-f]{64})$/
const JOIN = /^#join=(.+)$/

/** The route that `hash` (with its `#`) names; Things where it names nothing known. */
export function parseRoute(hash: string): Route {
  const key = THING.exec(hash)?.[1]
  return key === undefined ? { screen: 'things' } : { screen: 'thing', key }
}

/** The invitation in `hash`, unread: the peer judges it. */
export function parseInvitation(hash: string): string | undefined {
  return JOIN.exec(hash)?.[1]
}

/** The address of a thing's screen. */
export function thingHref(key: StreamKey): string {
  return `#/thing/${key}`
}

/** Where the person is, read from the address so that back, forward and links work. */
export class RouterState {
  route = $state.raw<Route>({ screen: 'things' })
  readonly #window: Window

  constructor(page: Window) {
    this.#window = page
    this.route = parseRoute(page.location.hash)
  }

  /** Returns the invitation in the address, if there is one, and takes it out so that it is acted on once. */
  takeInvitation(): string | undefined {
    const invitation = parseInvitation(this.#window.location.hash)
    if (this.#window.location.hash.startsWith('#join=')) {
      this.#window.history.replaceState(null, '', `${this.#window.location.pathname}#/`)
    }
    return invitation
  }

  /** Follows the address from now on. `onInvitation` gets what a link opened in this tab invites to. */
  follow(onInvitation: (invitation: string) => void): void {
    this.#window.addEventListener('hashchange', () => {
      const invitation = this.takeInvitation()
      this.route = parseRoute(this.#window.location.hash)
      if (invitation !== undefined) onInvitation(invitation)
    })
  }

  goHome(): void {
    this.#window.location.hash = '#/'
  }
}
