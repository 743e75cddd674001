import type { StreamKey } from '../../node/api.ts'

export type Route =
  { readonly screen: 'things' | 'wallet' } | { readonly screen: 'thing'; readonly key: StreamKey }

/** The addresses of the screens that have one of their own. */
export const HREFS = { things: '#/', wallet: '#/wallet' } as const

const THING = /^#\/thing\/([0-9a-f]{64}:[0-9a-f]{64})$/
const JOIN = /^#join=(.+)$/

/** The route that `hash` (with its `#`) names; Things where it names nothing known. */
export function parseRoute(hash: string): Route {
  if (hash === HREFS.wallet) return { screen: 'wallet' }
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

/** What of `window` a router needs. */
interface Page {
  readonly location: { hash: string; readonly pathname: string }
  readonly history: { replaceState(state: unknown, unused: string, url: string): void }
  addEventListener(type: 'hashchange', listener: () => void): void
}

/** Where the person is, read from the address so that back, forward and links work. */
export class RouterState {
  route: Route
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
    this.route = $state.raw(parseRoute(page.location.hash))
  }

  /** Returns the invitation in the address, if there is one, and takes it out so that it is acted on once. */
  takeInvitation(): string | undefined {
    const { location, history } = this.#page
    const invitation = parseInvitation(location.hash)
    if (invitation !== undefined) history.replaceState(null, '', `${location.pathname}#/`)
    return invitation
  }

  /** Follows the address from now on. `onInvitation` gets what a link opened in this tab invites to. */
  follow(onInvitation: (invitation: string) => void): void {
    this.#page.addEventListener('hashchange', () => {
      const invitation = this.takeInvitation()
      this.route = parseRoute(this.#page.location.hash)
      if (invitation !== undefined) onInvitation(invitation)
    })
  }
}
