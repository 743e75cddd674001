import type { Connection } from '@libp2p/interface'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { PeerId } from '../ports.ts'
import { isPaired } from './pairing/connection.ts'

/** Which connections count as direct, and which announced addresses lead to one. */
export interface DirectRule {
  isDirect(connection: Connection): boolean
  isDialable(address: Multiaddr): boolean
}

/**
 * The rule of browsers: WebRTC between the two. Its `limits` are absent, as a relayed connection's are not, and its
 * multiplexer is WebRTC's own; or it came of a pairing on this device. The address tells nothing: the called side sees
 * no `/webrtc` in it.
 */
export const webRtcOnly: DirectRule = {
  isDirect: (connection) =>
    connection.limits === undefined && (connection.multiplexer === '/webrtc' || isPaired(connection)),
  isDialable: (address) => {
    const names = address.getComponents().map(({ name }) => name)
    return names.includes('webrtc') && names.includes('p2p-circuit')
  },
}

/** The relayed connection that a WebRTC address begins with: none where no relay is in it. */
export function relayedPart(address: Multiaddr): readonly Multiaddr[] {
  const parts = address.getComponents()
  if (!parts.some(({ name }) => name === 'p2p-circuit')) return []
  return [multiaddr(parts.filter(({ name }) => name !== 'webrtc'))]
}

/**
 * Whether each relay that `address` leads through is one that `isOurs`: `/p2p/<relay>/p2p-circuit`. Over a relay that is
 * connected libp2p opens no other connection, so that whatever host the address names before it is not called. True
 * where there is no relay.
 */
export function leadsThrough(address: Multiaddr, isOurs: (relay: PeerId) => boolean): boolean {
  const parts = address.getComponents()
  return parts.every(({ name }, index) => {
    if (name !== 'p2p-circuit') return true
    const before = parts[index - 1]
    return before?.name === 'p2p' && before.value !== undefined && isOurs(before.value)
  })
}
