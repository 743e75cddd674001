/** What other apps share with Weft, and where a launch of the installed app leads. Untrusted: read by form only. */

/** Characters looked through. An invitation with all that may be in it is shorter. */
const CHARACTERS_MAX = 16_384

/** The fields that the manifest's share target names. */
const FIELDS = ['url', 'text', 'title']

/** An invitation is base64url; the peer judges what it says. */
const INVITATION = /#join=([\w-]+)/

/**
 * A did:key of Ed25519, 34 bytes in base58, with what a request says behind it, in a query's own characters. The form that
 * it is filled into judges it.
 */
const PAYEE = /did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}(?![1-9A-HJ-NP-Za-km-z])(?:\?[\w.*%&=+-]{0,1500}\w)?/

/** What was shared: an invitation's text, a request to be paid or a did:key alone, or nothing that Weft knows what to do with. */
export type Shared =
  | { readonly type: 'join'; readonly invitation: string }
  | { readonly type: 'pay'; readonly payee: string }
  | { readonly type: 'unknown' }

/** Reads what was shared from an address's `search`, with its `?`; undefined where nothing was. */
export function parseShare(search: string): Shared | undefined {
  const params = new URLSearchParams(search.slice(0, 3 * CHARACTERS_MAX))
  const given = FIELDS.flatMap((field) => params.getAll(field))
  if (given.length === 0) return undefined
  const text = given.join('\n').slice(0, CHARACTERS_MAX)
  const invitation = INVITATION.exec(text)?.[1]
  if (invitation !== undefined) return { type: 'join', invitation }
  const payee = PAYEE.exec(text)?.[0]
  return payee === undefined ? { type: 'unknown' } : { type: 'pay', payee }
}

/** The installed app's launches while it runs. https://wicg.github.io/web-app-launch/#launchqueue-interface */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly targetURL?: string | undefined }) => void): void
}

/** What of `window` is needed. */
interface LaunchedPage {
  readonly launchQueue?: LaunchQueue | undefined
  readonly location: { readonly href: string; readonly origin: string; hash: string }
}

/**
 * Follows what the installed app is launched with while it is open already: a shortcut or a link of its own leads to its
 * screen, what is shared goes to `onShared`. The launch that opened this page is none of them.
 */
export function followLaunches(page: LaunchedPage, onShared: (shared: Shared) => void): void {
  let opening: string | undefined = page.location.href
  page.launchQueue?.setConsumer(({ targetURL }) => {
    const isOpening = targetURL === opening
    opening = undefined
    if (targetURL === undefined || isOpening || !URL.canParse(targetURL)) return
    const { origin, search, hash } = new URL(targetURL)
    if (origin !== page.location.origin) return
    const shared = parseShare(search)
    if (shared !== undefined) onShared(shared)
    else if (hash !== '') page.location.hash = hash
  })
}
