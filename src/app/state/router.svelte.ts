import type { StreamKey } from '../../node/api.ts'
import { parseShare, type Shared } from '../share.ts'

export type Route =
  | { readonly screen: 'network' | 'settings' }
  /** `adding`: the dialog to add one is open. */
  | { readonly screen: 'things'; readonly adding?: true }
  /** `payee`: whom a payment is to go to, and how much, as the address says: a request for `readRequest`. */
  | { readonly screen: 'wallet'; readonly payee?: string }
  | { readonly screen: 'thing'; readonly key: StreamKey }

/** The addresses of the screens that have one of their own. */
export const HREFS = {
  things: '#/',
  wallet: '#/wallet',
  network: '#/network',
  settings: '#/settings',
} as const

/** The address of the dialog that adds a thing: a shortcut of the installed app. */
const ADD = '#/add'
const PAY = /^#(?:\/wallet\/pay\/|pay=)(did:key:z\w{1,80}(?:\?.{0,2000})?)$/
const THING = /^#\/thing\/([0-9a-f]{64}:[0-9a-f]{64})$/
const JOIN = /^#join=(.+)$/

/** The route that `hash` (with its `#`) names; Things where it names nothing known. */
export function parseRoute(hash: string): Route {
  for (const screen of ['wallet', 'network', 'settings'] as const)
    if (hash === HREFS[screen]) return { screen }
  if (hash === ADD) return { screen: 'things', adding: true }
  const payee = PAY.exec(hash)?.[1]
  if (payee !== undefined) return { screen: 'wallet', payee }
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

/** The address of the wallet with a payment to `payee`, a did:key, begun. */
export function payHref(payee: string): string {
  return `${HREFS.wallet}/pay/${payee}`
}

/** What of `window` a router needs. */
interface Page {
  readonly location: { hash: string; readonly pathname: string; readonly search: string }
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

  /** Returns what another app has shared by opening this address, and takes it out so that it is acted on once. */
  takeShared(): Shared | undefined {
    const { location, history } = this.#page
    const shared = parseShare(location.search)
    if (shared !== undefined) history.replaceState(null, '', `${location.pathname}${location.hash}`)
    return shared
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
