import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Which connections count as direct, and which announced addresses lead to one. */
export interface DirectRule {
  isDirect(connection: Connection): boolean
  isDialable(address: Multiaddr): boolean
}

/**
 * The rule of browsers: WebRTC between the two. Its `limits` are absent, as a relayed connection's are not, and its
 * multiplexer is WebRTC's own. The address tells nothing: the called side sees no `/webrtc` in it.
 */
export const webRtcOnly: DirectRule = {
  isDirect: (connection) => connection.limits === undefined && connection.multiplexer === '/webrtc',
  isDialable: (address) => address.getComponents().some(({ name }) => name === 'webrtc'),
}
