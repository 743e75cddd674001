/** What the app says about networks, and how it reads an invitation that a person pastes. Pure. */
import type { InvitationView, PeerView } from '../node/api.ts'
import { networkText } from './texts/network/text.ts'

/** The text of an invitation, alone or at the end of a link: base64url. The peer judges what it says. */
const INVITATION = /^(?:.*#join=)?([\w-]+)$/s

/** The invitation in what was pasted or scanned, or nothing where there is none. */
export function readInvitation(text: string): string | undefined {
  return INVITATION.exec(text.trim())?.[1]
}

/** How a peer is reached, and how long a word takes there and back. */
export function peerWords({ direct, rttMs }: Pick<PeerView, 'direct' | 'rttMs'>): string {
  const text = networkText()
  const way = direct ? text.direct : text.throughRelay
  return rttMs === undefined ? way : text.wayAndTime(way, Math.max(1, Math.round(rttMs)))
}

/** Why an invitation is of no use here, if it is not. */
export function uselessWords({ current }: InvitationView): string | undefined {
  return current ? networkText().alreadyThere : undefined
}
